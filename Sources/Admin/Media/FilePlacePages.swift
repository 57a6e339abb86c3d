import Base
import Store
import Web

/// Renaming a file of the library, and moving it between shared folders.
enum FilePlacePages {
  private static let library = "/admin/crm/files"

  @Sendable static func edit(_ context: RequestContext) throws -> Response {
    try response(for: context, try page(try find(context), context))
  }

  @Sendable static func draft(_ context: RequestContext) throws -> Response {
    var page = try page(try find(context), context)
    let form = try context.form()
    (page.name, page.version) = (form["name"] ?? "", Int(form["version"] ?? "") ?? 0)
    return try response(for: context, page)
  }

  @Sendable static func rename(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let (outcome, refusal) = try NamePage.post(context, try page(file, context)) { name, version, act in
      try FileActs.rename(file, to: name, from: version, context.composition.records, act)
    } now: {
      try page(try find(context), context)
    }
    return try refusal ?? context.redirect(to: place(of: file, context), .renamed(undo: outcome, at: file.href, file))
  }

  @Sendable static func undo(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    return try context.redirect(to: place(of: file, context), NamePage.undo(context, file))
  }

  @Sendable static func move(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let form = try context.form()
    func folder(_ name: String) throws -> RecordID {
      guard let id = RecordID(context.query[name] ?? form[name] ?? "") else { throw HTTPError.badRequest(Message("Choose a folder.")) }
      return id
    }
    let (from, to) = (try folder("from"), try folder("folder"))
    let outcome = try context.act { act in try FileActs.move(file, from: from, to: to, act) }
    switch outcome {
    case .invalid, .conflict:
      var page = try page(file, context)
      let gone = Message("“{name}” has been moved or removed.", ["name": file.name])
      if case .conflict = outcome { page.conflict = gone } else { page.problem = outcome.errors.first }
      return try response(for: context, page, status: page.conflict == nil ? 422 : 409)
    case .done, .unchanged:
      return try context.redirect(
        to: place(of: file, context), Flash(Message("“{name}” moved.", ["name": file.name]), undo: outcome.undo))
    }
  }

  // MARK: Parts

  private static func page(_ file: MediaFile, _ context: RequestContext) throws -> NamePage {
    try NamePage(.file(file), action: file.href, cancelHref: place(of: file, context))
  }

  private static func response(for context: RequestContext, _ page: NamePage, status: Int = 200) throws -> Response {
    guard case .file(let file) = page.subject else { throw HTTPError.notFound }
    let (home, folders) = try context.store.read { db in
      let home = try FolderStore.sharedHome(of: file.id, in: db)
      return (home, try home == nil ? [] : FolderStore.paths(in: db))
    }
    return try page.response(for: context, from: home, folders: folders.count > 1 ? folders : [], status: status)
  }

  /// The page of the library on which a file is seen.
  private static func place(of file: MediaFile, _ context: RequestContext) throws -> String {
    let home = try context.store.read { db in try FolderStore.sharedHome(of: file.id, in: db) }
    return home.map { URLQuery.append([("folder", $0.text)], to: library) } ?? library
  }

  /// A file of the library that isn't in the trash.
  private static func find(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in
      try context.load(in: db) { db in try FileStore.find(id, for: context, in: db).flatMap { $0.isTrashed ? nil : $0 } }
    }
  }
}

/// Renaming a shared folder.
enum FolderNamePages {
  @Sendable static func edit(_ context: RequestContext) throws -> Response { try page(try find(context)).response(for: context) }

  @Sendable static func draft(_ context: RequestContext) throws -> Response {
    var page = page(try find(context))
    let form = try context.form()
    (page.name, page.version) = (form["name"] ?? "", Int(form["version"] ?? "") ?? 0)
    return try page.response(for: context)
  }

  @Sendable static func rename(_ context: RequestContext) throws -> Response {
    let folder = try find(context)
    let (outcome, refusal) = try NamePage.post(context, page(folder)) { name, version, act in
      if name.unicodeScalars.count > 100 { return .invalid(ValidationErrors("name", Message("At most {n} characters.", ["n": "100"]))) }
      return try FileActs.renameFolder(folder.id, to: name, from: version, act)
    } now: {
      page(try find(context))
    }
    return refusal ?? context.redirect(to: place(of: folder), Flash(Message("Folder renamed."), undo: outcome.undo))
  }

  @Sendable static func undo(_ context: RequestContext) throws -> Response {
    let folder = try find(context)
    let outcome = try context.act { act -> Outcome in
      guard let former = folder.formerName, folder.version == Int(context.query["version"] ?? "") else { return .conflict }
      return try FileActs.renameFolder(folder.id, to: former, from: folder.version, act)
    }
    let done = Message("The folder has its former name again.")
    return context.redirect(
      to: place(of: folder), outcome.hasChanged ? Flash(done) : Flash(outcome.errors.first ?? .renamedSince, kind: .problem))
  }

  private static func page(_ folder: FolderStore.Shared) -> NamePage {
    NamePage(.folder(folder), action: "/admin/crm/folders/" + folder.id.text, cancelHref: place(of: folder))
  }

  /// The page that lists a folder.
  private static func place(of folder: FolderStore.Shared) -> String {
    folder.parent.map { URLQuery.append([("folder", $0)], to: "/admin/crm/files") } ?? "/admin/crm/files"
  }

  private static func find(_ context: RequestContext) throws -> FolderStore.Shared {
    let id = try context.id("folder")
    return try context.store.read { db in try context.load(in: db) { db in try FolderStore.shared(id, in: db) } }
  }
}
