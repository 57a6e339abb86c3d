import Base
import Store
import Templating
import Web

/// What happened with a record: calls, messages, meetings, notes, newest first. A company's holds its members' too.
enum InteractionsTab {
  static let lineShape = Shape(
    "interaction",
    [
      ("label", .text), ("icon", .text), ("subject", .text), ("body", .text), ("at", .text), ("time", .text), ("minutes", .int),
      ("contactHref", .optional(.text)), ("contactName", .text),
    ])
  static let shape = Shape(
    "interactions",
    [
      ("record", .record(RecordFrame.shape)), ("lines", .list(.record(lineShape))), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])

  static let tab = RecordTab(id: "interactions", label: "Interactions", show: show)
  private static let pageSize = 50

  @Sendable private static func show(_ visit: Visit, _ kind: RecordKind, _ header: RecordHeader) throws -> Response {
    let after = try visit.query["after"].map { text in
      guard let cursor = ListCursor(text) else {
        throw Problem.badRequest(Message("The address of this page is damaged. Start from the first page."))
      }
      return cursor
    }
    let found = try visit.store.read { db in
      try InteractionStore.lines(of: kind, header.id, after: after, limit: pageSize + 1, in: db)
    }
    let lines = found.prefix(pageSize)
    let href = kind.path(of: header.id.text) + "/interactions"
    let formats = visit.formats
    return try visit.page(
      "interactions/feed",
      Record(
        shape,
        [
          .record(RecordFrame.record(header, kind, tab: tab.id, for: visit)),
          .list(lines.map { line($0, showsContact: kind.name == "company", formats) }),
          found.count > pageSize ? lines.last.map { .text(URLQuery.append([("after", $0.cursor.text)], to: href)) } ?? .null : .null,
          after == nil ? .null : .text(href),
        ]))
  }

  private static func line(_ line: InteractionStore.Line, showsContact: Bool, _ formats: Formats) -> Value {
    let type = Interaction.type(line.type)
    let contact = showsContact ? line.contact : nil
    return .record(
      Record(
        lineShape,
        [
          .text(type.label), .text(type.icon), .text(line.subject), .text(line.body), .text(line.occurredAt),
          .text(formats.minute(line.occurredAt)), .int(line.minutes ?? 0),
          contact.map { .text(RecordKind.contact.path(of: $0.id)) } ?? .null,
          .text(contact?.name ?? ""),
        ]))
  }
}
