import Base
import Store

/// All SQL over folders.
package enum FolderStore {
  /// A record's folders: what is filed with it, and its pictures.
  package enum Purpose: String, CaseIterable, Sendable {
    case files, images

    /// As the tab is called.
    var label: String { self == .files ? "Files" : "Images" }
  }

  /// A record's folder, if anything was ever put into it.
  static func find(_ purpose: Purpose, of record: RecordID, in db: Database) throws -> RecordID? {
    try db.first("SELECT id FROM folders WHERE record_id = \(record) AND purpose = \(purpose.rawValue)") { $0.recordID(0) }
  }

  /// The same, made if there is none. Of many who ask at once, one makes it.
  static func make(_ purpose: Purpose, of record: RecordHeader, _ act: ActContext) throws -> RecordID {
    if let known = try find(purpose, of: record.id, in: act.db) { return known }
    let parent = try purpose == .images ? make(.files, of: record, act) : nil
    let id = RecordID.make(at: act.now)
    try act.db.run(
      """
      INSERT INTO folders (id, parent_id, name, purpose, record_id, created_by, created_at)
      VALUES (\(id), \(parent?.text), \(purpose == .images ? "Images" : record.type.label), \(purpose.rawValue), \(record.id),
        \(act.actor.id), \(act.now))
      """)
    return id
  }

  /// A folder that belongs to everybody.
  struct Shared: Sendable {
    let id: RecordID
    let name: String
    let parent: String?
    let files: Int
    /// Grows with each renaming.
    let version: Int
    /// Before it was last renamed.
    let formerName: String?
  }

  private static func folder(_ row: borrowing Row) -> Shared {
    Shared(
      id: row.recordID(0), name: row.text(1), parent: row.textOrNil(2), files: row.int(3), version: row.int(4),
      formerName: row.textOrNil(5))
  }

  /// The shared folders in another one, by name; those of the top for `nil`.
  static func shared(in parent: RecordID?, in db: Database) throws -> [Shared] {
    try db.all(
      """
      SELECT id, name, parent_id, (SELECT count(*) FROM files WHERE folder_id = folders.id AND trashed_at IS NULL), version, former_name
      FROM folders WHERE purpose = 'shared' AND coalesce(parent_id, '') = \(parent?.text ?? "") ORDER BY name LIMIT 1000
      """, folder)
  }

  static func shared(_ id: RecordID, in db: Database) throws -> Shared? {
    try db.first("SELECT id, name, parent_id, 0, version, former_name FROM folders WHERE id = \(id) AND purpose = 'shared'", folder)
  }

  /// All shared folders as people choose among them, each with the names of those around it.
  static func paths(in db: Database) throws -> [(id: RecordID, path: String)] {
    let all = try db.all("SELECT id, name, parent_id, 0, version, former_name FROM folders WHERE purpose = 'shared' LIMIT 1000", folder)
    let known = Dictionary(all.map { ($0.id.text, $0) }) { first, _ in first }
    return all.map { folder in
      var (names, parent) = ([folder.name], folder.parent)
      while let next = parent.flatMap({ known[$0] }), names.count < 20 {
        names.insert(next.name, at: 0)
        parent = next.parent
      }
      return (folder.id, names.joined(separator: " / "))
    }.sorted { $0.path < $1.path }
  }

  /// The shared folder in which a file is at home; `nil` for one of a record.
  static func sharedHome(of file: RecordID, in db: Database) throws -> RecordID? {
    try db.first(
      "SELECT o.id FROM files f JOIN folders o ON o.id = f.folder_id WHERE f.id = \(file) AND o.purpose = 'shared'"
    ) { $0.recordID(0) }
  }

  /// Whether another shared folder beside this one has this name.
  static func isTaken(_ name: String, beside folder: Shared, in db: Database) throws -> Bool {
    try db.value(
      """
      SELECT 1 FROM folders WHERE purpose = 'shared' AND coalesce(parent_id, '') = \(folder.parent ?? "") AND name = \(name)
        AND id <> \(folder.id)
      """) != nil
  }

  /// `false` if it was renamed since that version.
  static func rename(_ id: RecordID, to name: String, from version: Int, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE folders SET former_name = name, name = \(name), version = version + 1
      WHERE id = \(id) AND version = \(version) AND purpose = 'shared'
      """) == 1
  }

  /// Makes a shared folder; `nil` if there is one of that name beside it.
  static func makeShared(_ name: String, in parent: RecordID?, _ act: ActContext) throws -> RecordID? {
    let id = RecordID.make(at: act.now)
    let made = try act.db.run(
      """
      INSERT INTO folders (id, parent_id, name, purpose, created_by, created_at)
      VALUES (\(id), \(parent?.text), \(name), 'shared', \(act.actor.id), \(act.now)) ON CONFLICT DO NOTHING
      """)
    return made == 1 ? id : nil
  }

  /// Removes a shared folder in which nothing is, not even in the trash; `false` if something is.
  static func removeShared(_ id: RecordID, in db: Database) throws -> Bool {
    try db.run(
      """
      DELETE FROM folders WHERE id = \(id) AND purpose = 'shared'
        AND NOT EXISTS (SELECT 1 FROM files WHERE folder_id = \(id)) AND NOT EXISTS (SELECT 1 FROM file_links WHERE folder_id = \(id))
        AND NOT EXISTS (SELECT 1 FROM folders AS f WHERE f.parent_id = \(id))
      """) == 1
  }
}
