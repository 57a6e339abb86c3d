import Base
import Store
import Templating
import Web

/// All files there are: to find one, to put some where everybody looks, and to bring one back from the trash. For those who may see all records.
enum LibraryPages {
  static let routes: [Route] = [
    .get("/admin/crm/files", .needs(.read, on: .contacts), show),
    .post("/admin/crm/files", .write(.contacts), effort: .upload, add),
    .post("/admin/crm/folders", .write(.contacts), makeFolder),
    .post("/admin/crm/folders/{folder}/remove", .write(.contacts), removeFolder),
    .post("/admin/crm/files/{file}/trash", .write(.contacts), trash),
    .post("/admin/crm/files/{file}/restore", .write(.contacts), restore),
    .post("/admin/crm/files/{file}/delete", .full(.contacts), delete),
  ]

  static let folderShape = Shape("folder", [("name", .text), ("href", .text), ("count", .int), ("removeHref", .optional(.text))])
  static let shape = Shape(
    "library",
    [
      ("q", .text), ("folder", .text), ("folderName", .text), ("parentHref", .text), ("tabs", .list(.record(ListPage.linkShape))),
      ("isTrash", .bool), ("mayWrite", .bool), ("mayDelete", .bool), ("uploadsHref", .text), ("limit", .text), ("used", .text),
      ("folders", .list(.record(folderShape))), ("files", .list(.record(PickPage.placedShape))), ("folderDraft", .text),
      ("waiting", .list(.record(FilesTab.waitingShape))),
      ("problems", .list(.record(FormRecord.problemShape))), ("older", .optional(.text)), ("newest", .optional(.text)),
    ])

  private static let href = "/admin/crm/files"
  private static let pageSize = 60

  @Sendable private static func show(_ visit: Visit) throws -> Response { try page(visit) }

  private static func page(
    _ visit: Visit, folderDraft: String = "", waiting: [Uploads.Upload] = [], problems: Problems = Problems(), status: Int = 200
  ) throws -> Response {
    let folderID = (visit.query["folder"] ?? ((try? visit.form())?["folder"])).flatMap { RecordID($0) }
    let part = visit.query["show"] ?? ""
    var search = FileStore.Search(q: String((visit.query["q"] ?? "").prefix(200)))
    search.isTrash = part == "trash"
    search.picturesOnly = part == "images"
    search.folder = folderID
    search.before = visit.query["before"].flatMap { Int($0) }
    let (folder, folders, found, used) = try visit.store.read { db in
      let folder = try folderID.flatMap { try FolderStore.shared($0, in: db) }
      let isPlain = search.q.isEmpty && !search.isTrash && !search.picturesOnly
      return (
        folder, isPlain ? try FolderStore.shared(in: folder?.id, in: db) : [], try FileStore.search(search, limit: pageSize + 1, in: db),
        try db.value("SELECT bytes FROM media_usage") ?? 0
      )
    }
    if folderID != nil, folder == nil { throw Problem.notFound }
    let shown = found.prefix(pageSize)
    let state = [("q", search.q), ("folder", folderID?.text ?? ""), ("show", part)].filter { !$0.1.isEmpty }
    let formats = visit.formats
    let mayWrite = visit.may(.write, on: .contacts)
    let tabs = [("", "All"), ("images", "Images"), ("trash", "Trash")].map { id, label in
      ListPage.link(label, id.isEmpty ? href : URLQuery.append([("show", id)], to: href), current: part == id)
    }
    return try visit.page(
      "media/library",
      Record(
        shape,
        [
          .text(search.q), .text(folderID?.text ?? ""), .text(folder?.name ?? ""),
          .text(folder?.parent.map { URLQuery.append([("folder", $0)], to: href) } ?? href), .list(tabs), .bool(search.isTrash),
          .bool(mayWrite), .bool(visit.may(.full, on: .contacts)), .text("/admin/crm/uploads"),
          .text(ByteCount.text(visit.application.media.limits.file)), .text(ByteCount.text(used)),
          .list(
            folders.map {
              .record(
                Record(
                  folderShape,
                  [
                    .text($0.name), .text(URLQuery.append([("folder", $0.id.text)], to: href)), .int($0.files),
                    mayWrite && $0.files == 0 ? .text("/admin/crm/folders/\($0.id.text)/remove") : .null,
                  ]))
            }),
          .list(shown.map { PickPage.placed($0, actHref: href, formats) }), .text(folderDraft),
          .list(waiting.map { .record(Record(FilesTab.waitingShape, [.text($0.id.text), .text($0.name)])) }),
          FormRecord.summary(problems, labels: [:], for: visit),
          found.count > pageSize
            ? shown.last.map { .text(URLQuery.append(state + [("before", String($0.file.seq))], to: href)) } ?? .null : .null,
          search.before == nil ? .null : .text(URLQuery.append(state, to: href)),
        ]), status: status)
  }

