import Base
import Store
import Templating
import Web

/// The front door: what there is, what is new, what needs somebody.
enum Home {
  static let routes: [Route] = [
    .get("/", .anyone, enter),
    .get("/admin", .signedIn, enter),
    .get("/admin/crm", .see(.contacts), show),
  ]

  static let heroShape = Shape("hero", [("label", .text), ("count", .text), ("href", .text), ("icon", .text)])
  static let recentShape = Shape(
    "recent", [("name", .text), ("href", .text), ("tint", .text), ("initials", .text), ("line", .text), ("at", .text), ("time", .text)])
  static let shape = Shape(
    "home",
    [
      ("heroes", .list(.record(heroShape))), ("recent", .list(.record(recentShape))), ("lonelyCompanies", .text), ("lonelyHref", .text),
      ("mayWrite", .bool), ("isEmpty", .bool),
    ])

  /// Where this visitor's way home leads.
  static func path(for visit: Visit) -> String {
    if visit.session == nil { return "/sign-in" }
    return visit.may(.readOwn, on: .contacts) ? "/admin/crm" : "/account"
  }

  @Sendable private static func enter(_ visit: Visit) throws -> Response {
    // A flash on its way to the first page survives the door.
    if let flash = visit.flash { visit.cookies.removeAll { $0.name == Flash.cookie }; return visit.redirect(to: path(for: visit), flash) }
    return visit.redirect(to: path(for: visit))
  }

  private static let recentCount = 8
  private static let countCap = 1_000

  @Sendable private static func show(_ visit: Visit) throws -> Response {
    let formats = visit.formats
    let lists = [ListDefinition.contacts, .companies]
    let (heroes, recent, lonely) = try visit.store.read { db in
      let heroes = try lists.map { list in
        let query = ListQuery(
          list: list, state: ListState(tab: ListDefinition.tabs[0]), columns: [], scope: try visit.scope(of: list.resource))
        let count = try query.counts(in: db)["all"]?.text(formats) ?? "0"
        return Value.record(Record(heroShape, [.text(list.title), .text(count), .text(list.path), .text(list.icon)]))
      }
      return (heroes, try recentContacts(visit, in: db), try lonelyCompanies(visit, in: db))
    }
    let lonelyText = lonely > countCap ? formats.number(countCap) + "+" : lonely == 0 ? "" : formats.number(lonely)
    return try visit.page(
      "home/home",
      Record(
        shape,
        [
          .list(heroes), .list(recent), .text(lonelyText), .text("/admin/crm/companies?filter=no_contacts"),
          .bool(visit.may(.write, on: .contacts)), .bool(recent.isEmpty),
        ]))
  }

  private static func recentContacts(_ visit: Visit, in db: Database) throws -> [Value] {
    var state = ListState(tab: ListDefinition.tabs[0])
    state.sort = ListState.Order(column: "created_at", descending: true)
    state.perPage = recentCount
    let list = ListDefinition.contacts
    let query = ListQuery(
      list: list, state: state, columns: ["name", "company", "created_at"].compactMap { list.column($0) },
      scope: try visit.scope(of: list.resource))
    let formats = visit.formats
    let first = ListQuery.firstCell
    return try query.page(in: db) { row in
      // The company takes two: its name and its id.
      let (id, name, at) = (row.text(1), row.text(first), row.text(first + 3))
      return .record(
        Record(
          recentShape,
          [
            .text(name), .text(RecordKind.contact.path(of: id)), .text(Tint.of(id)), .text(Initials.of(name)), .text(row.text(first + 1)),
            .text(at), .text(formats.day(at)),
          ]))
    }.items
  }

  private static func lonelyCompanies(_ visit: Visit, in db: Database) throws -> Int {
    guard visit.may(.read, on: .companies) else { return 0 }
    return try db.value(
      """
      SELECT count(*) FROM (SELECT 1 FROM companies WHERE status = 'active' AND live_contacts = 0 LIMIT \(countCap + 1))
      """) ?? 0
  }
}

let home = Feature(
  name: "home",
  routes: Home.routes,
  menu: [MenuItem(label: "Overview", path: "/admin/crm", icon: "house", resource: .contacts)],
  pages: ["home/home": Home.shape])
