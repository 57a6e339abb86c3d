import Base
import Store
import Templating
import Web

/// What the pages of one kind of record post about their interactions.
struct InteractionHandlers: Sendable {
  let kind: RecordType

  var routes: [Route] {
    let feed = kind.path + "/{id}/interactions"
    return [
      .post(feed, .write(kind.resource), effort: .upload, draft: createDraft, create),
      .get(feed + "/{interaction}/edit", .write(kind.resource), edit),
      .post(feed + "/{interaction}", .write(kind.resource), effort: .upload, draft: saveDraft, save),
      .post(feed + "/{interaction}/delete", .write(kind.resource), delete),
      .post(feed + "/{interaction}/restore", .write(kind.resource), restore),
    ]
  }

  // MARK: New

  @Sendable private func create(_ context: RequestContext) throws -> Response {
    let posted = try context.form()
    var form = InteractionForm(posted, context.composition.records)
    let anchor = try context.store.read { db in try header(context, in: db) }
    let uploads = try stage(context, &form)
    let details = form.times(now: context.now, viewerZone: try context.user.timeZone)
    if posted["find"] != nil { return try feed(context, anchor, form, looksUp: true) }
    refuseTrashed(anchor, &form)
    let intake = FileIntake(context: context, kind: kind, record: anchor, purpose: .files)
    let fitting = try check(uploads, intake, &form)
    guard form.problems.isEmpty else { return try feed(context, anchor, form, status: 422) }
    let actor = try context.actor
    let saved = try context.store.write { db -> Int? in
      guard let people = try form.freeze(anchor: .record(kind.name, anchor.id), for: context, in: db) else { return nil }
      var details = details
      if !form.follows.isEmpty {
        details.thread = try RecordID(form.follows).flatMap { try InteractionStore.thread(continuing: $0, of: anchor.id, in: db) }
      }
      let (_, seq) = try InteractionStore.insert(details, of: anchor.id, by: actor, now: context.now, in: db)
      try PartyStore.replace(of: seq, with: people, in: db)
      try Activity.record(
        "interaction.logged", kind, anchor, changes: Change.between([], details.texts(people)), by: actor, now: context.now, in: db)
      return seq
    }
    guard let saved else {
      form.refuseMissingPerson()
      return try feed(context, anchor, form, status: 422)
    }
    return context.redirect(to: path(anchor), attach(fitting, intake, to: saved) ?? Flash(Message("The interaction is logged.")))
  }

  @Sendable private func createDraft(_ context: RequestContext) throws -> Response {
    var form = InteractionForm(try context.form(), context.composition.records)
    let anchor = try context.store.read { db in try header(context, in: db) }
    _ = try stage(context, &form)
    return try feed(context, anchor, form)
  }

  /// The record's feed with this form over it.
  private func feed(
    _ context: RequestContext, _ anchor: RecordHeader, _ form: InteractionForm, looksUp: Bool = false, status: Int = 200
  ) throws -> Response {
    let composer = try context.store.read { db in try page(context, anchor, form, nil, before: [], looksUp: looksUp, in: db) }
    return try InteractionsTab.page(context, kind, anchor, composer: composer, status: status)
  }

