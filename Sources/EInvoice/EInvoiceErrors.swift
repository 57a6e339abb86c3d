package import Money

/// Everything that keeps an invoice from being written, so that one answer can name it all.
package struct EInvoiceErrors: Error, Sendable, Equatable {
  package let all: [Problem]

  package enum Place: Sendable, Hashable, CaseIterable {
    case seller, buyer, delivery
  }

  /// Lines, charges and references are named by their index.
  package enum Problem: Sendable, Hashable {
    case noNumber
    case noLines
    /// EN 16931 knows two decimals at most, and some currencies have more.
    case tooManyDecimals(currency: String)
    case unknownCurrency(String)
    case noName(Place)
    case noCountry(Place)
    case unknownCountry(Place, String)
    /// The category needs the VAT number of the seller or the buyer.
    case noVATNumber(Place, VATCode.Category)
    case badVATNumber(Place, String)
    case noElectronicAddress(Place)
    case unknownAddressScheme(Place, String)
    /// Peppol needs the buyer's reference or the number of an order.
    case noReference
    case noPrecedingNumber(Int)
    case noDocumentNumber(Int)
    /// Goods that go to another member state need the day on which they arrived, or a period.
    case noDeliveryDate
    case noExemptionReason(VATCode.Category)
    /// A document with anything out of the scope of VAT can have nothing else.
    case outOfScopeAmongOthers
    case noLineName(Int)
    case unknownUnit(Int, String)
    case negativeQuantity(Int)
    case noChargeReason(Int)
    case noAccount
    case badIBAN(String)
    /// The lines, the prices and the totals aren't those of one document.
    case figuresDiffer
    case tooLarge
  }
}
