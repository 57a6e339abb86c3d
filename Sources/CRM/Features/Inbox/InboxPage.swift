import Admin
import Base
import Markdown
import Store
import Templating
import Web

/// Where a person finds what others have said to them, and given them to do.
enum InboxPage {
  static let routes: [Route] = [
    .get("/admin/inbox", .signedIn, show),
    .get("/admin/inbox/{notification}", .signedIn, effort: .write, open),
    .post("/admin/inbox/read", .signedIn, keepsForms: false, readAll),
    .post("/admin/inbox/{notification}/read", .signedIn, keepsForms: false, read),
  ]

  static let lineShape = ViewSchema(
    "notification",
    [
      ("id", .text), ("href", .text), ("readHref", .text), ("isRead", .bool), ("reason", .text), ("author", .text), ("initials", .text),
      ("tint", .text), ("record", .text), ("excerpt", .text), ("at", .text), ("time", .text),
    ])
  static let shape = ViewSchema(
    "inbox",
    [
      ("panels", .list(.fragment)), ("lines", .list(.record(lineShape))), ("hasUnread", .bool), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])

  private static let href = "/admin/inbox"
  private static let pageSize = 30
  private static let excerptLength = 160

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let before = context.query["before"].flatMap { Int($0) }
    let (found, panels) = try context.store.read { db in
      (
        try Notifications.lines(for: context, before: before, limit: pageSize + 1, in: db),
        try PagePanel.fragments(on: .inbox, for: context, in: db)
      )
    }
    let lines = found.prefix(pageSize)
    let formats = context.formats
    return try context.page(
      "inbox/inbox",
      ViewData(
        shape,
        [
          panels, .list(lines.map { line($0, formats) }), .bool(lines.contains { !$0.isRead }),
          found.count > pageSize ? lines.last.map { .text(URLQuery.append([("before", String($0.seq))], to: href)) } ?? .null : .null,
          before == nil ? .null : .text(href),
        ]))
  }

  private static func line(_ line: Notifications.Line, _ formats: Formats) -> Value {
    let here = href + "/\(line.seq)"
    return .record(
      ViewData(
        lineShape,
        [
          .text("n-\(line.seq)"), .text(here), .text(here + "/read"), .bool(line.isRead), .text(line.reason), .text(line.author),
          .text(Initials.of(line.author)), .text(Tint.of(line.author)), .text(line.record.name),
          .text(line.comment.map { Markdown.plain($0.body, limit: excerptLength) } ?? formats.language.text(line.record.kind.label)),
          .text(line.at), .text(formats.minute(line.at)),
        ]))
  }

  /// Leads to the comment or the record; who has been there has read it.
  @Sendable private static func open(_ context: RequestContext) throws -> Response {
    let line = try find(context)
    let user = try context.user.id
    if !line.isRead { try context.store.write { db in try Notifications.setRead(line.seq, user, now: context.now, in: db) } }
    let record = line.record.kind.path(of: line.record.id)
    return context.redirect(to: line.comment.map { "\(record)/comments?at=\($0.id)#c-\($0.id)" } ?? record)
  }

  @Sendable private static func read(_ context: RequestContext) throws -> Response {
    let line = try find(context)
    let user = try context.user.id
    try context.store.write { db in try Notifications.setRead(line.seq, user, now: context.now, in: db) }
    return context.redirect(to: href)
  }

  @Sendable private static func readAll(_ context: RequestContext) throws -> Response {
    try context.store.write { db in try Notifications.setAllRead(for: context, in: db) }
    return context.redirect(to: href)
  }

  private static func find(_ context: RequestContext) throws -> Notifications.Line {
    guard let seq = Int(context.parameters["notification"] ?? ""),
      let line = try context.store.read({ db in try Notifications.find(seq, for: context, in: db) })
    else { throw HTTPError.notFound }
    return line
  }
}
