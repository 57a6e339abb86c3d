import Admin
import Base
import Store
import Templating
import Web

/// The stock of a product: how much there is, a form to change that, and all movements.
enum StockTab {
  private static let movementShape = ViewSchema(
    "stock-movement",
    [
      ("id", .text), ("kind", .text), ("change", .text), ("reserved", .text), ("onHand", .text), ("reason", .text),
      ("by", .text), ("at", .text), ("time", .text), ("undoHref", .optional(.text)), ("isUndone", .bool),
    ])
  private static let formShape = ViewSchema(
    "stock-form",
    [
      ("action", .text), ("kinds", .html), ("quantity", .text), ("quantityError", .optional(.text)), ("reason", .text),
      ("reasonError", .optional(.text)), ("error", .optional(.text)),
    ])
  static let shape = ViewSchema(
    "stock",
    [
      ("record", .record(RecordFrame.shape)), ("isTracked", .bool), ("editHref", .optional(.text)), ("onHand", .text), ("reserved", .text),
      ("available", .text), ("isShort", .bool), ("form", .optional(.record(formShape))), ("movements", .list(.record(movementShape))),
      ("older", .optional(.text)), ("newest", .optional(.text)),
    ])

  static let tab = RecordTab(id: "stock", label: "Stock", of: "product", rows: { header, _ in StockStore.rows(of: header.id) }) {
    context, _, header in try page(context, header)
  }
  static let kinds = [("received", "Goods received"), ("removed", "Goods removed"), ("counted", "Stocktake: counted")]
  private static let pageSize = 50

  /// With what was typed, if it could not be saved.
  static func page(
    _ context: RequestContext, _ header: RecordHeader, _ typed: FormFields = FormFields(), _ errors: ValidationErrors = ValidationErrors()
  ) throws -> Response {
    let type = RecordType.product
    let before = context.query["before"].flatMap { Int($0) }
    let (stock, found, isTracked) = try context.store.read { db in
      (
        try StockStore.stock(of: header.id, in: db),
        try StockStore.movements(of: header.id, before: before, limit: pageSize, in: db),
        try db.value("SELECT is_stocked FROM products WHERE id = \(header.id)") == 1
      )
    }
    let mayWrite = context.may(.write, on: .products) && !header.isTrashed
    func shown(_ quantity: Int64) -> String { Stock.display(quantity, context.formats) }
    func signed(_ quantity: Int64) -> String { quantity > 0 ? "+" + shown(quantity) : quantity < 0 ? shown(quantity) : "" }
    func error(_ input: String) -> Value { errors[input].map { .text(context.text($0)) } ?? .null }
    let href = header.href + "/stock"
    let form = ViewData(
      formShape,
      [
        .text(href), context.choices(kinds.map { (value: $0.0, label: $0.1) }).options(selected: typed["kind"] ?? "received"),
        .text(typed["quantity"] ?? ""), error("quantity"), .text(typed["reason"] ?? ""), error("reason"), error(""),
      ])
    let movements = found.movements.map { movement -> Value in
      let mayUndo = mayWrite && movement.kind.isManual && !movement.isUndone
      return .record(
        ViewData(
          movementShape,
          [
            .text(movement.id), .text(context.text(movement.kind.label)), .text(signed(movement.onHand)), .text(signed(movement.reserved)),
            .text(shown(movement.balance.onHand)), .text(movement.reason), .text(movement.by),
            .text(movement.at), .text(context.formats.minute(movement.at)), mayUndo ? .text("\(href)/\(movement.id)/undo") : .null,
            .bool(movement.isUndone),
          ]))
    }
    return try context.page(
      "stock/stock",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, type, tab: "stock", for: context)), .bool(isTracked),
          mayWrite ? .text(header.href + "/edit") : .null, .text(shown(stock.onHand)), .text(shown(stock.reserved)),
          .text(shown(stock.available)), .bool(stock.available < 0),
          mayWrite && isTracked || !errors.isEmpty ? .record(form) : .null, .list(movements),
          found.hasMore ? found.movements.last.map { .text(URLQuery.append([("before", String($0.position))], to: href)) } ?? .null : .null,
          before == nil ? .null : .text(href),
        ]), status: errors.isEmpty ? 200 : 422)
  }

  /// What there is, on a product's Overview.
  static let panel = RecordPanel(
    place: .beforeDetails, template: "stock/panel",
    schema: ViewSchema(
      "stock-panel", [("href", .text), ("onHand", .text), ("reserved", .text), ("available", .text), ("isLow", .bool)])
  ) { schema, record, context, db in
    guard !record["is_stocked"].isEmpty else { return nil }
    let stock = try StockStore.stock(of: record.id, in: db)
    func shown(_ quantity: Int64) -> Value { .text(Stock.display(quantity, context.formats)) }
    return ViewData(
      schema,
      [
        .text(record.header.href + "/stock"), shown(stock.onHand), shown(stock.reserved), shown(stock.available),
        .bool(record["reorder_at"].number.map { stock.available <= Int64($0) } ?? false),
      ])
  }
}
