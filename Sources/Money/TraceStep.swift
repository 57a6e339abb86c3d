/// How one figure of a document was computed. The figures are the results of these formulas, so a trace can't differ from them.
package struct TraceStep: Sendable, Equatable {
  package let figure: Figure
  package let formula: Formula
  package let value: Int64

  package enum Figure: Sendable, Equatable {
    case lineAmount(Int)
    case lineDiscount(Int)
    case lineTotal(Int)
    case sumOfLines
    case documentDiscount
    case sumOfCharges
    case groupLineTotal(VATCode)
    case groupDiscount(VATCode)
    case groupCharges(VATCode)
    /// The total of a group in prices with VAT.
    case groupGross(VATCode)
    case groupTaxable(VATCode)
    case groupVAT(VATCode)
    case lineSharedDiscount(Int)
    case lineTaxable(Int)
    case net, vat, gross, payable, due
  }

  package enum Formula: Sendable, Equatable {
    case typed(Int64)
    case product(Quantity, UnitPrice)
    case percentage(Percentage, of: Int64)
    case sum([Int64])
    case difference(Int64, Int64)
    case share(Share)
    /// An amount that includes VAT, without it.
    case withoutVAT(Int64, Percentage)
    /// Rounded to a multiple.
    case rounded(Int64, to: Int64)

    package func value() throws(MoneyError) -> Int64 {
      switch self {
      case .typed(let amount): return try Rounding.checked(Int128(amount))
      case .product(let quantity, let price):
        return try Rounding.divide(
          Int128(quantity.thousandths) * Int128(price.units), by: Int128(Quantity.one.thousandths) * Int128(UnitPrice.perMinor))
      case .percentage(let percentage, of: let amount): return try percentage.of(amount)
      case .sum(let amounts): return try Rounding.sum(amounts)
      case .difference(let a, let b): return try Rounding.checked(Int128(a) - Int128(b))
      case .share(let share): return try share.value()
      case .withoutVAT(let gross, let rate):
        let whole = Int128(Percentage.whole.units)
        return try Rounding.divide(Int128(gross) * whole, by: whole + Int128(rate.units))
      case .rounded(let amount, to: let step):
        return try Rounding.checked(Int128(try Rounding.divide(Int128(amount), by: Int128(step))) * Int128(step))
      }
    }
  }
}
