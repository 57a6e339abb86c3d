/// What one piece costs its maker: named parts, labour and inbound shipping, all in one currency.
package struct UnitCost: Sendable {
  package var parts: [Amount]
  /// `nil` where it isn't known how long it takes.
  package var labourMinutes: Int64?
  package var hourlyRate: Amount?
  package var inboundShipping: Amount?

  package init(parts: [Amount] = [], labourMinutes: Int64? = nil, hourlyRate: Amount? = nil, inboundShipping: Amount? = nil) {
    (self.parts, self.labourMinutes) = (parts, labourMinutes)
    (self.hourlyRate, self.inboundShipping) = (hourlyRate, inboundShipping)
  }

  /// Minutes × hourly rate, rounded; `nil` without one of them.
  package func labour() throws(MoneyError) -> Amount? {
    guard let labourMinutes, let hourlyRate else { return nil }
    return Amount(try Rounding.divide(Int128(labourMinutes) * Int128(hourlyRate.minor), by: 60), hourlyRate.currency)
  }

  /// `nil` where nothing is known: that is not a cost of 0.
  package func total() throws(MoneyError) -> Amount? {
    var total: Amount?
    for amount in parts + [try labour(), inboundShipping].compactMap(\.self) { total = try total?.adding(amount) ?? amount }
    return total
  }
}

/// What is earned by selling something.
package struct Margin: Sendable, Equatable {
  package let profit: Amount
  /// Of what is paid for it; `nil` where that is nothing.
  package let margin: Percentage?
  /// Of what it costs; `nil` where that is nothing.
  package let markup: Percentage?

  /// Both amounts are in one currency, and without VAT.
  package init(net: Amount, cost: Amount) throws(MoneyError) {
    guard net.currency == cost.currency else { throw .otherCurrency }
    profit = Amount(try Rounding.checked(Int128(net.minor) - Int128(cost.minor)), net.currency)
    margin = Percentage(profit.minor, of: net.minor)
    markup = Percentage(profit.minor, of: cost.minor)
  }
}
