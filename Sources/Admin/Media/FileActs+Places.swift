import Base
import Store

/// Renaming and moving.
extension FileActs {
  /// Gives a file another name wherever it is shown. A name that is put back is taken as it is, without the ending that a typed one keeps.
  static func rename(
    _ file: MediaFile, to typed: String, isExact: Bool = false, from version: Int, _ records: RecordTypes, _ act: ActContext
  ) throws -> Outcome {
    let shown = try FileStore.records(showing: file.id, records, in: act.db)
    if let home = try FileStore.home(of: file.id, records, in: act.db) {
      guard act.principal.may(.write, on: home.type.resource) else {
        throw HTTPError.forbidden(Message("This file belongs to a record that you can’t change."))
      }
      if home.isTrashed { return .inTrash(home, typed: true) }
    }
    if let problem = FileNames.check(typed) { return .invalid(ValidationErrors("name", problem)) }
    let name = isExact ? typed : FileNames.renamed(file.name, to: typed)
    if name == file.name { return .unchanged(file.id) }
    if try FileStore.isTaken(name, beside: file.id, in: act.db) { return .invalid(ValidationErrors("name", .nameIsTaken(name))) }
    guard try FileStore.rename(file.id, to: name, from: version, in: act.db) else { return .conflict }
    for record in shown {
      try Activity.record("file.renamed", on: record, changes: [Change(field: "file", before: file.name, after: name)], act)
    }
    return .done(file.id)
  }

  /// Moves a file between the files and the images of a record. One that stood for the record doesn't any more when it leaves the images.
  static func move(
    _ file: MediaFile, from: FolderStore.Purpose, to: FolderStore.Purpose, of record: RecordHeader, _ act: ActContext
  ) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard to == .files || file.isPicture else { return .invalid(ValidationErrors("", Message("Only images can be added here."))) }
    guard let source = try FolderStore.find(from, of: record.id, in: act.db), try FileStore.isIn(source, file.id, in: act.db) else {
      return .conflict
    }
    let target = try FolderStore.make(to, of: record, act)
    if try FileStore.isTaken(file.name, in: target, besides: file.id, in: act.db) {
      return .invalid(ValidationErrors("", .nameIsTaken(file.name)))
    }
    guard try FileStore.move(file.id, from: source, to: target, now: act.now, in: act.db) else { return .conflict }
    let wasPicture = record.avatar == file.id
    try AvatarStore.clear(of: record.type, record.id, if: file.id, in: act.db)
    let undo = "\(record.href)/\(to.rawValue)/\(file.id.text)/move?to=\(from.rawValue)\(wasPicture ? "&picture=yes" : "")"
    return try act.done(
      "file.moved", file.id, on: record,
      [Change(field: "file", before: file.name, after: file.name), Change(field: "folder", before: from.label, after: to.label)], undo: undo
    )
  }

  /// Moves a file between shared folders.
  static func move(_ file: MediaFile, from: RecordID, to: RecordID, _ act: ActContext) throws -> Outcome {
    guard let source = try FolderStore.shared(from, in: act.db), let target = try FolderStore.shared(to, in: act.db) else {
      return .conflict
    }
    if source.id == target.id { return .unchanged(file.id) }
    if try FileStore.isTaken(file.name, in: target.id, besides: file.id, in: act.db) {
      return .invalid(ValidationErrors("folder", .nameIsTaken(file.name)))
    }
    guard try FileStore.move(file.id, from: source.id, to: target.id, now: act.now, in: act.db) else { return .conflict }
    return .done(file.id, undo: "\(file.href)/move?from=\(to.text)&folder=\(from.text)")
  }

  static func renameFolder(_ id: RecordID, to name: String, from version: Int, _ act: ActContext) throws -> Outcome {
    guard let folder = try FolderStore.shared(id, in: act.db) else { throw HTTPError.notFound }
    if name.isEmpty { return .invalid(ValidationErrors("name", Message("Enter a folder name."))) }
    if name == folder.name { return .unchanged(id) }
    if try FolderStore.isTaken(name, beside: folder, in: act.db) {
      return .invalid(ValidationErrors("name", Message("There is already a folder “{name}”.", ["name": name])))
    }
    guard try FolderStore.rename(id, to: name, from: version, in: act.db) else { return .conflict }
    return .done(id, undo: "/admin/crm/folders/\(id.text)/undo?version=\(version + 1)")
  }
}

extension Message {
  static func nameIsTaken(_ name: String) -> Message { Message("There is already a file named “{name}” in this folder.", ["name": name]) }
}
