import Store

/// The ids of a table's records by their external ids, close together: rows of a file refer to records in any order, and a look at a whole row for
/// each would read the table many times over.
struct ExternalIDs {
  private let statement: Statement

  /// Gathers them, for the time of a load.
  init(of table: String, in db: Database) throws {
    try db.script(
      """
      DROP TABLE IF EXISTS temp.external_ids;
      PRAGMA temp.cache_size = -65536;
      CREATE TEMP TABLE external_ids (external_id TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
      INSERT INTO external_ids SELECT external_id, id FROM \(table) WHERE external_id IS NOT NULL ORDER BY external_id;
      """)
    statement = try db.prepared("SELECT id FROM external_ids WHERE external_id = ?")
  }

  func id(of externalID: String) throws -> String? { try statement.text(of: externalID) }
}
