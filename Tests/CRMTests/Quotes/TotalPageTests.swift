@testable import Admin
import Base
@testable import CRM
import Money
import Store
import Templating
import TestKit
import Testing
import Web
import XML

/// Why a document comes to its total, and that numbers have no gap.
@Suite struct TotalPageTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  /// What the page shows as figures.
  private func figures(_ path: String) throws -> [String] {
    let page = owner.get(path)
    #expect(page.status == 200)
    return page.page.all("//table[contains(@class, 'total-steps')]//td[@class='number']").map(\.text)
  }

  @Test(arguments: ["net", "gross"]) func `every figure of the computation is there, with its value`(_ prices: String) throws {
    let id = try TestQuotes(office).make([
      .init(name: "prices", value: .string(prices)), .init(name: "shipping", value: .object(["amount": "25.00", "currency": "EUR"])),
    ])
    let quote = try #require(RecordID(id))
    let record = try #require(try office.store.read { db in try RecordType.quote.record(quote, in: db) })
    let document = DocumentValues(record)
    let totals = try document.totals(traced: true)
    let view = DocumentView(document, Formats(language: .english, zone: ZoneClock("UTC"), now: office.now))
    #expect(try figures("/admin/crm/quotes/\(id)/total").sorted() == totals.trace.map { view.number($0.value) }.sorted())
  }

  @Test func `the formulas can be followed with a calculator`() throws {
    let id = try TestQuotes(office).make()
    let page = owner.get("/admin/crm/quotes/\(id)/total")
    let how = page.page.all("//td[@class='how']").map { $0.text.replacing("\u{A0}", with: " ") }
    #expect(how.contains("2 × 1,234.567") && how.contains("10 % of 90.00") && how.contains("90.00 − 9.00"), "\(how)")
    #expect(how.contains("2,469.13 + 81.00") && how.contains("5 % of 2,550.13"))
    #expect(how.contains("127.51 × 2,469.13 ÷ 2,550.13 = 123.45988… rounded up"), "\(how)")
    assertSnapshot(of: page, named: "quotes/total")
  }

  @Test func `without a discount nothing is shared; an order has its payments; who may not see it finds nothing`() throws {
    let id = try TestQuotes(office).make([.init(name: "discount", value: .string(""))])
    #expect(owner.get("/admin/crm/quotes/\(id)/total").page.first("//h3[@id='t-shares']") == nil)
    let order = try TestQuotes(office).make([], "orders")
    #expect(owner.get("/admin/crm/orders/\(order)/total").text.contains("Still to be paid"))
    let factory = try office.visitor(.factory, name: "Fay Factory")
    #expect(factory.get("/admin/crm/quotes/\(id)/total").status == 404)
    #expect(owner.get("/admin/crm/quotes/01a21e7f-3dd7-76bd-a29e-f89ba3f15baa/total").status == 404)
  }

  // MARK: Numbers

  private func numbers() -> Response { owner.get("/admin/settings/crm/documents") }

  @Test func `a series without a gap says so, and names the numbers of documents that were deleted`() throws {
    #expect(numbers().text.contains("No number was given yet."))
    let ids = try (0..<3).map { _ in try TestQuotes(office).make() }
    #expect(numbers().text.contains("No gap: the last number is 3, and 3 were given."))
    let path = "/admin/crm/quotes/" + ids[1]
    owner.get(path)
    #expect(owner.post(path + "/trash", [("csrf_token", owner.lastToken)]).status == 303)
    owner.get(path + "/delete")
    #expect(owner.post(path + "/delete", [("csrf_token", owner.lastToken), ("confirm", "QUO-2026-002")]).status == 303)
    let page = numbers()
    #expect(page.text.contains("No gap: the last number is 3, and 3 were given."))
    let voided = page.page.all("//ul[@class='number-list']/li").map(\.text)
    #expect(voided.count == 1 && voided[0].contains("QUO-2026-002 Deleted, by Olga Owner"), "\(voided)")
  }

  @Test func `a number that an import brings along explains the gap before it`() throws {
    _ = try TestQuotes(office).make()
    try office.store.write { db in
      let act = ActContext(
        db: db, principal: .program(Actor(id: nil, name: "Irma Import")), now: office.now, types: office.composition.records.all)
      try NumberSeries.quote.take("QUO-2026-007", on: "2026-11-20", act)
    }
    _ = try TestQuotes(office).make()
    let page = numbers()
    #expect(page.text.contains("5 numbers aren’t there: the last is 8."))
    let gaps = page.page.all("//ul[@class='number-list']/li").map(\.text)
    #expect(gaps.count == 1 && gaps[0].contains("2–6 Skipped: Irma Import brought QUO-2026-007 along, as an import does."), "\(gaps)")
  }
}
