// Money is computed in integers, each in the smallest unit of its kind; never in floating point.

/// An amount of money: minor units of an ISO 4217 currency. 12.50 EUR is 1250, 12 JPY is 12.
package struct Amount: Sendable, Hashable {
  package let minor: Int64
  package let currency: String

  package init(_ minor: Int64, _ currency: String) { (self.minor, self.currency) = (minor, currency) }

  package static func zero(_ currency: String) -> Amount { Amount(0, currency) }

  /// The sum of two amounts in the same currency.
  package func adding(_ other: Amount) throws(MoneyError) -> Amount {
    guard currency == other.currency else { throw .otherCurrency }
    return Amount(try Rounding.checked(Int128(minor) + Int128(other.minor)), currency)
  }
}

/// The price of one piece, in 1/10 000 of a minor unit: a screw may cost 0.195 EUR.
package struct UnitPrice: Sendable, Hashable {
  /// How many decimals a price has more than an amount.
  package static let extraPlaces = 4
  package static let perMinor: Int64 = 10_000

  package let units: Int64

  package init(_ units: Int64) { self.units = units }

  /// The price as an amount, as far as that can be exact.
  package static func of(minor: Int64) throws(MoneyError) -> UnitPrice {
    UnitPrice(try Rounding.checked(Int128(minor) * Int128(perMinor)))
  }
}

/// How much of something, in 1/1000. Negative where something is taken back.
package struct Quantity: Sendable, Hashable, Comparable {
  /// How many decimals it has.
  package static let places = 3
  package static let one = Quantity(1_000)

  package let thousandths: Int64

  package init(_ thousandths: Int64) { self.thousandths = thousandths }

  package static func < (a: Quantity, b: Quantity) -> Bool { a.thousandths < b.thousandths }
}

/// A percentage, in 1/10 000 of a percent: 5.5 % is 55 000.
package struct Percentage: Sendable, Hashable, Comparable {
  /// How many decimals it has.
  package static let places = 4
  package static let zero = Percentage(0)
  package static let whole = Percentage(1_000_000)

  package let units: Int64

  package init(_ units: Int64) { self.units = units }

  package static func < (a: Percentage, b: Percentage) -> Bool { a.units < b.units }

  /// A part as a percentage of a whole; `nil` if the whole is 0.
  package init?(_ part: Int64, of whole: Int64) {
    guard whole != 0, let units = try? Rounding.divide(Int128(part) * Int128(Self.whole.units), by: Int128(whole)) else { return nil }
    self.units = units
  }

  /// This percentage of an amount, rounded.
  package func of(_ minor: Int64) throws(MoneyError) -> Int64 {
    try Rounding.divide(Int128(minor) * Int128(units), by: Int128(Self.whole.units))
  }
}
