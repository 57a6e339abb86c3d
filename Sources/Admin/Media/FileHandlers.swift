import Base
import Store
import Web

/// What the Files and the Images tab of one kind of record post.
package struct FileHandlers: Sendable {
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
    let reader = FormReader(try context.form(), single: [], repeated: ["upload", "file"])
    let header = try context.header(of: kind)
    let named = reader.form.all("upload").compactMap { RecordID($0) }
    let intake = FileIntake(context: context, onlyPictures: purpose == .images)
    if header.isTrashed {
      let (waiting, refused) = try intake.stage(named)
      let problems = [Message("{name} is in the trash. Restore it first; the files wait here.", ["name": header.name])] + refused
      return try tab.page(context, kind, header, waiting: waiting, problems: problems, status: 422)
    }
    let uploads = try Uploads.find(named, for: context.user.id, context.services.media)
    var (count, problems) = try intake.takeEach(uploads) { try FileActs.add($0, to: purpose, of: header, $1) }
    if let unknown = reader.problems.first { problems.insert(unknown, at: 0) }
    if uploads.isEmpty, context.files.isEmpty, problems.isEmpty { problems.append(Message("Choose a file first.")) }
    guard problems.isEmpty else { return try tab.page(context, kind, header, problems: problems, status: 422) }
    let message = count == 1 ? Message("The file is added.") : Message("{n} files are added.", ["n": String(count)])
    return context.redirect(to: path(header), Flash(message))
  }

  @Sendable private func addDraft(_ context: RequestContext) throws -> Response {
    let chosen = try context.form().all("upload").compactMap { RecordID($0) }
    let waiting = try Uploads.find(chosen, for: context.user.id, context.services.media)
    return try tab.page(context, kind, try context.header(of: kind), waiting: waiting)
  }

  // MARK: Linking

  /// Files of the library to choose from.
  @Sendable private func pick(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    guard try context.scope(of: .files) == .all else { throw HTTPError.notFound }
    var search = FileStore.Search(q: String((context.query["q"] ?? "").prefix(200)))
    search.picturesOnly = purpose == .images
    let found = try context.store.read { db in try FileStore.search(search, in: context.reach, limit: PickPage.limit, db) }
    return try PickPage(kind: kind, purpose: purpose, header: header, q: search.q, found: found).response(for: context)
  }

  @Sendable private func link(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let file = try file(context)
    let outcome = try context.act { act in try FileActs.link(file, to: purpose, of: header, act) }
    let name = ["name": file.name]
    return context.redirect(
      to: path(header), outcome, Message("“{name}” is here.", name), orElse: Message("“{name}” is here already.", name))
  }

  // MARK: Taking away

  @Sendable private func remove(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let file = try file(context)
    let outcome = try context.act(.essential) { act in try FileActs.remove(file, from: purpose, of: header, act) }
    let isTrashed = try context.store.read { db in try FileStore.find(file.id, for: context, in: db)?.isTrashed } ?? false
    let name = ["name": file.name]
    let message =
      isTrashed
      ? Message("“{name}” is in the trash of the library.", name)
      : Message("“{name}” is no longer here; it stays where else it is.", name)
    return context.redirect(to: path(header), outcome, message, orElse: message)
  }

  // MARK: Parts

  private var tab: FilesTab { FilesTab(purpose: purpose) }

  private func path(_ header: RecordHeader) -> String { header.href + "/" + purpose.rawValue }

  private func file(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
  }
}
