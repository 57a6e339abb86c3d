import Base

extension PricedDocument {
  /// Computes every total by the rules of EN 16931: amounts are rounded line by line, VAT once for each rate, half away from zero.
  package func totals(traced: Bool = false) throws(TotalsErrors) -> DocumentTotals {
    guard Currency.places(of: currency) != nil else { throw TotalsErrors(.document, .unknownCurrency(currency)) }
    var calculation = Calculation(document: self, isTraced: traced)
    return try calculation.totals()
  }
}

private struct Calculation {
  let document: PricedDocument
  let isTraced: Bool
  private var trace: [TraceStep] = []

  init(document: PricedDocument, isTraced: Bool) { (self.document, self.isTraced) = (document, isTraced) }

  /// What a line comes to by itself.
  private struct LineTotal {
    let index: Int
    let vat: VATCode
    let amount: Int64
    let discount: Int64
    let total: Int64
    let vatCorrection: Int64
    var sharedDiscount: Int64 = 0
    var taxable: Int64 = 0
  }

  mutating func totals() throws(TotalsErrors) -> DocumentTotals {
    var lines = try lineTotals()
    let lineTotal = try figure(.sumOfLines, .sum(lines.map(\.total)))
    guard lineTotal >= 0 else { throw TotalsErrors(.document, .negativeTotal) }
    let discount = try discounted(lineTotal, by: document.discount, .documentDiscount, at: .discount)
    let charges = try figure(.sumOfCharges, .sum(document.charges.map(\.amount)))
    let groups = try groups(&lines, discount)

    let net = try figure(.net, .sum(groups.map(\.taxable)))
    let vat = try figure(.vat, .sum(groups.map(\.vat)))
    let gross = try figure(.gross, .sum([net, vat]))
    guard net >= 0, gross >= 0 else { throw TotalsErrors(.document, .negativeTotal) }
    let payable = document.smallestCoin > 1 ? try figure(.payable, .rounded(gross, to: document.smallestCoin)) : gross
    let due = try figure(.due, .difference(payable, document.paid))

    var all = [DocumentTotals.Line?](repeating: nil, count: document.lines.count)
    for line in lines {
      all[line.index] = DocumentTotals.Line(
        amount: line.amount, discount: line.discount, total: line.total, sharedDiscount: line.sharedDiscount, taxable: line.taxable)
    }
    return DocumentTotals(
      currency: document.currency, prices: document.prices, lines: all, vatGroups: groups, lineTotal: lineTotal, discount: discount,
      charges: charges, net: net, vat: vat, gross: gross, rounding: payable - gross, paid: document.paid, due: due, trace: trace)
  }

  private mutating func lineTotals() throws(TotalsErrors) -> [LineTotal] {
    var (totals, errors) = ([LineTotal](), TotalsErrors())
    for (index, line) in document.lines.enumerated() {
      guard let line else { continue }
      do throws(TotalsErrors) {
        totals.append(try lineTotal(line, index))
      } catch {
        errors.add(error)
      }
    }
    for (index, charge) in document.charges.enumerated() where charge.amount < 0 {
      errors.add(TotalsErrors(.charge(index), .negativeCharge))
    }
    guard errors.all.isEmpty else { throw errors }
    return totals
  }

  private mutating func lineTotal(_ line: PricedDocument.Line, _ index: Int) throws(TotalsErrors) -> LineTotal {
    guard line.price.units >= 0 else { throw TotalsErrors(.line(index), .negativePrice) }
    let amount = try figure(.lineAmount(index), .product(line.quantity, line.price), at: .line(index))
    let discount = try discounted(amount, by: line.discount, .lineDiscount(index), at: .line(index))
    let correction = line.correction.total
    let total = try figure(
      .lineTotal(index), correction == 0 ? .difference(amount, discount) : .sum([amount, -discount, correction]), at: .line(index))
    return LineTotal(index: index, vat: line.vat, amount: amount, discount: discount, total: total, vatCorrection: line.correction.vat)
  }

  /// A discount takes at most all. The discount is rounded, not what is left.
  private mutating func discounted(
    _ amount: Int64, by discount: PricedDocument.Discount?, _ name: TraceStep.Figure, at place: TotalsErrors.Place
  ) throws(TotalsErrors) -> Int64 {
    switch discount {
    case nil: return 0
    case .percentage(let percentage):
      guard (Percentage.zero...Percentage.whole).contains(percentage) else { throw TotalsErrors(place, .percentageOutOfRange) }
      return try figure(name, .percentage(percentage, of: amount), at: place)
    case .fixed(let fixed):
      guard fixed >= 0, fixed <= max(amount, 0) else { throw TotalsErrors(place, .discountOutOfRange(most: max(amount, 0))) }
      return try figure(name, .typed(fixed), at: place)
    }
  }

