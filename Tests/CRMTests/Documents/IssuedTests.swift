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

  @Test(arguments: ["CRN-{year}-{n:3}", "INV-{year}-{n:3}"])
  func `15: a credit note has a number of its own series, and the next invoice follows the last one`(_ pattern: String) throws {
    try sales.settings("/documents", ["credit_note_numbers": pattern])
    let first = try sales.invoice([Line("Bell", "1", "100")]).invoice
    let note = sales.stepping(first, "credit")
    try sales.issue(note)
    let second = try sales.invoice([Line("Bell", "1", "100")]).invoice
    let third = try sales.invoice([Line("Bell", "1", "100")]).invoice
    let year = sales.office.now.civil.year
    let numbers = [first, note, second, third].map(sales.number)
    #expect(Set(numbers).count == 4)
    if pattern.hasPrefix("CRN") {
      #expect(numbers == ["INV-\(year)-001", "CRN-\(year)-001", "INV-\(year)-002", "INV-\(year)-003"])
    } else {
      // One pattern for both: a number that the other series gave is left out, with the reason.
      #expect(numbers.map { $0.suffix(3) } == ["001", "002", "003", "004"])
      #expect(sales.owner.get("/admin/settings/crm/documents").text.contains("Already used"))
    }
  }

  @Test func `35: only the partly paid of three invoices past due is overdue, not the paid one or the draft`() throws {
    let old = [("date", "2026-10-01"), ("due_on", "2026-10-15")]
    func invoice(issued: Bool) throws -> String {
      let order = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "100")], old)
      sales.step(order, "confirm")
      let invoice = sales.stepping(order, "invoice")
      let dated = try sales.form(invoice).map { field in old.first { $0.0 == field.0 } ?? field }
      try #require(sales.owner.post(invoice, dated + [("csrf_token", sales.owner.lastToken)]).status == 303)
      if issued { try sales.issue(invoice) }
      return invoice
    }
    let (paid, draft, part) = (try invoice(issued: true), try invoice(issued: false), try invoice(issued: true))
    sales.pay(form: paid, "100")
    sales.pay(form: part, "40")
    #expect(sales.json(paid)["payment_status"]?.string == "paid" && sales.json(draft)["status"]?.string == "draft")
    #expect(sales.listed("/admin/crm/invoices?filter=overdue") == [sales.number(part)])
    #expect(sales.owner.get("/admin/crm/invoices?filter=overdue").page.first("//table//tbody")?.text.contains("Partly paid") == true)
    #expect(sales.owner.get(part).page.first("//section[contains(@class, 'document-steps')]/p")?.text.contains("Overdue since") == true)
    #expect(sales.owner.get("/admin/crm").text.contains("Overdue invoices: 1"))
  }

  @Test func `what was paid for an invoice is listed on its order, and an advance on the invoice, each voided only where it belongs`()
    throws
  {
    let (order, invoice) = try sales.invoice([Line("Bell", "1", "100")])
    sales.pay(form: order, "30")
    sales.pay(form: invoice, "70")
    for (path, other) in [(order, invoice), (invoice, order)] {
      let tab = sales.owner.get(path + "/payments").page
      #expect(Set(tab.all("//tbody/tr/td[contains(@class, 'number')]").map(\.text)) == ["30.00\u{A0}EUR", "70.00\u{A0}EUR"])
      #expect(tab.first("//tbody//a[@href='\(other)/payments']")?.text == sales.number(other))
      #expect(tab.all("//tbody//form").compactMap { $0["action"] }.map { $0.hasPrefix(path + "/payments/") } == [true])
    }
    // Who may not see invoices sees none there.
    try sales.office.store.write { db in
      _ = try db.run("UPDATE roles SET grants = \("orders=write invoices=none") WHERE id = \(Role.manager.id)")
    }
    let seller = try sales.office.visitor(.manager)
    #expect(seller.get(order + "/payments").page.all("//tbody/tr").count == 1)
  }

  @Test func `an IBAN with a wrong digit isn't printed on invoices`() throws {
    #expect(throws: InvalidValue.self) { try IBANField().parse("GR1601101250000000012300696") }
    try sales.settings("/documents", ["business_iban": "gr16 0110 1250 0000 0001 2300 695"])
    #expect(try sales.pdf(sales.invoice([Line("Bell", "1", "100")]).invoice + "/invoice.pdf").contains("GR1601101250000000012300695"))
  }

  @Test func `38: a list with two currencies has two totals`() throws {
    for (amount, currency) in [("100", "GBP"), ("200", "GBP"), ("343.19", "EUR")] {
      _ = try sales.make(DocumentOffice.orders, [Line("Bell", "1", amount)], [("currency", currency)])
      _ = try sales.make(DocumentOffice.quotes, [Line("Bell", "1", amount)], [("currency", currency)])
      _ = try sales.invoice([Line("Bell", "1", amount)], [("currency", currency)])
    }
    for (list, pounds, euros) in [("quotes", "300.00", "343.19"), ("orders", "600.00", "686.38"), ("invoices", "300.00", "343.19")] {
      let sums = sales.owner.get("/admin/crm/" + list).page.all("//p[contains(@class, 'sums')]/strong").map {
        $0.text.replacing("\u{A0}", with: " ")
      }
      #expect(Set(sums) == ["\(pounds) GBP", "\(euros) EUR"], "\(list)")
    }
    let customer = sales.owner.get("/admin/crm/contacts/" + sales.customer + "/orders").page.all("//p[@class='customer-sum']").map(\.text)
    #expect(customer.count { $0.contains("GBP") } == 2 && customer.count { $0.contains("EUR") } == 2, "orders and invoices")
    #expect(!customer.contains { $0.contains("GBP") && $0.contains("EUR") })
  }

  @Test func `43: downloads have a name for every browser, whatever it is written in`() throws {
    try sales.settings("/documents", ["invoice_numbers": "Τιμ-Łódź \"{year}\"-{n:3}"])
    sales.owner.get("/account")
    sales.owner.post("/account", ["name": "Γιώργος Łódźki", "language": "el", "time_zone": "UTC", "theme": "auto"])
    let (order, invoice) = try sales.invoice(
      [Line("Bell", "1", "100", vat: try sales.vat("24"))], [("language", "el"), ("title", "Παραγγελία Łódź")])
    sales.owner.get(order)
    let paths = [
      invoice + "/invoice.pdf", order + "/confirmation.pdf", "/admin/crm/orders/export.csv",
      "/admin/crm/invoices/export.csv?format=spreadsheet",
    ]
    for path in paths {
      let response = sales.owner.get(path)
      #expect(response.status == 200, "\(path)")
      let name = response.headers["Content-Disposition"] ?? ""
      #expect(name.utf8.allSatisfy { 0x20..<0x7F ~= $0 }, "\(name)")
      // A name in ASCII needs no other.
      if name.contains(/filename="[\w.-]+"$/) { continue }
      let parts = try #require(name.firstMatch(of: #/filename="([^"\\]+)"; filename\*=UTF-8''(\S+)/#), "\(path): \(name)")
      #expect(parts.2.removingPercentEncoding?.isEmpty == false)
    }
    let pdf = sales.owner.get(invoice + "/invoice.pdf").headers["Content-Disposition"] ?? ""
    #expect(pdf.removingPercentEncoding?.contains("Τιμολόγιο Τιμ-Łódź \"2026\"-001.pdf") == true, "\(pdf)")
  }

  @Test func `30: a document is in the customer's language, whoever prints it`() throws {
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

  @Test func `30: an invoice is printed in the language that the office had when it was issued`() throws {
    try sales.settings("", ["default_language": "el"])
    let invoice = try sales.invoice([Line("Bell", "1", "100")]).invoice
    try sales.settings("", ["default_language": "de"])
    #expect(try sales.pdf(invoice + "/invoice.pdf").contains("Τιμολόγιο"))
  }

  @Test(arguments: ["EL123456783", "GR 123 456 783", "123456783", "el-123456783"])
  func `46: a Greek firm's VAT number has EL before it, and its country is GR`(_ typed: String) throws {
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

  @Test func `21: goods that come back with a credit note are in stock again, once, and only where that was ticked`() throws {
    let (bell, horn) = (try sales.product("Bell", price: "100", stock: 5), try sales.product("Horn", price: "10", stock: 5))
    let (order, invoice) = try sales.invoice([Line("Bell", "2", "100", product: bell), Line("Horn", "1", "10", product: horn)])
    // Nothing was shipped yet, so nothing can come back.
    let early = sales.stepping(invoice, "credit")
    #expect(sales.owner.get(early).page.all("//input[@name='chosen']").isEmpty)
    sales.owner.get(early)
    sales.owner.post(early + "/trash", [:])
    try sales.ship(order, ["1": 2, "2": 1])
    #expect(try sales.stock(bell) == [3, 0, 3] && sales.stock(horn) == [4, 0, 4])
    let note = sales.stepping(invoice, "credit")
    #expect(
      sales.owner.post(
        note,
        try sales.form(note).map { $0 == ("line_quantity", "2") ? ("line_quantity", "1") : $0 } + [("csrf_token", sales.owner.lastToken)]
      ).status == 303)
    let choices = sales.owner.get(note).page.all("//label[input[@name='chosen']]")
    #expect(choices.map(\.text) == ["1 × Bell", "1 × Horn"])
    let first = choices.first?.first(".//input")?["value"] ?? ""
    try sales.issue(note, returning: [first])
    #expect(try sales.stock(bell) == [4, 0, 4] && sales.stock(horn) == [4, 0, 4])
    #expect(sales.owner.get(note).page.first("//section[contains(@class, 'document-steps')]/p")?.text == "Returned to stock: 1 × Bell")
    #expect(sales.owner.get("/admin/crm/products/" + bell + "/stock").text.contains(sales.number(note)))
    // Sent again, nothing happens.
    sales.owner.get(note)
    sales.owner.post(note + "/issue", [("chosen", first), ("csrf_token", sales.owner.lastToken)])
    #expect(try sales.stock(bell) == [4, 0, 4])
    // The shipment can't bring the same piece back.
    let shipment = try #require(try sales.shipments(order).first)
    #expect(try !sales.move(shipment, to: .cancelled, of: order).errors.isEmpty)
    #expect(try sales.stock(bell) == [4, 0, 4])
    // The rest comes back with the rest of the money.
    let rest = sales.stepping(invoice, "credit")
    let left = sales.owner.get(rest).page.all("//input[@name='chosen']").compactMap { $0["value"] }
    #expect(sales.owner.get(rest).page.all("//label[input[@name='chosen']]").map(\.text) == ["1 × Bell"])
    try sales.issue(rest, returning: left)
    #expect(try sales.stock(bell) == [5, 0, 5] && sales.stock(horn) == [4, 0, 4])
  }

  @Test func `47: the office's new currency leaves documents in theirs`() throws {
    let (order, invoice) = try sales.invoice([Line("Bell", "1", "100")])
    let draft = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "100")])
    try sales.settings("", ["default_currency": "USD"])
    for path in [order, invoice, draft] {
      #expect(sales.json(path)["total"]?["currency"]?.string == "EUR" && sales.owner.get(path).text.contains("EUR"))
    }
    #expect(sales.owner.get(draft + "/edit").page.first("//select[@name='currency']/option[@selected]")?["value"] == "EUR")
    #expect(sales.owner.post(draft, try sales.form(draft) + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.json(draft)["total"]?["currency"]?.string == "EUR" && sales.amount(draft, "total") == "100.00")
    #expect(try sales.pdf(invoice + "/invoice.pdf").contains("EUR"))
    #expect(sales.owner.get("/admin/crm/orders/new").page.first("//select[@name='currency']/option[@selected]")?["value"] == "USD")
  }

  @Test func `47: a draft in another currency asks whether its numbers are kept or new prices used, and never converts them`() throws {
    let prices = JSON.array([.object(["price": .object(["amount": "15000", "currency": "JPY"])])])
    let bell = try sales.product("Bell", price: "100", [.init(name: "prices", value: prices)])
    func draft() throws -> String {
      try sales.make(
        DocumentOffice.orders, [Line("Bell", "2", product: bell), Line("Setup", "1", "50")],
        [("shipping", "10"), ("shipping_currency", "EUR")])
    }
    func change(_ path: String, _ changes: [String: String]) throws -> Response {
      var fields: [(String, String)] = []
      for (name, value) in try sales.form(path) where name != "currency_figures" { fields.append((name, changes[name] ?? value)) }
      if let answer = changes["currency_figures"] { fields.append(("currency_figures", answer)) }
      return sales.owner.post(path, fields + [("csrf_token", sales.owner.lastToken)])
    }
    let kept = try draft()
    let asked = try change(kept, ["currency": "JPY"])
    #expect(asked.status == 422 && sales.problems(asked).contains("Keep the numbers or use new prices?"))
    #expect(asked.page.all("//input[@type='radio'][@name='currency_figures']").compactMap { $0["value"] } == ["keep", "renew"])
    #expect(sales.amount(kept, "total") == "260.00" && sales.json(kept)["currency"]?.string == "EUR")
    #expect(try change(kept, ["currency": "JPY", "currency_figures": "keep"]).status == 303)
    #expect(sales.amount(kept, "total") == "260" && sales.json(kept)["currency"]?.string == "JPY")
    let priced = try draft()
    let missing = try change(priced, ["currency": "JPY", "currency_figures": "renew"])
    #expect(missing.status == 422 && sales.problems(missing).contains("Enter this amount in JPY."), "\(sales.problems(missing))")
    let form = try sales.form(priced).map { field in
      switch field.0 {
      case "currency", "shipping_currency": (field.0, "JPY")
      case "shipping": (field.0, "1500")
      case "line_price" where field.1 == "50.00": (field.0, "7500")
      default: field
      }
    }
    let done = sales.owner.post(priced, form + [("currency_figures", "renew"), ("csrf_token", sales.owner.lastToken)])
    #expect(done.status == 303, "\(sales.problems(done))")
    #expect(sales.amount(priced, "total") == "39000", "\(sales.json(priced))")
    #expect(sales.json(priced)["total"]?["currency"]?.string == "JPY")
    // What was confirmed or issued stays.
    sales.step(priced, "confirm")
    #expect(try change(priced, ["currency": "EUR", "currency_figures": "keep"]).status == 422)
    let invoice = sales.stepping(priced, "invoice")
    #expect(try change(invoice, ["currency": "EUR", "currency_figures": "keep"]).status == 422, "its order is in JPY")
    try sales.issue(invoice)
    #expect(try change(invoice, ["currency": "EUR", "currency_figures": "keep"]).status == 422)
    #expect(sales.json(invoice)["currency"]?.string == "JPY")
  }

  @Test func `47: a document in a currency that isn't offered any more is read, and its draft asks for another`() throws {
    let order = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "100")])
    try sales.office.store.write { db in
      try db.run(
        "UPDATE orders SET currency = 'HRK', total_currency = 'HRK', net_currency = 'HRK', subtotal_currency = 'HRK', vat_currency = 'HRK'")
    }
    #expect(sales.owner.get(order).status == 200 && sales.owner.get("/admin/crm/orders").status == 200)
    let page = sales.owner.get(order + "/edit").page
    #expect(page.first("//select[@name='currency']/option[@selected]")?["value"] == "HRK")
    #expect(try sales.pdf(order + "/confirmation.pdf").contains("HRK"))
    let form = try sales.form(order).map { $0.0 == "title" ? ($0.0, "Old money") : $0 }
    let refused = sales.owner.post(order, form + [("csrf_token", sales.owner.lastToken)])
    #expect(
      refused.status == 422 && refused.text.contains("Old money") && sales.problems(refused).contains("HRK"), "\(sales.problems(refused))")
    #expect(sales.json(order)["currency"]?.string == "HRK")
  }

  @Test func `45: an order keeps what its products cost when it was confirmed, and 0 isn't unknown`() throws {
    func cost(_ amount: String) -> [JSON.Member] {
      [.init(name: "inbound_shipping", value: .object(["amount": .string(amount), "currency": "EUR"]))]
    }
    let bell = try sales.product("Bell", price: "100", cost("40"))
    let gift = try sales.product("Gift", price: "10", cost("0"))
    let horn = try sales.product("Horn", price: "10")
    func rows(_ path: String, by client: TestClient? = nil) -> [[String]] {
      (client ?? sales.owner).get(path).page.all("//section[@aria-labelledby='margin']//tbody/tr").map { row in
        row.all("./th | ./td").map { $0.text.replacing("\u{A0}", with: " ") }
      }
    }
    let order = try sales.make(
      DocumentOffice.orders, [Line("Bell", "2", product: bell), Line("Gift", "1", product: gift)],
      [("discount", "21"), ("shipping", "30"), ("shipping_currency", "EUR")])
    #expect(rows(order).isEmpty, "a draft has no costs yet")
    sales.step(order, "confirm")
    let expected = [
      ["Bell", "180.00 EUR", "80.00 EUR", "100.00 EUR", "55.6 %"], ["Gift", "9.00 EUR", "0.00 EUR", "9.00 EUR", "100.0 %"],
      ["Total", "189.00 EUR", "80.00 EUR", "109.00 EUR", "57.7 %"],
    ]
    #expect(rows(order) == expected)
    #expect(
      sales.program.send(.patch, "/products/" + bell, .object(["inbound_shipping": .object(["amount": "55", "currency": "EUR"])])).status
        == 200)
    #expect(rows(order) == expected)
    // A line that is added later has the cost of that day; one without a known cost makes the total unknown.
    let form = try sales.form(order)
    let added = Line("Horn", "1", "10", product: horn).fields(hasSerials: true)
    #expect(sales.owner.post(order, form + added + [("csrf_token", sales.owner.lastToken)]).status == 303)
    let after = rows(order)
    #expect(after.count == 4 && after[0][2] == "80.00 EUR" && Array(after[2][2...]) == ["unknown", "unknown", "unknown"])
    #expect(Array(after[3][2...]) == ["unknown", "unknown", "unknown"])
    #expect(sales.owner.get(order).text.contains("The cost of 1 line is unknown."))
    // Nobody else sees them: not the factory, not programs, files or paper.
    let factory = try sales.office.visitor(.factory, name: "Fay Factory")
    #expect(rows(order, by: factory).isEmpty)
    let invoice = sales.stepping(order, "invoice")
    #expect(!sales.json(order).text.contains("80.00") && !sales.json(order).text.contains("cost"))
    for text in [try sales.pdf(order + "/confirmation.pdf"), try sales.pdf(invoice + "/invoice.pdf")] { #expect(!text.contains("80.00")) }
    #expect(!sales.owner.get("/admin/crm/orders/export.csv?columns=all").text.contains("80.00"))
  }
}
