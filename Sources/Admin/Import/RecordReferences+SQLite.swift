import Base
import Store

/// What refers to records of a type, as the database itself knows it.
struct RecordReferences {
  private let conditions: [(table: String, column: String)]

  /// Rows of a record's own fields are part of it.
  init(to type: RecordType, in db: Database) throws {
    let own = type.fields.compactMap { $0.kind.rows.map { "\($0.table).\($0.key)" } }
    conditions = try db.all(
      """
      SELECT m.name, f."from" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' AND f."table" IN (\(type.table), 'records')
      """
    ) { (table: $0.text(0), column: $0.text(1)) }.filter { !own.contains("\($0.table).\($0.column)") }
  }

  /// Whether something hangs on a record.
  func exist(to id: RecordID, in db: Database) throws -> Bool {
    for (table, column) in conditions {
      if try db.value("SELECT 1 FROM \(raw: table) WHERE \(raw: column) = \(id) LIMIT 1") != nil { return true }
    }
    return false
  }
}
