package import Base
package import Money

/// An invoice or a credit note by EN 16931, the European standard of electronic invoices, whose terms (BT-…, BG-…) are named here. Every figure
/// is from `totals`; texts are trimmed, and what is empty isn't written.
package struct EInvoice: Sendable {
  package var kind: Kind
  package var profile = Profile.core
  /// BT-1
  package var number: String
  /// BT-2
  package var issued: Day
  /// BT-9
  package var due: Day?
  /// BT-22
  package var note = ""
  /// BT-111: the VAT in the seller's own currency, which the law asks for where a document is in another.
  package var vatInOwnCurrency: Amount?
  /// BT-10: what the buyer asked to be quoted.
  package var buyerReference = ""
  /// BT-13: the number of the buyer's order.
  package var orderReference = ""
  /// BG-3: what a credit note credits, or an invoice follows.
  package var precedingInvoices: [PrecedingInvoice] = []
  /// BG-24
  package var documents: [SupportingDocument] = []
  /// BG-4
  package var seller: Party
  /// BG-7
  package var buyer: Party
  /// BG-14: when services were rendered.
  package var period: ClosedRange<Day>?
  /// BG-13
  package var delivery: Delivery?
  /// BG-16
  package var payment: Payment?
  /// BT-20
  package var paymentTerms = ""
  /// BG-25: one for each line of `document`; `nil` for a section or a note, which isn't written.
  package var lines: [Line?]
  /// BT-97
  package var discountReason = ""
  /// BT-104: one for each charge of `document`.
  package var chargeReasons: [String] = []
  /// BT-120: why no VAT is charged. Exempt lines need one; the other categories without VAT explain themselves.
  package var exemptionReasons: [VATCode.Category: String] = [:]
  package var document: PricedDocument
  package var totals: DocumentTotals

  package init(
    _ kind: Kind, number: String, issued: Day, seller: Party, buyer: Party, lines: [Line?], document: PricedDocument, totals: DocumentTotals
  ) {
    (self.kind, self.number, self.issued, self.seller, self.buyer) = (kind, number, issued, seller, buyer)
    (self.lines, self.document, self.totals) = (lines, document, totals)
  }

  /// BT-3, by UNTDID 1001. The amounts of a credit note are positive.
  package enum Kind: String, Sendable, CaseIterable {
    case invoice = "380"
    case creditNote = "381"
  }

  /// BT-24: the rules that a document follows.
  package enum Profile: Sendable, CaseIterable {
    case core
    /// Peppol BIS Billing 3.0 also needs electronic addresses and a reference.
    case peppol
  }

  package struct PrecedingInvoice: Sendable {
    package var number: String
    package var issued: Day?

    package init(_ number: String, issued: Day? = nil) { (self.number, self.issued) = (number, issued) }
  }

  /// Of a line, what its prices don't tell.
  package struct Line: Sendable {
    /// BT-126; its place among the lines where that is empty.
    package var id = ""
    /// BT-153
    package var name: String
    /// BT-154
    package var description = ""
    /// BT-155: the seller's number of the article.
    package var sku = ""
    /// BT-130
    package var unit: String
    /// BT-139
    package var discountReason = ""

    package init(_ name: String, description: String = "", sku: String = "", unit: String = "C62", discountReason: String = "") {
      (self.name, self.description, self.sku) = (name, description, sku)
      (self.unit, self.discountReason) = (unit, discountReason)
    }
  }

  /// Where and when goods arrived.
  package struct Delivery: Sendable {
    /// BT-72
    package var date: Day?
    /// BT-70
    package var name = ""
    /// BG-15
    package var address: Address?

    package init(date: Day? = nil, name: String = "", address: Address? = nil) {
      (self.date, self.name, self.address) = (date, name, address)
    }
  }
}
