import Base
import Blobs
import Store

/// Takes files into one folder of one record, whichever way they came.
struct FileIntake {
  let context: RequestContext
  let kind: RecordType
  let record: RecordHeader
  let purpose: FolderStore.Purpose
  /// What else to do with each in the same transaction: attach it to an interaction.
  var alongside: ((RecordID, Database) throws -> Void)?

  /// What was seen of a file.
  enum Verdict {
    case fits(MediaLibrary.Arrival)
    case refused(Message)
  }

  /// Looks into an upload that shall be taken after others of so many bytes.
  func examine(_ upload: Uploads.Upload, after size: Int = 0) throws -> Verdict {
    if let shortfall = upload.shortfall { return .refused(shortfall) }
    return try examine(upload.staged, name: upload.name, after: size)
  }

  private func examine(_ staged: StagedFile, name: String, after size: Int = 0) throws -> Verdict {
    let media = context.services.media
    do {
      let arrival = try media.look(at: staged, name: name)
      let refusal = try context.store.read { db in try media.refusal(arrival, onlyPictures: purpose == .images, after: size, in: db) }
      return refusal.map { .refused($0) } ?? .fits(arrival)
    } catch is Uploads.Gone {
      return .refused(.fileIsGone)
    }
  }

  /// Takes an upload that is complete; what speaks against it otherwise.
  func take(_ upload: Uploads.Upload) throws -> Message? {
    switch try examine(upload) {
    case .refused(let message): message
    case .fits(let arrival): try take(upload, arrival)
    }
  }

  /// Takes an upload that was looked into.
  func take(_ upload: Uploads.Upload, _ arrival: MediaLibrary.Arrival) throws -> Message? {
    do {
      try file(arrival) { db in try Uploads.forget(upload.id, in: db) }
    } catch is Uploads.Gone {
      return .fileIsGone
    }
    return nil
  }

  /// Takes a file that came with the form.
  func take(_ file: PostedFile) throws -> Message? {
    switch try examine(file.staged, name: file.name) {
    case .refused(let message): return message
    case .fits(let arrival):
      try self.file(arrival) { _ in }
      return nil
    }
  }

  private func file(_ arrival: MediaLibrary.Arrival, _ done: (Database) throws -> Void) throws {
    let actor = try context.actor
    try context.services.media.take(arrival) { db, arrival in
      try context.confirm(in: db)
      let folder = try FolderStore.make(purpose, of: kind, record.id, by: actor, now: context.now, in: db)
      let file = try FileStore.insert(
        arrival.name, arrival.facts, size: arrival.size, checksum: arrival.checksum, into: folder, by: actor, now: context.now, in: db)
      try done(db)
      try alongside?(file, db)
      let change = Change(field: "file", before: "", after: arrival.name)
      try Activity.record("file.added", kind, record, changes: [change], by: actor, now: context.now, in: db)
    }
  }
}
