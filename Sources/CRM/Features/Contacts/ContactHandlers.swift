import Base
import Store
import Templating
import Web

/// A contact's own pages: show, new, edit, and what their forms post to.
enum ContactHandlers {
  static let routes: [Route] = [
    .get("/admin/crm/contacts/new", .write(.contacts), new),
    .post("/admin/crm/contacts", .write(.contacts), create),
    .get("/admin/crm/contacts/{id}", .see(.contacts), show),
    .get("/admin/crm/contacts/{id}/edit", .write(.contacts), edit),
    .post("/admin/crm/contacts/{id}", .write(.contacts), save),
    .post("/admin/crm/contacts/{id}/events/{entry}/revert", .write(.contacts), revert),
  ]

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let page = try context.store.read { db in
      guard let contact = try ContactStore.find(try context.id(), try context.scope(of: .contacts), in: db) else {
        throw HTTPError.notFound
      }
      return ContactPage(contact: contact, memberships: try MembershipStore.of(contact: contact.id, in: db))
    }
    return try context.page("contacts/show", page.record(for: context))
  }

  /// `?company=…` is how a company's page starts a contact who works there.
  @Sendable private static func new(_ context: RequestContext) throws -> Response {
    var form = ContactForm()
    if let id = RecordID(context.query["company"] ?? ""), let name = try context.store.read({ db in try CompanyStore.name(of: id, in: db) })
    {
      form.memberships = [MembershipDraft(companyName: name, companyID: id.text, isPrimary: true)]
    }
    form.details.ownerID = try context.user.id.text
    return try page(context, form, contact: nil)
  }

  @Sendable private static func create(_ context: RequestContext) throws -> Response {
    let posted = try context.form()
    let form = ContactForm(posted)
    if let changed = ContactForm(posted, keepsBlankRows: true).rowsChanged(posted) { return try page(context, changed, contact: nil) }
    if context.isReplay { return try page(context, form, contact: nil) }
    guard form.problems.isEmpty else { return try page(context, form, contact: nil, status: 422) }
    let actor = try context.actor
    let result = try context.store.write { db in
      try form.create(by: actor, mayWriteCompanies: context.may(.write, on: .companies), now: context.now, in: db)
    }
    return try answer(context, result, form, contact: nil, message: Message("{name} is saved.", ["name": form.details.name]))
  }

  @Sendable private static func edit(_ context: RequestContext) throws -> Response {
    let (contact, memberships) = try load(context)
    return try page(context, ContactForm(contact, memberships: memberships), contact: contact)
  }

  @Sendable private static func save(_ context: RequestContext) throws -> Response {
    let (contact, _) = try load(context)
    let posted = try context.form()
    let form = ContactForm(posted)
    if let changed = ContactForm(posted, keepsBlankRows: true).rowsChanged(posted) { return try page(context, changed, contact: contact) }
    if context.isReplay { return try page(context, form, contact: contact) }
    guard form.version > 0 else {
      throw HTTPError.badRequest(Message("The form doesn’t say which version it was made from. Open it again."))
    }
    guard form.problems.isEmpty else { return try page(context, form, contact: contact, status: 422) }
    let actor = try context.actor
    let result = try context.store.write { db in
      try form.update(contact.id, by: actor, mayWriteCompanies: context.may(.write, on: .companies), now: context.now, in: db)
    }
    return try answer(context, result, form, contact: contact, message: Message("{name} is saved.", ["name": form.details.name]))
  }

  /// Puts the fields of an earlier change back. Where they have changed again since, both versions are shown first.
  @Sendable private static func revert(_ context: RequestContext) throws -> Response {
    let (contact, memberships) = try load(context)
    let entry = try context.store.read { db in try context.revertible(.contact, contact.id, in: db) }
    let href = RecordKind.contact.path(of: contact.id.text)
    if context.isReplay { return context.redirect(to: href + "/events") }
    if contact.status == "trashed" { return context.redirect(to: href, .restoreFirst(contact.details.name)) }
    let present = ContactForm(contact, memberships: memberships)
    var form = ContactForm(Revert.form(present.posted, puttingBack: entry.before, entry.changes, names: ContactForm.postedNames))
    form.version = contact.version
    let texts = contact.texts(memberships)
    if form.posted == present.posted { return context.redirect(to: href + "/events", .isAsItWas) }
    let hasChanged = entry.changes.contains { change in texts.first { $0.field == change.field }?.text != change.after }
    guard form.problems.isEmpty, !hasChanged else { return try conflict(context, form, isReversion: true) }
    let actor = try context.actor
    let result = try context.store.write { db in
      try form.update(contact.id, as: "contact.reverted", by: actor, mayWriteCompanies: false, now: context.now, in: db)
    }
    return try answer(context, result, form, contact: contact, message: Message("{name} is as it was.", ["name": form.details.name]))
  }

  private static func answer(
    _ context: RequestContext, _ result: SaveResult, _ form: ContactForm, contact: Contact?, message: Message
  ) throws -> Response {
    switch result {
    // There is nothing to go back to before the first version.
    case .saved(let id, let entry): return context.saved(.contact, id, entry: contact == nil ? nil : entry, message)
    case .refused(let problems):
      var failed = form
      failed.problems = problems
      return try page(context, failed, contact: contact, status: 422)
    case .stale:
      return try conflict(context, form)
    }
  }

  /// Both versions on one page: this form's in its fields, the stored one beside them. Saving again writes over the version shown.
  private static func conflict(_ context: RequestContext, _ form: ContactForm, isReversion: Bool = false) throws -> Response {
    let (contact, memberships) = try load(context)
    let last = try context.store.read { db in try Activity.entries(of: "contact", contact.id, before: nil, limit: 1, in: db).first }
    var mine = form
    mine.version = contact.version
    let names = try context.store.read { db in try UserStore.name(of: form.details.ownerID, in: db) ?? "" }
    let mineTexts =
      form.details.texts + [
        FieldText(field: "owner", text: names),
        FieldText(field: "companies", text: form.memberships.map(\.text).joined(separator: "\n")),
      ]
    let notice = ConflictNotice(
      isReversion: isReversion, savedBy: last?.actorName ?? "", savedAt: contact.updatedAt,
      differences: Change.between(contact.texts(memberships), mineTexts),
      recordHref: RecordKind.contact.path(of: contact.id.text))
    return try page(context, mine, contact: contact, conflict: notice, status: 409)
  }

  private static func load(_ context: RequestContext) throws -> (Contact, [Membership]) {
    try context.store.read { db in
      let (id, scope) = (try context.id(), try context.scope(of: .contacts))
      let contact = try context.load(in: db) { db in try ContactStore.find(id, scope, in: db) }
      return (contact, try MembershipStore.of(contact: contact.id, in: db))
    }
  }

  private static func page(
    _ context: RequestContext, _ form: ContactForm, contact: Contact?, conflict: ConflictNotice? = nil, status: Int = 200
  ) throws -> Response {
    let page = ContactFormPage(
      form: form, contact: contact, conflict: conflict, owners: try context.store.read { db in try UserStore.owners(in: db) },
      mayCreateCompanies: context.may(.write, on: .companies))
    return try context.page("contacts/form", page.record(for: context), status: status)
  }
}
