import Admin
import Base
import Money
import Templating

/// What an order earns: what its lines come to without VAT, less what they cost when they were ordered.
struct OrderMargin {
  struct Line {
    let name: String
    let net: Int64
    let cost: Amount?
    /// `nil` where the cost isn't known, or is in another currency.
    let margin: Margin?
  }

  let currency: String
  let lines: [Line]

  init?(_ order: DocumentValues, _ costs: [String: Amount?]) {
    guard !costs.isEmpty, let totals = try? order.totals() else { return nil }
    let currency = order.currency
    self.currency = currency
    lines = zip(order.lines, totals.lines).compactMap { line, total in
      guard let total else { return nil }
      var cost: Amount?
      if let unit = costs[line.id].flatMap({ $0 }), let quantity = line.quantity {
        // What is too large to add up counts as unknown.
        cost = (try? Rounding.divide(Int128(unit.minor) * Int128(quantity), by: Int128(Quantity.one.thousandths)))
          .map { Amount($0, unit.currency) }
      }
      let margin = cost.flatMap { try? Margin(net: Amount(total.taxable, currency), cost: $0) }
      return Line(name: line.name, net: total.taxable, cost: cost, margin: margin)
    }
  }

  var net: Int64 { lines.reduce(0) { $0 + $1.net } }

  var unknown: Int { lines.count { $0.cost == nil } }

  /// The costs by their currency; `nil` where one isn't known, or they are too large to add up.
  var costs: [Amount]? {
    var sums: [String: Int64] = [:]
    for line in lines {
      guard let cost = line.cost, let sum = try? Rounding.sum([sums[cost.currency] ?? 0, cost.minor]) else { return nil }
      sums[cost.currency] = sum
    }
    return sums.sorted { $0.key < $1.key }.map { Amount($1, $0) }
  }

  /// `nil` where a cost isn't known, or is in another currency.
  var total: Margin? {
    guard let costs, costs.count == 1, let cost = costs.first else { return nil }
    return try? Margin(net: Amount(net, currency), cost: cost)
  }

  // MARK: The panel

  private static let rowSchema = ViewSchema(
    "margin-row", [("name", .text), ("net", .text), ("cost", .text), ("profit", .text), ("margin", .text), ("isLoss", .bool)])

  /// For those who may change products: everybody else has nothing to do with what they cost.
  static let panel = RecordPanel(
    place: .main, template: "orders/margin",
    schema: ViewSchema("order-margin", [("rows", .list(.record(rowSchema))), ("total", .record(rowSchema)), ("note", .text)])
  ) { schema, order, context, db in
    guard context.may(.write, on: .products),
      let margin = OrderMargin(DocumentValues(order), try OrderCosts.all(of: order.id, in: db))
    else { return nil }
    let formats = context.formats
    let unknown = context.language.text("unknown")
    func row(_ name: String, _ net: Int64, _ costs: [Amount]?, _ earned: Margin?) -> ViewData {
      ViewData(
        rowSchema,
        [
          .text(name), .text(formats.money(Amount(net, margin.currency))),
          .text(costs.map { $0.map { formats.money($0) }.joined(separator: " + ") } ?? unknown),
          .text(earned.map { formats.money($0.profit) } ?? unknown),
          .text(earned.map { $0.margin.map { formats.percent($0) } ?? "" } ?? unknown),
          .bool(earned.map { $0.profit.minor < 0 } ?? false),
        ])
    }
    return ViewData(
      schema,
      [
        .list(margin.lines.map { .record(row($0.name, $0.net, $0.cost.map { [$0] }, $0.margin)) }),
        .record(row("", margin.net, margin.costs, margin.total)),
        .text(
          margin.unknown == 0
            ? ""
            : context.text(Message("The cost of {n} line is unknown.", "The cost of {n} lines is unknown.", count: margin.unknown))),
      ])
  }
}
