import Base
import Store
import Templating
import Web

/// One fact of a record, changed where it stands: a page with its inputs alone, which scripts show in the fact's place. Saving is saving the record, of
/// which this form carries one part.
struct FieldPages: Sendable {
  let type: RecordType

  var routes: [Route] {
    let field = type.path + "/{id}/fields/{field}"
    return [
      .get(field, .write(type.resource), edit),
      .post(field, .write(type.resource), effort: type.formEffort, draft: draft, save),
    ]
  }

  private static let schema = ViewSchema(
    "field-form",
    [
      ("record", .record(RecordFrame.shape)), ("label", .text), ("action", .text), ("version", .int), ("takesUploads", .bool),
      ("controls", .list(.fragment)),
      ("problems", .list(.record(FormRecord.problemShape))), ("conflict", .optional(.text)),
    ])
  static let pages = ["records/field": schema]

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let record = try load(context, in: db)
      return try page(context, RecordForm(record, in: context.formats), record)
    }
  }

  @Sendable private func draft(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let record = try load(context, in: db)
      return try page(context, try posted(context, over: record), record)
    }
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    let record = try context.store.read { db in try load(context, in: db) }
    let href = type.path(of: record.id.text)
    if record.isTrashed { return context.redirect(to: href, .restoreFirst(record.name)) }
    var form = try posted(context, over: record)
    try context.stageFiles(of: &form)
    if let changed = form.withRowsChanged { return try page(context, changed, record) }
    guard form.version > 0 else {
      throw HTTPError.badRequest(Message("The form doesn’t say which version it was made from. Open it again."))
    }
    guard form.errors.isEmpty else { return try page(context, form, record, status: 422) }
    let outcome = try context.act(with: &form) { form, act in try type.save(form.values, over: record.id, from: form.version, act) }
    switch outcome {
    case .done, .unchanged:
      return context.redirect(to: href, Flash(Message("{name} is saved.", ["name": type.name(form.values)]), undo: outcome.undo))
    case .invalid(let errors):
      var failed = form
      failed.errors = errors
      return try page(context, failed, record, status: 422)
    case .conflict:
      let (now, last) = try context.store.read { db in
        (try load(context, in: db), try Activity.entries(of: type.name, record.id, before: nil, limit: 1, in: db).first)
      }
      var mine = form
      mine.version = now.version
      let texts = try fields(context).fields.map { $0.kind.display($0.kind.history(now[$0.name]), context.formats) }
      let notice = Message(
        "{name} changed this to “{value}” while you were editing. Save again to replace it.",
        ["name": last?.actorName ?? "", "value": texts.filter { !$0.isEmpty }.joined(separator: ", ")])
      return try page(context, mine, now, conflict: notice, status: 409)
    }
  }

  /// The record's form with the inputs that were posted in the place of its own.
  private func posted(_ context: RequestContext, over record: Record) throws -> RecordForm {
    let names = Set(try fields(context).fields.flatMap { $0.kind.inputs($0.name).all })
    let rest = type.posted(record.values, context.formats).fields.filter { !names.contains($0.name) }
    return RecordForm(FormFields(rest + (try context.form().fields)), of: type, over: record, in: context.formats)
  }

  /// The field that the address names, or those of a section that reads as one detail.
  private func fields(_ context: RequestContext) throws -> (label: String, fields: [Field]) {
    let name = context.parameters["field"] ?? ""
    if let section = type.sections.first(where: { $0.id == name && $0.lines != nil }) { return (section.title, section.fields) }
    guard let field = type.field(name) else { throw HTTPError.notFound }
    return (field.label, [field])
  }

  private func load(_ context: RequestContext, in db: Database) throws -> Record {
    let (id, scope) = (try context.id(), try context.scope(of: type.resource))
    return try context.load(in: db) { db in try RecordStore.find(id, of: type, scope, in: db) }
  }

  private func page(
    _ context: RequestContext, _ form: RecordForm, _ record: Record, conflict: Message? = nil, status: Int = 200
  ) throws -> Response {
    let (label, fields) = try fields(context)
    let controls = try fields.enumerated().map { index, field -> Value in
      let control = FieldControl(
        field: field, form: form.form, errors: form.errors, context: context, isNew: false, record: record, isFirst: index == 0)
      return try context.fragment(field.kind.template.name, try field.kind.control(control))
    }
    return try context.page(
      "records/field",
      ViewData(
        Self.schema,
        [
          .record(RecordFrame.record(record.header, type, tab: "overview", for: context)), .text(label),
          .text(context.path), .int(form.version), .bool(type.takesUploads), .list(controls),
          FormRecord.summary(form.errors, labels: type.labels, for: context),
          conflict.map { .text(context.text($0)) } ?? .null,
        ]), status: status)
  }
}
