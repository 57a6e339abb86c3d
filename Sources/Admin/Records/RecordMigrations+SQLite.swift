package import Store

/// Every record has one row in `records`, which says of what type it is. What may hang on a record of any type (interactions, comments, files)
/// refers to that row: there is one column for it, and the database itself keeps such references true and takes along what goes with a record.
package let records = Feature(name: "records", migrations: [.records, .foldedTexts])

extension Migration {
  /// Without row numbers: the key is the whole table, so a reference is checked by one look-up.
  static let records = Migration(
    "2026-11-27-records",
    """
    CREATE TABLE records (
      id TEXT PRIMARY KEY,
      type TEXT NOT NULL
    ) WITHOUT ROWID;
    """)

  /// Makes the rows of a table records: those that are there, and by triggers those that come and go. The text is part of migrations that have been
  /// released: it is never edited.
  package static func records(of table: String, type: String, on day: String) -> Migration {
    Migration(
      "\(day)-records-of-\(table)",
      """
      INSERT INTO records (id, type) SELECT id, '\(type)' FROM \(table) ORDER BY id;
      CREATE TRIGGER \(type)_record_insert AFTER INSERT ON \(table) BEGIN
        INSERT INTO records (id, type) VALUES (new.id, '\(type)');
      END;
      CREATE TRIGGER \(type)_record_delete AFTER DELETE ON \(table) BEGIN
        DELETE FROM records WHERE id = old.id;
      END;
      CREATE TRIGGER \(type)_record_stays BEFORE UPDATE OF id ON \(table) WHEN old.id <> new.id
        BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
      """)
  }
}

extension RecordType {
  /// Adds what a bulk load has brought, past the triggers. In the order of the key: that is a tenth of the work.
  func addRecords(in db: Database) throws {
    try db.script(Self.missing(table, name))
  }

  fileprivate static func missing(_ table: String, _ type: String) -> String {
    """
    INSERT INTO records (id, type) SELECT id, '\(type)' FROM \(table) AS t
      WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.id = t.id) ORDER BY id;
    """
  }
}

extension DerivedData {
  /// The rows of `records` of one type. A row whose record is gone takes along what hangs on it, as it would have when the record went.
  static func records(of kind: RecordType) -> DerivedData {
    let (table, type) = (kind.table, kind.name)
    let stray = "type = '\(type)' AND NOT EXISTS (SELECT 1 FROM \(table) AS t WHERE t.id = records.id)"
    return DerivedData(
      name: "records of \(table)",
      mistakes: """
        SELECT (SELECT count(*) FROM \(table) AS t LEFT JOIN records ON records.id = t.id WHERE records.type IS NOT '\(type)')
          + (SELECT count(*) FROM records WHERE \(stray))
        """,
      repair: """
        UPDATE records SET type = '\(type)' WHERE type <> '\(type)' AND id IN (SELECT id FROM \(table));
        \(RecordType.missing(table, type))
        DELETE FROM records WHERE \(stray);
        """)
  }
}
