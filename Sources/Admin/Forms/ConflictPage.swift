import Base
import Store
import Templating
import Web

/// The page on which somebody chooses between two versions of a record's fields: what a form says and what is stored. Only fields that both sides changed
/// are on it; the rest of the form is put together already and waits in hidden inputs.
struct ConflictPage {
  /// Put together with what is stored, and made from its version.
  var form: RecordForm
  let record: Record
  let conflicts: [Field]
  let base: RecordBase
  /// Where it posts to, and what it says there.
  let action: String
  /// Nobody was faster: an earlier version is to be put back over something newer.
  var isReversion = false
  /// Whether it is shown in the place of a fact.
  var isInline = false

  private static let hiddenSchema = ViewSchema("hidden", [("name", .text), ("value", .text)])
  private static let rowSchema = ViewSchema(
    "difference",
    [
      ("input", .text), ("label", .text), ("theirs", .text), ("yours", .text), ("by", .text), ("keepsMine", .bool),
    ])
  private static let schema = ViewSchema(
    "record-conflict",
    [
      ("name", .text), ("by", .text), ("action", .text), ("recordHref", .text), ("version", .int), ("isReversion", .bool),
      ("isInline", .bool),
      ("hidden", .list(.record(hiddenSchema))), ("rows", .list(.record(rowSchema))),
    ])
  static let pages = ["records/conflict": schema]

  func response(for context: RequestContext) throws -> Response {
    let type = record.type
    let mine = try context.store.read { db in
      try type.named(form.values, over: record.values, context.act(in: db, as: Principal(context.user)))
    }
    let passedOver: Set<String> = ["csrf_token", SentForm.input, "version", "save", "compare", "review"]
    let authors = conflicts.compactMap { base.authors[$0.name]?.name }
    let last =
      try authors.last
      ?? context.store.read { db in
        try Activity.entries(of: type.name, record.id, before: nil, limit: 1, in: db).first?.actorName ?? ""
      }
    let rows = conflicts.map { field -> Value in
      func shown(_ values: [FieldValue]) -> Value {
        .text(type.index(of: field.name).map { field.kind.display(field.kind.history(values[$0]), context.formats) } ?? "")
      }
      return .record(
        ViewData(
          Self.rowSchema,
          [
            .text(RecordForm.choice(field)), .text(field.label), shown(record.values), shown(mine),
            .text(base.authors[field.name]?.name ?? last),
            // Where nobody knows who changed what, nothing is written over unless somebody says so.
            .bool(base.values != nil),
          ]))
    }
    let data = ViewData(
      Self.schema,
      [
        .text(record.name), .text(last), .text(action), .text(type.path(of: record.id.text)), .int(record.version), .bool(isReversion),
        .bool(isInline),
        .list(
          form.form.fields.filter { !passedOver.contains($0.name) }
            .map { .record(ViewData(Self.hiddenSchema, [.text($0.name), .text($0.value)])) }), .list(rows),
      ])
    return try context.store.read { _ in try context.page("records/conflict", data, status: 409) }
  }
}

extension RecordForm {
  /// The form brought together with what others have saved since it was made.
  func merged(_ merge: Merge, into stored: Record, in formats: Formats) -> RecordForm {
    var form = self
    form.version = stored.version
    for (index, field) in type.fields.enumerated() where merge.values[index] != values[index] {
      form.set(field, merge.values[index], in: formats)
    }
    return form
  }
}

extension RecordBase {
  /// What others changed since, as the answer to a form says it: "Maria changed Job title and City while you were editing."
  func notice(_ type: RecordType, for context: RequestContext) -> Message? {
    guard !authors.isEmpty else { return nil }
    let me = context.session?.user.id.text
    let names = Set(authors.values.map { $0.id == me ? context.text(Message("You in another window")) : $0.name }).sorted()
    let labels = type.fields.filter { authors[$0.name] != nil }.map { context.language.text($0.label) }
    return Message(
      "{names} changed {fields} while you were editing.",
      ["names": names.joined(separator: ", "), "fields": labels.joined(separator: ", ")])
  }
}
