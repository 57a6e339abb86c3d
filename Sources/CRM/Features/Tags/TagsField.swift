import Admin
import Base
import Store
import Templating
import Web

/// The tags of a record: names with commas between them. One that is typed and isn't there yet is made along the way; one that the record had when its
/// form was made is not made again if somebody has deleted it since.
struct TagsField: FieldKind {
  /// Before a name that was typed, until it is looked up.
  private static let typed = "\u{2}"

  private static func names(_ value: FieldValue) -> [String] {
    value.isEmpty ? [] : value.text.split(separator: ", ").map { $0.hasPrefix(typed) ? String($0.dropFirst(typed.count)) : String($0) }
  }

  private static func isTyped(_ name: String, in value: FieldValue) -> Bool {
    value.text.split(separator: ", ").contains { $0 == typed + name }
  }

  private static func kept(_ name: String) -> String { name + "_kept" }

  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  var rows: (table: String, key: String)? { ("record_tags", "record_id") }

  func reads(_ name: String, of table: String) -> [String] { [Self.lines(of: table)] }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    row.isEmpty(offset)
      ? .empty
      : Self.value(row.text(offset).split(separator: "\n").compactMap { $0.split(separator: " ", maxSplits: 1).last.map(String.init) })
  }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? { Self.value(try TagStore.of(record, in: db).map(\.name)) }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    try TagStore.replace(of: record, with: Self.names(value), now: act.now, in: act.db)
  }

  private static func value(_ names: [String], typed isTyped: (String) -> Bool = { _ in false }) -> FieldValue {
    FieldValue(
      names.map { ($0, TextFolding.fold($0)) }.sorted { $0.1 < $1.1 }.map { isTyped($0.0) ? typed + $0.0 : $0.0 }.joined(separator: ", "))
  }

  // MARK: Text

  func text(_ value: FieldValue) -> String { Self.names(value).joined(separator: ", ") }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try Self.value(typed: text) }

  private static func value(typed text: String, keeping kept: [String] = []) throws(InvalidValue) -> FieldValue {
    let names = Tag.names(in: (kept + [text]).joined(separator: ","))
    for name in names { if let problem = Tag.problem(with: name) { throw InvalidValue(problem) } }
    guard names.count <= Tag.most else { throw InvalidValue(Message("At most {n} tags.", numbers: ["n": Tag.most])) }
    let typed = Set(Tag.names(in: text).map { TextFolding.fold($0) })
    return value(names) { typed.contains(TextFolding.fold($0)) }
  }

  func json(_ value: FieldValue) -> JSON { .array(Self.names(value).map { .string($0) }) }

  var jsonShape: JSONShape { .list(.text(atMost: Tag.longestName), atMost: Tag.most) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    let names = json.string.map { [$0] } ?? (json.array ?? []).compactMap(\.string)
    guard json.string != nil || names.count == json.array?.count else { throw InvalidValue(Message("Tags must be a list of names.")) }
    return try parse(names.joined(separator: ","))
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Rules

  var isReference: Bool { true }

  /// As the tags are written that are there already, each once.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let found = try Self.names(value).compactMap { name in
      try TagStore.named(name, in: act.db)?.name ?? (Self.isTyped(name, in: value) ? name : nil)
    }
    return .value(Self.value(Tag.names(in: found.joined(separator: ","))))
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    func keys(_ value: FieldValue) -> [String] { Self.names(value).map { TextFolding.fold($0) } }
    let keys = Set(ListMerge.items(keys(base), keys(mine), keys(theirs)))
    let names = Tag.names(in: (Self.names(theirs) + Self.names(mine)).joined(separator: ","))
    return Self.value(names.filter { keys.contains(TextFolding.fold($0)) }) { Self.isTyped($0, in: mine) }
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name, Self.kept(name)]) }

  /// Chips are boxes that are ticked, `tags_kept` for tags that are there and `tags` for others; a line named `tags` has what comes to them.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try Self.value(typed: reader.form.all(name).joined(separator: ","), keeping: reader.form.all(Self.kept(name)))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.names(value).map { FormFields.Field(Self.isTyped($0, in: value) ? name : Self.kept(name), $0) } + [FormFields.Field(name, "")]
  }

  static let chipSchema = ViewSchema("tag", [("name", .text), ("tint", .text), ("href", .text)])
  private static let boxSchema = ViewSchema("tag-box", [("input", .text), ("chip", .record(chipSchema))])
  private static let controlSchema = ViewSchema(
    "tags-field",
    [("field", .record(FieldControl.schema)), ("chips", .list(.record(boxSchema))), ("typed", .text), ("url", .text)])

  var template: (name: String, schema: ViewSchema) { ("tags/field", Self.controlSchema) }

  func control(_ control: FieldControl) throws -> ViewData {
    // What can't be a tag stays in the line as it was typed.
    let isFine = control.errors[control.name] == nil
    let typed = control.form.all(control.name)
    let kept = control.form.all(Self.kept(control.name))
    let names = Tag.names(in: (kept + (isFine ? typed : [])).joined(separator: ",")).prefix(Tag.most)
    let chips = try control.context.store.read { db in
      try names.compactMap { name -> Value? in
        let tag = try TagStore.named(name, in: db)
        // Deleted since the form was made.
        if tag == nil, kept.contains(name) { return nil }
        let input = tag == nil ? control.name : Self.kept(control.name)
        return .record(ViewData(Self.boxSchema, [.text(input), Self.chip(tag, name, href: "")]))
      }
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
