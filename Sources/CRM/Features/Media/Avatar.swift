import Base
import Store
import Web

/// The picture that stands for a record: one of its own images, and nothing else.
struct AvatarHandlers: Sendable {
  let kind: RecordType

  var routes: [Route] {
    let record = kind.path + "/{id}"
    return [
      .post(record + "/images/{file}/avatar", .write(kind.resource), set),
      .post(record + "/avatar/clear", .write(kind.resource), clear),
    ]
  }

  @Sendable private func set(_ context: RequestContext) throws -> Response {
    let header = try context.store.read { db in try RecordActs(kind: kind).header(context, in: db) }
    let images = kind.path(of: header.id.text) + "/images"
    if header.isTrashed { return context.redirect(to: images, .restoreFirst(header.name)) }
    let id = try context.id("file")
    let file = try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
    guard file.isPicture else { throw HTTPError.notFound }
    let actor = try context.actor
    let isDone = try context.store.write { db -> Bool in
      guard let folder = try FolderStore.find(.images, of: header.id, in: db), try FileStore.isIn(folder, id, in: db),
        try AvatarStore.set(id, of: kind, header.id, in: db)
      else { return false }
      let change = Change(field: "picture", before: "", after: file.name)
      try Activity.record("picture.set", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return true
    }
    guard isDone else { throw HTTPError.notFound }
    return context.redirect(
      to: images, Flash(Message("“{name}” is now the picture of {record}.", ["name": file.name, "record": header.name])))
  }

  @Sendable private func clear(_ context: RequestContext) throws -> Response {
    let header = try context.store.read { db in try RecordActs(kind: kind).header(context, in: db) }
    let images = kind.path(of: header.id.text) + "/images"
    let actor = try context.actor
    let isDone = try context.store.write { db -> Bool in
      guard try AvatarStore.clear(of: kind, header.id, in: db) else { return false }
      try Activity.record("picture.cleared", kind, header, by: actor, now: context.now, in: db)
      return true
    }
    return context.redirect(
      to: images, isDone ? Flash(Message("The picture is taken off.")) : Flash(Message("There is no picture."), kind: .problem))
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
