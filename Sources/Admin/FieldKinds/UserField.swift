package import Base
package import Store
package import Templating
import Web

/// A user: an owner, an assignee.
package struct UserField: FieldKind {
  let column: String
  /// What goes along with a user who is new there, however the choice came: by a form, in its place or from a file.
  var effect: Effect?

  package init(column: String, effect: Effect? = nil) {
    self.column = column
    self.effect = effect
  }

  package struct Effect: Sendable {
    /// Where it keeps something about the record, which goes with the record.
    package let rows: (table: String, key: String)
    let apply: @Sendable (_ user: String, _ column: String, _ record: RecordID, _ act: ActContext) throws -> Void

    package init(
      rows: (table: String, key: String),
      apply: @escaping @Sendable (_ user: String, _ column: String, _ record: RecordID, _ act: ActContext) throws -> Void
    ) {
      self.rows = rows
      self.apply = apply
    }
  }

  package var rows: (table: String, key: String)? { effect?.rows }

  package func hasEffect(_ value: FieldValue) -> Bool { effect != nil && !value.isEmpty }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    try effect?.apply(value.text, column, record, act)
  }

  package func columns(_ name: String) -> [String] { [column] }

  package func definitions(_ name: String) -> [String] { ["\(column) TEXT REFERENCES users (id) ON DELETE SET NULL"] }

  /// That of owners every table has.
  package func indexes(_ name: String) -> [String] { column == "owner_id" ? [] : ["(\(column)) WHERE \(column) IS NOT NULL"] }

  /// For lists the name alone; a record reads both.
  package func reads(_ name: String, of table: String) -> [String] {
    ["(SELECT users.name FROM users WHERE users.id = \(table).\(column))", "\(table).\(column)"]
  }

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    row.isNull(offset + 1) ? .empty : .reference(id: row.text(offset + 1), name: row.text(offset))
  }

  package func stored(_ value: FieldValue) -> [SQLValue] { [value.isEmpty ? .null : .text(value.text)] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { FieldValue(text) }

  package func history(_ value: FieldValue) -> String {
    if case .reference(_, let name) = value { name } else { value.text }
  }

  package func json(_ value: FieldValue) -> JSON {
    guard case .reference(let id, let name) = value else { return value.isEmpty ? .null : .string(value.text) }
    return .object(["id": .string(id), "name": .string(name)])
  }

  package func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) {
    if row.isNull(offset + 1) { out += "null".utf8 } else { row.writeReference(id: offset + 1, name: offset, to: &out) }
  }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    guard let text = json["id"]?.string ?? json.string else { throw InvalidValue(Message("This must be text.")) }
    return try parse(TextNormalizing.line(text))
  }

  package var jsonShape: JSONShape { .optional(.object([.init("id", .id), .init("name", .text())])) }

  /// The id, alone or as it was read; an e-mail address, or a name that only one has.
  package var jsonInput: JSONShape { .optional(.either([.text(atMost: 255), .reference])) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var isReference: Bool { true }

  /// Finds whom a form offers: active people. Whom the record has already stays, even if no longer active.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if value.isEmpty { return .value(.empty) }
    let found = try UserStore.find(value.text, in: act.db)
    let offered = found.filter { $0.isOffered || $0.id == stored.text }
    if offered.count > 1 {
      return .errors([("", Message("There are several people named “{name}”. Use the e-mail address.", ["name": value.text]))])
    }
    guard let user = offered.first else {
      return .errors([
        ("", found.first.map { Message("{name} is no longer available. Choose another user.", ["name": $0.name]) } ?? .notOffered)
      ])
    }
    return .value(.reference(id: user.id, name: user.name))
  }

  package func exported(_ value: FieldValue, in db: Database) throws -> String { try UserStore.email(of: value.text, in: db) ?? "" }

  package var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  package func control(_ control: FieldControl) throws -> ViewData {
    let people = try control.context.store.read { db in try UserStore.owners(keeping: control.typed, in: db) }
    return control.data(options: Choices.optional(people.map { ($0.id, $0.name) }).options(selected: control.typed))
  }

  package var comparison: (any Comparison)? {
    ReferenceComparison(
      table: "users",
      nameKey:
        "coalesce((SELECT name_key FROM (SELECT id AS user_key, \(SQL.folded("name")) AS name_key FROM users) WHERE user_key = \(column)), '')",
      knowsMe: true, kind: AskedUserField())
  }

  package var empty: FieldPlace.Empty { .null }
}
