import Base
import Store

/// What files are called, and where they are.
extension FileStore {
  /// The folders in which a file is shown: its home, then those that link it.
  private static func places(of file: RecordID) -> SQL {
    "SELECT folder_id FROM files WHERE id = \(file) UNION SELECT folder_id FROM file_links WHERE file_id = \(file)"
  }

  /// The records with which a file is shown.
  static func records(showing file: RecordID, _ records: RecordTypes, in db: Database) throws -> [RecordHeader] {
    try db.all(
      """
      SELECT DISTINCT r.id, r.type FROM folders o JOIN records r ON r.id = o.record_id WHERE o.id IN (\(places(of: file))) ORDER BY r.id
      """
    ) { (id: $0.recordID(0), type: $0.text(1)) }.compactMap { id, type in try records[type]?.header(id, .all, db) }
  }

  /// Whether another file of one of these folders has this name, in letters of any case.
  private static func isTaken(_ name: String, _ folders: SQL, besides file: RecordID, in db: Database) throws -> Bool {
    let folded = TextFolding.fold(name)
    return try db.all(
      """
      SELECT name FROM files WHERE folder_id IN (\(folders)) AND name_folded = \(folded) AND id <> \(file) AND trashed_at IS NULL
      UNION ALL SELECT f.name FROM file_links l JOIN files f ON f.id = l.file_id
        WHERE l.folder_id IN (\(folders)) AND f.name_folded = \(folded) AND f.id <> \(file) AND f.trashed_at IS NULL
      """
    ) { $0.text(0) }.contains { $0.lowercased() == name.lowercased() }
  }

  /// Whether another file has this name where this one is shown.
  static func isTaken(_ name: String, beside file: RecordID, in db: Database) throws -> Bool {
    try isTaken(name, places(of: file), besides: file, in: db)
  }

  static func isTaken(_ name: String, in folder: RecordID, besides file: RecordID, in db: Database) throws -> Bool {
    try isTaken(name, "\(folder)", besides: file, in: db)
  }

  /// `false` if it was renamed since that version, or went to the trash.
  static func rename(_ file: RecordID, to name: String, from version: Int, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE files SET former_name = name, name = \(name), name_folded = \(TextFolding.fold(name)), version = version + 1
      WHERE id = \(file) AND version = \(version) AND trashed_at IS NULL
      """) == 1
  }

  /// Moves a file, or the link to it, from a folder to another; `false` if it isn't there any more.
  static func move(_ file: RecordID, from: RecordID, to: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    guard try isIn(from, file, in: db) else { return false }
    if try db.run("DELETE FROM file_links WHERE folder_id = \(from) AND file_id = \(file)") == 1 {
      _ = try link(file, into: to, now: now, in: db)
    } else {
      try db.run("UPDATE files SET folder_id = \(to) WHERE id = \(file)")
      try db.run("DELETE FROM file_links WHERE folder_id = \(to) AND file_id = \(file)")
    }
    return true
  }
}
