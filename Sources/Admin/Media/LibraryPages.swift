import Base
import Store
import Templating
import Web

/// All files there are: to find one, to put some where everybody looks, and to bring one back from the trash. For those who may see all records.
package enum LibraryPages {
  static let routes: [Route] = [
    .get("/admin/crm/files", .needs(.read, on: .files), show),
    .post("/admin/crm/files", .write(.files), effort: .upload, draft: addDraft, add),
    .post("/admin/crm/folders", .write(.files), draft: folderDraft, makeFolder),
    .post("/admin/crm/folders/{folder}/remove", .write(.files), removeFolder),
    .get("/admin/crm/folders/{folder}/edit", .write(.files), FolderNamePages.edit),
    .post("/admin/crm/folders/{folder}", .write(.files), draft: FolderNamePages.draft, FolderNamePages.rename),
    .post("/admin/crm/folders/{folder}/undo", .write(.files), FolderNamePages.undo),
    .get("/admin/crm/files/{file}/edit", .write(.files), FilePlacePages.edit),
    .post("/admin/crm/files/{file}", .write(.files), draft: FilePlacePages.draft, FilePlacePages.rename),
    .post("/admin/crm/files/{file}/undo", .write(.files), FilePlacePages.undo),
    .post("/admin/crm/files/{file}/move", .write(.files), FilePlacePages.move),
    .post("/admin/crm/files/{file}/trash", .write(.files), trash),
    .post("/admin/crm/files/{file}/restore", .write(.files), restore),
    .post("/admin/crm/files/{file}/delete", .full(.files), delete),
  ]

  static let folderShape = ViewSchema(
    "folder", [("name", .text), ("href", .text), ("count", .int), ("actHref", .optional(.text)), ("isEmpty", .bool)])
  static let shape = ViewSchema(
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

  @Sendable private static func show(_ context: RequestContext) throws -> Response { try page(context) }

  private static func page(
    _ context: RequestContext, folderDraft: String = "", waiting: [Uploads.Upload] = [], problems: ValidationErrors = ValidationErrors(),
    status: Int = 200
  ) throws -> Response {
    let folderID = (context.query["folder"] ?? ((try? context.form())?["folder"])).flatMap { RecordID($0) }
    let part = context.query["show"] ?? ""
    var search = FileStore.Search(q: TextNormalizing.start(of: context.query["q"] ?? "", 200))
    search.isTrash = part == "trash"
    search.picturesOnly = part == "images"
    search.folder = folderID
    search.before = context.query["before"].flatMap { Int($0) }
    let (folder, folders, found, used) = try context.store.read { db in
      let folder = try folderID.flatMap { try FolderStore.shared($0, in: db) }
      let isPlain = search.q.isEmpty && !search.isTrash && !search.picturesOnly
      return (
        folder, isPlain ? try FolderStore.shared(in: folder?.id, in: db) : [],
        try FileStore.search(search, in: context.reach, limit: pageSize + 1, db),
        try db.value("SELECT bytes FROM media_usage") ?? 0
      )
    }
    if folderID != nil, folder == nil { throw HTTPError.notFound }
    let shown = found.prefix(pageSize)
    let state = [("q", search.q), ("folder", folderID?.text ?? ""), ("show", part)].filter { !$0.1.isEmpty }
    let formats = context.formats
    let mayWrite = context.may(.write, on: .files)
    let tabs = [("", "All"), ("images", "Images"), ("trash", "Trash")].map { id, label in
      ListPage.link(label, id.isEmpty ? href : URLQuery.append([("show", id)], to: href), current: part == id)
    }
    return try context.page(
      "media/library",
      ViewData(
        shape,
        [
          .text(search.q), .text(folderID?.text ?? ""), .text(folder?.name ?? ""),
          .text(folder?.parent.map { URLQuery.append([("folder", $0)], to: href) } ?? href), .list(tabs), .bool(search.isTrash),
          .bool(mayWrite), .bool(context.may(.full, on: .files)), .text("/admin/crm/uploads"),
          .text(context.formats.size(context.services.media.limits.file)), .text(context.formats.size(used)),
          .list(
            folders.map {
              .record(
                ViewData(
                  folderShape,
                  [
                    .text($0.name), .text(URLQuery.append([("folder", $0.id.text)], to: href)), .int($0.files),
                    mayWrite ? .text("/admin/crm/folders/\($0.id.text)") : .null, .bool($0.files == 0),
                  ]))
            }),
          .list(shown.map { PickPage.placed($0, actHref: href, formats) }), .text(folderDraft),
          .list(waiting.map(FilesTab.waiting)),
          FormRecord.summary(problems, labels: [:], for: context),
          found.count > pageSize
            ? shown.last.map { .text(URLQuery.append(state + [("before", String($0.file.seq))], to: href)) } ?? .null : .null,
          search.before == nil ? .null : .text(URLQuery.append(state, to: href)),
        ]), status: status)
  }

  /// Files for everybody, into a shared folder; without one into the first, which is made then.
  @Sendable private static func add(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let uploads = try Uploads.find(form.all("upload").compactMap { RecordID($0) }, for: context.user.id, context.services.media)
    guard !uploads.isEmpty || !context.files.isEmpty else {
      return try page(context, problems: ValidationErrors("file", Message("Choose a file first.")), status: 422)
    }
    let folder = try context.act { act -> RecordID in
      try form["folder"].flatMap { RecordID($0) }.map { id in
        try context.load(in: act.db) { db in try FolderStore.shared(id, in: db)?.id }
      } ?? FileActs.firstFolder(act)
    }
    let problems = try FileIntake(context: context).takeEach(uploads) { try FileActs.share($0, in: folder, $1) }.problems
    guard problems.isEmpty else { return try page(context, problems: FileIntake.errors(problems), status: 422) }
    return context.redirect(to: URLQuery.append([("folder", folder.text)], to: href), Flash(Message("Files added.")))
  }

  @Sendable private static func addDraft(_ context: RequestContext) throws -> Response {
    let chosen = try context.form().all("upload").compactMap { RecordID($0) }
    return try page(context, waiting: try Uploads.find(chosen, for: context.user.id, context.services.media))
  }

  @Sendable private static func folderDraft(_ context: RequestContext) throws -> Response {
    try page(context, folderDraft: try context.form()["name"] ?? "")
  }

  // MARK: Folders

  @Sendable private static func makeFolder(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["name", "folder"])
    let name = reader.line("name", atMost: 100)
    let outcome =
      try reader.problems.isEmpty
      ? context.act { act in try FileActs.makeFolder(name, in: RecordID(reader.form["folder"] ?? ""), act) } : .invalid(reader.problems)
    guard case .done(let id, _) = outcome else { return try page(context, folderDraft: name, problems: outcome.errors, status: 422) }
    return context.redirect(
      to: URLQuery.append([("folder", id.text)], to: href), Flash(Message("Folder “{name}” created.", ["name": name])))
  }

  @Sendable private static func removeFolder(_ context: RequestContext) throws -> Response {
    let id = try context.id("folder")
    let folder = try context.store.read { db in try context.load(in: db) { db in try FolderStore.shared(id, in: db) } }
    let outcome = try context.act(.essential) { act in try FileActs.removeFolder(id, act) }
    let name = ["name": folder.name]
    return context.redirect(
      to: href, outcome, Message("Folder “{name}” deleted.", name),
      orElse: Message("The folder “{name}” isn’t empty. Files in the trash count too.", name))
  }

  // MARK: One file

  @Sendable private static func trash(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let outcome = try context.act(.essential) { act in try FileActs.trash(file, context.composition.records, act) }
    let name = ["name": file.name]
    return context.redirect(
      to: href, outcome, Message("“{name}” moved to trash.", name), orElse: Message("“{name}” is already in the trash.", name))
  }

  @Sendable private static func restore(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let outcome = try context.act { act in try FileActs.restore(file, context.composition.records, act) }
    let name = ["name": file.name]
    return context.redirect(
      to: href, outcome, Message("“{name}” restored.", name), orElse: Message("“{name}” is not in the trash.", name))
  }

  /// Permanently, and only from the trash, so that one wrong click deletes nothing.
  @Sendable private static func delete(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let trash = URLQuery.append([("show", "trash")], to: href)
    guard file.isTrashed else {
      return context.redirect(to: href, Flash(Message("“{name}” is not in the trash.", ["name": file.name]), kind: .problem))
    }
    try context.services.media.forgetting([file.checksum]) { db in
      var unnamed: [String] = []
      _ = try context.once(in: db) {
        unnamed = try FileActs.delete(file, context.composition.records, context.act(in: db))
        return .done(file.id)
      }
      return ((), unnamed)
    }
    return context.redirect(to: trash, Flash(Message("“{name}” deleted permanently.", ["name": file.name])))
  }

  private static func find(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
  }
}
