import Admin
import Base
import Money
import Templating

extension Product {
  /// What one unit costs. Throws where the amounts are in several currencies, which `rule` keeps out.
  static func cost(_ values: (String) -> FieldValue) -> UnitCost {
    func amount(_ value: FieldValue) -> Amount? {
      if case .amount(let minor, let currency) = value { Amount(Int64(minor), currency) } else { nil }
    }
    return UnitCost(
      parts: costParts.rows(in: values("cost_parts")).compactMap { amount($0[1]) },
      labourMinutes: values("labour").number.map { Int64($0) },
      hourlyRate: amount(values("hourly_rate")), inboundShipping: amount(values("inbound_shipping")))
  }

  private static let lineSchema = ViewSchema("product-cost", [("name", .text), ("detail", .text), ("amount", .text)])

  /// The parts of the cost, their sum, and what is earned at the usual price.
  static let costPanel = RecordPanel(
    place: .main, template: "products/costs",
    schema: ViewSchema(
      "product-costs",
      [
        ("lines", .list(.record(lineSchema))), ("total", .text), ("price", .text), ("profit", .text), ("margin", .text), ("markup", .text),
        ("isLoss", .bool),
      ])
  ) { schema, record, context, _ in
    let cost = cost { record[$0] }
    guard let total = try? cost.total() else { return nil }
    let formats = context.formats
    func shown(_ amount: Amount) -> String { formats.money(amount) }
    var lines = costParts.rows(in: record["cost_parts"]).map { row in
      [row[0].text, "", MoneyField().display(MoneyField().history(row[1]), formats)]
    }
    if let labour = try? cost.labour(), labour.minor != 0, let rate = cost.hourlyRate {
      let time = DurationField().display(DurationField().history(record["labour"]), formats)
      lines.append([context.language.text("Labour"), "\(time) × \(shown(rate))", shown(labour)])
    }
    if let shipping = cost.inboundShipping { lines.append([context.language.text("Inbound shipping"), "", shown(shipping)]) }
    // A price has more decimals than an amount, so all is compared in its units: what a screw earns is less than a cent.
    let kind = MoneyField(extraPlaces: UnitPrice.extraPlaces)
    func exact(_ units: Int64) -> String { kind.display(kind.text(.amount(Int(units), currency: total.currency)), formats) }
    var (price, margin): (Int64?, Margin?) = (nil, nil)
    if case .amount(let units, let currency) = record["price"], currency == total.currency {
      price = Int64(units)
      // Of amounts too large to be compared there is none.
      margin = try? Margin(net: Amount(Int64(units), currency), cost: Amount(UnitPrice.of(minor: total.minor).units, currency))
    }
    func percent(_ percentage: Percentage?) -> String { percentage.map { formats.percent($0) } ?? "" }
    return ViewData(
      schema,
      [
        .list(lines.map { .record(ViewData(lineSchema, [.text($0[0]), .text($0[1]), .text($0[2])])) }), .text(shown(total)),
        .text(price.map(exact) ?? ""), .text(margin.map { exact($0.profit.minor) } ?? ""), .text(percent(margin?.margin)),
        .text(percent(margin?.markup)), .bool(margin.map { $0.profit.minor < 0 } ?? false),
      ])
  }
}

extension Formats {
  /// An amount as people read it.
  func money(_ amount: Amount) -> String {
    MoneyField().display(Int(amount.minor), amount.currency, self)
  }

  /// A percentage with one decimal.
  func percent(_ percentage: Percentage) -> String {
    let tenths = (try? Rounding.divide(Int128(percentage.units), by: 1_000)) ?? 0
    let kind = DecimalField(places: 1, unit: "%")
    return kind.display(kind.text(.integer(Int(tenths))), self)
  }
}
