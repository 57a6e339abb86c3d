import Base
import Store
import Templating
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
      .get(files + "/{file}/edit", .write(kind.resource), editName),
      .post(files + "/{file}", .write(kind.resource), draft: draftName, rename),
      .post(files + "/{file}/undo", .write(kind.resource), undoName),
      .post(files + "/{file}/move", .write(kind.resource), move),
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
    // Those that were filed when the same form came before.
    count += try named.filter { id in !uploads.contains { $0.id == id } }.filter { try context.isDone(part: $0.text) }.count
    if let unknown = reader.problems.first { problems.insert(unknown, at: 0) }
    if count == 0, uploads.isEmpty, context.files.isEmpty, problems.isEmpty { problems.append(Message("Choose a file first.")) }
    guard problems.isEmpty else { return try tab.page(context, kind, header, problems: problems, status: 422) }
    let message = count == 1 ? Message("File added.") : Message("{n} file added.", "{n} files added.", count: count)
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
    var search = FileStore.Search(q: TextNormalizing.start(of: context.query["q"] ?? "", 200))
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
      to: path(header), outcome, Message("“{name}” linked.", name), orElse: Message("“{name}” is already here.", name))
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
      ? Message("“{name}” moved to trash.", name)
      : Message("“{name}” removed here. It is still linked elsewhere.", name)
    return context.redirect(to: path(header), outcome, message, orElse: message)
  }

  // MARK: Renaming and moving

  @Sendable private func editName(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    if header.isTrashed { return context.redirect(to: path(header), .restoreFirst(header.name)) }
    return try namePage(header, filed(context, header)).response(for: context, in: frame(header, context))
  }

  @Sendable private func draftName(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    var page = namePage(header, try filed(context, header))
    let form = try context.form()
    (page.name, page.version) = (form["name"] ?? "", Int(form["version"] ?? "") ?? 0)
    return try page.response(for: context, in: frame(header, context))
  }

  @Sendable private func rename(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let file = try filed(context, header)
    let (outcome, refusal) = try NamePage.post(context, namePage(header, file), in: frame(header, context)) { name, version, act in
      if header.isTrashed { return .inTrash(header, typed: true) }
      return try FileActs.rename(file, to: name, from: version, context.composition.records, act)
    } now: {
      namePage(header, try filed(context, header))
    }
    return refusal ?? context.redirect(to: path(header), .renamed(undo: outcome, at: "\(path(header))/\(file.id.text)", file))
  }

  @Sendable private func undoName(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    return context.redirect(
      to: path(header), try NamePage.undo(context, filed(context, header)) { header.isTrashed ? .inTrash(header) : nil })
  }

  @Sendable private func move(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: kind)
    let file = try file(context)
    guard let to = FolderStore.Purpose(rawValue: try context.query["to"] ?? context.form()["to"] ?? ""), to != purpose else {
      throw HTTPError.badRequest(Message("Choose a folder."))
    }
    let isPicture = context.query["picture"] != nil
    let outcome = try context.act { act in
      let outcome = try FileActs.move(file, from: purpose, to: to, of: header, act)
      // The way back makes it the picture of the record again.
      if outcome.hasChanged, isPicture, to == .images { _ = try FileActs.setPicture(file.id, named: file.name, of: header, act) }
      return outcome
    }
    switch outcome {
    case .invalid(let errors): return try tab.page(context, kind, header, problems: [errors.first].compactMap(\.self), status: 422)
    case .conflict:
      let gone = Message("“{name}” has been moved or removed.", ["name": file.name])
      return try tab.page(context, kind, header, problems: [gone], status: 409)
    case .done, .unchanged:
      let message =
        to == .images
        ? Message("“{name}” moved to Images.", ["name": file.name])
        : Message("“{name}” moved to Files.", ["name": file.name])
      return context.redirect(to: path(header), Flash(message, undo: outcome.undo))
    }
  }

  private func namePage(_ header: RecordHeader, _ file: MediaFile) -> NamePage {
    NamePage(.file(file), action: "\(path(header))/\(file.id.text)", cancelHref: path(header))
  }

  private func frame(_ header: RecordHeader, _ context: RequestContext) throws -> ViewData {
    try RecordFrame.record(header, kind, tab: purpose.rawValue, for: context)
  }

  /// A file that is shown on this tab.
  private func filed(_ context: RequestContext, _ header: RecordHeader) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in
      try context.load(in: db) { db in
        guard let folder = try FolderStore.find(purpose, of: header.id, in: db), try FileStore.isIn(folder, id, in: db) else { return nil }
        return try FileStore.find(id, for: context, in: db)
      }
    }
  }

  // MARK: Parts

  private var tab: FilesTab { FilesTab(purpose: purpose) }

  private func path(_ header: RecordHeader) -> String { header.href + "/" + purpose.rawValue }

  private func file(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    return try context.store.read { db in try context.load(in: db) { db in try FileStore.find(id, for: context, in: db) } }
  }
}
