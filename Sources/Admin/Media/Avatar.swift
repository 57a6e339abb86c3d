import Base
import Store
import Web

/// The profile picture of a record: always one of its own images.
package struct AvatarHandlers: Sendable {
  let kind: RecordType

  var routes: [Route] {
    let record = kind.path + "/{id}"
    return [
      .post(record + "/images/{file}/avatar", .write(kind.resource), set),
      .post(record + "/avatar/clear", .write(kind.resource), clear),
    ]
  }

  @Sendable private func set(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let images = header.href + "/images"
    if header.isTrashed { return context.redirect(to: images, .restoreFirst(header.name)) }
    let id = try context.id("file")
    let file = try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
    guard file.isPicture else { throw HTTPError.notFound }
    _ = try context.act { act in try FileActs.setPicture(id, named: file.name, of: header, act) }
    return context.redirect(
      to: images, Flash(Message("“{name}” is now the profile picture of {record}.", ["name": file.name, "record": header.name])))
  }

  @Sendable private func clear(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let images = header.href + "/images"
    let outcome = try context.act { act in try FileActs.clearPicture(of: header, act) }
    return context.redirect(to: images, outcome, Message("Profile picture removed."), orElse: Message("There is no profile picture."))
  }
}

/// All SQL over avatars.
enum AvatarStore {
  /// `false` for a record that is in the trash by now.
  static func set(_ file: RecordID, of kind: RecordType, _ record: RecordID, in db: Database) throws -> Bool {
    try db.run("UPDATE \(raw: kind.table) SET avatar_id = \(file) WHERE id = \(record) AND status <> 'trashed'") == 1
  }

  static func clear(of kind: RecordType, _ record: RecordID, in db: Database) throws -> Bool {
    try db.run("UPDATE \(raw: kind.table) SET avatar_id = NULL WHERE id = \(record) AND avatar_id IS NOT NULL") == 1
  }

  /// Only if it is still this file: somebody may have chosen another in between.
  static func clear(of kind: RecordType, _ record: RecordID, if file: RecordID, in db: Database) throws {
    try db.run("UPDATE \(raw: kind.table) SET avatar_id = NULL WHERE id = \(record) AND avatar_id = \(file)")
  }

  /// The avatar of a record with this alias, for queries of record heads; none while the file is in the trash.
  static func column(_ table: String) -> String {
    "(SELECT id FROM files WHERE id = \(table).avatar_id AND trashed_at IS NULL)"
  }
}
