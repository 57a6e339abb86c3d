import Money

/// The figures of a document as EN 16931 wants them: all without VAT. Where prices have VAT, the taxable amounts of the lines are taken as they are
/// and the rest follows from them, so that every sum is exact.
struct Figures {
  /// BG-25
  struct Line {
    let index: Int
    let quantity: Quantity
    let vat: VATCode
    /// BT-131
    let net: Int64
    /// BT-146, as a decimal number.
    let price: String
    /// BT-136
    let discount: Int64
    /// BT-138 and BT-137: what the discount is a percentage of.
    let percentage: (Percentage, of: Int64)?
  }

  /// BG-21: its amount and the indices of what it is for.
  struct Charge {
    let amount: Int64
    let vat: VATCode
    let indices: [Int]
  }

  private(set) var lines: [Line] = []
  /// BG-20: the document's discount, one for each rate of VAT.
  private(set) var discounts: [(amount: Int64, vat: VATCode)] = []
  private(set) var charges: [Charge] = []

  /// BT-106
  var lineTotal: Int64 { lines.reduce(0) { $0 &+ $1.net } }
  /// BT-107
  var discountTotal: Int64 { discounts.reduce(0) { $0 &+ $1.amount } }
  /// BT-108
  var chargeTotal: Int64 { charges.reduce(0) { $0 &+ $1.amount } }

  init(_ document: PricedDocument, _ totals: DocumentTotals, places: Int) throws(MoneyError) {
    for group in totals.vatGroups {
      var discount: Int64 = 0
      for (index, (line, total)) in zip(document.lines, totals.lines).enumerated() {
        guard let line, let total, line.vat == group.code else { continue }
        switch totals.prices {
        case .net: lines.append(try Self.net(index, line, total, places))
        case .gross:
          let shared = try Self.withoutVAT(total.sharedDiscount, line.vat)
          discount += shared
          lines.append(try Self.gross(index, line, total, shared, places))
        }
      }
      if totals.prices == .net { discount = group.discount }
      if discount != 0 { discounts.append((discount, group.code)) }
      charges += Self.charges(
        document, group, totals.prices, taxableOfLines: lines.filter { $0.vat == group.code }.map(\.net).reduce(-discount, &+))
    }
    lines.sort { $0.index < $1.index }
  }

  private static func net(
    _ index: Int, _ line: PricedDocument.Line, _ total: DocumentTotals.Line, _ places: Int
  ) throws(MoneyError) -> Line {
    if line.correction.total != 0 {
      return Line(
        index: index, quantity: line.quantity, vat: line.vat, net: total.total,
        price: price(of: total.total + total.discount, line, places), discount: total.discount, percentage: nil)
    }
    var percentage: (Percentage, of: Int64)?
    if case .percentage(let part) = line.discount, total.discount != 0 { percentage = (part, of: total.amount) }
    let price = DecimalText.of(line.price.units, places: places + UnitPrice.extraPlaces, fewest: places)
    return Line(
      index: index, quantity: line.quantity, vat: line.vat, net: total.total, price: price, discount: total.discount, percentage: percentage
    )
  }

  /// The price follows from the line, not the other way round: its quantity of pieces comes to the net amount, to the cent.
  private static func gross(
    _ index: Int, _ line: PricedDocument.Line, _ total: DocumentTotals.Line, _ shared: Int64, _ places: Int
  ) throws(MoneyError) -> Line {
    let net = total.taxable + shared
    let discount = try withoutVAT(total.discount, line.vat)
    return Line(
      index: index, quantity: line.quantity, vat: line.vat, net: net,
      price: price(of: net + discount, line, places), discount: discount, percentage: nil)
  }

  /// The price at which the pieces of a line come to an amount without VAT; of no pieces, the line's own.
  private static func price(of amount: Int64, _ line: PricedDocument.Line, _ places: Int) -> String {
    let (dividend, divisor): (Int128, Int128)
    if line.quantity.thousandths == 0 {
      let whole = Int128(Percentage.whole.units)
      (dividend, divisor) = (Int128(line.price.units) * whole, Int128(UnitPrice.perMinor) * (whole + Int128(line.vat.rate.units)))
    } else {
      (dividend, divisor) = (Int128(amount) * Int128(Quantity.one.thousandths), Int128(line.quantity.thousandths))
    }
    let price = (dividend * precision * 2 + divisor) / (divisor * 2)
    return DecimalText.of(price, places: places + precisionPlaces, fewest: places)
  }

  // Enough that a million pieces come to the same cent.
  private static let precisionPlaces = 8
  private static let precision: Int128 = 100_000_000

  /// Charges with VAT have no net amounts of their own: those of one rate share what the lines leave of its taxable amount.
  private static func charges(
    _ document: PricedDocument, _ group: DocumentTotals.VATGroup, _ prices: PricedDocument.PriceMode, taxableOfLines: Int64
  ) -> [Charge] {
    let indices = document.charges.indices.filter { document.charges[$0].vat == group.code }
    guard prices == .gross, !indices.isEmpty else {
      return indices.map { Charge(amount: document.charges[$0].amount, vat: group.code, indices: [$0]) }
    }
    return [Charge(amount: group.taxable - taxableOfLines, vat: group.code, indices: indices)]
  }

  private static func withoutVAT(_ amount: Int64, _ vat: VATCode) throws(MoneyError) -> Int64 {
    try TraceStep.Formula.withoutVAT(amount, vat.rate).value()
  }

  /// Whether the sums are those that receivers check (BR-CO-10 to BR-CO-16, BR-S-08).
  func addUp(to totals: DocumentTotals) -> Bool {
    let groupsAddUp = totals.vatGroups.allSatisfy { group in
      let nets = lines.filter { $0.vat == group.code }.map(\.net) + charges.filter { $0.vat == group.code }.map(\.amount)
      return nets.reduce(0, &+) &- discounts.filter { $0.vat == group.code }.reduce(0) { $0 &+ $1.amount } == group.taxable
    }
    return groupsAddUp && Set(lines.map(\.vat) + charges.map(\.vat)).isSubset(of: totals.vatGroups.map(\.code))
      && lineTotal &- discountTotal &+ chargeTotal == totals.net && totals.vatGroups.reduce(0) { $0 &+ $1.vat } == totals.vat
      && totals.net &+ totals.vat == totals.gross && totals.gross &+ totals.rounding &- totals.paid == totals.due
  }
}
