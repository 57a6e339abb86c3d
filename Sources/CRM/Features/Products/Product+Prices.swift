import Admin
import Base
import Money
import Store
import Templating

extension Product {
  /// A price of a product, besides its usual one.
  struct Price: Sendable, Equatable {
    /// Empty for everyone.
    let list: String
    let price: UnitPrice
    let currency: String
    let from: Quantity
    /// Days, `2026-11-20`; empty for always.
    let validFrom: String
    let validUntil: String

    func isValid(on day: String) -> Bool { (validFrom.isEmpty || validFrom <= day) && (validUntil.isEmpty || day <= validUntil) }
  }

  static func prices(of record: Record) -> [Price] {
    prices.rows(in: record["prices"]).compactMap { row in
      guard case .amount(let units, let currency) = row[1] else { return nil }
      return Price(
        list: row[0].text, price: UnitPrice(Int64(units)), currency: currency, from: Quantity(Int64(row[2].number ?? 0)),
        validFrom: row[3].text, validUntil: row[4].text)
    }
  }

  /// The price for so many on a day, in a currency: of the customer's list before that for everyone; of those, the largest quantity that is reached, then
  /// the one that began last; the usual price if there is none. `nil` where no price is known in this currency.
  static func price(of record: Record, list: String, currency: String, quantity: Quantity, on day: String) -> UnitPrice? {
    // What is taken back has the price that it was sold for.
    let pieces = Quantity(abs(quantity.thousandths))
    let fitting = prices(of: record).filter {
      $0.currency == currency && $0.from <= pieces && $0.isValid(on: day) && ($0.list.isEmpty || TextFolding.isSame($0.list, list))
    }
    let best = fitting.max { ($0.list.isEmpty ? 0 : 1, $0.from, $0.validFrom) < ($1.list.isEmpty ? 0 : 1, $1.from, $1.validFrom) }
    if let best { return best.price }
    guard case .amount(let units, currency) = record["price"] else { return nil }
    return UnitPrice(Int64(units))
  }

  private static let priceSchema = ViewSchema(
    "product-price", [("list", .text), ("from", .text), ("price", .text), ("period", .text), ("isCurrent", .bool)])

  /// The usual price, and the table of the others.
  static let pricePanel = RecordPanel(
    place: .main, template: "products/prices",
    schema: ViewSchema(
      "product-prices", [("price", .text), ("unit", .text), ("gross", .text), ("rate", .text), ("prices", .list(.record(priceSchema)))])
  ) { schema, record, context, db in
    let formats = context.formats
    let kind = MoneyField(extraPlaces: UnitPrice.extraPlaces)
    func shown(_ kind: some FieldKind, _ value: FieldValue) -> String { kind.display(kind.history(value), formats) }
    let rows = prices.rows(in: record["prices"])
    guard !record["price"].isEmpty || !rows.isEmpty else { return nil }
    let today = context.filterMoment.businessDay.text
    let rate = try db.value("SELECT rate FROM vat_codes WHERE id = \(record["vat_code"].text)").map { Percentage(Int64($0)) }
    var gross = ""
    if let rate, rate > .zero, case .amount(let units, let currency) = record["price"] {
      // What a customer pays is an amount, rounded once.
      let whole = try Rounding.divide(
        Int128(units) * Int128(Percentage.whole.units + rate.units), by: Int128(Percentage.whole.units) * Int128(UnitPrice.perMinor))
      gross = formats.money(Amount(whole, currency))
    }
    return ViewData(
      schema,
      [
        .text(shown(kind, record["price"])), .text(context.language.text(units.first { $0.0 == record["unit"].text }?.1 ?? "")),
        .text(gross), .text(rate.map { shown(VATCode.rate, .integer(Int($0.units))) } ?? ""),
        .list(
          rows.map { row in
            let days = row[3...4].map { shown(DateField(), $0) }
            let period =
              switch (days[0].isEmpty, days[1].isEmpty) {
              case (true, true): ""
              case (false, true): context.text(Message("from {day}", ["day": days[0]]))
              case (true, false): context.text(Message("until {day}", ["day": days[1]]))
              case (false, false): days.joined(separator: " – ")
              }
            let isCurrent = (row[3].isEmpty || row[3].text <= today) && (row[4].isEmpty || today <= row[4].text)
            return .record(
              ViewData(
                priceSchema,
                [.text(row[0].text), .text(shown(quantity, row[2])), .text(shown(kind, row[1])), .text(period), .bool(isCurrent)]))
          }),
      ])
  }
}
