import Admin
import Base
import Money
import Store
import Templating
import Web

/// Documents by their status, side by side. A card is moved by dragging it, or by the buttons on it, which are the document's steps.
struct DocumentBoard: Sendable {
  let steps: DocumentSteps
  let statuses: [RecordStatus]

  private static let stepSchema = ViewSchema("board-step", [("href", .text), ("label", .text), ("to", .text)])
  private static let cardSchema = ViewSchema(
    "board-card",
    [
      ("id", .text), ("number", .text), ("href", .text), ("title", .text), ("customer", .text), ("total", .text), ("date", .text),
      ("isLate", .bool), ("steps", .list(.record(stepSchema))),
    ])
  private static let columnSchema = ViewSchema(
    "board-column",
    [
      ("status", .text), ("label", .text), ("count", .text), ("href", .text), ("cards", .list(.record(cardSchema))), ("hasMore", .bool),
    ])
  static let shape = ViewSchema(
    "board",
    [
      ("title", .text), ("listHref", .text), ("boardHref", .text), ("newHref", .optional(.text)), ("newLabel", .text),
      ("columns", .list(.record(columnSchema))),
    ])

  private static let atOnce = 50

  var path: String { steps.path + "/board" }

  var route: Route { .get(path, .see(steps.resource), effort: .read, show) }

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let type = steps.type()
    let mayWrite = context.may(.write, on: steps.resource)
    return try context.store.read { db in
      let columns = try statuses.map { try column($0, type, mayWrite: mayWrite, context, db) }
      return try context.page(
        "documents/board",
        ViewData(
          Self.shape,
          [
            .text(type.listLabel), .text(type.path), .text(path), mayWrite ? .text(type.path + "/new") : .null, .text(type.words.new),
            .list(columns.map { .record($0) }),
          ]))
    }
  }

  private func column(_ status: RecordStatus, _ type: RecordType, mayWrite: Bool, _ context: RequestContext, _ db: Database) throws
    -> ViewData
  {
    let scope = try context.scope(of: steps.resource)
    let reach = try context.reach
    // Names of customers only where the reader may see them.
    func name(_ field: String, _ target: RecordTarget) -> SQL {
      """
      (SELECT target.name FROM \(raw: field == "company" ? "companies" : "contacts") AS target
        WHERE target.id = \(raw: type.table).\(raw: field)_id\(reach.condition(on: "target", of: target) ?? ""))
      """
    }
    let day = type === RecordType.quote ? "valid_until" : "due_on"
    let formats = context.formats
    let today = context.filterMoment.businessDay.text
    let isOpen = status.value == "sent" || status.value == "confirmed"
    var cards = try db.all(
      """
      SELECT id, name, title, coalesce(\(name("company", .company)), \(name("contact", .contact)), ''), total, total_currency, \(raw: day)
      FROM \(raw: type.table) WHERE status = \(status.value)\(scope.condition(on: type.table))
      ORDER BY number_sort DESC, seq DESC LIMIT \(Self.atOnce + 1)
      """
    ) { row -> ViewData in
      let href = type.path(of: row.text(0))
      let offered = mayWrite ? steps.steps.filter { $0.from.contains(status.value) && $0.to != nil && $0.to != status.value } : []
      return ViewData(
        Self.cardSchema,
        [
          .text(row.text(0)), .text(row.text(1)), .text(href), .text(row.text(2)), .text(row.text(3)),
          .text(row.isNull(4) ? "" : formats.money(Amount(Int64(row.int(4)), row.text(5)))),
          .text(row.text(6).isEmpty ? "" : formats.date(row.text(6))), .bool(isOpen && !row.text(6).isEmpty && row.text(6) < today),
          .list(
            offered.map { step in
              .record(ViewData(Self.stepSchema, [.text(href + "/" + step.id), .text(step.label), .text(step.to ?? "")]))
            }),
        ])
    }
    let hasMore = cards.count > Self.atOnce
    if hasMore { cards.removeLast() }
    return ViewData(
      Self.columnSchema,
      [
        .text(status.value), .text(formats.status(status.value)), .text(hasMore ? "\(Self.atOnce)+" : formats.number(cards.count)),
        .text(URLQuery.append([("status", status.value)], to: type.path)), .list(cards.map { .record($0) }), .bool(hasMore),
      ])
  }
}
