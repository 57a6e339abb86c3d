package import Base
import Store

/// What is done with files, and with the pictures that stand for records.
package enum FileActs {
  /// Files what has come with a record.
  package static func add(_ arrival: MediaLibrary.Arrival, to purpose: FolderStore.Purpose, of record: RecordHeader, _ act: ActContext)
    throws
    -> Outcome
  {
    if record.isTrashed { return .inTrash(record) }
    try FileStore.insert(arrival, into: try FolderStore.make(purpose, of: record, act), act)
    return try act.done("file.added", arrival.id, on: record, [change(after: arrival.name)])
  }

  /// Puts what has come where everybody looks.
  static func share(_ arrival: MediaLibrary.Arrival, in folder: RecordID, _ act: ActContext) throws -> Outcome {
    try FileStore.insert(arrival, into: folder, act)
    return .done(arrival.id)
  }

  /// Shows a file of the library with a record too. Also the way back after one was removed.
  static func link(_ file: MediaFile, to purpose: FolderStore.Purpose, of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard purpose == .files || file.isPicture else { throw HTTPError.badRequest(Message("Only images can be added here.")) }
    if file.isTrashed { _ = try FileStore.restore(file.id, in: act.db) }
    let folder = try FolderStore.make(purpose, of: record, act)
    let isLinked = try FileStore.link(file.id, into: folder, now: act.now, in: act.db)
    guard isLinked || file.isTrashed else { return .unchanged(file.id) }
    return try act.done("file.linked", file.id, on: record, [change(after: file.name)])
  }

  /// Takes a file away from a record: one that is nowhere else goes to the trash.
  static func remove(_ file: MediaFile, from purpose: FolderStore.Purpose, of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard let folder = try FolderStore.find(purpose, of: record.id, in: act.db),
      try FileStore.remove(file.id, from: folder, now: act.now, in: act.db)
    else { throw HTTPError.notFound }
    try AvatarStore.clear(of: record.type, record.id, if: file.id, in: act.db)
    let undo = "\(record.href)/\(purpose.rawValue)/\(file.id.text)/link"
    return try act.done("file.removed", file.id, on: record, [change(before: file.name)], undo: undo)
  }

  // MARK: In the library

  static func trash(_ file: MediaFile, _ records: RecordTypes, _ act: ActContext) throws -> Outcome {
    guard try FileStore.trash(file.id, now: act.now, in: act.db) else { return .unchanged(file.id) }
    try record("file.removed", file, change(before: file.name), records, act)
    return .done(file.id, undo: file.href + "/restore")
  }

  static func restore(_ file: MediaFile, _ records: RecordTypes, _ act: ActContext) throws -> Outcome {
    guard try FileStore.restore(file.id, in: act.db) else { return .unchanged(file.id) }
    try record("file.restored", file, change(after: file.name), records, act)
    return .done(file.id)
  }

  /// Deletes trashed files permanently, and returns the contents that are no longer referenced.
  static func delete(_ file: MediaFile, _ records: RecordTypes, _ act: ActContext) throws -> [String] {
    try record("file.deleted", file, change(before: file.name), records, act)
    return try FileStore.delete(file.id, in: act.db).map { [$0] } ?? []
  }

  /// What happens to a file in the library is in the history of the record where it is at home; what belongs to everybody has none.
  private static func record(_ action: String, _ file: MediaFile, _ change: Change, _ records: RecordTypes, _ act: ActContext) throws {
    guard let record = try FileStore.home(of: file.id, records, in: act.db) else { return }
    try Activity.record(action, on: record, changes: [change], act)
  }

  // MARK: Shared folders

  static func makeFolder(_ name: String, in parent: RecordID?, _ act: ActContext) throws -> Outcome {
    if name.isEmpty { return .invalid(ValidationErrors("name", Message("Enter a folder name."))) }
    if let parent, try FolderStore.shared(parent, in: act.db) == nil { throw HTTPError.notFound }
    guard let id = try FolderStore.makeShared(name, in: parent, act) else {
      return .invalid(ValidationErrors("name", Message("There is already a folder “{name}”.", ["name": name])))
    }
    return .done(id)
  }

  /// Where shared files go that name no folder.
  static func firstFolder(_ act: ActContext) throws -> RecordID {
    if let first = try FolderStore.shared(in: nil, in: act.db).first(where: { $0.name == "Shared" }) { return first.id }
    guard case .done(let id, _) = try makeFolder("Shared", in: nil, act) else { throw HTTPError.notFound }
    return id
  }

  /// Leaves one in which something is, be it in the trash.
  static func removeFolder(_ id: RecordID, _ act: ActContext) throws -> Outcome {
    try FolderStore.removeShared(id, in: act.db) ? .done(id) : .unchanged(id)
  }

  // MARK: Pictures of records

  /// Lets one of a record's own images stand for it.
  package static func setPicture(_ file: RecordID, named name: String, of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard let folder = try FolderStore.find(.images, of: record.id, in: act.db), try FileStore.isIn(folder, file, in: act.db),
      try AvatarStore.set(file, of: record.type, record.id, in: act.db)
    else { throw HTTPError.notFound }
    return try act.done("picture.set", file, on: record, [Change(field: "picture", before: "", after: name)])
  }

  static func clearPicture(of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard try AvatarStore.clear(of: record.type, record.id, in: act.db) else { return .unchanged(record.id) }
    return try act.done("picture.cleared", record.id, on: record)
  }

  private static func change(before: String = "", after: String = "") -> Change { Change(field: "file", before: before, after: after) }
}
