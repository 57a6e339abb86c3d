/// What the totals of a quote, an order, an invoice or a credit note follow from. All amounts are minor units of its currency.
package struct PricedDocument: Sendable {
  package var currency: String
  package var prices = PriceMode.net
  /// `nil` for a section or a note, which counts nothing.
  package var lines: [Line?]
  package var discount: Discount?
  package var charges: [Charge]
  package var paid: Int64
  /// The smallest coin, in minor units, where what is due is rounded to it: 5 for 0.05.
  package var smallestCoin: Int64 = 1

  package init(
    currency: String, prices: PriceMode = .net, lines: [Line?], discount: Discount? = nil, charges: [Charge] = [], paid: Int64 = 0
  ) {
    (self.currency, self.prices, self.lines) = (currency, prices, lines)
    (self.discount, self.charges, self.paid) = (discount, charges, paid)
  }

  /// Whether prices, discounts and charges include VAT.
  package enum PriceMode: String, Sendable, CaseIterable {
    case net, gross
  }

  package struct Line: Sendable, Hashable {
    package var quantity: Quantity
    package var price: UnitPrice
    package var discount: Discount?
    package var vat: VATCode
    package var correction = Correction()

    package init(_ quantity: Quantity, at price: UnitPrice, discount: Discount? = nil, vat: VATCode, correction: Correction = Correction())
    {
      (self.quantity, self.price, self.discount, self.vat, self.correction) = (quantity, price, discount, vat, correction)
    }
  }

  /// What a part of a document has more or less, so that all parts come to the document although each is rounded by itself: in what is left of a
  /// line after its discount, and in the VAT of its group.
  package struct Correction: Sendable, Hashable {
    package var total: Int64
    package var vat: Int64

    package init(total: Int64 = 0, vat: Int64 = 0) { (self.total, self.vat) = (total, vat) }
  }

  package enum Discount: Sendable, Hashable {
    case percentage(Percentage)
    case fixed(Int64)
  }

  /// Something on top, such as shipping, with VAT of its own.
  package struct Charge: Sendable, Hashable {
    package var amount: Int64
    package var vat: VATCode

    package init(_ amount: Int64, vat: VATCode) { (self.amount, self.vat) = (amount, vat) }
  }
}

/// How VAT is charged: a category of EN 16931 and a rate. Each has a group of its own among the totals.
package struct VATCode: Sendable, Hashable, Comparable {
  package enum Category: String, Sendable, CaseIterable, Comparable {
    case standard = "S"
    case zero = "Z"
    case exempt = "E"
    case reverseCharge = "AE"
    case intraCommunity = "K"
    case export = "G"
    case outOfScope = "O"

    package static func < (a: Category, b: Category) -> Bool { a.rawValue < b.rawValue }
  }

  package let category: Category
  package let rate: Percentage

  /// `nil` for a rate that the category can't have: only the standard category has any.
  package init?(_ category: Category, _ rate: Percentage = .zero) {
    guard (Percentage.zero...Percentage.whole).contains(rate), category == .standard ? rate > .zero : rate == .zero else { return nil }
    (self.category, self.rate) = (category, rate)
  }

  /// The highest rate first.
  package static func < (a: VATCode, b: VATCode) -> Bool { (b.rate, a.category) < (a.rate, b.category) }
}
