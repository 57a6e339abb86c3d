import Base
import Store
import Templating
import Web

/// The tab with all changes of settings, each of which can be undone.
enum SettingsHistory {
  static let schema = ViewSchema(
    "settings-history",
    [
      ("tabs", .list(.record(ListPage.linkShape))), ("entries", .list(.record(EventsTab.entryShape))), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])

  static let tab = SettingsTab(id: "history", label: "History", place: 100, show: show)
  private static let pageSize = 50

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let type = context.composition.settingsType
    let before = context.query["before"].map { Int($0) ?? 0 }
    let found = try context.store.read { db in
      try Activity.entries(of: type.name, SettingsStore.id, before: before, limit: pageSize + 1, in: db)
    }
    let (entries, reach) = (found.prefix(pageSize), try context.historyReach)
    return try context.page(
      "settings/history",
      ViewData(
        schema,
        [
          SettingsPages.tabs(at: tab.id, for: context),
          .list(
            entries.map {
              EventsTab.entry(
                $0, of: type, context.composition, reach, context.formats,
                revertHref: $0.isRevertible ? SettingsPages.revertPath(String($0.seq)) : nil)
            }),
          found.count > pageSize ? entries.last.map { .text(tab.path + "?before=\($0.seq)") } ?? .null : .null,
          before == nil ? .null : .text(tab.path),
        ]))
  }
}
