import Admin
import Base
import Store
import Templating
import Web

/// The tags of a record: names with commas between them. One that isn't there yet is made along the way.
struct TagsField: FieldKind {
  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  var rows: (table: String, key: String)? { ("record_tags", "record_id") }

  func reads(_ name: String, of table: String) -> [String] { [Self.lines(of: table)] }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? { Self.value(try TagStore.of(record, in: db).map(\.name)) }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    try TagStore.replace(of: record, with: Tag.names(in: value.text), now: act.now, in: act.db)
  }

  private static func value(_ names: [String]) -> FieldValue {
    FieldValue(names.map { ($0, TextFolding.fold($0)) }.sorted { $0.1 < $1.1 }.map(\.0).joined(separator: ", "))
  }

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let names = Tag.names(in: text)
    for name in names { if let problem = Tag.problem(with: name) { throw InvalidValue(problem) } }
    guard names.count <= Tag.most else { throw InvalidValue(Message("At most {n} tags.", ["n": String(Tag.most)])) }
    return Self.value(names)
  }

  func json(_ value: FieldValue) -> JSON { .array(Tag.names(in: value.text).map { .string($0) }) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    let names = json.string.map { [$0] } ?? (json.array ?? []).compactMap(\.string)
    guard json.string != nil || names.count == json.array?.count else { throw InvalidValue(Message("Tags must be a list of names.")) }
    return try parse(names.joined(separator: ","))
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Rules

  var isReference: Bool { true }

  /// As the tags are written that are there already.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    .value(Self.value(try Tag.names(in: value.text).map { try TagStore.named($0, in: act.db)?.name ?? $0 }))
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  /// Chips are boxes of this name that are ticked; a line of the same name has what comes to them.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try parse(reader.form.all(name).joined(separator: ","))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    (Tag.names(in: value.text) + [""]).map { FormFields.Field(name, $0) }
  }

  static let chipSchema = ViewSchema("tag", [("name", .text), ("tint", .text), ("href", .text)])
  private static let controlSchema = ViewSchema(
    "tags-field",
    [("field", .record(FieldControl.schema)), ("chips", .list(.record(chipSchema))), ("typed", .text), ("url", .text)])

  var template: (name: String, schema: ViewSchema) { ("tags/field", Self.controlSchema) }

  func control(_ control: FieldControl) throws -> ViewData {
    // What can't be a tag stays in the line as it was typed.
    let typed = control.form.all(control.name)
    let names = Array(Tag.names(in: typed.joined(separator: ",")).prefix(Tag.most))
    let isFine = control.errors[control.name] == nil
    let chips = try control.context.store.read { db in
      try isFine ? names.map { Self.chip(try TagStore.named($0, in: db), $0, href: "") } : []
    }
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data()), .list(chips), .text(isFine ? "" : typed.filter { !$0.isEmpty }.joined(separator: ", ")),
        .text(TagsPage.path + "/suggestions.json"),
      ])
  }

  static func chip(_ tag: Tag?, _ name: String, href: String) -> Value {
    .record(ViewData(chipSchema, [.text(tag?.name ?? name), .text(tag?.tint ?? ""), .text(href)]))
  }

  // MARK: Lists and pages

  var cell: Column.Kind? { .tags }

  var comparison: (any Comparison)? { TagsComparison() }

  func place(_ name: String, of table: String) -> String? { table + ".id" }

  /// `?tag=VIP`
  var parameter: String? { "tag" }

  static let panel = RecordPanel(
    place: .beforeDetails, template: "tags/panel", schema: ViewSchema("tags-panel", [("tags", .list(.record(chipSchema)))])
  ) { schema, record, _, db in
    let tags = try TagStore.of(record.id, in: db)
    guard !tags.isEmpty else { return nil }
    return ViewData(schema, [.list(tags.map { chip($0, $0.name, href: URLQuery.append([("tag", $0.name)], to: record.type.path)) })])
  }
}
