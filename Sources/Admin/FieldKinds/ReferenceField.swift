package import Base
package import Store
package import Templating
package import Web

/// Another record. It is kept by its id, so that it stays itself when it is renamed, and shown by its name, which leads to it.
package struct ReferenceField: FieldKind {
  let target: RecordTarget

  /// A field of this name has the column `…_id`.
  package init(to target: RecordTarget) { self.target = target }

  private static func column(_ name: String) -> String { name + "_id" }

  // MARK: Storage

  package func columns(_ name: String) -> [String] { [Self.column(name)] }

  package func definitions(_ name: String) -> [String] { ["\(Self.column(name)) TEXT REFERENCES \(target.table) (id) ON DELETE SET NULL"] }

  package func indexes(_ name: String) -> [String] { ["(\(Self.column(name))) WHERE \(Self.column(name)) IS NOT NULL"] }

  package func reads(_ name: String, of table: String) -> [String] {
    let id = "\(table).\(Self.column(name))"
    return ["(SELECT target.name FROM \(target.table) AS target WHERE target.id = \(id))", id, target.trashed(id)]
  }

  package func reads(_ name: String, of table: String, within reach: RecordReach) -> [SQL]? {
    guard let seen = reach.condition(on: "target", of: target) else { return nil }
    return ["name", "id"].map { column -> SQL in
      """
      (SELECT target.\(raw: column) FROM \(raw: target.table) AS target
        WHERE target.id = \(raw: table).\(raw: Self.column(name))\(seen))
      """
    } + ["\(raw: target.trashed("\(table).\(Self.column(name))"))"]
  }

  package func visible(_ value: FieldValue, within reach: RecordReach, in db: Database) throws -> FieldValue {
    // What was typed, and not looked up yet, is their own.
    guard case .reference(let id, _) = value, let seen = reach.condition(on: "target", of: target) else { return value }
    let isSeen = try db.value("SELECT 1 FROM \(raw: target.table) AS target WHERE target.id = \(id)\(seen)") != nil
    return isSeen ? value : .empty
  }

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    row.isNull(offset + 1) ? .empty : .reference(id: row.text(offset + 1), name: row.text(offset))
  }

  package func stored(_ value: FieldValue) -> [SQLValue] { [value.isEmpty ? .null : .text(value.text)] }

  // MARK: Text

  /// An id, or the name of just one record.
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try LineField().parse(text) }

  package func history(_ value: FieldValue) -> String {
    if case .reference(_, let name) = value { name } else { value.text }
  }

  package var historyNames: HistoryNames? { .records(of: target) }

  package func href(_ value: FieldValue) -> String? {
    if case .reference(let id, _) = value { target.path + "/" + id } else { nil }
  }

  package func json(_ value: FieldValue) -> JSON {
    guard case .reference(let id, let name) = value else { return value.isEmpty ? .null : .string(value.text) }
    return .object(["id": .string(id), "name": .string(name)])
  }

  package func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) {
    if row.isNull(offset + 1) { out += "null".utf8 } else { row.writeReference(id: offset + 1, name: offset, to: &out) }
  }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let id = json["id"]?.string { return try parse(id) }
    if case .null = json { return .empty }
    guard let text = json.string else { throw InvalidValue(Message("This must be the ID of a record.")) }
    return try parse(TextNormalizing.line(text))
  }

  package var jsonShape: JSONShape { .optional(.object([.init("id", .id), .init("name", .text())])) }

  /// The id, alone or as it was read; or the name of just one record.
  package var jsonInput: JSONShape { .optional(.either([.text(atMost: 255), .reference])) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func remark(_ value: FieldValue, in db: Database) throws -> Message? { try target.remark(value.text, in: db) }

  // MARK: Rules

  package var isReference: Bool { true }

  /// Finds the record among those that the acting user may see: by its id, or by its name if only one has it. Records in the trash can't be chosen, but
  /// what is there already stays.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if value.isEmpty { return .value(.empty) }
    if case .reference(let id, let name) = stored, value.text == id || TextFolding.fold(value.text) == TextFolding.fold(name) {
      return .value(stored)
    }
    let scope = act.principal.scope(of: target.resource)
    let live: SQL = "target.status <> 'trashed'\(scope.condition(on: "target"))"
    if let id = RecordID(value.text) {
      let name = try act.db.text("SELECT target.name FROM \(raw: target.table) AS target WHERE target.id = \(id) AND \(live)")
      return name.map { .value(.reference(id: id.text, name: $0)) }
        ?? .errors([("", Message("This record no longer exists. Choose another."))])
    }
    let found = try act.db.all(
      """
      SELECT target.id, target.name FROM \(raw: target.table) AS target
      WHERE target.name_sort = \(TextFolding.fold(value.text)) AND \(live) LIMIT 2
      """
    ) { FieldValue.reference(id: $0.text(0), name: $0.text(1)) }
    switch found.count {
    case 1: return .value(found[0])
    case 0: return .errors([("", Message("No match for “{name}”. Pick one from the list.", ["name": value.text]))])
    default: return .errors([("", Message("There are several named “{name}”. Pick one from the list.", ["name": value.text]))])
    }
  }

  // MARK: Forms and lists

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name, Self.column(name)]) }

  /// What is picked is an id alone. A form that shows a record has its name behind the id: without scripts, a name typed over it counts.
  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let picked = (reader.form[Self.column(name)] ?? "").split(separator: " ", maxSplits: 1).map(String.init)
    guard let typed = reader.form[name].map({ TextNormalizing.line($0) }) else { return FieldValue(picked.first ?? "") }
    if typed.isEmpty { return .empty }
    if let id = picked.first, picked.count == 1 || TextNormalizing.line(picked[1]) == typed { return .reference(id: id, name: typed) }
    if let problem = TextRules.problem(with: typed, atMost: 255) { reader.problem(name, problem) }
    return .text(typed)
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    guard case .reference(let id, let recordName) = value else {
      return [FormFields.Field(name, value.text), FormFields.Field(Self.column(name), "")]
    }
    return [FormFields.Field(name, recordName), FormFields.Field(Self.column(name), id + " " + recordName)]
  }

  private static let controlSchema = ViewSchema(
    "reference", [("input", .record(FieldControl.schema)), ("id", .text), ("url", .text)])

  package var template: (name: String, schema: ViewSchema) { ("fields/reference", Self.controlSchema) }

  package func control(_ control: FieldControl) -> ViewData { Self.control(control, url: target.path + "/suggestions.json") }

  /// `choices` are records of which one is to be chosen, where what was typed means several.
  static func control(_ control: FieldControl, url: String, choices: [(value: String, label: String)] = []) -> ViewData {
    ViewData(
      controlSchema, [.record(control.data(choices: choices)), .text(control.form[column(control.name)] ?? ""), .text(url)])
  }

  package var cell: Column.Kind? { .link(path: target.path) }

  package var comparison: (any Comparison)? {
    ReferenceComparison(table: target.table, kind: AskedRecordField(table: target.table, url: target.path + "/suggestions.json"))
  }

  package var empty: FieldPlace.Empty { .null }

}

