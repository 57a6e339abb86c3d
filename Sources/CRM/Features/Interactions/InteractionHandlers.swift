import Admin
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
    let anchor = try context.header(of: kind)
    let uploads = try stage(context, &form)
    let details = form.times(now: context.now, viewerZone: try context.user.timeZone)
    if posted["find"] != nil { return try feed(context, anchor, form, looksUp: true) }
    let outcome = try write(context, anchor, uploads, &form) { form, act in
      try InteractionActs.log(
        details, with: form.people, continuing: RecordID(form.follows), on: anchor, context.composition.records, act)
    }
    guard outcome.hasChanged else { return try feed(context, anchor, form, status: 422) }
    return context.redirect(to: path(anchor), Flash(Message("Interaction logged.")))
  }

  @Sendable private func createDraft(_ context: RequestContext) throws -> Response {
    var form = InteractionForm(try context.form(), context.composition.records)
    let anchor = try context.header(of: kind)
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

  /// An interaction as it is stored, to be edited.
  private struct Stored {
    let anchor: RecordHeader
    let interaction: Interaction
    let people: [Party]
    let files: [MediaFile]
    /// Who has changed it last.
    let author: String

    var form: InteractionForm { InteractionForm(interaction, parties: people, files: files) }
  }

  private func stored(_ context: RequestContext) throws -> Stored {
    try context.store.read { db in
      let (anchor, interaction) = try load(context, in: db)
      return Stored(
        anchor: anchor, interaction: interaction, people: try PartyStore.of(interaction.seq, in: db),
        files: try FileStore.of([interaction.seq], in: db)[interaction.seq] ?? [],
        author: try InteractionStore.author(of: interaction.id, on: anchor.id, toldTo: context.user.id, in: db) ?? "")
    }
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    let posted = try context.form()
    var stored = try stored(context)
    var form = InteractionForm(posted, context.composition.records, former: stored.interaction.details.type)
    let uploads = try stage(context, &form)
    func shown(_ form: InteractionForm, looksUp: Bool = false, status: Int = 200) throws -> Response {
      try context.store.read { db in
        let page = try page(context, stored.anchor, form, stored.interaction, before: stored.people, looksUp: looksUp, in: db)
        return try answer(context, stored.anchor, page, status: status)
      }
    }
    var taken: [String] = []
    while true {
      let isStale = form.version > 0 && form.version != stored.interaction.version
      var unmerged = form
      let merged = isStale ? form.merge(stored.form, context.composition.records) : InteractionForm.Merged()
      taken += merged.taken
      let details = form.times(now: context.now, viewerZone: try context.user.timeZone, stored: stored.interaction.details)
      unmerged.problems = form.problems
      // A form that comes back before the choice was made keeps its version: the merged one would write over what others have saved.
      let open = merged.conflicts.isEmpty ? form : unmerged
      if posted["find"] != nil { return try shown(open, looksUp: true) }
      guard form.version > 0 else {
        throw HTTPError.badRequest(Message("This form is missing its version. Open it again."))
      }
      guard merged.conflicts.isEmpty else {
        // The choice would show what can't be read as empty, and has no place for problems.
        guard form.problems.isEmpty else { return try shown(open, status: 422) }
        return try choice(merged, context, form, details, over: stored)
      }
      if posted["review"] != nil { return try shown(form) }
      let outcome = try write(context, stored.anchor, uploads, &form) { form, act in
        try InteractionActs.save(
          stored.interaction.id, as: details, with: form.people, keeping: form.attachments, from: form.version, on: stored.anchor,
          context.composition.records, act)
      }
      switch outcome {
      case .done, .unchanged:
        return context.redirect(
          to: path(stored.anchor) + "#i-" + stored.interaction.id.text, Flash(saved(taken, by: stored.author, context)))
      case .invalid: return try shown(form, status: 422)
      // Somebody was quicker in this very moment.
      case .conflict: stored = try self.stored(context)
      }
    }
  }

  @Sendable private func saveDraft(_ context: RequestContext) throws -> Response {
    return try context.store.read { db in
      let (anchor, interaction) = try load(context, in: db)
      var form = InteractionForm(try context.form(), context.composition.records, former: interaction.details.type)
      _ = try stage(context, &form)
      let people = try PartyStore.of(interaction.seq, in: db)
      return try answer(context, anchor, page(context, anchor, form, interaction, before: people, in: db))
    }
  }

  /// A choice for everything that both sides changed.
  private func choice(
    _ merged: InteractionForm.Merged, _ context: RequestContext, _ form: InteractionForm, _ mine: InteractionDetails, over stored: Stored
  ) throws -> Response {
    let texts = [stored.interaction.details.texts(stored.people), mine.texts([])]
    let rows = merged.conflicts.map { input in
      let name = InteractionForm.detail(input)
      let field = context.composition.field(name, of: nil)
      let shown = texts.map { texts in field.display(texts.first { $0.field == name }?.text ?? "", context.formats) }
      return ConflictChoices.Row(
        input, label: field.label, theirs: shown[0], yours: shown[1], by: stored.author, keepsMine: merged.knowsBase)
    }
    return try ConflictChoices(
      title: Message("Edit interaction"), by: stored.author, action: context.path, fields: form.posted, version: form.version,
      recordHref: path(stored.anchor), rows: rows
    ).response(for: context)
  }

  private func saved(_ taken: [String], by author: String, _ context: RequestContext) -> Message {
    let saved = Message("Interaction saved.")
    if taken.isEmpty { return saved }
    let labels = taken.map { context.language.text(context.composition.field(InteractionForm.detail($0), of: nil).label) }
    let notice =
      author.isEmpty
      ? Message("You also changed {fields} in another window.") : Message("{names} changed {fields} while you were editing.")
    let told = Message(notice.text, ["names": author, "fields": labels.joined(separator: ", ")])
    return Message("{saved} {notice}", ["saved": context.text(saved), "notice": context.text(told)])
  }

  // MARK: Delete

  @Sendable private func delete(_ context: RequestContext) throws -> Response {
    let (anchor, interaction) = try context.store.read { db in try load(context, orDeleted: true, in: db) }
    let outcome = try context.act(.essential) { act in try InteractionActs.delete(interaction, of: anchor, act) }
    return context.redirect(to: path(anchor), outcome, Message("Interaction deleted."), orElse: Message("Already deleted."))
  }

  @Sendable private func restore(_ context: RequestContext) throws -> Response {
    let (anchor, interaction) = try context.store.read { db in try load(context, orDeleted: true, in: db) }
    let outcome = try context.act(.essential) { act in try InteractionActs.restore(interaction, of: anchor, act) }
    return context.redirect(to: path(anchor), outcome, Message("Interaction restored."), orElse: Message("Already restored."))
  }

  // MARK: Parts

  private func load(_ context: RequestContext, orDeleted: Bool = false, in db: Database) throws -> (RecordHeader, Interaction) {
    let anchor = try context.header(of: kind, in: db)
    let id = try context.id("interaction")
    let interaction = try context.load(in: db) { db in try InteractionStore.find(id, of: anchor.id, in: db) }
    guard orDeleted || !interaction.isDeleted else { throw HTTPError.notFound }
    return (anchor, interaction)
  }

  private func path(_ anchor: RecordHeader) -> String { anchor.href + "/interactions" }

  /// What came with the form is put among the uploads, so that it waits with the rest when the form has to come back.
  private func stage(_ context: RequestContext, _ form: inout InteractionForm) throws -> [Uploads.Upload] {
    let (uploads, problems) = try FileIntake(context: context).stage(form.uploads)
    for problem in problems { form.problems.add("file", problem) }
    form.uploads = uploads.map(\.id)
    return uploads
  }

  /// Acts, and files what came along, if all of it can be taken. What is wrong is shown in the form.
  private func write(
    _ context: RequestContext, _ anchor: RecordHeader, _ uploads: [Uploads.Upload], _ form: inout InteractionForm,
    _ act: (InteractionForm, ActContext) throws -> Outcome
  ) throws -> Outcome {
    let intake = FileIntake(context: context)
    let (arrivals, problems) = try intake.examine(uploads)
    for problem in problems { form.problems.add("file", problem) }
    form.uploads = arrivals.compactMap(\.upload)
    guard form.problems.isEmpty else { return .invalid(form.problems) }
    let outcome = try intake.act(with: arrivals, { [form] in try act(form, $0) }) { try InteractionActs.attach($0, to: $1, of: anchor, $2) }
    form.problems.add(outcome.errors)
    return outcome
  }

  private func page(
    _ context: RequestContext, _ anchor: RecordHeader, _ form: InteractionForm, _ interaction: Interaction?, before: [Party],
    looksUp: Bool = false,
    in db: Database
  ) throws -> InteractionFormPage {
    var page = InteractionFormPage(form: form, kind: kind, anchor: anchor, interaction: interaction)
    page.people = try context.people(form.parties, before, in: db)
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

extension RequestContext {
  /// People as a form shows them; who isn't there is left out.
  func people(_ who: [Party.Who], _ before: [Party] = [], in db: Database) throws -> [Party] {
    let principal = Principal(try user)
    return try who.compactMap { who in
      try before.first { $0.who == who } ?? PartyStore.capture(who, composition.records, for: principal, now: now, in: db)
    }
  }
}
