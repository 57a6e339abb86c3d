package import Base
package import Blobs
package import Store
import Web

/// The library: where files come in, and where they go.
package struct MediaLibrary: Sendable {
  /// How much there may be.
  package struct Limits: Sendable {
    /// Of one file, in bytes.
    package var file = 250_000_000
    /// Of all files together, in bytes.
    package var total = 100_000_000_000

    package init() {}
  }

  package let folder: String
  let store: Store
  package let blobs: DiskBlobs
  let inspector: any FileInspector
  let thumbnails: Thumbnails
  package let limits: Limits

  /// A library in this folder, which is made if there is none.
  package init(folder: String, store: Store, inspector: any FileInspector, limits: Limits = Limits()) throws {
    self.folder = folder
    self.store = store
    blobs = try DiskBlobs(folder: folder)
    self.inspector = inspector
    thumbnails = Thumbnails(folder: folder + "/thumbnails", inspector: inspector)
    self.limits = limits
  }

  /// Completes what the last shutdown left unfinished, before serving.
  package func recover() throws {
    try blobs.recover { checksum in try store.read { db in try FileStore.isNamed(checksum, in: db) } }
  }

  /// How much of files that are put together piece by piece has come, in bytes.
  package var bytesOnTheirWay: Int { blobs.bytesOnTheirWay }

  /// A file on its way in: on disk, and looked into.
  package struct Arrival: Sendable {
    /// That it will have as a file of the library.
    package let id: RecordID
    /// Of which upload it is; `nil` for one that came in the body of a form.
    package let upload: RecordID?
    let staged: StagedFile
    package let name: String
    let size: Int
    let checksum: String
    let facts: FileFacts
  }

  /// Looks into a staged file. Throws `Uploads.Gone` if it was cancelled.
  package func look(at staged: StagedFile, name: String, upload: RecordID? = nil, now: Timestamp) throws -> Arrival {
    try whileThere([staged]) {
      Arrival(
        id: RecordID.make(at: now), upload: upload, staged: staged, name: Self.clean(name), size: staged.size,
        checksum: try staged.checksum(),
        facts: inspector.facts(of: staged.path, name: name))
    }
  }

  /// Where its bytes are.
  package func path(of file: MediaFile) -> String { blobs.path(of: file.checksum) }

  /// Why a file can't be taken, after others that take so many bytes.
  func refusal(_ arrival: Arrival, onlyPictures: Bool, after size: Int = 0, in db: Database) throws -> Message? {
    let name = ["name": arrival.name]
    if arrival.size == 0 { return Message("“{name}” is empty.", name) }
    if arrival.size > limits.file {
      return Message("“{name}” is too large: {n} at most.", name, sizes: ["n": limits.file])
    }
    if onlyPictures, !FileFacts.isPicture(arrival.facts.type) {
      return Message("“{name}” isn’t a JPEG, PNG, GIF or WebP image. Add it under Files instead.", name)
    }
    switch arrival.facts.problem {
    case .damaged where onlyPictures: return Message("The image “{name}” is damaged.", name)
    case .unsupported where onlyPictures:
      return Message("Browsers can’t show “{name}”. Save it as JPEG, PNG, GIF or WebP first.", name)
    case .tooManyPixels: return Message("The image “{name}” has too many pixels to be shown.", name)
    default: break
    }
    let used = try db.value("SELECT bytes FROM media_usage") ?? 0
    if used + size + arrival.size > limits.total { return .noRoom(for: arrival.name) }
    return nil
  }

  /// Takes files in: their bytes first, then the rows that name them. Throws `Uploads.Gone` if one was cancelled.
  package func take<T>(_ arrivals: [Arrival], _ commit: (Database) throws -> T) throws -> T {
    try whileThere(arrivals.map(\.staged)) {
      let result = try blobs.keep(arrivals.map { ($0.staged.path, $0.checksum) }) { try store.write { db in try commit(db) } }
      // Those of a content that was damaged till now.
      thumbnails.remove(arrivals.map(\.checksum))
      return result
    }
  }

  private func whileThere<T>(_ files: [StagedFile], _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as BlobError where error.isMissing && !files.allSatisfy(\.exists) {
      throw Uploads.Gone()
    }
  }

  /// Runs a change that may leave contents without a name, and removes those. `candidates` are all that it may leave.
  func forgetting<T>(_ candidates: [String], _ change: (Database) throws -> (result: T, unnamed: [String])) throws -> T {
    guard !candidates.isEmpty else { return try store.write(.essential) { db in try change(db).result } }
    return try blobs.forget(candidates) {
      let (result, unnamed) = try store.write(.essential, change)
      thumbnails.remove(unnamed)
      return (result, unnamed)
    }
  }

  /// The last piece of a name, without what no file system or header takes.
  static func clean(_ name: String) -> String {
    let last = name.unicodeScalars.split { $0 == "/" || $0 == "\\" }.last.map { String($0) } ?? ""
    // What turns the direction of a text could hide an ending: gpj.exe.
    let cleaned = TextNormalizing.line(last)
    let short = cleaned.unicodeScalars.count > MediaFile.longestName ? shortened(cleaned) : cleaned
    return short.isEmpty || short.allSatisfy({ $0 == "." }) ? "file" : short
  }

  /// Cut in the middle, so that the ending stays.
  private static func shortened(_ name: String) -> String {
    let ending = name.lastIndex(of: ".").map { String(name[$0...]) }.flatMap { $0.unicodeScalars.count <= 16 ? $0 : nil } ?? ""
    let room = MediaFile.longestName - ending.unicodeScalars.count
    return String(String.UnicodeScalarView(name.unicodeScalars.prefix(room))) + ending
  }
}

extension Message {
  static func noRoom(for name: String) -> Message { Message("Not enough storage for “{name}”.", ["name": name]) }

  static var fileIsGone: Message { Message("A file that was sent is no longer there. Send it again.") }
}
