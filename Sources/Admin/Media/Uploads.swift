package import Base
import Blobs
import Store
import Synchronization
import Web

/// Files on their way in, piece by piece, so that a broken connection costs only the piece that was under way. What has come waits for a day to be
/// put somewhere; only who brought it can do that.
package enum Uploads {
  static let routes: [Route] = [
    .post("/admin/crm/uploads", .write(.files), keepsForms: false, begin),
    .get("/admin/crm/uploads/{upload}", .write(.files), tell),
    .post("/admin/crm/uploads/{upload}/bytes", .write(.files), effort: .piece, keepsForms: false, receive),
    .post("/admin/crm/uploads/{upload}/cancel", .write(.files), effort: .files, keepsForms: false, cancel),
  ]

  package struct Upload: Sendable {
    package let id: RecordID
    package let name: String
    /// How large it will be, in bytes.
    let size: Int
    let staged: StagedFile

    var isComplete: Bool { staged.size == size }

    /// What speaks against one that is not all there.
    var shortfall: Message? {
      isComplete ? nil : Message("“{name}” was only partly uploaded. Send it again.", ["name": name])
    }
  }

  /// Bytes that one request may bring: what a broken connection costs.
  static let pieceLimit = 4 << 20
  /// In seconds.
  private static let life = 24 * 3_600

  // MARK: Handlers

  @Sendable private static func begin(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["name", "size"])
    let name = MediaLibrary.clean(reader.line("name", atMost: 4_000))
    let media = context.services.media
    guard let size = Int(reader.line("size")), size >= 0 else { throw HTTPError.badRequest(Message("Say how large the file is.")) }
    guard size > 0 else { return failure(context, 422, Message("“{name}” is empty.", ["name": name])) }
    guard size <= media.limits.file else {
      let message = Message("“{name}” is too large: {n} at most.", ["name": name], sizes: ["n": media.limits.file])
      return failure(context, 413, message)
    }
    guard let upload = try make(name, size: size, for: context.user.id, media, now: context.now) else {
      return failure(context, 507, .noRoom(for: name))
    }
    return answer(upload, status: 201)
  }

  @Sendable private static func tell(_ context: RequestContext) throws -> Response { answer(try own(context)) }

  /// Bytes belong where the last ones ended: a repeated or early piece gets the offset to continue at.
  @Sendable private static func receive(_ context: RequestContext) throws -> Response {
    guard let offset = Int(context.query["offset"] ?? ""), case .file(let piece) = context.request.body else {
      throw HTTPError.badRequest(Message("Say where these bytes belong."))
    }
    return try turn.withLock { _ in
      // Asked for here: it may have been taken or cancelled while this piece waited.
      let upload = try own(context)
      let media = context.services.media
      guard offset == upload.staged.size, offset + piece.size <= upload.size else { return answer(upload, status: 409) }
      guard try hasRoom(for: piece.size, media) else { return failure(context, 507, .noRoom(for: upload.name)) }
      do {
        try upload.staged.append(contentsOf: piece.path)
      } catch let error as BlobError where error.isMissing {
        // It is being taken in this moment.
        throw HTTPError.notFound
      }
      return answer(upload)
    }
  }

  @Sendable private static func cancel(_ context: RequestContext) throws -> Response {
    let upload = try own(context)
    try turn.withLock { _ in
      try context.store.write(.essential) { db in _ = try db.run("DELETE FROM uploads WHERE id = \(upload.id)") }
      upload.staged.remove()
    }
    return Response(status: 204)
  }

  private static func answer(_ upload: Upload, status: Int = 200) -> Response {
    let json = JSON.object([
      "id": .string(upload.id.text), "name": .string(upload.name), "size": .int(upload.size), "offset": .int(upload.staged.size),
      "piece": .int(pieceLimit),
    ])
    return .json(Array(json.text.utf8), status: status)
  }

  private static func failure(_ context: RequestContext, _ status: Int, _ message: Message) -> Response {
    .failure(context.text(message), status: status)
  }

  private static func own(_ context: RequestContext) throws -> Upload {
    let id = try context.id("upload")
    guard let upload = try find([id], for: context.user.id, context.services.media).first else { throw HTTPError.notFound }
    return upload
  }

  // MARK: Parts

  /// The uploads of a user among these, each once, in this order.
  package static func find(_ ids: [RecordID], for user: RecordID, _ media: MediaLibrary) throws -> [Upload] {
    var seen: Set<RecordID> = []
    let ids = ids.filter { seen.insert($0).inserted }
    guard !ids.isEmpty else { return [] }
    let found = try media.store.read { db in
      try db.all("SELECT id, name, size FROM uploads WHERE user_id = \(user) AND id IN \(SQL.list(ids.map(\.text)))") { row in
        Upload(id: row.recordID(0), name: row.text(1), size: row.int(2), staged: staged(row.recordID(0), media))
      }
    }
    return ids.compactMap { id in found.first { $0.id == id } }
  }

  /// Makes an upload of a file that came with a form, so that it is kept until the form is corrected; `nil` if there is no room.
  static func adopt(_ file: PostedFile, for user: RecordID, _ media: MediaLibrary, now: Timestamp) throws -> Upload? {
    guard let upload = try make(MediaLibrary.clean(file.name), size: file.staged.size, for: user, media, now: now) else { return nil }
    try file.move(to: upload.staged.path)
    return upload
  }

  /// What has come takes room as what is there does; what is only announced takes none.
  private static func hasRoom(for size: Int, _ media: MediaLibrary) throws -> Bool {
    let used = try media.store.read { db in try db.value("SELECT bytes FROM media_usage") } ?? 0
    return used + media.blobs.bytesOnTheirWay + size <= media.limits.total
  }

  /// An upload without a byte yet; `nil` if the library has no room for so many.
  private static func make(_ name: String, size: Int, for user: RecordID, _ media: MediaLibrary, now: Timestamp) throws -> Upload? {
    guard try hasRoom(for: size, media) else { return nil }
    let id = RecordID.make(at: now)
    let upload = Upload(id: id, name: name, size: size, staged: staged(id, media))
    try media.store.write { db in
      _ = try db.run("INSERT INTO uploads (id, user_id, name, size, created_at) VALUES (\(id), \(user), \(name), \(size), \(now))")
    }
    // After the row: a file that nobody knows of is swept away.
    try upload.staged.create()
    return upload
  }

  /// One that has found its place. Throws `Gone` where somebody was quicker: it must not be taken twice.
  static func forget(_ id: RecordID, in db: Database) throws {
    guard try db.run("DELETE FROM uploads WHERE id = \(id)") == 1 else { throw Gone() }
  }

  struct Gone: Error {}

  /// Removes what nobody came back for, and pieces of uploads that are forgotten.
  static let chore = Chore { run in
    let media = run.services.media
    let removed = try Chore.expiring("uploads", "created_at", after: life).run(run)
    try media.blobs.sweepStaged { try Set(media.store.read { db in try db.all("SELECT id FROM uploads") { $0.text(0) } }) }
    return removed
  }

  private static func staged(_ id: RecordID, _ media: MediaLibrary) -> StagedFile { media.blobs.staged(id.text) }

  /// One piece at a time is appended, and none to an upload that is being removed: two of one upload must not be mixed, and what is complete never changes
  /// again, since it is looked at first and taken then.
  private static let turn = Mutex(())
}
