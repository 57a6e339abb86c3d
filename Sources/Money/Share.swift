/// A part of an amount that is divided among several: `amount × weight ÷ whole`, rounded down, or up where the parts would otherwise not add up.
package struct Share: Sendable, Hashable {
  package let amount: Int64
  package let weight: Int64
  package let whole: Int64
  package private(set) var isRoundedUp = false

  /// `whole` is positive.
  init(of amount: Int64, weight: Int64, whole: Int64) { (self.amount, self.weight, self.whole) = (amount, weight, whole) }

  private var exact: (floor: Int128, remainder: Int128) {
    let (quotient, remainder) = (Int128(amount) * Int128(weight)).quotientAndRemainder(dividingBy: Int128(whole))
    return remainder < 0 ? (quotient - 1, remainder + Int128(whole)) : (quotient, remainder)
  }

  package func value() throws(MoneyError) -> Int64 { try Rounding.checked(exact.floor + (isRoundedUp ? 1 : 0)) }

  /// The method of the largest remainder: those that lose most by rounding down are rounded up, until the parts add up to the total. Among equals
  /// the first one is.
  static func filled(_ shares: [Share], to total: Int64) throws(MoneyError) -> [Share] {
    let missing = Int128(total) - shares.reduce(Int128(0)) { $0 + $1.exact.floor }
    var shares = shares
    let remainders = shares.map(\.exact.remainder)
    for index in shares.indices.sorted(by: { (remainders[$1], $0) < (remainders[$0], $1) }).prefix(max(0, Int(clamping: missing))) {
      shares[index].isRoundedUp = true
    }
    return shares
  }

  /// An amount divided by weights. What weighs nothing or less gets nothing.
  package static func divide(_ amount: Int64, by weights: [Int64]) throws(MoneyError) -> [Share] {
    let weights = weights.map { max($0, 0) }
    let whole = try Rounding.sum(weights)
    return try filled(weights.map { Share(of: amount, weight: $0, whole: max(whole, 1)) }, to: whole == 0 ? 0 : amount)
  }
}

/// A fixed amount, such as a discount, over documents that follow one another: several invoices of one order, several credit notes of one invoice.
package enum CumulativeShare {
  /// The part that falls on the step from `before` to `after`, of `whole` in all. What earlier parts were rounded by is made good, so all parts add up.
  package static func part(of amount: Int64, from before: Int64, to after: Int64, whole: Int64) throws(MoneyError) -> Int64 {
    guard whole != 0 else { return 0 }
    func upTo(_ n: Int64) throws(MoneyError) -> Int64 { try Rounding.divide(Int128(amount) * Int128(n), by: Int128(whole)) }
    return try upTo(after) - upTo(before)
  }
}
