package import Base
package import Store

/// All SQL over files and their links.
package enum FileStore {
  private static let columns = """
    f.seq, f.id, f.name, f.type, f.size, f.checksum, f.width, f.height, f.created_at, coalesce(u.name, ''), f.trashed_at IS NOT NULL,
    f.version, f.former_name
    """

  private static func file(_ row: borrowing Row) -> MediaFile {
    MediaFile(
      seq: row.int(0), id: row.recordID(1), name: row.text(2), type: row.text(3), size: row.int(4), checksum: row.text(5),
      pixels: row.isNull(6) ? nil : (row.int(6), row.int(7)), createdAt: row.text(8), uploadedBy: row.text(9), isTrashed: row.bool(10),
      version: row.int(11), formerName: row.textOrNil(12))
  }

  static func insert(_ arrival: MediaLibrary.Arrival, into folder: RecordID, _ act: ActContext) throws {
    let (name, facts) = (arrival.name, arrival.facts)
    try act.db.run(
      """
      INSERT INTO files (id, folder_id, name, name_folded, type, size, checksum, width, height, uploaded_by, created_at)
      VALUES (\(arrival.id), \(folder), \(name), \(TextFolding.fold(name)), \(facts.type), \(arrival.size), \(arrival.checksum),
        \(facts.width), \(facts.height), \(act.actor.id), \(act.now))
      """)
  }

  /// A file that this visitor may see somewhere, be it in the trash.
  static func find(_ id: RecordID, for context: RequestContext, in db: Database) throws -> MediaFile? {
    let everything = try context.scope(of: .files) == .all
    let record = try context.reach.withTrash.record("o.record_id")
    return try db.first(
      """
      SELECT \(raw: columns) FROM files f LEFT JOIN users u ON u.id = f.uploaded_by WHERE f.id = \(id) AND EXISTS (
        SELECT 1 FROM (SELECT f.folder_id AS id UNION ALL SELECT folder_id FROM file_links WHERE file_id = f.id) place
          JOIN folders o ON o.id = place.id\(record.join)
        WHERE (o.purpose = 'shared' AND \(everything)) OR \(record.name) IS NOT NULL)
      """, file)
  }

  /// What is in a folder, at home there or linked, newest first.
  /// A query for the files that are filed with a record, or its pictures.
  static func filed(_ purpose: FolderStore.Purpose, with record: RecordID) -> SQL {
    let folder: SQL = "folders d WHERE d.record_id = \(record) AND d.purpose = \(purpose.rawValue)"
    return """
      SELECT f.seq FROM files f WHERE f.trashed_at IS NULL AND f.folder_id = (SELECT d.id FROM \(folder))
      UNION ALL SELECT f.seq FROM file_links l JOIN files f ON f.id = l.file_id AND f.trashed_at IS NULL AND f.folder_id IS NOT l.folder_id
        WHERE l.folder_id = (SELECT d.id FROM \(folder))
      """
  }

  static func inFolder(_ folder: RecordID, before seq: Int?, limit: Int, in db: Database) throws -> [MediaFile] {
    let past = seq ?? Int.max
    return try db.all(
      """
      SELECT \(raw: columns) FROM (
        SELECT seq FROM (
          SELECT * FROM (SELECT seq FROM files WHERE folder_id = \(folder) AND trashed_at IS NULL AND seq < \(past) ORDER BY seq DESC
            LIMIT \(limit))
          UNION SELECT g.seq FROM file_links l JOIN files g ON g.id = l.file_id
            WHERE l.folder_id = \(folder) AND g.trashed_at IS NULL AND g.seq < \(past))
        ORDER BY seq DESC LIMIT \(limit)) n JOIN files f ON f.seq = n.seq LEFT JOIN users u ON u.id = f.uploaded_by ORDER BY f.seq DESC
      """, file)
  }

  /// Whether a file that isn't in the trash is at home in a folder or linked into it.
  static func isIn(_ folder: RecordID, _ file: RecordID, in db: Database) throws -> Bool {
    try db.value(
      """
      SELECT EXISTS (SELECT 1 FROM files WHERE id = \(file) AND trashed_at IS NULL
        AND (folder_id = \(folder) OR EXISTS (SELECT 1 FROM file_links WHERE folder_id = \(folder) AND file_id = \(file))))
      """) == 1
  }

  /// Links a file into a folder; nothing happens if it is there already.
  static func link(_ file: RecordID, into folder: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    guard try !isIn(folder, file, in: db) else { return false }
    return try db.run(
      "INSERT INTO file_links (folder_id, file_id, created_at) VALUES (\(folder), \(file), \(now)) ON CONFLICT DO NOTHING") == 1
  }

  /// Takes a file out of a folder: drops the link, or finds it another home, or puts it into the trash. `false` if it isn't there.
  static func remove(_ file: RecordID, from folder: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    if try db.run("DELETE FROM file_links WHERE folder_id = \(folder) AND file_id = \(file)") == 1 { return true }
    guard try isIn(folder, file, in: db) else { return false }
    if try !rehome(file, outside: [folder], in: db) { _ = try trash(file, now: now, in: db) }
    return true
  }

  /// Puts a file into the trash; `false` if it is there already.
  static func trash(_ file: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    try db.run("UPDATE files SET trashed_at = \(now) WHERE id = \(file) AND trashed_at IS NULL") == 1
  }

  /// The record in whose folder a file is at home; `nil` for a file that belongs to everybody.
  static func home(of file: RecordID, _ records: RecordTypes, in db: Database) throws -> RecordHeader? {
    let owner = try db.first(
      """
      SELECT r.id, r.type FROM files f JOIN folders o ON o.id = f.folder_id JOIN records r ON r.id = o.record_id WHERE f.id = \(file)
      """
    ) { (id: $0.recordID(0), type: $0.text(1)) }
    return try owner.flatMap { id, type in try records[type]?.header(id, .all, db) }
  }

  /// Makes the first other folder that links a file its home.
  private static func rehome(_ file: RecordID, outside folders: [RecordID], in db: Database) throws -> Bool {
    let other = try db.first(
      """
      SELECT folder_id FROM file_links WHERE file_id = \(file) AND folder_id NOT IN \(SQL.list(folders.map(\.text)))
      ORDER BY created_at, folder_id LIMIT 1
      """
    ) { $0.recordID(0) }
    guard let other else { return false }
    try db.run("UPDATE files SET folder_id = \(other) WHERE id = \(file)")
    try db.run("DELETE FROM file_links WHERE folder_id = \(other) AND file_id = \(file)")
    return true
  }

  /// Restores a file to where it was; `false` if it isn't in the trash.
  static func restore(_ file: RecordID, in db: Database) throws -> Bool {
    try db.run("UPDATE files SET trashed_at = NULL WHERE id = \(file) AND trashed_at IS NOT NULL") == 1
  }

  /// Deletes trashed files permanently, and returns the contents that are no longer referenced.
  static func delete(_ file: RecordID, in db: Database) throws -> String? {
    let checksum = try db.text("DELETE FROM files WHERE id = \(file) AND trashed_at IS NOT NULL RETURNING checksum")
    return try checksum.flatMap { try isNamed($0, in: db) ? nil : $0 }
  }

  static func isNamed(_ checksum: String, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM files WHERE checksum = \(checksum))") == 1
  }

  // MARK: With a record

  /// Every file that is at home with a record, linked to it, or attached to its interactions, be it in the trash.
  package static func held(by record: RecordID, in db: Database) throws -> [MediaFile] {
    let folders: SQL = "SELECT id FROM folders WHERE record_id = \(record)"
    return try db.all(
      """
      SELECT \(raw: columns) FROM files f LEFT JOIN users u ON u.id = f.uploaded_by
      WHERE f.folder_id IN (\(folders)) OR f.id IN (SELECT file_id FROM file_links WHERE folder_id IN (\(folders)))
        OR f.id IN (SELECT a.file_id FROM interaction_files a JOIN interactions i ON i.seq = a.interaction WHERE i.record_id = \(record))
      ORDER BY f.seq
      """, file)
  }

  /// The contents of all that is at home in a record's folders: what may go with it.
  static func checksums(of record: RecordID, in db: Database) throws -> [String] {
    try db.all(
      "SELECT DISTINCT checksum FROM files WHERE folder_id IN (SELECT id FROM folders WHERE record_id = \(record))"
    ) { $0.text(0) }
  }

  /// What a file is called that is at home with a record or linked to it; `nil` for any other.
  static func name(of file: RecordID, filedWith record: RecordID, in db: Database) throws -> String? {
    for folder in try db.all("SELECT id FROM folders WHERE record_id = \(record)", { $0.recordID(0) }) where try isIn(folder, file, in: db)
    {
      return try db.text("SELECT name FROM files WHERE id = \(file)")
    }
    return nil
  }

  /// The files of a record by their names, the newest first.
  static func names(filedWith record: RecordID, limit: Int, in db: Database) throws -> [(id: String, name: String)] {
    let files = try db.all("SELECT id FROM folders WHERE record_id = \(record) ORDER BY purpose", { $0.recordID(0) }).flatMap { folder in
      try inFolder(folder, before: nil, limit: limit, in: db)
    }
    return files.prefix(limit).map { ($0.id.text, $0.name) }
  }

  /// Empties and removes a record's folders. What is linked elsewhere finds its home there; the rest goes. Gives the contents that nobody
  /// names any more.
  static func purge(_ record: RecordID, in db: Database) throws -> [String] {
    let folders = try db.all("SELECT id FROM folders WHERE record_id = \(record)") { $0.recordID(0) }
    guard !folders.isEmpty else { return [] }
    let inThese = SQL.list(folders.map(\.text))
    let checksums = try checksums(of: record, in: db)
    try db.run("DELETE FROM file_links WHERE folder_id IN \(inThese)")
    let shared = try db.all(
      "SELECT DISTINCT f.id FROM files f JOIN file_links l ON l.file_id = f.id WHERE f.folder_id IN \(inThese)"
    ) { $0.recordID(0) }
    for file in shared { _ = try rehome(file, outside: folders, in: db) }
    try db.run("DELETE FROM files WHERE folder_id IN \(inThese)")
    try db.run("UPDATE folders SET parent_id = NULL WHERE id IN \(inThese)")
    try db.run("DELETE FROM folders WHERE id IN \(inThese)")
    return try checksums.filter { try !isNamed($0, in: db) }
  }

  // MARK: With interactions

  package static func attach(_ file: RecordID, to interaction: RecordID, in db: Database) throws {
    try db.run(
      "INSERT INTO interaction_files (interaction, file_id) SELECT seq, \(file) FROM interactions WHERE id = \(interaction)")
  }

  package static func detach(_ file: RecordID, from interaction: Int, in db: Database) throws {
    try db.run("DELETE FROM interaction_files WHERE interaction = \(interaction) AND file_id = \(file)")
  }

  /// The files of several interactions, by interaction, in one query. Those in the trash are left out.
  package static func of(_ interactions: [Int], in db: Database) throws -> [Int: [MediaFile]] {
    guard !interactions.isEmpty else { return [:] }
    var found: [Int: [MediaFile]] = [:]
    try db.each(
      """
      SELECT \(raw: columns), a.interaction FROM interaction_files a JOIN files f ON f.id = a.file_id
        LEFT JOIN users u ON u.id = f.uploaded_by
      WHERE a.interaction IN \(SQL.each(interactions)) AND f.trashed_at IS NULL
      ORDER BY f.seq
      """
    ) { row in found[row.int(13), default: []].append(file(row)) }
    return found
  }

  // MARK: The library

  /// What the library shows.
  struct Search: Sendable {
    var q = ""
    var folder: RecordID?
    var picturesOnly = false
    var isTrash = false
    var before: Int?
  }

  /// A file with the place where it is at home.
  struct Placed: Sendable {
    let file: MediaFile
    /// A record's page, and its name.
    let home: (href: String, name: String)?
  }

  /// Files anywhere, newest first: for those who may see all records.
  static func search(_ search: Search, in reach: RecordReach, limit: Int, _ db: Database) throws -> [Placed] {
    let record = reach.everything.record("o.record_id")
    var conditions: [SQL] = [search.isTrash ? "f.trashed_at IS NOT NULL" : "f.trashed_at IS NULL", "f.seq < \(search.before ?? Int.max)"]
    if let folder = search.folder {
      conditions.append("(f.folder_id = \(folder) OR f.id IN (SELECT file_id FROM file_links WHERE folder_id = \(folder)))")
    }
    if search.picturesOnly { conditions.append("f.width IS NOT NULL AND f.type IN ('image/jpeg', 'image/png', 'image/gif', 'image/webp')") }
    for word in TextFolding.fold(search.q).split(separator: " ").prefix(8) { conditions.append("instr(f.name_folded, \(String(word)))") }
    return try db.all(
      """
      SELECT \(raw: columns), \(record.type), o.record_id, \(record.name) FROM files f
        JOIN folders o ON o.id = f.folder_id LEFT JOIN users u ON u.id = f.uploaded_by\(record.join)
      WHERE \(SQL(joining: conditions, separator: " AND ")) ORDER BY f.seq DESC LIMIT \(limit)
      """
    ) { row in
      let kind = row.textOrNil(13).flatMap { reach.kinds[$0] }
      return Placed(file: file(row), home: kind.map { ($0.path(of: row.text(14)), row.text(15)) })
    }
  }
}
