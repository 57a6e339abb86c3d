@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// What changed from one revision of a quote to another.
@Suite struct QuoteChangesTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func revise(_ quote: String) -> String {
    sales.step(quote, "send")
    return sales.step(quote, "revise").location.split(separator: "?").first.map(String.init) ?? ""
  }

  /// Each line that changed: what happened to it, and how.
  private func lines(_ path: String) -> [String] {
    sales.owner.get(path).page.all("//article[@class='changes-line']").map { line in
      let changes = line.all(".//dt").map(\.text).enumerated().map { place, label in
        let value = line.all(".//dd")[place]
        return "\(label): \(value.first("./del")?.text ?? "") → \(value.first("./ins")?.text ?? "")"
      }
      let name = line.first("./h4/span[1]")?.text ?? ""
      return (["\(line.first("./h4/span[2]")?.text ?? "") \(name)"] + changes).joined(separator: "; ").replacing("\u{A0}", with: " ")
    }
  }

  @Test func `lines, totals and details that changed are named`() throws {
    let clock = try sales.product("Clock", price: "100")
    let quote = try sales.make(
      DocumentOffice.quotes,
      [Line("Clock", "2", "100", product: clock), Line("Work", "1", "60"), Line("Old bell", "1", "10"), Line("Cable", "3", "5")],
      [("title", "Tower")])
    let second = revise(quote)
    let ids = sales.lines(second).map(\.id)
    #expect(
      sales.post(
        second,
        [
          Line("Cable", "3", "5", id: ids[3]), Line("Clock", "3", "90", discount: "10 %", product: clock, id: ids[0]),
          Line("Work in the tower", "1", "60", id: ids[1]), Line("New hand", "1", "25"),
        ], [("title", "Tower clock"), ("reference", "PO 7")]
      ).status == 303)
    let page = sales.owner.get(second + "/changes")
    #expect(
      lines(second + "/changes") == [
        "Line changed Clock; Quantity: 2 → 3; Price: 100.00 → 90.00; Discount:  → 10 %; Total: 200.00 EUR → 243.00 EUR",
        "Line changed Work in the tower; Text: Work → Work in the tower", "Line removed Old bell", "Line added New hand",
      ])
    #expect(page.text.contains("The order of the lines has changed."))
    let sums = page.page.all("//table[contains(@class, 'changes-sums')]/tbody/tr").map { $0.all("./td").map(\.text).joined(separator: " ") }
    #expect(sums.last?.replacing("\u{A0}", with: " ") == "285.00 EUR 343.00 EUR +58.00 EUR", "\(sums)")
    let fields = page.page.all("//section[@aria-labelledby='c-fields']//dt").map(\.text)
    #expect(fields.contains("Title") && fields.contains("Customer reference") && !fields.contains("Discount"), "\(fields)")
    #expect(sales.owner.get(second).page.first("//a[@href='\(second)/changes']") != nil)
    assertSnapshot(of: page, named: "quotes/changes")
  }

  @Test func `it can be compared with any earlier revision, and with nothing else`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    let second = revise(quote)
    sales.post(second, [Line("Clock", "2", "100", id: "1")])
    let third = revise(second)
    sales.post(third, [Line("Clock", "5", "100", id: "1")])
    #expect(lines(third + "/changes").first?.contains("Quantity: 2 → 5") == true)
    #expect(lines(third + "/changes?with=" + sales.id(quote)).first?.contains("Quantity: 1 → 5") == true)
    #expect(
      sales.owner.get(third + "/changes").page.all("//select[@name='with']/option").map(\.text) == ["QUO-2026-001/2", "QUO-2026-001"])
    #expect(sales.owner.get(second + "/changes?with=" + sales.id(third)).status == 404)
    // The first one has nothing to be compared with, and no link to it.
    #expect(sales.owner.get(quote + "/changes").text.contains("This quote has no earlier revision."))
    #expect(!sales.owner.get(quote).text.contains("/changes"))
  }

  @Test func `a revision that somebody may not see isn't compared, and the customer sees none of it`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    let second = revise(quote)
    sales.post(second, [Line("Clock", "2", "100", id: "1")])
    sales.step(second, "send")
    let manager = try sales.office.visitor(.manager, name: "Mona Manager")
    let user = try sales.office.id("SELECT id FROM users WHERE name = 'Mona Manager'")
    try sales.office.store.write { db in
      try db.run("UPDATE roles SET grants = 'contacts=write quotes=read_own' WHERE id = \(Role.manager.id)")
      try db.run("UPDATE quotes SET owner_id = \(user) WHERE id = \(sales.id(second))")
    }
    #expect(manager.get(second + "/changes").text.contains("This quote has no earlier revision."))
    #expect(manager.get(second + "/changes?with=" + sales.id(quote)).status == 404)
    #expect(manager.get(second).status == 200 && !manager.get(second).text.contains("/changes"))
    #expect(manager.get(quote + "/changes").status == 404)
    let link = sales.owner.get(second).page.first("//input[@data-copy]")?["value"] ?? ""
    let place = try #require(link.range(of: "/q/"))
    let customer = TestClient(sales.office).get(String(link[place.lowerBound...]))
    #expect(customer.status == 200 && !customer.text.contains("changes") && !customer.text.contains("QUO-2026-001<"))
  }

  // MARK: Matching

  private func compared(_ before: [String], _ after: [String]) -> [String] {
    func lines(_ names: [String]) -> [DocumentLine] {
      names.map { name in
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return DocumentLine(id: parts[0], kind: parts[1].isEmpty ? .text : .product, product: parts[1], name: parts[2])
      }
    }
    return DocumentComparison(lines(before), lines(after)).pairs.map { pair in
      "\(pair.before.map { before[$0] } ?? "") → \(pair.after.map { after[$0] } ?? "")"
    }
  }

  @Test func `lines are matched by product and text, then by place`() {
    #expect(compared(["1::a", "2::b"], ["3::b", "4::a"]) == ["2::b → 3::b", "1::a → 4::a"], "ids say nothing of lines that are alike")
    #expect(
      compared(["1:p:a", "2:p:b"], ["1:p:b", "2:p:c"]) == ["2:p:b → 1:p:b", "1:p:a → 2:p:c"], "the text decides between lines of a product")
    #expect(compared(["1:p:a"], ["1:q:b"]) == ["1:p:a → ", " → 1:q:b"], "one product isn't another")
    #expect(compared(["1::a", "2::b", "3::c"], ["1::a", "3::c"]) == ["1::a → 1::a", "2::b → ", "3::c → 3::c"])
    #expect(compared(["1::a", "2::a"], ["2::a"]) == ["1::a → ", "2::a → 2::a"], "of two that are the same the id decides")
    #expect(compared(["1::a"], ["9::b"]) == ["1::a → 9::b"])
  }
}
