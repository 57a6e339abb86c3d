import Base
import Store
import Templating
import Web

/// One fact of a record, edited in place: a page with its inputs alone, which scripts show in the fact's place. Saving is saving the record, of
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
      ("problems", .list(.record(FormRecord.problemShape))),
    ])
  static let pages = ["records/field": schema]

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let record = try load(context, in: db)
      return try page(context, RecordForm(record, in: context.formats), record)
    }
  }

  @Sendable private func draft(_ context: RequestContext) throws -> Response {
    let saving = try posted(context)
    return try page(context, saving.form, saving.record)
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    var saving = try posted(context)
    let record = saving.record
    let href = type.path(of: record.id.text)
    if record.isTrashed { return context.redirect(to: href, .restoreFirst(record.name)) }
    if let changed = saving.form.withRowsChanged { return try page(context, changed, record) }
    guard saving.form.version > 0 else {
      throw HTTPError.badRequest(Message("This form is missing its version. Open it again."))
    }
    guard saving.form.errors.isEmpty else { return try page(context, saving.form, record, status: 422) }
    if saving.form.form["review"] != nil { return try page(context, saving.form, record) }
    switch try saving.save(context, action: context.path) {
    case .choice(var conflict):
      // What isn't of this form isn't carried along.
      let names = try inputs(context)
      conflict.form.form = FormFields(conflict.form.form.fields.filter { names.contains($0.name) })
      conflict.isInline = true
      return try conflict.response(for: context)
    case .outcome(.invalid(let errors), _):
      saving.form.errors = errors
      return try page(context, saving.form, saving.record, status: 422)
    case .outcome(let outcome, let message): return context.redirect(to: href, Flash(message, undo: outcome.undo))
    }
  }

  private func inputs(_ context: RequestContext) throws -> Set<String> {
    Set(try fields(context).fields.flatMap { $0.kind.inputs($0.name).all })
  }

  /// The record's form with the inputs that were posted in the place of its own.
  private func posted(_ context: RequestContext) throws -> FormSaving {
    let names = try inputs(context)
    return try FormSaving(context, type) { db in
      try load(context, in: db)
    } inputs: { record in
      FormFields(type.posted(record.values, context.formats).fields.filter { !names.contains($0.name) } + (try context.form().fields))
    }
  }

  /// The field that the address names, or those of a section that reads as one detail.
  private func fields(_ context: RequestContext) throws -> (label: String, fields: [Field]) {
    let name = context.parameters["field"] ?? ""
    if let section = type.sections.first(where: { $0.id == name && $0.lines != nil }) { return (section.title, section.fields) }
    guard let field = type.field(name), !field.isReadOnly else { throw HTTPError.notFound }
    return (field.label, [field])
  }

  private func load(_ context: RequestContext, in db: Database) throws -> Record {
    let (id, scope) = (try context.id(), try context.scope(of: type.resource))
    return try context.load(in: db) { db in try RecordStore.find(id, of: type, scope, in: db) }
  }

  private func page(
    _ context: RequestContext, _ form: RecordForm, _ record: Record, status: Int = 200
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
          FormRecord.summary(form.errors, of: type, for: context),
        ]), status: status)
  }
}