  // MARK: Edit

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let (anchor, interaction) = try load(context, in: db)
      let people = try PartyStore.of(interaction.seq, in: db)
      let files = try FileStore.of([interaction.seq], in: db)[interaction.seq] ?? []
      let form = InteractionForm(interaction, parties: people, files: files)
      return try answer(context, anchor, page(context, anchor, form, interaction, before: people, in: db))
    }
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    let posted = try context.form()
    var form = InteractionForm(posted, context.composition.records)
    let (anchor, interaction, before) = try context.store.read { db in
      let (anchor, interaction) = try load(context, in: db)
      return (anchor, interaction, try PartyStore.of(interaction.seq, in: db))
    }
    let uploads = try stage(context, &form)
    let details = form.times(now: context.now, viewerZone: try context.user.timeZone, stored: interaction.details)
    func shown(_ form: InteractionForm, looksUp: Bool = false, status: Int = 200) throws -> Response {
      try context.store.read { db in
        try answer(context, anchor, page(context, anchor, form, interaction, before: before, looksUp: looksUp, in: db), status: status)
      }
    }
    if posted["find"] != nil { return try shown(form, looksUp: true) }
    guard form.version > 0 else {
      throw HTTPError.badRequest(Message("The form doesn’t say which version it was made from. Open it again."))
    }
    refuseTrashed(anchor, &form)
    let intake = FileIntake(context: context, kind: kind, record: anchor, purpose: .files)
    let fitting = try check(uploads, intake, &form)
    guard form.problems.isEmpty else { return try shown(form, status: 422) }
    let actor = try context.actor
    let saved = try context.store.write { db -> Outcome in
      let before = try PartyStore.of(interaction.seq, in: db)
      guard let people = try form.freeze(before, anchor: .record(kind.name, anchor.id), for: context, in: db) else {
        return .invalid(form.problems)
      }
      guard try InteractionStore.update(interaction.seq, details, from: form.version, now: context.now, in: db) else { return .conflict }
      try PartyStore.replace(of: interaction.seq, with: people, in: db)
      let files = try FileStore.of([interaction.seq], in: db)[interaction.seq] ?? []
      let kept = files.filter { form.attachments.contains($0.id) }
      for file in files where !form.attachments.contains(file.id) { try FileStore.detach(file.id, from: interaction.seq, in: db) }
      let changes = Change.between(interaction.details.texts(before) + texts(files), details.texts(people) + texts(kept))
      if !changes.isEmpty {
        try Activity.record("interaction.updated", kind, anchor, changes: changes, by: actor, now: context.now, in: db)
      }
      return .done(interaction.id, entry: nil)
    }
    switch saved {
    case .done:
      let flash = attach(fitting, intake, to: interaction.seq) ?? Flash(Message("The interaction is saved."))
      return context.redirect(to: path(anchor) + "#i-" + interaction.id.text, flash)
    case .invalid:
      form.refuseMissingPerson()
      return try shown(form, status: 422)
    case .conflict: return try conflict(context, form, details)
    }
  }

  @Sendable private func saveDraft(_ context: RequestContext) throws -> Response {
    var form = InteractionForm(try context.form(), context.composition.records)
    _ = try stage(context, &form)
    return try context.store.read { db in
      let (anchor, interaction) = try load(context, in: db)
      let people = try PartyStore.of(interaction.seq, in: db)
      return try answer(context, anchor, page(context, anchor, form, interaction, before: people, in: db))
    }
  }

  /// Both versions on one page. Saving again writes over the version shown.
  private func conflict(_ context: RequestContext, _ form: InteractionForm, _ mine: InteractionDetails) throws -> Response {
    try context.store.read { db in
      let (anchor, stored) = try load(context, in: db)
      let people = try PartyStore.of(stored.seq, in: db)
      let last = try Activity.entries(of: kind.name, anchor.id, before: nil, limit: 20, in: db).first {
        $0.action.hasPrefix("interaction.")
      }
      var again = form
      again.version = stored.version
      var page = try page(context, anchor, again, stored, before: people, in: db)
      page.conflict = ConflictNotice(
        savedBy: last?.actorName ?? "", savedAt: last?.at ?? context.now.text,
        differences: Change.between(stored.details.texts(people), mine.texts(page.people)), recordHref: path(anchor))
      return try answer(context, anchor, page, status: 409)
    }
  }

  // MARK: Delete

  @Sendable private func delete(_ context: RequestContext) throws -> Response { try setDeleted(true, context) }

  @Sendable private func restore(_ context: RequestContext) throws -> Response { try setDeleted(false, context) }

  private func setDeleted(_ isDeleted: Bool, _ context: RequestContext) throws -> Response {
    let (anchor, interaction) = try context.store.read { db in try load(context, orDeleted: true, in: db) }
    if anchor.isTrashed { return context.redirect(to: path(anchor), .restoreFirst(anchor.name)) }
    let actor = try context.actor
    let isDone = try context.store.write(.essential) { db in
      guard try InteractionStore.setDeleted(isDeleted, interaction.seq, now: context.now, in: db) else { return false }
      // What is gone stands in the history, word by word.
      let texts = interaction.details.texts(try PartyStore.of(interaction.seq, in: db))
      let changes = isDeleted ? Change.between(texts, texts.map { FieldText(field: $0.field, text: "") }) : Change.between([], texts)
      try Activity.record(
        isDeleted ? "interaction.deleted" : "interaction.restored", kind, anchor, changes: changes, by: actor, now: context.now, in: db)
      return true
    }
    let href = path(anchor)
    guard isDone else {
      let message = isDeleted ? Message("It is deleted already.") : Message("It is there already.")
      return context.redirect(to: href, Flash(message, kind: .problem))
    }
    return context.redirect(
      to: href,
      isDeleted
        ? Flash(Message("The interaction is deleted."), undo: href + "/" + interaction.id.text + "/restore")
        : Flash(Message("The interaction is back.")))
  }

  // MARK: Parts

  private func header(_ context: RequestContext, in db: Database) throws -> RecordHeader {
    try RecordActs(kind: kind).header(context, in: db)
  }

  private func load(_ context: RequestContext, orDeleted: Bool = false, in db: Database) throws -> (RecordHeader, Interaction) {
    let anchor = try header(context, in: db)
    let id = try context.id("interaction")
    let interaction = try context.load(in: db) { db in try InteractionStore.find(id, of: anchor.id, in: db) }
    guard orDeleted || !interaction.isDeleted else { throw HTTPError.notFound }
    return (anchor, interaction)
  }

  private func path(_ anchor: RecordHeader) -> String { kind.path(of: anchor.id.text) + "/interactions" }

  private func refuseTrashed(_ anchor: RecordHeader, _ form: inout InteractionForm) {
    guard anchor.isTrashed else { return }
    form.problems.add("", Message("{name} is in the trash. Restore it first; what you typed stays here.", ["name": anchor.name]))
  }

  /// What came with the form is put among the uploads, so that it waits with the rest when the form has to come back.
  private func stage(_ context: RequestContext, _ form: inout InteractionForm) throws -> [Uploads.Upload] {
    let media = context.services.media
    let user = try context.user.id
    for file in context.files {
      if let upload = try Uploads.adopt(file, for: user, media, now: context.now) {
        form.uploads.append(upload.id)
      } else {
        form.problems.add("file", .noRoom(for: MediaLibrary.clean(file.name)))
      }
    }
    let found = try Uploads.find(form.uploads, for: user, media)
    if found.count < Set(form.uploads).count { form.problems.add("file", .fileIsGone) }
    form.uploads = found.map(\.id)
    return found
  }

  /// An upload that can be taken, and what was seen in it.
  private typealias Fitting = (upload: Uploads.Upload, arrival: MediaLibrary.Arrival)

  /// Looks whether all files can be taken, before anything is saved.
  private func check(_ uploads: [Uploads.Upload], _ intake: FileIntake, _ form: inout InteractionForm) throws -> [Fitting] {
    var size = 0
    var fitting: [Fitting] = []
    for upload in uploads {
      switch try intake.examine(upload, after: size) {
      case .fits(let arrival):
        size += upload.size
        fitting.append((upload, arrival))
      case .refused(let message):
        form.problems.add("file", message)
        form.uploads.removeAll { $0 == upload.id }
      }
    }
    return fitting
  }

  private func texts(_ files: [MediaFile]) -> [FieldText] {
    [FieldText(field: "file", text: files.map(\.name).joined(separator: "\n"))]
  }

  /// Files them with what is saved already. What can't be filed after all, since the disk is full or it is gone, is named; it takes nothing along.
  private func attach(_ files: [Fitting], _ intake: FileIntake, to interaction: Int) -> Flash? {
    var intake = intake
    intake.alongside = { file, db in try FileStore.attach(file, to: interaction, in: db) }
    let failed = files.filter { upload, arrival in
      do { return try intake.take(upload, arrival) != nil } catch { return true }
    }
    guard !failed.isEmpty else { return nil }
    let names = failed.map(\.upload.name).joined(separator: ", ")
    return Flash(Message("All is saved but {names}, which could not be kept. Add it again.", ["names": names]), kind: .problem)
  }

  private func page(
    _ context: RequestContext, _ anchor: RecordHeader, _ form: InteractionForm, _ interaction: Interaction?, before: [Party],
    looksUp: Bool = false,
    in db: Database
  ) throws -> InteractionFormPage {
    var page = InteractionFormPage(form: form, kind: kind, anchor: anchor, interaction: interaction)
    page.people = try form.parties.compactMap { who in
      try before.first { $0.who == who } ?? PartyStore.capture(who, for: context, in: db)
    }
    page.uploads = try Uploads.find(form.uploads, for: context.user.id, context.services.media)
    if let interaction { page.files = try FileStore.of([interaction.seq], in: db)[interaction.seq] ?? [] }
    if looksUp {
      page.found = try PartyPicker.find(form.partyText, for: context, in: db).filter { !form.parties.contains($0.who) }
      page.form.partyText = ""
    }
    return page
  }

  private func answer(_ context: RequestContext, _ anchor: RecordHeader, _ page: InteractionFormPage, status: Int = 200) throws -> Response
  {
    try context.page(
      "interactions/edit",
      ViewData(
        InteractionFormPage.pageShape,
        [.record(RecordFrame.record(anchor, kind, tab: InteractionsTab.tab.id, for: context)), .record(page.record(for: context))]),
      status: status)
  }
}
