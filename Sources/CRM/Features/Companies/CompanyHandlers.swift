import Base
import Store
import Templating
import Web

/// A company's own pages: show, new, edit, what their forms post to, and the type-ahead.
enum CompanyHandlers {
  static let routes: [Route] = [
    .get("/admin/crm/companies/new", .write(.companies), new),
    .get("/admin/crm/companies/suggestions.json", .see(.companies), suggest),
    .post("/admin/crm/companies", .write(.companies), create),
    .get("/admin/crm/companies/{id}", .see(.companies), show),
    .get("/admin/crm/companies/{id}/edit", .write(.companies), edit),
    .post("/admin/crm/companies/{id}", .write(.companies), save),
    .post("/admin/crm/companies/{id}/events/{entry}/revert", .write(.companies), revert),
  ]

  private static let suggestionLimit = 8

  @Sendable private static func suggest(_ context: RequestContext) throws -> Response {
    let q = String((context.query["q"] ?? "").prefix(200))
    let scope = try context.scope(of: .companies)
    let found = try context.store.read { db in try CompanyStore.suggestions(q, scope, limit: suggestionLimit, in: db) }
    let items = found.map { JSON.object(["id": .string($0.id), "name": .string($0.name), "detail": .string($0.detail)]) }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let after = context.query["after"].flatMap { ListCursor($0) }
    let page = try context.store.read { db in
      let company = try load(context, in: db)
      let members = try MembershipStore.members(
        of: company.id, try context.scope(of: .contacts), after: after, limit: CompanyPage.pageSize + 1, in: db)
      return CompanyPage(
        company: company, members: Array(members.prefix(CompanyPage.pageSize)), hasMore: members.count > CompanyPage.pageSize,
        isFirst: after == nil)
    }
    return try context.page("companies/show", page.record(for: context))
  }

  @Sendable private static func new(_ context: RequestContext) throws -> Response {
    var form = CompanyForm()
    form.details.name = TextNormalizing.clean(String((context.query["name"] ?? "").prefix(255)))
    form.details.ownerID = try context.user.id.text
    return try page(context, form, company: nil)
  }

  @Sendable private static func create(_ context: RequestContext) throws -> Response {
    var form = CompanyForm(try context.form())
    if context.isReplay { return try page(context, form, company: nil) }
    try checkOwner(&form, context)
    guard form.problems.isEmpty else { return try page(context, form, company: nil, status: 422) }
    let (details, note, actor) = (form.details, form.note, try context.actor)
    let id = try context.store.write { db in try CompanyStore.create(details, note: note, by: actor, now: context.now, in: db) }
    return context.redirect(to: RecordKind.company.path(of: id.text), Flash(Message("{name} is saved.", ["name": details.name])))
  }

  @Sendable private static func edit(_ context: RequestContext) throws -> Response {
    let company = try context.store.read { db in try load(context, in: db) }
    return try page(context, CompanyForm(company), company: company)
  }

  @Sendable private static func save(_ context: RequestContext) throws -> Response {
    let company = try context.store.read { db in try load(context, in: db) }
    var form = CompanyForm(try context.form())
    if context.isReplay { return try page(context, form, company: company) }
    guard form.version > 0 else {
      throw HTTPError.badRequest(Message("The form doesn’t say which version it was made from. Open it again."))
    }
    try checkOwner(&form, context)
    guard form.problems.isEmpty else { return try page(context, form, company: company, status: 422) }
    let (details, version, actor) = (form.details, form.version, try context.actor)
    let result = try context.store.write { db in
      try CompanyStore.update(company.id, details, from: version, by: actor, now: context.now, in: db)
    }
    guard case .saved(let id, let entry) = result else { return try conflict(context, form) }
    return context.saved(.company, id, entry: entry, Message("{name} is saved.", ["name": details.name]))
  }

  /// Puts the fields of an earlier change back. Where they have changed again since, both versions are shown first.
  @Sendable private static func revert(_ context: RequestContext) throws -> Response {
    let (company, entry, owner) = try context.store.read { db in
      let company = try load(context, in: db)
      return (company, try context.revertible(.company, company.id, in: db), company.ownerName)
    }
    let href = RecordKind.company.path(of: company.id.text)
    if context.isReplay { return context.redirect(to: href + "/events") }
    if company.status == "trashed" { return context.redirect(to: href, .restoreFirst(company.details.name)) }
    var form = CompanyForm(Revert.form(CompanyForm(company).posted, puttingBack: entry.before, entry.changes, names: [:]))
    form.version = company.version
    try checkOwner(&form, context)
    if form.posted == CompanyForm(company).posted { return context.redirect(to: href + "/events", .isAsItWas) }
    let present = company.texts
    let hasChanged = entry.changes.contains { change in present.first { $0.field == change.field }?.text != change.after }
    guard form.problems.isEmpty, !hasChanged else {
      let name = try context.store.read { db in try UserStore.name(of: form.details.ownerID, in: db) ?? owner }
      let notice = ConflictNotice(
        isReversion: true, savedBy: "", savedAt: company.updatedAt,
        differences: Change.between(present, form.details.texts + [FieldText(field: "owner", text: name)]), recordHref: href)
      return try page(context, form, company: company, conflict: notice, status: 409)
    }
    let (details, version, actor) = (form.details, form.version, try context.actor)
    let result = try context.store.write { db in
      try CompanyStore.update(company.id, details, from: version, as: "company.reverted", by: actor, now: context.now, in: db)
    }
    guard case .saved(let id, let made) = result else { return try conflict(context, form) }
    return context.saved(.company, id, entry: made, Message("{name} is as it was.", ["name": details.name]))
  }

  private static func conflict(_ context: RequestContext, _ form: CompanyForm) throws -> Response {
    let (company, last, owner) = try context.store.read { db in
      let company = try load(context, in: db)
      return (
        company, try Activity.entries(of: "company", company.id, before: nil, limit: 1, in: db).first,
        try UserStore.name(of: form.details.ownerID, in: db) ?? ""
      )
    }
    var mine = form
    mine.version = company.version
    let notice = ConflictNotice(
      savedBy: last?.actorName ?? "", savedAt: company.updatedAt,
      differences: Change.between(company.texts, form.details.texts + [FieldText(field: "owner", text: owner)]),
      recordHref: RecordKind.company.path(of: company.id.text))
    return try page(context, mine, company: company, conflict: notice, status: 409)
  }

  private static func checkOwner(_ form: inout CompanyForm, _ context: RequestContext) throws {
    let owner = form.details.ownerID
    if !owner.isEmpty, try context.store.read({ db in try UserStore.name(of: owner, in: db) }) == nil {
      form.problems.add("owner", Message("Choose one of the values offered."))
    }
  }

  private static func load(_ context: RequestContext, in db: Database) throws -> Company {
    let (id, scope) = (try context.id(), try context.scope(of: .companies))
    return try context.load(in: db) { db in try CompanyStore.find(id, scope, in: db) }
  }

  private static func page(
    _ context: RequestContext, _ form: CompanyForm, company: Company?, conflict: ConflictNotice? = nil, status: Int = 200
  ) throws -> Response {
    let page = CompanyFormPage(
      form: form, company: company, conflict: conflict, owners: try context.store.read { db in try UserStore.owners(in: db) })
    return try context.page("companies/form", page.record(for: context), status: status)
  }
}
