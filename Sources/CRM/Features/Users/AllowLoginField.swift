import Admin
import Base
import Store
import Templating
import Web

/// Whether a contact is a user, who can sign in once they have a password. Which user that is follows from the contact's e-mail address alone; no form
/// says it.
struct AllowLoginField: FieldKind {
  private static let on = FieldValue.integer(1)

  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  func reads(_ name: String, of table: String) -> [String] { ["\(table).user_id IS NOT NULL"] }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue { row.bool(offset) ? Self.on : .empty }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? {
    try ContactLogin.user(of: record, in: db) == nil ? .empty : Self.on
  }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    if value.isEmpty { try ContactLogin.unlink(record, act) } else { try ContactLogin.link(record, act) }
  }

  func hasEffect(_ value: FieldValue) -> Bool { !value.isEmpty }

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try FlagField().parse(text) }

  func text(_ value: FieldValue) -> String { FlagField().text(value) }

  var jsonShape: JSONShape { FlagField().jsonShape }

  func json(_ value: FieldValue) -> JSON { FlagField().json(value) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue { try FlagField().parse(json: json) }

  func display(_ history: String, _ formats: Formats) -> String { FlagField().display(history, formats) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Forms and lists

  var template: (name: String, schema: ViewSchema) { FlagField().template }

  func control(_ control: FieldControl) -> ViewData { control.data() }

  var cell: Column.Kind? { nil }

  var comparison: (any Comparison)? { FlagComparison() }

  func place(_ name: String, of table: String) -> String? { "(\(table).user_id IS NOT NULL)" }

  var empty: FieldPlace.Empty { .never }
}
