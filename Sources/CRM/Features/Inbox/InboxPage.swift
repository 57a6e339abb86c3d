import Base
import Markdown
import Store
import Templating
import Web

/// Where a person finds what others have said to them.
enum InboxPage {
  static let routes: [Route] = [
    .get("/admin/inbox", .signedIn, show),
    .get("/admin/inbox/{notification}", .signedIn, effort: .write, open),
    .post("/admin/inbox/read", .signedIn, keepsForms: false, readAll),
    .post("/admin/inbox/{notification}/read", .signedIn, keepsForms: false, read),
  ]

  static let lineShape = Shape(
    "notification",
    [
      ("id", .text), ("href", .text), ("readHref", .text), ("isRead", .bool), ("isMention", .bool), ("author", .text), ("initials", .text),
      ("tint", .text), ("record", .text), ("excerpt", .text), ("at", .text), ("time", .text),
    ])
  static let shape = Shape(
    "inbox", [("lines", .list(.record(lineShape))), ("hasUnread", .bool), ("older", .optional(.text)), ("newest", .optional(.text))])

  private static let href = "/admin/inbox"
  private static let pageSize = 30
  private static let excerptLength = 160

  @Sendable private static func show(_ visit: Visit) throws -> Response {
    let before = visit.query["before"].flatMap { Int($0) }
    let found = try visit.store.read { db in try Notifications.lines(for: visit, before: before, limit: pageSize + 1, in: db) }
    let lines = found.prefix(pageSize)
    let formats = visit.formats
    return try visit.page(
      "inbox/inbox",
      Record(
        shape,
        [
          .list(lines.map { line($0, formats) }), .bool(lines.contains { !$0.isRead }),
          found.count > pageSize ? lines.last.map { .text(URLQuery.append([("before", String($0.seq))], to: href)) } ?? .null : .null,
          before == nil ? .null : .text(href),
        ]))
  }

  private static func line(_ line: Notifications.Line, _ formats: Formats) -> Value {
    let here = href + "/\(line.seq)"
    return .record(
      Record(
        lineShape,
        [
          .text("n-\(line.seq)"), .text(here), .text(here + "/read"), .bool(line.isRead), .bool(line.reason == "mention"),
          .text(line.author),
          .text(Initials.of(line.author)), .text(Tint.of(line.author)), .text(line.record.name),
          .text(Markdown.plain(line.body, limit: excerptLength)), .text(line.at), .text(formats.minute(line.at)),
        ]))
  }

  /// Leads to the comment; who has been there has read it.
  @Sendable private static func open(_ visit: Visit) throws -> Response {
    let line = try find(visit)
    let user = try visit.user.id
    if !line.isRead { try visit.store.write { db in try Notifications.setRead(line.seq, user, now: visit.now, in: db) } }
    return visit.redirect(to: line.record.kind.path(of: line.record.id) + "/comments?at=\(line.commentID)#c-\(line.commentID)")
  }

  @Sendable private static func read(_ visit: Visit) throws -> Response {
    let line = try find(visit)
    let user = try visit.user.id
    if !visit.isReplay { try visit.store.write { db in try Notifications.setRead(line.seq, user, now: visit.now, in: db) } }
    return visit.redirect(to: href)
  }

  @Sendable private static func readAll(_ visit: Visit) throws -> Response {
    if !visit.isReplay { try visit.store.write { db in try Notifications.setAllRead(for: visit, in: db) } }
    return visit.redirect(to: href)
  }

  private static func find(_ visit: Visit) throws -> Notifications.Line {
    guard let seq = Int(visit.parameters["notification"] ?? ""),
      let line = try visit.store.read({ db in try Notifications.find(seq, for: visit, in: db) })
    else { throw Problem.notFound }
    return line
  }
}