  /// Files for everybody, into a shared folder; without one into the first, which is made then.
  @Sendable private static func add(_ visit: Visit) throws -> Response {
    let form = try visit.form()
    let media = visit.application.media
    let uploads = try Uploads.find(form.all("upload").compactMap { RecordID($0) }, for: visit.user.id, media)
    if visit.isReplay { return try page(visit, waiting: uploads) }
    var problems = Problems()
    if uploads.isEmpty, visit.files.isEmpty {
      problems.add("file", Message("Choose a file first."))
      return try page(visit, problems: problems, status: 422)
    }
    let actor = try visit.actor
    let folder = try visit.store.write { db -> RecordID? in
      if let id = form["folder"].flatMap({ RecordID($0) }) {
        return try visit.load(in: db) { db in try FolderStore.shared(id, in: db)?.id }
      }
      if let first = try FolderStore.shared(in: nil, in: db).first(where: { $0.name == "Shared" }) { return first.id }
      return try FolderStore.makeShared("Shared", in: nil, by: actor, now: visit.now, in: db)
    }
    guard let folder else { throw Problem.notFound }
    func refuse(_ problem: Message) { problems.add("file-\(problems.order.count)", problem) }
    for shortfall in uploads.compactMap(\.shortfall) { refuse(shortfall) }
    let whole = uploads.filter(\.isComplete).map { (upload: $0.id as RecordID?, staged: $0.staged, name: $0.name) }
    for (upload, staged, name) in whole + visit.files.map({ (nil, $0.staged, $0.name) }) {
      do {
        let arrival = try media.look(at: staged, name: name)
        if let problem = try visit.store.read({ db in try media.refusal(arrival, onlyPictures: false, in: db) }) {
          refuse(problem)
          continue
        }
        try media.take(arrival) { db, arrival in
          try visit.confirm(in: db)
          _ = try FileStore.insert(
            arrival.name, arrival.facts, size: arrival.size, checksum: arrival.checksum, into: folder, by: actor, now: visit.now, in: db)
          if let upload { try Uploads.forget(upload, in: db) }
        }
      } catch is Uploads.Gone {
        refuse(.fileIsGone)
      }
    }
    guard problems.isEmpty else { return try page(visit, problems: problems, status: 422) }
    return visit.redirect(to: URLQuery.append([("folder", folder.text)], to: href), Flash(Message("The files are added.")))
  }

  // MARK: Folders

  @Sendable private static func makeFolder(_ visit: Visit) throws -> Response {
    var reader = FormReader(try visit.form(), single: ["name", "folder"])
    let name = reader.line("name", atMost: 100)
    if visit.isReplay { return try page(visit, folderDraft: name) }
    if name.isEmpty { reader.problem("name", Message("Give the folder a name.")) }
    guard reader.problems.isEmpty else { return try page(visit, folderDraft: name, problems: reader.problems, status: 422) }
    let parent = RecordID(reader.form["folder"] ?? "")
    let actor = try visit.actor
    let made = try visit.store.write { db -> RecordID? in
      if let parent, try FolderStore.shared(parent, in: db) == nil { throw Problem.notFound }
      return try FolderStore.makeShared(name, in: parent, by: actor, now: visit.now, in: db)
    }
    guard let made else {
      reader.problem("name", Message("There is a folder “{name}” already.", ["name": name]))
      return try page(visit, folderDraft: name, problems: reader.problems, status: 422)
    }
    return visit.redirect(
      to: URLQuery.append([("folder", made.text)], to: href), Flash(Message("The folder “{name}” is made.", ["name": name])))
  }

