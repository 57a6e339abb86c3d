import Base
import Blobs
import Store

/// Takes files into one folder of one record, whichever way they came.
struct FileIntake {
  let visit: Visit
  let kind: RecordKind
  let record: RecordHeader
  let purpose: FolderStore.Purpose
  /// What else to do with each in the same transaction: attach it to an interaction.
  var alongside: ((RecordID, Database) throws -> Void)?

  /// What speaks against an upload, after others that take so many bytes.
  func refusal(_ upload: Uploads.Upload, after size: Int = 0) throws -> Message? {
    if let shortfall = upload.shortfall { return shortfall }
    let media = visit.application.media
    let arrival = try media.look(at: upload.staged, name: upload.name)
    return try visit.store.read { db in try media.refusal(arrival, onlyPictures: purpose == .images, after: size, in: db) }
  }

  /// Takes an upload that is complete; what speaks against it otherwise.
  func take(_ upload: Uploads.Upload) throws -> Message? {
    if let shortfall = upload.shortfall { return shortfall }
    return try take(upload.staged, name: upload.name) { db in try Uploads.forget(upload.id, in: db) }
  }

  /// Takes a file that came with the form.
  func take(_ file: PostedFile) throws -> Message? { try take(file.staged, name: file.name) { _ in } }

  private func take(_ staged: StagedFile, name: String, _ done: (Database) throws -> Void) throws -> Message? {
    let media = visit.application.media
    let arrival = try media.look(at: staged, name: name)
    if let refusal = try visit.store.read({ db in try media.refusal(arrival, onlyPictures: purpose == .images, in: db) }) { return refusal }
    let actor = try visit.actor
    try media.take(arrival) { db, arrival in
      let folder = try FolderStore.make(purpose, of: kind, record.id, by: actor, now: visit.now, in: db)
      let file = try FileStore.insert(
        arrival.name, arrival.facts, size: arrival.size, checksum: arrival.checksum, into: folder, by: actor, now: visit.now, in: db)
      try done(db)
      try alongside?(file, db)
      let change = Change(field: "file", before: "", after: arrival.name)
      try Activity.record("file.added", kind, record, changes: [change], by: actor, now: visit.now, in: db)
    }
    return nil
  }
}
