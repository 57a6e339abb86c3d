package import Money

extension Sample {
  private static let rates = ["0", "5.5", "6", "8.25", "13", "19", "24", "33.3333"].map { vat($0) }

  private static func discount(upTo most: Int64, _ random: inout SplitMix) -> PricedDocument.Discount? {
    switch random.below(4) {
    case 0: .percentage(Percentage(Int64(random.below(1_000_001))))
    case 1: .fixed(most <= 0 ? 0 : Int64(random.below(Int(most) + 1)))
    case 2: .percentage(Percentage(Int64(random.below(20)) * 50_000))
    default: nil
    }
  }

  /// Of ordinary and odd figures alike, some lines taking back what others sell.
  package static func document(_ random: inout SplitMix) throws -> PricedDocument {
    var document = PricedDocument(currency: ["EUR", "JPY", "KWD"][random.below(3)], lines: [])
    document.prices = random.below(3) == 0 ? .gross : .net
    for _ in 0..<random.below(9) {
      guard random.below(8) > 0 else {
        document.lines.append(nil)
        continue
      }
      let quantity = random.below(3) == 0 ? Int64(random.below(20_000)) : Int64(random.below(20)) * 1_000
      let price = random.below(3) == 0 ? Int64(random.below(900_000_000)) : Int64(random.below(90_000)) * 10_000
      var line = PricedDocument.Line(Quantity(quantity), at: UnitPrice(price), vat: rates[random.below(rates.count)])
      let amount = try PricedDocument(currency: "EUR", lines: [line]).totals().net
      line.discount = discount(upTo: amount, &random)
      document.lines.append(line)
    }
    if random.below(3) == 0, let line = document.lines.compactMap(\.self).first, line.discount == nil {
      document.lines.append(PricedDocument.Line(Quantity(-line.quantity.thousandths), at: line.price, vat: line.vat))
    }
    for _ in 0..<random.below(3) {
      document.charges.append(.init(Int64(random.below(5_000)), vat: rates[random.below(rates.count)]))
    }
    document.discount = discount(upTo: try document.totals().lineTotal, &random)
    document.paid = Int64(random.below(100_000))
    return document
  }
}
