package import Store

/// The ids of a table's records by their external ids, close together: rows of a file refer to records in any order, and a look at a whole row for
/// each would read the table many times over.
package struct ExternalIDs {
  private let statement: Statement

  /// Gathers them, for the time of a load.
  package init(of table: String, in db: Database) throws {
    try db.script(
      """
      DROP TABLE IF EXISTS temp.external_ids;
      PRAGMA temp.cache_size = -65536;
      CREATE TEMP TABLE external_ids (external_id TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
      INSERT INTO external_ids SELECT external_id, id FROM \(table) WHERE external_id IS NOT NULL ORDER BY external_id;
      """)
    statement = try db.prepared(
      """
      SELECT id FROM external_ids WHERE external_id = ?1 UNION ALL SELECT id FROM \(table) WHERE id = lower(?1) LIMIT 1
      """)
  }

  package func id(of text: String) throws -> String? { try statement.text(of: text) }

  /// The record that a file means by an id: its own, or what it is called elsewhere.
  package static func query(_ table: String, reading columns: String = "id") -> String {
    "SELECT \(columns) FROM \(table) WHERE id = lower(?1) UNION ALL SELECT \(columns) FROM \(table) WHERE external_id = ?1 LIMIT 1"
  }
}

extension Statement {
  /// The first column of the one row that belongs to a key; `nil` when there is none.
  package func text(of key: String) throws -> String? { try row(of: key) { $0.text(0) } }

  /// What `body` makes of that row.
  package func row<T>(of key: String, _ body: (borrowing Row) throws -> T) throws -> T? {
    defer { reset() }
    bind(1, key)
    return try step() ? try withRow(body) : nil
  }

  /// Runs to the end with these texts.
  package func execute(_ texts: String...) throws {
    for (index, text) in texts.enumerated() { bind(index + 1, text) }
    try execute()
  }
}
