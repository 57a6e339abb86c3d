import Base
import Store
import Templating
import Web

/// A record's history: who changed what, when, field by field.
enum EventsTab {
  static let changeShape = Shape("change", [("field", .text), ("before", .text), ("after", .text)])
  static let entryShape = Shape(
    "entry",
    [
      ("id", .text), ("label", .text), ("icon", .text), ("actor", .text), ("at", .text), ("time", .text),
      ("changes", .list(.record(changeShape))),
    ])
  static let shape = Shape(
    "events",
    [("record", .record(RecordFrame.shape)), ("entries", .list(.record(entryShape))), ("older", .optional(.text)), ("isFirst", .bool)])

  static let tab = RecordTab(id: "events", label: "Events", show: show)
  private static let pageSize = 50

  @Sendable private static func show(_ visit: Visit, _ kind: RecordKind, _ header: RecordHeader) throws -> Response {
    let before = visit.query["before"].map { Int($0) ?? 0 }
    let found = try visit.store.read { db in
      try Activity.entries(of: kind.name, header.id, before: before, limit: pageSize + 1, in: db)
    }
    let entries = found.prefix(pageSize)
    let older =
      found.count > pageSize
      ? entries.last.map { URLQuery.append([("before", String($0.seq))], to: kind.path(of: header.id.text) + "/events") } : nil
    let formats = visit.formats
    return try visit.page(
      "activity/events",
      Record(
        shape,
        [
          .record(RecordFrame.record(header, kind, tab: "events", for: visit)),
          .list(entries.map { entry($0, visit.application.actions[$0.action], formats) }), older.map { .text($0) } ?? .null,
          .bool(before == nil),
        ]))
  }

  static func entry(_ entry: Activity.Entry, _ label: ActionLabel, _ formats: Formats) -> Value {
    .record(
      Record(
        entryShape,
        [
          .text(String(entry.seq)), .text(label.label), .text(label.icon), .text(entry.actorName), .text(entry.at),
          .text(formats.minute(entry.at)),
          .list(
            entry.changes.map { change in
              .record(
                Record(
                  changeShape,
                  [
                    .text(FieldLabels.of(change.field)), .text(formats.fieldText(change.before, of: change.field)),
                    .text(formats.fieldText(change.after, of: change.field)),
                  ]))
            }),
        ]))
  }
}