  /// The groups of VAT. The document's discount is divided among them by their lines, and within each among its lines.
  private mutating func groups(_ lines: inout [LineTotal], _ discount: Int64) throws(TotalsErrors) -> [DocumentTotals.VATGroup] {
    // In an order that doesn't depend on the lines': moving a line changes no total.
    let codes = Set(lines.map(\.vat) + document.charges.map(\.vat)).sorted()
    var lineTotals: [Int64] = []
    for code in codes {
      lineTotals.append(try figure(.groupLineTotal(code), .sum(lines.lazy.filter { $0.vat == code }.map(\.total))))
    }
    let shares = try divide(discount, by: lineTotals)
    var groups: [DocumentTotals.VATGroup] = []
    for (code, (lineTotal, share)) in zip(codes, zip(lineTotals, shares)) {
      let discount = try figure(.groupDiscount(code), .share(share))
      let charged = document.charges.filter { $0.vat == code }.map(\.amount)
      let charges = try figure(.groupCharges(code), .sum(charged))
      let places = lines.indices.filter { lines[$0].vat == code }
      for (place, share) in zip(places, try divide(discount, by: places.map { lines[$0].total })) {
        lines[place].sharedDiscount = try figure(.lineSharedDiscount(lines[place].index), .share(share))
      }
      let (taxable, vat) = try tax(code, lineTotal, discount, charges, correction: places.map { lines[$0].vatCorrection }.reduce(0, &+))
      try setTaxable(of: places, in: &lines, charged, taxable, code)
      groups.append(
        DocumentTotals.VATGroup(code: code, lineTotal: lineTotal, discount: discount, charges: charges, taxable: taxable, vat: vat))
    }
    return groups
  }

  private mutating func tax(
    _ code: VATCode, _ lineTotal: Int64, _ discount: Int64, _ charges: Int64, correction: Int64
  ) throws(TotalsErrors) -> (taxable: Int64, vat: Int64) {
    let total: TraceStep.Formula = .sum([lineTotal, -discount, charges])
    switch document.prices {
    case .net:
      let taxable = try figure(.groupTaxable(code), total)
      return (taxable, try figure(.groupVAT(code), corrected(.percentage(code.rate, of: taxable), by: correction)))
    case .gross:
      // The customer pays the price that was promised; what is left of it beside VAT is taxable.
      let gross = try figure(.groupGross(code), total)
      let taxable = try figure(.groupTaxable(code), corrected(.withoutVAT(gross, code.rate), by: -correction))
      return (taxable, try figure(.groupVAT(code), .difference(gross, taxable)))
    }
  }

  private func corrected(_ formula: TraceStep.Formula, by correction: Int64) throws(TotalsErrors) -> TraceStep.Formula {
    correction == 0 ? formula : .sum([try checked { () throws(MoneyError) in try formula.value() }, correction])
  }

  /// What each line adds to the taxable amount. Prices with VAT leave fractions, which lines and charges share.
  private mutating func setTaxable(
    of places: [Int], in lines: inout [LineTotal], _ charged: [Int64], _ taxable: Int64, _ code: VATCode
  ) throws(TotalsErrors) {
    switch document.prices {
    case .net:
      for place in places {
        let line = lines[place]
        lines[place].taxable = try figure(.lineTaxable(line.index), .difference(line.total, line.sharedDiscount))
      }
    case .gross:
      let whole = Percentage.whole.units
      let afterDiscounts = places.map { lines[$0].total - lines[$0].sharedDiscount }
      let exact = (afterDiscounts + charged).map { Share(of: $0, weight: whole, whole: whole + code.rate.units) }
      // What the VAT has more than it would, these lines have less.
      let corrections = places.map { lines[$0].vatCorrection }.reduce(0, &+)
      let shares = try checked { () throws(MoneyError) in try Share.filled(exact, to: taxable + corrections) }
      for (place, share) in zip(places, shares) {
        lines[place].taxable = try figure(.lineTaxable(lines[place].index), corrected(.share(share), by: -lines[place].vatCorrection))
      }
    }
  }

  // MARK: Steps

  private mutating func figure(
    _ figure: TraceStep.Figure, _ formula: TraceStep.Formula, at place: TotalsErrors.Place = .document
  ) throws(TotalsErrors) -> Int64 {
    let value = try checked(at: place) { () throws(MoneyError) in try formula.value() }
    if isTraced { trace.append(TraceStep(figure: figure, formula: formula, value: value)) }
    return value
  }

  private func divide(_ amount: Int64, by weights: [Int64]) throws(TotalsErrors) -> [Share] {
    try checked { () throws(MoneyError) in try Share.divide(amount, by: weights) }
  }

  private func checked<T>(at place: TotalsErrors.Place = .document, _ compute: () throws(MoneyError) -> T) throws(TotalsErrors) -> T {
    do throws(MoneyError) { return try compute() } catch { throw TotalsErrors(place, .tooLarge) }
  }
}
