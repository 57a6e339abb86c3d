import EInvoice
import Foundation
import Money
import TestKit
import Testing
import XML

struct ElementTests {
  private func texts(_ invoice: EInvoice, _ path: String) throws -> [String] { try invoice.element()[path].map(\.text) }

  @Test func `the golden document`() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/golden.xml")
    let golden = try String(contentsOf: file, encoding: .utf8)
    let found = String(decoding: try Invoices.golden.xml(), as: UTF8.self)
    #expect(found == golden)
  }

  @Test func `a credit note has its own root, type, lines and place for the due date`() throws {
    let root = try Invoices.creditNote.element()
    #expect(root.name == "CreditNote" && root[attribute: "xmlns"] == "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2")
    #expect(root["cbc:CreditNoteTypeCode"].map(\.text) == ["381"])
    #expect(root["cbc:DueDate"].isEmpty && root["cbc:InvoiceTypeCode"].isEmpty)
    #expect(root["cac:PaymentMeans/cbc:PaymentDueDate"].map(\.text) == ["2026-12-20"])
    #expect(root["cac:CreditNoteLine/cbc:CreditedQuantity"].map(\.text) == ["3", "1", "2"])
    #expect(root["cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"].map(\.text) == ["INV-2026-014", "INV-2026-013"])
    #expect(root["cac:LegalMonetaryTotal/cbc:PayableAmount"].map(\.text) == ["342.88"])
    let unpaid = Invoices.with(Invoices.creditNote) { $0.payment = nil }
    #expect(try texts(unpaid, "cac:PaymentMeans/cbc:PaymentMeansCode") == ["1"])
  }

  @Test func `each rate has its part of the document's discount`() throws {
    let root = try Invoices.golden.element()
    #expect(root["cac:AllowanceCharge/cbc:Amount"].map(\.text) == ["9.46", "0.54"])
    #expect(root["cac:AllowanceCharge/cac:TaxCategory/cbc:Percent"].map(\.text) == ["24", "6"])
    #expect(root["cac:AllowanceCharge/cbc:AllowanceChargeReason"].map(\.text) == ["Regular customer", "Regular customer"])
  }

  @Test func `prices with VAT become net ones that come to the same total`() throws {
    let root = try Invoices.make(Sample.document("100.00 @24", prices: .gross)).element()
    #expect(root["cac:InvoiceLine/cbc:LineExtensionAmount"].map(\.text) == ["80.65"])
    #expect(root["cac:InvoiceLine/cac:Price/cbc:PriceAmount"].map(\.text) == ["80.65"])
    #expect(root["cac:TaxTotal/cbc:TaxAmount"].map(\.text) == ["19.35"])
    #expect(root["cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"].map(\.text) == ["100.00"])
  }

  @Test func `charges with VAT of one rate are written together`() throws {
    #expect(try texts(Invoices.mixed(), "cac:AllowanceCharge/cbc:AllowanceChargeReason") == ["Shipping", "Packing", "Insurance", "Fee"])
    let gross = Invoices.mixed(prices: .gross)
    #expect(try texts(gross, "cac:AllowanceCharge/cbc:AllowanceChargeReason") == ["Shipping, Packing", "Insurance", "Fee"])
  }

  @Test func `prices, quantities and rates are exact`() throws {
    let root = try Invoices.mixed().element()
    #expect(
      root["cac:InvoiceLine/cac:Price/cbc:PriceAmount"].map(\.text) == ["19.99", "30.00", "10.01", "0.195", "5.00", "7.77", "1300.00"])
    #expect(root["cac:InvoiceLine/cbc:InvoicedQuantity"].map(\.text) == ["3", "0.333", "2", "1000", "1", "0", "1"])
    #expect(root["cac:InvoiceLine/cac:AllowanceCharge/cbc:MultiplierFactorNumeric"].map(\.text) == ["7.5", "100"])
    #expect(try texts(Invoices.yen, "cac:InvoiceLine/cbc:LineExtensionAmount") == ["1127", "14"])
    #expect(try texts(Invoices.yen, "cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["1127", "4.5"])
    let large = Invoices.make(Sample.document("1 × 9999999999.99 @24"))
    #expect(try texts(large, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount") == ["12399999999.99"])
  }

  @Test func `sections are skipped and lines numbered`() throws {
    #expect(try texts(Invoices.mixed(), "cac:InvoiceLine/cbc:ID") == ["1", "2", "3", "4", "5", "6", "7"])
    let named = Invoices.with(Invoices.golden) { $0.lines[1]?.id = " B7 " }
    #expect(try texts(named, "cac:InvoiceLine/cbc:ID") == ["1", "B7", "3"])
  }

  @Test(arguments: [
    (Invoices.reverseCharge, "VATEX-EU-AE"), (Invoices.intraCommunity, "VATEX-EU-IC"), (Invoices.export, "VATEX-EU-G"),
    (Invoices.outOfScope, "VATEX-EU-O"), (Invoices.exempt, nil), (Invoices.golden, nil),
  ]) func `a category without VAT says why`(_ invoice: EInvoice, _ code: String?) throws {
    let category = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
    #expect(try texts(invoice, category + "/cbc:TaxExemptionReasonCode").first == code)
    let reasons = try texts(invoice, category + "/cbc:TaxExemptionReason")
    #expect(reasons == invoice.exemptionReasons.values.map { $0 })
  }

  @Test func `what is out of scope names no VAT number and no rate`() throws {
    let root = try Invoices.outOfScope.element()
    #expect(root["cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme"].isEmpty)
    #expect(root["cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme"].isEmpty)
    #expect(root["cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID"].map(\.text) == ["EL094259216"])
    #expect(root["cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent"].isEmpty)
  }

  @Test func `addresses have three lines and what is empty is left out`() throws {
    let buyer = try Invoices.oddTexts.element()["cac:AccountingCustomerParty/cac:Party/cac:PostalAddress"].first
    #expect(
      buyer?.elements.map(\.name) == [
        "cbc:StreetName", "cbc:AdditionalStreetName", "cbc:CityName", "cbc:PostalZone", "cbc:CountrySubentity", "cac:AddressLine",
        "cac:Country",
      ])
    #expect(buyer?["cac:Country/cbc:IdentificationCode"].map(\.text) == ["GR"])
    let bare = try Invoices.smallBusiness.element()["cac:AccountingCustomerParty/cac:Party"].first
    #expect(bare?.elements.map(\.name) == ["cac:PostalAddress", "cac:PartyLegalEntity"])
  }

  @Test func `no element is empty`() throws {
    func empty(_ element: XMLElement) -> [String] {
      element.elements.isEmpty && element.text.isEmpty ? [element.name] : element.elements.flatMap(empty)
    }
    for (name, invoice) in Invoices.all { #expect(try empty(invoice.element()) == [], "\(name)") }
  }

  @Test func `Peppol, Greek marks and VAT in the own currency`() throws {
    let root = try Invoices.peppol.element()
    #expect(root["cbc:ProfileID"].map(\.text) == ["urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"])
    #expect(root["cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"].first?[attribute: "schemeID"] == "9933")
    #expect(root["cac:AdditionalDocumentReference/cbc:DocumentDescription"].map(\.text) == ["##M.AR.K##", "##INVOICE|URL##"])
    #expect(try texts(Invoices.ownCurrency, "cac:TaxTotal/cbc:TaxAmount") == ["3.00", "2.76"])
  }
}
