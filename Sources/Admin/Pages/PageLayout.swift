import Base
import Store
import Templating
import Web

/// What every page has around its content: the frame of sidebar, visitor and notices, as templates see it.
enum PageLayout {
  static let userShape = ViewSchema("user", [("name", .text), ("email", .text), ("initials", .text), ("tint", .text)])
  static let menuShape = ViewSchema(
    "menu",
    [("label", .text), ("href", .text), ("icon", .text), ("current", .bool), ("key", .text), ("keys", .list(.text))])
  static let menuGroupShape = ViewSchema("menu-group", [("title", .text), ("items", .list(.record(menuShape)))])
  static let flashShape = ViewSchema(
    "flash",
    [
      ("kind", .text), ("text", .text), ("undo", .optional(.text)), ("back", .text), ("download", .optional(.text)),
      ("copy", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "frame",
    [
      ("language", .text), ("theme", .text), ("user", .optional(.record(userShape))), ("menu", .list(.record(menuGroupShape))),
      ("home", .text), ("installation", .text), ("logo", .optional(.record(Logo.shape))), ("flash", .optional(.record(flashShape))),
      ("csrfToken", .text), ("formKey", .text),
      ("sprite", .text),
      ("here", .text),
      ("since", .optional(.text)), ("unread", .int), ("viewingAs", .optional(.text)), ("hasSearch", .bool), ("searched", .text),
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
        .text(context.homePath), .text(context.settings[.installationName].text),
        context.settings.logo.map { .record($0.view) } ?? .null,
        context.flash.map { flash in
          .record(
            ViewData(
              flashShape,
              [
                .text(flash.kind.rawValue), .text(context.text(flash.message)), flash.undo.map { .text($0) } ?? .null, .text(back),
                flash.download.map { .text($0) } ?? .null, flash.copy.map { .text($0) } ?? .null,
              ]))
        } ?? .null,
        .text(token), .text(context.formKey(newFrom: token)), .text(context.services.sprite), .text(context.request.target),
        user != nil && context.may(.readOwn, on: .live) ? .text(String(context.since)) : .null,
        .int(unread(context)), context.session?.view.map { .text($0.name) } ?? .null,
        .bool(user != nil && context.may(.readOwn, on: .search)), .text(context.path == SearchPage.path ? context.query["q"] ?? "" : ""),
      ])
  }

  /// The same for all who hold these roles, on all pages below one of its lines: so it is made once for each.
  struct MenuKey: Hashable {
    let grants: Grants
    let path: String?
    let language: String
    let lines: [String]
  }

  private static func menu(for context: RequestContext) -> Value {
    // A page is shown without the lines that can't be read rather than not at all.
    let lines = context.session == nil ? [] : (try? context.composition.menuLines(for: context)) ?? []
    let all = context.composition.menu + lines
    let key = MenuKey(
      grants: context.grants, path: longest(of: all, leadingTo: context.path), language: context.language.tag,
      lines: lines.map { $0.path + " " + $0.label })
    return context.services.menus.value(for: key) {
      let open = all.filter {
        context.may($0.level, on: $0.resource) && (context.settings.isCRMOn || !$0.path.hasPrefix("/admin/crm"))
      }
      let current = key.path.flatMap { longest(of: open, leadingTo: $0) }
      return .list(
        MenuGroup.allCases.compactMap { group -> Value? in
          let items = open.filter { $0.group == group }
          guard !items.isEmpty else { return nil }
          let lines = items.map { Value.record(line($0, isCurrent: $0.path == current, context.language)) }
          return .record(ViewData(menuGroupShape, [.text(group.rawValue), .list(lines)]))
        })
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

  private static func line(_ item: MenuItem, isCurrent: Bool, _ language: Language) -> ViewData {
    ViewData(
      menuShape,
      [
        .text(item.isNamed ? item.label : language.text(item.label)), .text(item.path), .text(item.icon), .bool(isCurrent),
        .text(item.keys.joined(separator: " ")), .list(item.keys.map { .text($0) }),
      ])
  }

  /// How much waits in the visitor's inbox. A page is shown without it rather than not at all.
  private static func unread(_ context: RequestContext) -> Int {
    guard let session = context.session, session.view == nil else { return 0 }
    return (try? context.store.read { db in try context.composition.unread(for: context, in: db) }) ?? 0
  }

  private static func userRecord(_ user: User) -> ViewData {
    ViewData(userShape, [.text(user.name), .text(user.email), .text(Initials.of(user.name)), .text(Tint.of(user.id.text))])
  }
}
