import Base
import Store

/// All SQL over folders.
package enum FolderStore {
  /// A record's folders: what is filed with it, and its pictures.
  package enum Purpose: String, CaseIterable, Sendable {
    case files, images
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
  }

  /// The shared folders in another one, by name; those of the top for `nil`.
  static func shared(in parent: RecordID?, in db: Database) throws -> [Shared] {
    try db.all(
      """
      SELECT id, name, parent_id, (SELECT count(*) FROM files WHERE folder_id = folders.id AND trashed_at IS NULL)
      FROM folders WHERE purpose = 'shared' AND coalesce(parent_id, '') = \(parent?.text ?? "") ORDER BY name LIMIT 1000
      """
    ) { Shared(id: $0.recordID(0), name: $0.text(1), parent: $0.textOrNil(2), files: $0.int(3)) }
  }

  static func shared(_ id: RecordID, in db: Database) throws -> Shared? {
    try db.first("SELECT id, name, parent_id, 0 FROM folders WHERE id = \(id) AND purpose = 'shared'") {
      Shared(id: $0.recordID(0), name: $0.text(1), parent: $0.textOrNil(2), files: $0.int(3))
    }
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
