/// Every total of a document. Pages, PDF, XML, lists and margins show these and compute nothing themselves.
package struct DocumentTotals: Sendable, Equatable {
  package let currency: String
  package let prices: PricedDocument.PriceMode
  /// One for each line; `nil` for a section or a note.
  package let lines: [Line?]
  /// In the order of `VATCode`.
  package let vatGroups: [VATGroup]
  /// Of all lines; of the document's discount; of all charges. With VAT where prices have it.
  package let lineTotal: Int64
  package let discount: Int64
  package let charges: Int64
  package let net: Int64
  package let vat: Int64
  package let gross: Int64
  /// What rounding to the smallest coin adds.
  package let rounding: Int64
  package let paid: Int64
  /// Negative where too much has been paid.
  package let due: Int64
  /// How each figure came about, in the order of computing; empty unless asked for.
  package let trace: [TraceStep]

  package struct Line: Sendable, Equatable {
    /// Quantity × price.
    package let amount: Int64
    package let discount: Int64
    /// What is left of it.
    package let total: Int64
    /// Its part of the document's discount.
    package let sharedDiscount: Int64
    /// What it adds to the taxable amount of its group: without VAT, after all discounts.
    package let taxable: Int64
  }

  /// The lines and charges with one VAT code.
  package struct VATGroup: Sendable, Equatable {
    package let code: VATCode
    package let lineTotal: Int64
    package let discount: Int64
    package let charges: Int64
    package let taxable: Int64
    package let vat: Int64
  }
}

/// Everything that is wrong with a document, so that one answer can name it all.
package struct TotalsErrors: Error, Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case document, discount
    case line(Int)
    case charge(Int)
  }

  package enum Problem: Sendable, Equatable {
    /// An amount of more than 18 digits.
    case tooLarge
    case unknownCurrency(String)
    case negativePrice
    case negativeCharge
    case percentageOutOfRange
    /// `most` is in minor units.
    case discountOutOfRange(most: Int64)
    case negativeTotal
  }

  package private(set) var all: [(place: Place, problem: Problem)] = []

  init() {}

  init(_ place: Place, _ problem: Problem) { all = [(place, problem)] }

  mutating func add(_ others: TotalsErrors) { all += others.all }

  package static func == (a: TotalsErrors, b: TotalsErrors) -> Bool {
    a.all.count == b.all.count && zip(a.all, b.all).allSatisfy { $0 == $1 }
  }
}
