/// Why an amount can't be computed.
package enum MoneyError: Error, Sendable, Equatable {
  /// The result has more than 18 digits.
  case tooLarge
  /// Two amounts in different currencies have no sum.
  case otherCurrency
}

/// Rounding half away from zero: 12.5 becomes 13 and −12.5 becomes −13. Products are computed in 128 bits, so only their result can be too large.
package enum Rounding {
  /// 18 digits: every computed amount can be typed, stored and added to another.
  package static let most: Int64 = 999_999_999_999_999_999

  /// A quotient, rounded.
  package static func divide(_ n: Int128, by d: Int128) throws(MoneyError) -> Int64 {
    let (quotient, remainder) = n.quotientAndRemainder(dividingBy: d)
    let isHalfOrMore = 2 * remainder.magnitude >= d.magnitude
    return try checked(isHalfOrMore ? quotient + ((n < 0) == (d < 0) ? 1 : -1) : quotient)
  }

  package static func checked(_ n: Int128) throws(MoneyError) -> Int64 {
    guard n.magnitude <= UInt128(most) else { throw .tooLarge }
    return Int64(n)
  }

  package static func sum(_ amounts: some Sequence<Int64>) throws(MoneyError) -> Int64 {
    try checked(amounts.reduce(Int128(0)) { $0 + Int128($1) })
  }
}
