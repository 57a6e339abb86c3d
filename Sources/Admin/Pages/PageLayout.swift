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
  static let flashShape = ViewSchema(
    "flash", [("kind", .text), ("text", .text), ("undo", .optional(.text)), ("back", .text), ("download", .optional(.text))])
  static let shape = ViewSchema(
    "frame",
    [
      ("language", .text), ("theme", .text), ("user", .optional(.record(userShape))), ("menu", .list(.record(menuShape))),
      ("home", .text), ("flash", .optional(.record(flashShape))), ("csrfToken", .text), ("formKey", .text), ("sprite", .text),
      ("here", .text),
      ("since", .optional(.text)), ("unread", .int), ("hasSearch", .bool), ("searched", .text),
    ])

  static func record(for context: RequestContext) -> ViewData {
    let user = context.session?.user
    let token = context.formToken
    // Undo leads back to this page, if it is one that can be asked for.
    let back = context.request.method == .get ? context.request.target : ""
    return ViewData(
      shape,
      [
        .text(context.language.tag), .text(user?.theme ?? "auto"), user.map { .record(userRecord($0)) } ?? .null,
        menu(for: context),
        .text(context.homePath),
        context.flash.map { flash in
          .record(
            ViewData(
              flashShape,
              [
                .text(flash.kind.rawValue), .text(context.text(flash.message)), flash.undo.map { .text($0) } ?? .null, .text(back),
                flash.download.map { .text($0) } ?? .null,
              ]))
        } ?? .null,
        .text(token), .text(context.formKey(newFrom: token)), .text(context.services.sprite), .text(context.request.target),
        user != nil && context.may(.readOwn, on: .live) ? .text(String(context.since)) : .null,
        .int(unread(context)),
        .bool(user != nil && context.may(.readOwn, on: .search)), .text(context.path == SearchPage.path ? context.query["q"] ?? "" : ""),
      ])
  }

  /// The same for all who hold these roles, on all pages below one of its lines: so it is made once for each.
  struct MenuKey: Hashable {
    let roles: [Role]
    let path: String?
  }

  private static func menu(for context: RequestContext) -> Value {
    let key = MenuKey(roles: context.session?.user.roles ?? [], path: longest(of: context.composition.menu, leadingTo: context.path))
    return context.services.menus.value(for: key) {
      let open = context.composition.menu.filter { context.may($0.level, on: $0.resource) }
      let current = key.path.flatMap { longest(of: open, leadingTo: $0) }
      return .list(open.map { .record(line($0, isCurrent: $0.path == current)) })
    }
  }

  /// The longest path of these that leads somewhere.
  private static func longest(of items: [MenuItem], leadingTo path: String) -> String? {
    var longest: String?
    for item in items where path.hasPrefix(item.path) && item.path.utf8.count > longest?.utf8.count ?? 0 {
      if path.utf8.count == item.path.utf8.count || !item.isAlone && path.hasPrefix(item.path + "/") { longest = item.path }
    }
    return longest
  }

  private static func line(_ item: MenuItem, isCurrent: Bool) -> ViewData {
    ViewData(
      menuShape,
      [
        .text(item.label), .text(item.path), .text(item.icon), .bool(isCurrent), .text(item.group),
        .text(item.keys.joined(separator: " ")), .list(item.keys.map { .text($0) }),
      ])
  }

  /// How much waits in the visitor's inbox. A page is shown without it rather than not at all.
  private static func unread(_ context: RequestContext) -> Int {
    guard context.session != nil else { return 0 }
    return (try? context.store.read { db in try context.composition.unread(for: context, in: db) }) ?? 0
  }

  private static func userRecord(_ user: User) -> ViewData {
    ViewData(userShape, [.text(user.name), .text(user.email), .text(Initials.of(user.name)), .text(Tint.of(user.id.text))])
  }
}