/// What a reference has to know of the type of records that it leads to. Types may refer to each other and to themselves, so this is not the type itself.
package struct RecordTarget: Sendable {
  let table: String
  let path: String
  let resource: Resource

  package init(table: String, path: String, resource: Resource) {
    self.table = table
    self.path = path
    self.resource = resource
  }

  /// The SQL that is 1 for a record in the trash. Where the trash is empty, nothing is looked for.
  package func trashed(_ id: String) -> String {
    """
    (CASE WHEN (SELECT n FROM record_counts WHERE list = '\(table)' AND status = 'trashed') > 0
      THEN (SELECT 1 FROM \(table) AS target WHERE target.id = \(id) AND target.status = 'trashed') END)
    """
  }

  /// The mark of a reference to a record in the trash.
  package func remark(_ id: String, in db: Database) throws -> Message? {
    try db.value("SELECT 1 FROM \(raw: table) WHERE id = \(id) AND status = 'trashed'") == nil ? nil : Message("in trash")
  }
}

extension JSONShape {
  /// A record or a user, as it was read or by its id alone.
  package static let reference = JSONShape.object([.init("id", .text(atMost: 255)), .init("name", .text(), isRequired: false)])
}

extension Row {
  /// The JSON of a reference: the id and the name in these columns.
  func writeReference(id: Int, name: Int, to out: inout [UInt8]) {
    out += "{\"id\":".utf8
    withUTF8(id) { JSON.write($0, to: &out) }
    out += ",\"name\":".utf8
    withUTF8(name) { JSON.write($0, to: &out) }
    out.append(UInt8(ascii: "}"))
  }
}
