import Base
import Store
import Templating
import Web

/// What every page has around its content: the frame of sidebar, visitor and notices, as templates see it.
enum PageLayout {
  static let userShape = ViewSchema("user", [("name", .text), ("email", .text), ("initials", .text), ("tint", .text)])
  static let menuShape = ViewSchema(
    "menu",
    [("label", .text), ("href", .text), ("icon", .text), ("current", .bool), ("group", .text), ("key", .text), ("keys", .list(.text))])
  static let flashShape = ViewSchema("flash", [("kind", .text), ("text", .text), ("undo", .optional(.text))])
  static let shape = ViewSchema(
    "frame",
    [
      ("language", .text), ("theme", .text), ("user", .optional(.record(userShape))), ("menu", .list(.record(menuShape))),
      ("home", .text), ("flash", .optional(.record(flashShape))), ("csrfToken", .text), ("sprite", .text), ("here", .text),
      ("since", .optional(.text)), ("unread", .int),
    ])

  /// The keys, pressed one after the other, that lead to a page of the menu.
  private static let keys = ["/admin/crm/contacts": ["g", "c"], "/admin/crm/companies": ["g", "o"]]

  static func record(for context: RequestContext) -> ViewData {
    let user = context.session?.user
    let path = context.path
    let open = context.application.menu.filter { context.may($0.level, on: $0.resource) }
    // The longest path that leads here, so that /admin/crm isn't lit on every page below it.
    let current = open.filter { path == $0.path || path.hasPrefix($0.path + "/") }.max { $0.path.utf8.count < $1.path.utf8.count }
    return ViewData(
      shape,
      [
        .text(context.language.tag), .text(user?.theme ?? "auto"), user.map { .record(userRecord($0)) } ?? .null,
        .list(
          open.map { item in
            .record(
              ViewData(
                menuShape,
                [
                  .text(item.label), .text(item.path), .text(item.icon), .bool(item.path == current?.path), .text(item.group),
                  .text(keys[item.path]?.joined(separator: " ") ?? ""), .list((keys[item.path] ?? []).map { .text($0) }),
                ]))
          }),
        .text(Home.path(for: context)),
        context.flash.map { flash in
          .record(
            ViewData(
              flashShape, [.text(flash.kind.rawValue), .text(context.text(flash.message)), flash.undo.map { .text($0) } ?? .null]))
        } ?? .null,
        .text(context.formToken), .text(context.application.sprite), .text(context.request.target),
        user != nil && context.may(.readOwn, on: .contacts) ? .text(String(context.since)) : .null,
        .int(unread(context)),
      ])
  }

  /// How much waits in the visitor's inbox. A page is shown without it rather than not at all.
  private static func unread(_ context: RequestContext) -> Int {
    guard context.session != nil else { return 0 }
    return (try? context.store.read { db in try Notifications.unread(for: context, in: db) }) ?? 0
  }

  private static func userRecord(_ user: User) -> ViewData {
    ViewData(userShape, [.text(user.name), .text(user.email), .text(Initials.of(user.name)), .text(Tint.of(user.id.text))])
  }
}
