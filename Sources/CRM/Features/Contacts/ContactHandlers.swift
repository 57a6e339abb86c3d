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

  @Sendable private static func show(_ visit: Visit) throws -> Response {
    let page = try visit.store.read { db in
      guard let contact = try ContactStore.find(try visit.id(), try visit.scope(of: .contacts), in: db) else { throw Problem.notFound }
      return ContactPage(contact: contact, memberships: try MembershipStore.of(contact: contact.id, in: db))
    }
    return try visit.page("contacts/show", page.record(for: visit))
  }

  /// `?company=…` is how a company's page starts a contact who works there.
  @Sendable private static func new(_ visit: Visit) throws -> Response {
    var form = ContactForm()
    if let id = RecordID(visit.query["company"] ?? ""), let name = try visit.store.read({ db in try CompanyStore.name(of: id, in: db) }) {
      form.memberships = [MembershipDraft(companyName: name, companyID: id.text, isPrimary: true)]
    }
    form.details.ownerID = try visit.user.id.text
    return try page(visit, form, contact: nil)
  }

  @Sendable private static func create(_ visit: Visit) throws -> Response {
    let posted = try visit.form()
    let form = ContactForm(posted)
    if let changed = ContactForm(posted, keepsBlankRows: true).rowsChanged(posted) { return try page(visit, changed, contact: nil) }
    if visit.isReplay { return try page(visit, form, contact: nil) }
    guard form.problems.isEmpty else { return try page(visit, form, contact: nil, status: 422) }
    let actor = try visit.actor
    let result = try visit.store.write { db in
      try form.create(by: actor, mayWriteCompanies: visit.may(.write, on: .companies), now: visit.now, in: db)
    }
    return try answer(visit, result, form, contact: nil, message: Message("{name} is saved.", ["name": form.details.name]))
  }

  @Sendable private static func edit(_ visit: Visit) throws -> Response {
    let (contact, memberships) = try load(visit)
    return try page(visit, ContactForm(contact, memberships: memberships), contact: contact)
  }

  @Sendable private static func save(_ visit: Visit) throws -> Response {
    let (contact, _) = try load(visit)
    let posted = try visit.form()
    let form = ContactForm(posted)
    if let changed = ContactForm(posted, keepsBlankRows: true).rowsChanged(posted) { return try page(visit, changed, contact: contact) }
    if visit.isReplay { return try page(visit, form, contact: contact) }
    guard form.version > 0 else { throw Problem.badRequest(Message("The form doesn’t say which version it was made from. Open it again.")) }
    guard form.problems.isEmpty else { return try page(visit, form, contact: contact, status: 422) }
    let actor = try visit.actor
    let result = try visit.store.write { db in
      try form.update(contact.id, by: actor, mayWriteCompanies: visit.may(.write, on: .companies), now: visit.now, in: db)
    }
    return try answer(visit, result, form, contact: contact, message: Message("{name} is saved.", ["name": form.details.name]))
  }

  /// Puts the fields of an earlier change back. Where they have changed again since, both versions are shown first.
  @Sendable private static func revert(_ visit: Visit) throws -> Response {
    let (contact, memberships) = try load(visit)
    let entry = try visit.store.read { db in try visit.revertible(.contact, contact.id, in: db) }
    let href = RecordKind.contact.path(of: contact.id.text)
    if visit.isReplay { return visit.redirect(to: href + "/events") }
    if contact.status == "trashed" { return visit.redirect(to: href, .restoreFirst(contact.details.name)) }
    let present = ContactForm(contact, memberships: memberships)
    var form = ContactForm(Reversion.form(present.posted, puttingBack: entry.before, entry.changes, names: ContactForm.postedNames))
    form.version = contact.version
    let texts = contact.texts(memberships)
    if form.posted == present.posted { return visit.redirect(to: href + "/events", .isAsItWas) }
    let hasChanged = entry.changes.contains { change in texts.first { $0.field == change.field }?.text != change.after }
    guard form.problems.isEmpty, !hasChanged else { return try conflict(visit, form, isReversion: true) }
    let actor = try visit.actor
    let result = try visit.store.write { db in
      try form.update(contact.id, as: "contact.reverted", by: actor, mayWriteCompanies: false, now: visit.now, in: db)
    }
    return try answer(visit, result, form, contact: contact, message: Message("{name} is as it was.", ["name": form.details.name]))
  }

  private static func answer(
    _ visit: Visit, _ result: SaveResult, _ form: ContactForm, contact: Contact?, message: Message
  ) throws -> Response {
    switch result {
    // There is nothing to go back to before the first version.
    case .saved(let id, let entry): return visit.saved(.contact, id, entry: contact == nil ? nil : entry, message)
    case .refused(let problems):
      var failed = form
      failed.problems = problems
      return try page(visit, failed, contact: contact, status: 422)
    case .stale:
      return try conflict(visit, form)
    }
  }

  /// Both versions on one page: this form's in its fields, the stored one beside them. Saving again writes over the version shown.
  private static func conflict(_ visit: Visit, _ form: ContactForm, isReversion: Bool = false) throws -> Response {
    let (contact, memberships) = try load(visit)
    let last = try visit.store.read { db in try Activity.entries(of: "contact", contact.id, before: nil, limit: 1, in: db).first }
    var mine = form
    mine.version = contact.version
    let names = try visit.store.read { db in try UserStore.name(of: form.details.ownerID, in: db) ?? "" }
    let mineTexts =
      form.details.texts + [
        FieldText(field: "owner", text: names),
        FieldText(field: "companies", text: form.memberships.map(\.text).joined(separator: "\n")),
      ]
    let notice = ConflictNotice(
      isReversion: isReversion, savedBy: last?.actorName ?? "", savedAt: contact.updatedAt,
      differences: Change.between(contact.texts(memberships), mineTexts),
      recordHref: RecordKind.contact.path(of: contact.id.text))
    return try page(visit, mine, contact: contact, conflict: notice, status: 409)
  }

  private static func load(_ visit: Visit) throws -> (Contact, [Membership]) {
    try visit.store.read { db in
      let (id, scope) = (try visit.id(), try visit.scope(of: .contacts))
      let contact = try visit.load(in: db) { db in try ContactStore.find(id, scope, in: db) }
      return (contact, try MembershipStore.of(contact: contact.id, in: db))
    }
  }

  private static func page(
    _ visit: Visit, _ form: ContactForm, contact: Contact?, conflict: ConflictNotice? = nil, status: Int = 200
  ) throws -> Response {
    let page = ContactFormPage(
      form: form, contact: contact, conflict: conflict, owners: try visit.store.read { db in try UserStore.owners(in: db) },
      mayCreateCompanies: visit.may(.write, on: .companies))
    return try visit.page("contacts/form", page.record(for: visit), status: status)
  }
}
