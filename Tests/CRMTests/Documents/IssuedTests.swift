import Base
import Foundation
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Invoices and credit notes as people make, print and send them.
@Suite struct IssuedTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  // Case 30.
  @Test func `a document is in the customer's language, whoever prints it`() throws {
    let greek = sales.program.send(.post, "/contacts", .object(["name": "Γιώργος Παππάς", "language": "el"]))
    let customer = [("contact", "Γιώργος Παππάς"), ("contact_id", greek.id)]
    let (order, invoice) = try sales.invoice([Line("Καμπάνα", "1", "100")], customer)
    let quote = try sales.make(DocumentOffice.quotes, [Line("Καμπάνα", "1", "100")], customer)
    let manager = try sales.office.visitor(.manager, name: "Max Manager")
    #expect(manager.get(order).page.first("//html")?["lang"] == "en")
    #expect(try sales.pdf(quote + "/quote.pdf", by: manager).contains("Προσφορά"))
    #expect(try sales.pdf(order + "/confirmation.pdf", by: manager).contains("Επιβεβαίωση παραγγελίας"))
    #expect(try sales.pdf(invoice + "/invoice.pdf", by: manager).contains("Τιμολόγιο"))
    // One language for this document, another for that: it is what the document says.
    let german = try sales.make(DocumentOffice.orders, [Line("Glocke", "1", "100")], customer + [("language", "de")])
    #expect(try sales.pdf(german + "/confirmation.pdf").contains("Auftragsbestätigung"))
  }

  // Case 30.
  @Test func `an invoice is printed in the language that the office had when it was issued`() throws {
    try sales.settings("", ["default_language": "el"])
    let invoice = try sales.invoice([Line("Bell", "1", "100")]).invoice
    try sales.settings("", ["default_language": "de"])
    #expect(try sales.pdf(invoice + "/invoice.pdf").contains("Τιμολόγιο"))
  }

  // Case 46.
  @Test(arguments: ["EL123456783", "GR 123 456 783", "123456783", "el-123456783"])
  func `a Greek firm's VAT number has EL before it, and its country is GR`(_ typed: String) throws {
    try sales.settings(
      "/documents",
      [
        "business_name": "Helios", "business_vat_number": typed.hasPrefix("EL") ? "GR123456783" : "123456783", "business_country": "GR",
        "business_city": "Athens", "business_postal_code": "10431", "business_address": "Ermou 1",
      ])
    sales.owner.get("/admin/crm/companies/new")
    let made = sales.owner.post(
      "/admin/crm/companies",
      [
        "name": "Aiolos", "status": "active", "vat_number": typed, "country": "GR", "city": "Patra", "street": "Korinthou 5",
        "postal_code": "26221",
      ])
    let company = made.location.split(separator: "?").first.map(String.init) ?? ""
    let json = sales.json(company)
    #expect(json["country"]?.string == "GR")
    if typed != "123456783" { #expect(json["vat_number"]?.string == "EL123456783") }
    let invoice = try sales.invoice(
      [Line("Bell", "1", "100", vat: try sales.vat("24"))],
      [("contact", ""), ("contact_id", ""), ("company", "Aiolos"), ("company_id", sales.id(company))]
    ).invoice
    let pdf = try sales.pdf(invoice + "/invoice.pdf")
    #expect(pdf.ranges(of: "EL123456783").count == 2 && !pdf.contains("GR123456783"), "\(pdf)")
    let xml = sales.owner.get(invoice + "/invoice.xml")
    #expect(xml.status == 200, "\(sales.flash(xml))")
    #expect(xml.text.ranges(of: ">EL123456783<").count >= 2 && xml.text.ranges(of: "<cbc:IdentificationCode>GR<").count == 2)
  }
}
