import Base
import Store
import Templating
import Web

/// A record's history: who changed what, when, field by field.
package enum EventsTab {
  static let changeShape = ViewSchema("change", [("field", .text), ("before", .text), ("after", .text)])
  static let entryShape = ViewSchema(
    "entry",
    [
      ("id", .text), ("label", .text), ("icon", .text), ("actor", .text), ("at", .text), ("time", .text),
      ("fields", .text), ("changes", .list(.record(changeShape))),
      ("revertHref", .optional(.text)), ("source", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "events",
    [
      ("record", .record(RecordFrame.shape)), ("entries", .list(.record(entryShape))), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])

  static let tab = RecordTab(id: "events", label: "Events", isEverywhere: true, show: show)
  private static let pageSize = 50
  /// Fields that the sentence about a change names.
  private static let namedFields = 3

  @Sendable private static func show(_ context: RequestContext, _ kind: RecordType, _ header: RecordHeader) throws -> Response {
    let before = context.query["before"].map { Int($0) ?? 0 }
    let found = try context.store.read { db in
      try Activity.entries(of: kind.name, header.id, before: before, limit: pageSize + 1, in: db)
    }
    let entries = found.prefix(pageSize)
    let older =
      found.count > pageSize
      ? entries.last.map { URLQuery.append([("before", String($0.seq))], to: kind.path(of: header.id.text) + "/events") } : nil
    let (formats, reach) = (context.formats, try context.historyReach)
    return try context.page(
      "activity/events",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, kind, tab: "events", for: context)),
          .list(
            entries.map {
              let mayRevert =
                $0.isRevertible && context.may(.write, on: kind.resource) && !header.isTrashed
                && context.composition.shows($0.changes, of: kind, to: reach)
              let href = kind.path(of: header.id.text) + "/events/\($0.seq)/revert"
              return entry($0, of: kind, context.composition, reach, formats, revertHref: mayRevert ? href : nil)
            }), older.map { .text($0) } ?? .null,
          before == nil ? .null : .text(kind.path(of: header.id.text) + "/events"),
        ]))
  }

  static func entry(
    _ entry: Activity.Entry, of type: RecordType?, _ composition: Composition, _ reach: HistoryReach, _ formats: Formats,
    revertHref: String?
  ) -> Value {
    let label = composition.actions[entry.action]
    // Of a new record that would be all of them, and of what hangs on it the label says it.
    let fields = entry.action.hasSuffix(".created") ? [] : entry.changes.compactMap { type?.field($0.field)?.label }
    let named = fields.prefix(namedFields).map { formats.language.text($0) } + (fields.count > namedFields ? ["…"] : [])
    return .record(
      ViewData(
        entryShape,
        [
          .text(String(entry.seq)), .text(label.label), .text(label.icon), .text(entry.actorName), .text(entry.at),
          .text(formats.minute(entry.at)), .text(named.joined(separator: ", ")),
          .list(
            entry.changes.map { change($0, of: type, composition, reach, formats) }), revertHref.map { .text($0) } ?? .null,
          entry.source.map { .text($0.text(in: formats.language)) } ?? .null,
        ]))
  }

  private static func change(
    _ change: Change, of type: RecordType?, _ composition: Composition, _ reach: HistoryReach, _ formats: Formats
  ) -> Value {
    let field = composition.field(change.field, of: type)
    let display = reach.shows(field.names) ? field.display : HistoryReach.hidden
    return .record(
      ViewData(changeShape, [.text(field.label), .text(display(change.before, formats)), .text(display(change.after, formats))]))
  }
}