  @Sendable private static func removeFolder(_ visit: Visit) throws -> Response {
    if visit.isReplay { return visit.redirect(to: href) }
    let id = try visit.id("folder")
    let (folder, isDone) = try visit.store.write(.essential) { db in
      (try FolderStore.shared(id, in: db), try FolderStore.removeShared(id, in: db))
    }
    guard let folder else { throw Problem.notFound }
    let name = ["name": folder.name]
    return visit.redirect(
      to: href,
      isDone
        ? Flash(Message("The folder “{name}” is gone.", name))
        : Flash(Message("The folder “{name}” is not empty. What is in the trash counts too.", name), kind: .problem))
  }

  // MARK: One file

  @Sendable private static func trash(_ visit: Visit) throws -> Response {
    let file = try find(visit)
    if visit.isReplay { return visit.redirect(to: href) }
    let isDone = try visit.store.write(.essential) { db in
      guard try FileStore.trash(file.id, now: visit.now, in: db) else { return false }
      try record("file.removed", file, before: file.name, for: visit, in: db)
      return true
    }
    let name = ["name": file.name]
    return visit.redirect(
      to: href,
      isDone
        ? Flash(Message("“{name}” is in the trash.", name), undo: file.href + "/restore")
        : Flash(Message("“{name}” is in the trash already.", name), kind: .problem))
  }

  @Sendable private static func restore(_ visit: Visit) throws -> Response {
    let file = try find(visit)
    if visit.isReplay { return visit.redirect(to: href) }
    let isDone = try visit.store.write { db in
      guard try FileStore.restore(file.id, in: db) else { return false }
      try record("file.restored", file, after: file.name, for: visit, in: db)
      return true
    }
    let name = ["name": file.name]
    return visit.redirect(
      to: href,
      isDone ? Flash(Message("“{name}” is back.", name)) : Flash(Message("“{name}” is not in the trash.", name), kind: .problem))
  }

  /// For good, and only from the trash, so that nothing goes by one wrong click.
  @Sendable private static func delete(_ visit: Visit) throws -> Response {
    let file = try find(visit)
    let trash = URLQuery.append([("show", "trash")], to: href)
    if visit.isReplay { return visit.redirect(to: trash) }
    guard file.isTrashed else {
      return visit.redirect(to: href, Flash(Message("“{name}” is not in the trash.", ["name": file.name]), kind: .problem))
    }
    try visit.application.media.forgetting([file.checksum]) { db in
      try visit.confirm(in: db)
      try record("file.deleted", file, before: file.name, for: visit, in: db)
      return ((), try FileStore.delete(file.id, in: db).map { [$0] } ?? [])
    }
    return visit.redirect(to: trash, Flash(Message("“{name}” is deleted for good.", ["name": file.name])))
  }

  /// What happens to a file here stands in the history of the record where it is at home; what belongs to everybody has none.
  private static func record(
    _ action: String, _ file: MediaFile, before: String = "", after: String = "", for visit: Visit, in db: Database
  ) throws {
    guard let (kind, record) = try FileStore.home(of: file.id, in: db) else { return }
    let change = Change(field: "file", before: before, after: after)
    try Activity.record(action, kind, record, changes: [change], by: try visit.actor, now: visit.now, in: db)
  }

  private static func find(_ visit: Visit) throws -> MediaFile {
    let id = try visit.id("file")
    return try visit.store.read { db in try visit.load(in: db) { db in try FileStore.find(id, for: visit, in: db) } }
  }
}
