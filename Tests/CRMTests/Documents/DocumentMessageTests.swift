@testable import Admin
import Base
@testable import CRM
import Store
import Templating
import Testing
import Web
import XML

/// What forms and steps of documents say is wrong: where it is, and in the reader's way of writing days, numbers and amounts.
@Suite struct DocumentMessageTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func language(_ tag: String) throws -> Language {
    try #require(try Languages(folder: TestApp.resources + "/Templates/languages").available.first { $0.tag == tag })
  }

  @Test func `days, quantities and amounts are written as the reader's language does`() throws {
    let message = Message(
      "{day} {n} {amount}", days: ["day": "2026-11-03"], decimals: ["n": "1234.5"], money: ["amount": "1234.50 EUR"])
    #expect(message.text(in: .english) == "3 Nov 2026 1,234.5 1,234.50\u{A0}EUR")
    #expect(message.text(in: try language("de")) == "3. Nov. 2026 1.234,5 1.234,50\u{A0}EUR")
    #expect(Message(message.json) == message)
    #expect(Message("{n}", decimals: ["n": "-3"]).text(in: .english) == "-3")
  }

  @Test func `an invoice before the last one says its day in words`() throws {
    _ = try sales.invoice([Line("Clock", "1", "10")])
    let order = try sales.make(DocumentOffice.orders, [Line("Clock", "1", "10")])
    sales.step(order, "confirm")
    let invoice = sales.stepping(order, "invoice")
    let form = try sales.form(invoice).map { $0.0 == "date" ? ("date", "2020-01-02") : $0 }
    sales.owner.get(invoice)
    #expect(sales.owner.post(invoice, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    let said = sales.flash(sales.step(invoice, "issue"))
    #expect(said.contains("that day or a later one") && said.contains("Nov 2026") && !said.contains("2026-"), "\(said)")
  }

  @Test func `the summary names the line`() throws {
    let answer = sales.post(DocumentOffice.orders, [Line("A", "1", "10"), Line("B", "0", "10"), Line("C", "x", "10")])
    #expect(answer.status == 422)
    let problems = answer.page.all("//*[@class='problems']//li").map(\.text)
    #expect(problems.contains { $0.hasPrefix("Line 3: ") }, "\(problems)")
    let second = sales.post(DocumentOffice.orders, [Line("A", "1", "10"), Line("B", "0", "10")])
    #expect(second.page.all("//*[@class='problems']//li").map(\.text) == ["Line 2: Enter a quantity above 0."])
  }

  @Test func `a draft in a currency that is gone says so there, keeps everything, and is saved in another`() throws {
    let order = try sales.make(DocumentOffice.orders, [Line("Clock", "2", "10.50")])
    try sales.office.store.write { db in
      try db.run(
        "UPDATE orders SET currency = 'XQZ', total_currency = 'XQZ', net_currency = 'XQZ', vat_currency = 'XQZ', subtotal_currency = 'XQZ'")
    }
    #expect(sales.owner.get(order).status == 200)
    let form = try sales.form(order).map { $0.0 == "title" ? ("title", "Typed") : $0 }
    #expect(form.contains { $0 == ("currency", "XQZ") })
    func post(_ fields: [(String, String)]) -> Response {
      sales.owner.get(order)
      return sales.owner.post(order, fields + [("csrf_token", sales.owner.lastToken)])
    }
    let refused = post(form)
    #expect(refused.status == 422)
    #expect(
      refused.page.all("//*[@class='problems']//li").map(\.text) == ["Currency: Unknown currency code “XQZ”."],
      "\(sales.problems(refused))")
    #expect(refused.page.first("//input[@name='title']")?["value"] == "Typed")
    #expect(refused.page.first("//input[@name='line_price']")?["value"] == "10.50")
    let euro = form.map { $0.0 == "currency" ? ("currency", "EUR") : $0 } + [("currency_figures", "keep")]
    let saved = post(euro)
    #expect(saved.status == 303, "\(sales.problems(saved))")
    #expect(sales.amount(order, "total") == "21.00" && sales.json(order)["title"]?.string == "Typed")
  }
}
