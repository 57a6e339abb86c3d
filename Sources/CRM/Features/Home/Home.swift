import Base
import Store
import Templating
import Web

/// The front door: what there is, what is new, what happened, what needs somebody.
enum Home {
  static let routes: [Route] = [
    .get("/", .anyone, enter),
    .get("/admin", .signedIn, enter),
    .get("/admin/crm", .see(.contacts), effort: .read, show),
  ]

  static let figureShape = ViewSchema("figure", [("label", .text), ("count", .text), ("href", .text)])
  static let personShape = ViewSchema(
    "person", [("name", .text), ("href", .text), ("tint", .text), ("initials", .text), ("line", .text), ("email", .text)])
  static let eventShape = ViewSchema(
    "event",
    [
      ("actor", .text), ("initials", .text), ("tint", .text), ("label", .text), ("name", .text), ("href", .optional(.text)), ("at", .text),
      ("time", .text),
    ])
  static let shape = ViewSchema(
    "home",
    [
      ("figures", .list(.record(figureShape))), ("panels", .list(.fragment)), ("attention", .list(.record(figureShape))),
      ("newest", .list(.record(personShape))),
      ("happened", .list(.record(LatestInteractions.shape))),
      ("events", .list(.record(eventShape))), ("mayWriteContacts", .bool), ("mayWriteCompanies", .bool), ("isFirstDay", .bool),
    ])

  @Sendable private static func enter(_ context: RequestContext) throws -> Response {
    // A flash on its way to the first page survives the door.
    if let flash = context.flash {
      context.cookies.removeAll { $0.name == Flash.cookie }; return context.redirect(to: context.homePath, flash)
    }
    return context.redirect(to: context.homePath)
  }

  private static let newestCount = 8
  private static let eventCount = 10
  private static let happenedCount = 8
  /// Beyond that many a row of what needs attention gives a round number.
  private static let attentionCap = 1_000

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let page = try context.store.read { db -> ViewData in
      let contacts = try counts(.contacts, context, in: db)
      let companies = try counts(.companies, context, in: db)
      let formats = context.formats
      let figures = [
        figure("Contacts", contacts["all"], "/admin/crm/contacts", formats),
        figure("Active contacts", contacts["active"], "/admin/crm/contacts?status=active", formats),
        figure("Companies", companies["all"], "/admin/crm/companies", formats),
        figure("In the trash", contacts["trashed"], "/admin/crm/contacts?status=trashed", formats),
      ]
      return ViewData(
        shape,
        [
          .list(figures), try PagePanel.fragments(on: .overview, for: context, in: db), .list(try attention(context, in: db)),
          .list(try newestContacts(context, in: db)),
          .list(try LatestInteractions.values(happenedCount, for: context, in: db)), .list(try recent(context, in: db)),
          .bool(context.may(.write, on: .contacts)), .bool(context.may(.write, on: .companies)),
          .bool([contacts, companies].allSatisfy { ($0["all"]?.number ?? 0) == 0 && ($0["trashed"]?.number ?? 0) == 0 }),
        ])
    }
    return try context.page("home/home", page)
  }

  private static func counts(_ list: ListDefinition, _ context: RequestContext, in db: Database) throws -> [String: TabCount] {
    try ListQuery(
      list: list, state: ListState(tab: list.tabs[0]), columns: [], scope: try context.scope(of: list.resource),
      moment: context.filterMoment, in: db
    )
    .counts(in: db)
  }

  private static func figure(_ label: String, _ count: TabCount?, _ href: String, _ formats: Formats) -> Value {
    .record(ViewData(figureShape, [.text(label), .text(count?.text(formats) ?? "0"), .text(href)]))
  }

  private static func newestContacts(_ context: RequestContext, in db: Database) throws -> [Value] {
    let list = ListDefinition.contacts
    var state = ListState(tab: list.tabs[0])
    state.sort = ListState.Order(column: "created_at", descending: true)
    state.perPage = newestCount
    let query = try ListQuery(
      list: list, state: state, columns: ["name", "company", "email"].compactMap { list.column($0) },
      scope: try context.scope(of: list.resource), moment: context.filterMoment, in: db)
    let first = ListQuery.firstCell
    return try query.page(in: db) { row in
      // The company takes two: its name and its id.
      let (id, name) = (row.text(1), row.text(first))
      return .record(
        ViewData(
          personShape,
          [
            .text(name), .text(RecordType.contact.path(of: id)), .text(Tint.of(id)), .text(Initials.of(name)), .text(row.text(first + 1)),
            .text(row.text(first + 3)),
          ]))
    }.items
  }

  /// The last entries of the audit log, for those who may read all of it.
  private static func recent(_ context: RequestContext, in db: Database) throws -> [Value] {
    guard context.may(.read, on: .activity) else { return [] }
    let formats = context.formats
    return try Activity.latest(eventCount, in: db).map { entry in
      let kind = context.composition.records[entry.recordType]
      return .record(
        ViewData(
          eventShape,
          [
            .text(entry.actorName), .text(Initials.of(entry.actorName)), .text(Tint.of(entry.actorID)),
            .text(context.composition.actions[entry.action].label), .text(entry.recordName),
            entry.recordExists ? kind.map { .text($0.path(of: entry.recordID)) } ?? .null : .null, .text(entry.at),
            .text(formats.minute(entry.at)),
          ]))
    }
  }

  /// What somebody should see to: each row leads to a list of just as many records. Rows of nothing are left out.
  private static func attention(_ context: RequestContext, in db: Database) throws -> [Value] {
    let formats = context.formats
    func row(_ label: String, _ list: ListDefinition, _ filter: String) throws -> Value? {
      guard context.may(.read, on: list.resource), let tab = list.tabs.first(where: { $0.id == list.usualStatus }) else { return nil }
      var state = ListState(tab: tab)
      state.filter = list.filters.first { $0.id == filter }?.predicate
      let query = try ListQuery(list: list, state: state, columns: [], scope: .all, moment: context.filterMoment, in: db)
      let count = try query.countOfTab(upTo: attentionCap, in: db)
      guard count.number > 0 else { return nil }
      return .record(ViewData(figureShape, [.text(label), .text(count.text(formats)), .text(state.url(list.path))]))
    }
    return [
      try row("Companies without a contact: {count}", .companies, "no_contacts"),
      try row("Contacts that nobody can reach: {count}", .contacts, "no_channels"),
    ].compactMap { $0 }
  }
}
