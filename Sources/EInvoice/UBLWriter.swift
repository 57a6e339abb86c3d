import Base
import Money
import XML

/// Puts a checked invoice into the elements of UBL.
struct UBLWriter {
  let invoice: EInvoice
  let figures: Figures
  let money: AmountWriter

  var isCredit: Bool { invoice.kind == .creditNote }

  func document() -> XMLElement {
    let root = isCredit ? "CreditNote" : "Invoice"
    let schema = "urn:oasis:names:specification:ubl:schema:xsd:"
    return XMLElement(
      root, head() + references() + parties() + payment() + sums() + figures.lines.enumerated().map(line),
      attributes: [
        "xmlns": "\(schema)\(root)-2", "xmlns:cac": "\(schema)CommonAggregateComponents-2", "xmlns:cbc": "\(schema)CommonBasicComponents-2",
      ])
  }

  private func head() -> [XMLElement?] {
    let core = "urn:cen.eu:en16931:2017"
    let isPeppol = invoice.profile == .peppol
    return [
      XMLElement("cbc:CustomizationID", isPeppol ? "\(core)#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0" : core),
      isPeppol ? XMLElement("cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0") : nil,
      .optional("cbc:ID", invoice.number),
      XMLElement("cbc:IssueDate", invoice.issued.text),
      // Credit notes have no element for it, and say it with the payment.
      isCredit ? nil : .optional("cbc:DueDate", invoice.due?.text),
      XMLElement(isCredit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", invoice.kind.rawValue),
      .optional("cbc:Note", note),
      XMLElement("cbc:DocumentCurrencyCode", money.currency),
      .optional("cbc:TaxCurrencyCode", invoice.vatInOwnCurrency?.currency),
      .optional("cbc:BuyerReference", invoice.buyerReference),
    ]
  }

  /// Receivers take `#ABC#` at the start of a note for a code (BR-CL-08). One that contains the mark gets such a code: AAI, general information.
  private var note: String? { invoice.note.written.map { $0.contains("#") ? "#AAI#" + $0 : $0 } }

  private func references() -> [XMLElement?] {
    let preceding = invoice.precedingInvoices.map { preceding in
      XMLElement(
        "cac:BillingReference",
        [
          .group(
            "cac:InvoiceDocumentReference",
            [.optional("cbc:ID", preceding.number), .optional("cbc:IssueDate", preceding.issued?.text)])
        ])
    }
    let documents = invoice.documents.map { document in
      XMLElement(
        "cac:AdditionalDocumentReference",
        [
          .optional("cbc:ID", document.id), .optional("cbc:DocumentDescription", document.description),
          .group("cac:Attachment", [.group("cac:ExternalReference", [.optional("cbc:URI", document.url)])]),
        ])
    }
    return [
      .group(
        "cac:InvoicePeriod",
        [.optional("cbc:StartDate", invoice.period?.lowerBound.text), .optional("cbc:EndDate", invoice.period?.upperBound.text)]),
      .group("cac:OrderReference", [.optional("cbc:ID", invoice.orderReference)]),
    ] + preceding + documents
  }

  private func parties() -> [XMLElement?] {
    [
      XMLElement("cac:AccountingSupplierParty", [invoice.seller.element(.seller, namesVAT: !invoice.isOutOfScope)]),
      XMLElement("cac:AccountingCustomerParty", [invoice.buyer.element(.buyer, namesVAT: !invoice.isOutOfScope)]),
      .group(
        "cac:Delivery",
        [
          .optional("cbc:ActualDeliveryDate", invoice.delivery?.date?.text),
          .group("cac:DeliveryLocation", [invoice.delivery?.address?.element("cac:Address")]),
          .group("cac:DeliveryParty", [.group("cac:PartyName", [.optional("cbc:Name", invoice.delivery?.name)])]),
        ]),
    ]
  }

  private func payment() -> [XMLElement?] {
    let due = isCredit ? invoice.due?.text : nil
    let payment = invoice.payment ?? (due == nil ? nil : EInvoice.Payment(.undefined))
    let means = payment.map { payment in
      XMLElement(
        "cac:PaymentMeans",
        [
          XMLElement("cbc:PaymentMeansCode", payment.means.rawValue), .optional("cbc:PaymentDueDate", due),
          .optional("cbc:PaymentID", payment.reference), payment.means.needsAccount ? account(payment) : nil,
        ])
    }
    return [means, .group("cac:PaymentTerms", [.optional("cbc:Note", invoice.paymentTerms)])]
  }

  private func account(_ payment: EInvoice.Payment) -> XMLElement {
    XMLElement(
      "cac:PayeeFinancialAccount",
      [
        .optional("cbc:ID", IBAN.normalized(payment.account) ?? payment.account), .optional("cbc:Name", payment.accountName),
        .group("cac:FinancialInstitutionBranch", [.optional("cbc:ID", payment.bic)]),
      ])
  }
}
