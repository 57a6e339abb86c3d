import Admin
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

  static let eventShape = ViewSchema(
    "event",
    [
      ("actor", .text), ("initials", .text), ("tint", .text), ("label", .text), ("name", .text), ("href", .optional(.text)), ("at", .text),
      ("time", .text),
    ])
  static let shape = ViewSchema(
    "home",
    [
      ("figures", .list(.record(HomeCards.figureShape))), ("panels", .list(.fragment)),
      ("attention", .list(.record(HomeCards.figureShape))), ("newest", .list(.record(HomeCards.newestShape))),
      ("happened", .list(.record(LatestInteractions.shape))),
      ("events", .list(.record(eventShape))), ("buttons", .list(.record(HomeCards.buttonShape))), ("isFirstDay", .bool),
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

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let types = context.composition.records.all.filter { context.may(.readOwn, on: $0.resource) }
    // The usual one is at the edge of the page.
    let buttons = HomeCards.buttons(of: types, for: context)
    let page = try context.store.read { db -> ViewData in
      let (figures, isFirstDay) = try HomeCards.figures(of: types, for: context, in: db)
      return ViewData(
        shape,
        [
          .list(figures), try PagePanel.fragments(on: .overview, for: context, in: db),
          .list(try HomeCards.attention(of: types, for: context, in: db)),
          .list(try HomeCards.newest(of: types, newestCount, for: context, in: db)),
          .list(try LatestInteractions.values(happenedCount, for: context, in: db)), .list(try recent(context, in: db)),
          .list(isFirstDay ? buttons : buttons.reversed()), .bool(isFirstDay),
        ])
    }
    return try context.page("home/home", page)
  }

  /// The last entries of the audit log, for those who may read all of it.
  private static func recent(_ context: RequestContext, in db: Database) throws -> [Value] {
    guard context.may(.read, on: .activity) else { return [] }
    let formats = context.formats
    return try Activity.latest(eventCount, without: context.hiddenActivity, in: db).map { entry in
      let kind = context.composition.records[entry.recordType]
      return .record(
        ViewData(
          eventShape,
          [
            .text(entry.actorName), .text(Initials.of(entry.actorName)), .text(Tint.of(entry.actorID)),
            .text(context.composition.actions[entry.action].label), .text(entry.shownName.text(in: context.language)),
            entry.recordExists ? kind.map { .text($0.path(of: entry.recordID)) } ?? .null : .null, .text(entry.at),
            .text(formats.minute(entry.at)),
          ]))
    }
  }
}
