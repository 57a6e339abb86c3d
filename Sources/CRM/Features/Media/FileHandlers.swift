import Base
import Store
import Web

/// What the Files and the Images tab of one kind of record post.
struct FileHandlers: Sendable {
  let kind: RecordType
  let purpose: FolderStore.Purpose

  var routes: [Route] {
    let files = kind.path + "/{id}/" + purpose.rawValue
    return [
      .post(files, .write(kind.resource), effort: .upload, draft: addDraft, add),
      .get(files + "/pick", .write(kind.resource), pick),
      .post(files + "/{file}/link", .write(kind.resource), link),
      .post(files + "/{file}/remove", .write(kind.resource), remove),
    ]
  }

  // MARK: Adding

  /// Files that come with the form, and such as have come before, piece by piece.
  @Sendable private func add(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: [], repeated: ["upload", "file"])
    let header = try header(context)
    let media = context.services.media
    let uploads = try Uploads.find(reader.form.all("upload").compactMap { RecordID($0) }, for: context.user.id, media)
    if header.isTrashed {
      reader.problem("", Message("{name} is in the trash. Restore it first; the files wait here.", ["name": header.name]))
      let user = try context.user.id
      var kept: [Uploads.Upload] = []
      for (index, file) in context.files.enumerated() {
        if let upload = try Uploads.adopt(file, for: user, media, now: context.now) {
          kept.append(upload)
        } else {
          reader.problem("file-\(index)", .noRoom(for: MediaLibrary.clean(file.name)))
        }
      }
      return try tab.page(context, kind, header, waiting: uploads + kept, problems: reader.problems, status: 422)
    }
    let intake = FileIntake(context: context, kind: kind, record: header, purpose: purpose)
    var problems: [Message] = reader.problems.isEmpty ? [] : [reader.problems[""] ?? Message("The form can’t be read.")]
    var count = 0
    for upload in uploads where problems.count < 100 {
      if let problem = try intake.take(upload) { problems.append(problem) } else { count += 1 }
    }
    for file in context.files where problems.count < 100 {
      if let problem = try intake.take(file) { problems.append(problem) } else { count += 1 }
    }
    if uploads.isEmpty, context.files.isEmpty, problems.isEmpty { problems.append(Message("Choose a file first.")) }
    guard problems.isEmpty else {
      var all = ValidationErrors()
      for (index, problem) in problems.enumerated() { all.add("file-\(index)", problem) }
      return try tab.page(context, kind, header, problems: all, status: 422)
    }
    let message = count == 1 ? Message("The file is added.") : Message("{n} files are added.", ["n": String(count)])
    return context.redirect(to: path(header), Flash(message))
  }

  @Sendable private func addDraft(_ context: RequestContext) throws -> Response {
    let chosen = try context.form().all("upload").compactMap { RecordID($0) }
    let waiting = try Uploads.find(chosen, for: context.user.id, context.services.media)
    return try tab.page(context, kind, try header(context), waiting: waiting)
  }

  // MARK: Linking

  /// Files of the library to choose from.
  @Sendable private func pick(_ context: RequestContext) throws -> Response {
    let header = try header(context)
    guard try context.scope(of: .files) == .all else { throw HTTPError.notFound }
    var search = FileStore.Search(q: String((context.query["q"] ?? "").prefix(200)))
    search.picturesOnly = purpose == .images
    let found = try context.store.read { db in try FileStore.search(search, in: context.reach, limit: PickPage.limit, db) }
    return try PickPage(kind: kind, purpose: purpose, header: header, q: search.q, found: found).response(for: context)
  }

  /// Shows a file of the library here too. Also the way back after one was taken away.
  @Sendable private func link(_ context: RequestContext) throws -> Response {
    let header = try header(context)
    if header.isTrashed { return context.redirect(to: path(header), .restoreFirst(header.name)) }
    let file = try file(context)
    guard purpose == .files || file.isPicture else { throw HTTPError.badRequest(Message("Only pictures belong here.")) }
    let actor = try context.actor
    let isNew = try context.store.write { db -> Bool in
      if file.isTrashed { _ = try FileStore.restore(file.id, in: db) }
      let folder = try FolderStore.make(purpose, of: kind, header.id, by: actor, now: context.now, in: db)
      let isLinked = try FileStore.link(file.id, into: folder, now: context.now, in: db)
      guard isLinked || file.isTrashed else { return false }
      let change = Change(field: "file", before: "", after: file.name)
      try Activity.record("file.linked", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return true
    }
    let name = ["name": file.name]
    return context.redirect(
      to: path(header),
      isNew ? Flash(Message("“{name}” is here.", name)) : Flash(Message("“{name}” is here already.", name), kind: .problem))
  }

  // MARK: Taking away

  @Sendable private func remove(_ context: RequestContext) throws -> Response {
    let header = try header(context)
    if header.isTrashed { return context.redirect(to: path(header), .restoreFirst(header.name)) }
    let file = try file(context)
    let actor = try context.actor
    let removal = try context.store.write(.essential) { db -> FileStore.Removal? in
      guard let folder = try FolderStore.find(purpose, of: header.id, in: db),
        let removal = try FileStore.remove(file.id, from: folder, now: context.now, in: db)
      else { return nil }
      try AvatarStore.clear(of: kind, header.id, if: file.id, in: db)
      let change = Change(field: "file", before: file.name, after: "")
      try Activity.record("file.removed", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return removal
    }
    guard let removal else { throw HTTPError.notFound }
    let name = ["name": file.name]
    let message =
      switch removal {
      case .trashed: Message("“{name}” is in the trash of the library.", name)
      case .unlinked, .rehomed: Message("“{name}” is no longer here; it stays where else it is.", name)
      }
    return context.redirect(to: path(header), Flash(message, undo: path(header) + "/" + file.id.text + "/link"))
  }

  // MARK: Parts

  private var tab: FilesTab { FilesTab(purpose: purpose) }

  private func path(_ header: RecordHeader) -> String { kind.path(of: header.id.text) + "/" + purpose.rawValue }

  private func header(_ context: RequestContext) throws -> RecordHeader {
    try context.store.read { db in try RecordActs(kind: kind).header(context, in: db) }
  }

  private func file(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
  }
}
