import Base
import Store
import Web

/// What the Files and the Images tab of one kind of record post.
struct FileHandlers: Sendable {
  let kind: RecordKind
  let purpose: FolderStore.Purpose

  var routes: [Route] {
    let files = kind.path + "/{id}/" + purpose.rawValue
    return [
      .post(files, .write(kind.resource), effort: .upload, add),
      .get(files + "/pick", .write(kind.resource), pick),
      .post(files + "/{file}/link", .write(kind.resource), link),
      .post(files + "/{file}/remove", .write(kind.resource), remove),
    ]
  }

  // MARK: Adding

  /// Files that come with the form, and such as have come before, piece by piece.
  @Sendable private func add(_ visit: Visit) throws -> Response {
    var reader = FormReader(try visit.form(), single: [], repeated: ["upload", "file"])
    let header = try header(visit)
    let media = visit.application.media
    let uploads = try Uploads.find(reader.form.all("upload").compactMap { RecordID($0) }, for: visit.user.id, media)
    if visit.isReplay { return try tab.page(visit, kind, header, waiting: uploads) }
    if header.isTrashed {
      reader.problem("", Message("{name} is in the trash. Restore it first; the files wait here.", ["name": header.name]))
      let user = try visit.user.id
      var kept: [Uploads.Upload] = []
      for (index, file) in visit.files.enumerated() {
        if let upload = try Uploads.adopt(file, for: user, media, now: visit.now) {
          kept.append(upload)
        } else {
          reader.problem("file-\(index)", .noRoom(for: MediaLibrary.clean(file.name)))
        }
      }
      return try tab.page(visit, kind, header, waiting: uploads + kept, problems: reader.problems, status: 422)
    }
    let intake = FileIntake(visit: visit, kind: kind, record: header, purpose: purpose)
    var problems: [Message] = reader.problems.isEmpty ? [] : [reader.problems[""] ?? Message("The form can’t be read.")]
    var count = 0
    for upload in uploads where problems.count < 100 {
      if let problem = try intake.take(upload) { problems.append(problem) } else { count += 1 }
    }
    for file in visit.files where problems.count < 100 {
      if let problem = try intake.take(file) { problems.append(problem) } else { count += 1 }
    }
    if uploads.isEmpty, visit.files.isEmpty, problems.isEmpty { problems.append(Message("Choose a file first.")) }
    guard problems.isEmpty else {
      var all = Problems()
      for (index, problem) in problems.enumerated() { all.add("file-\(index)", problem) }
      return try tab.page(visit, kind, header, problems: all, status: 422)
    }
    let message = count == 1 ? Message("The file is added.") : Message("{n} files are added.", ["n": String(count)])
    return visit.redirect(to: path(header), Flash(message))
  }

  // MARK: Linking

  /// Files of the library to choose from.
  @Sendable private func pick(_ visit: Visit) throws -> Response {
    let header = try header(visit)
    guard try visit.scope(of: .contacts) == .all else { throw Problem.notFound }
    var search = FileStore.Search(q: String((visit.query["q"] ?? "").prefix(200)))
    search.picturesOnly = purpose == .images
    let found = try visit.store.read { db in try FileStore.search(search, limit: PickPage.limit, in: db) }
    return try PickPage(kind: kind, purpose: purpose, header: header, q: search.q, found: found).response(for: visit)
  }

  /// Shows a file of the library here too. Also the way back after one was taken away.
  @Sendable private func link(_ visit: Visit) throws -> Response {
    let header = try header(visit)
    if visit.isReplay { return visit.redirect(to: path(header)) }
    if header.isTrashed { return visit.redirect(to: path(header), .restoreFirst(header.name)) }
    let file = try file(visit)
    guard purpose == .files || file.isPicture else { throw Problem.badRequest(Message("Only pictures belong here.")) }
    let actor = try visit.actor
    let isNew = try visit.store.write { db -> Bool in
      if file.isTrashed { _ = try FileStore.restore(file.id, in: db) }
      let folder = try FolderStore.make(purpose, of: kind, header.id, by: actor, now: visit.now, in: db)
      let isLinked = try FileStore.link(file.id, into: folder, now: visit.now, in: db)
      guard isLinked || file.isTrashed else { return false }
      let change = Change(field: "file", before: "", after: file.name)
      try Activity.record("file.linked", kind, header, changes: [change], by: actor, now: visit.now, in: db)
      return true
    }
    let name = ["name": file.name]
    return visit.redirect(
      to: path(header),
      isNew ? Flash(Message("“{name}” is here.", name)) : Flash(Message("“{name}” is here already.", name), kind: .problem))
  }

  // MARK: Taking away

  @Sendable private func remove(_ visit: Visit) throws -> Response {
    let header = try header(visit)
    if visit.isReplay { return visit.redirect(to: path(header)) }
    if header.isTrashed { return visit.redirect(to: path(header), .restoreFirst(header.name)) }
    let file = try file(visit)
    let actor = try visit.actor
    let removal = try visit.store.write(.essential) { db -> FileStore.Removal? in
      guard let folder = try FolderStore.find(purpose, of: kind, header.id, in: db),
        let removal = try FileStore.remove(file.id, from: folder, now: visit.now, in: db)
      else { return nil }
      try AvatarStore.clear(of: kind, header.id, if: file.id, in: db)
      let change = Change(field: "file", before: file.name, after: "")
      try Activity.record("file.removed", kind, header, changes: [change], by: actor, now: visit.now, in: db)
      return removal
    }
    guard let removal else { throw Problem.notFound }
    let name = ["name": file.name]
    let message =
      switch removal {
      case .trashed: Message("“{name}” is in the trash of the library.", name)
      case .unlinked, .rehomed: Message("“{name}” is no longer here; it stays where else it is.", name)
      }
    return visit.redirect(to: path(header), Flash(message, undo: path(header) + "/" + file.id.text + "/link"))
  }

  // MARK: Parts

  private var tab: FilesTab { FilesTab(purpose: purpose) }

  private func path(_ header: RecordHeader) -> String { kind.path(of: header.id.text) + "/" + purpose.rawValue }

  private func header(_ visit: Visit) throws -> RecordHeader {
    try visit.store.read { db in try RecordActs(kind: kind).header(visit, in: db) }
  }

  private func file(_ visit: Visit) throws -> MediaFile {
    let id = try visit.id("file")
    return try visit.store.read { db in try visit.load(in: db) { db in try FileStore.find(id, for: visit, in: db) } }
  }
}
