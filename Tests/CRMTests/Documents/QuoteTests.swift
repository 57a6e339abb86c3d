@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// Quotes from a draft to their order. Numbers in names are cases of money_documents §4.
@Suite struct QuoteTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func make(_ lines: [Line] = [Line("Clock", "1", "100")], _ more: [(String, String)] = []) throws -> String {
    try sales.make(DocumentOffice.quotes, lines, more)
  }

  private func sent(_ lines: [Line] = [Line("Clock", "1", "100")], _ more: [(String, String)] = []) throws -> String {
    let quote = try make(lines, more)
    try #require(sales.step(quote, "send").status == 303)
    try #require(status(quote) == "sent")
    return quote
  }

  private func status(_ path: String) -> String { sales.json(path)["status"]?.string ?? "" }

  private func count(_ sql: SQL) throws -> Int { try sales.office.store.read { try $0.value(sql) } ?? 0 }

  @Test func `a quote is sent, accepted and becomes an order as it was offered`() throws {
    let code = try sales.vat("24")
    let product = try sales.product("Clock", price: "100", vat: code)
    let quote = try sent(
      [Line("Clock", "2", product: product), Line("Setup", "1", "50", discount: "10%")], [("discount", "30"), ("title", "Clocks")])
    #expect(sales.amount(quote, "total") == "266.60")
    #expect(sales.json(quote)["number"]?.string == "QUO-2026-001")
    // What changes elsewhere doesn't reach it.
    #expect(
      sales.program.send(.patch, "/products/\(product)", .object(["price": .object(["amount": "999", "currency": "EUR"])])).status == 200)
    let order = sales.step(quote, "accept").location.split(separator: "?").first.map(String.init) ?? ""
    #expect(order.hasPrefix(DocumentOffice.orders + "/") && status(quote) == "accepted")
    #expect(
      ["subtotal", "net", "vat", "total"].map { sales.amount(order, $0) }
        == ["subtotal", "net", "vat", "total"].map { sales.amount(quote, $0) })
    #expect(sales.lines(order) == sales.lines(quote))
    #expect(sales.json(order)["quote"]?["id"]?.string == sales.id(quote) && sales.json(order)["title"]?.string == "Clocks")
    #expect(status(order) == "draft" && sales.json(order)["number"]?.string == "ORD-2026-001")
  }

  @Test func `41: accepted twice, one after the other and 16 at once, it makes one order`() throws {
    let quote = try sent()
    let first = sales.step(quote, "accept").location
    let second = sales.step(quote, "accept").location
    #expect(first.split(separator: "?").first == second.split(separator: "?").first)
    #expect(try count("SELECT count(*) FROM orders") == 1)
    let other = try sent()
    sales.owner.get(other)
    nonisolated(unsafe) let clients = (0..<16).map { _ in sales.owner.copy() }
    DispatchQueue.concurrentPerform(iterations: clients.count) { index in clients[index].post(other + "/accept", ["text": ""]) }
    #expect(try count("SELECT count(*) FROM orders") == 2)
    #expect(try count("SELECT count(*) FROM numbers WHERE series = 'order'") == 2)
    #expect(try count("SELECT count(*) FROM activity WHERE action = 'quote.accepted'") == 2)
  }

  @Test func `33: valid until today it can be sent and accepted all day, in the office's zone; tomorrow it has expired`() throws {
    sales.owner.get("/admin/settings/crm")
    let today = try sales.act { act in try act.businessDay() }
    let quote = try sent([Line("Clock", "1", "100")], [("date", today), ("valid_until", today)])
    func expired(_ path: String) -> Bool {
      sales.owner.get(DocumentOffice.quotes + "?filter=expired").page.all("//a[@class='row-link']").map(\.text)
        .contains(sales.json(path)["number"]?.string ?? "-")
    }
    #expect(
      !expired(quote)
        && sales.owner.get(quote).page.first("//section[contains(@class, 'document-steps')]/p")?.text.contains("Valid until") == true)
    while try sales.act({ act in try act.businessDay() }) == today { sales.office.wait(seconds: 3_600) }
    #expect(expired(quote))
    #expect(
      sales.owner.get(quote).page.first("//section[contains(@class, 'document-steps')]/p[@class='warning']")?.text.contains("Expired")
        == true)
    // Nobody in the office accepts it by mistake, but they can.
    #expect(sales.flash(sales.step(quote, "accept")).contains("This quote expired on"))
    #expect(status(quote) == "sent")
    let knowing = try #require(sales.owner.get(quote).page.first("//form[contains(@action, '/accept')]//input[@name='chosen']")?["value"])
    sales.owner.post(quote + "/accept", [("chosen", knowing), ("csrf_token", sales.owner.lastToken)])
    #expect(status(quote) == "accepted")
    let late = try make([Line("Clock", "1", "100")], [("date", today), ("valid_until", today)])
    #expect(sales.flash(sales.step(late, "send")).contains("expired") && status(late) == "draft")
    #expect(
      sales.post(DocumentOffice.quotes, [Line("A", "1", "1")], [("date", "2026-11-20"), ("valid_until", "2026-11-19")]).status == 422)
  }

  @Test func `what was sent can't be changed; a revision replaces it under the same number`() throws {
    let quote = try sent()
    let before = sales.lines(quote)
    let changed = sales.post(quote, [Line("Clock", "2", "100", id: "1")])
    #expect(changed.status == 422 && sales.problems(changed).contains("revision"), "\(sales.problems(changed))")
    #expect(sales.lines(quote) == before)
    let inline = sales.program.send(.patch, "/quotes/" + sales.id(quote), .object(["title": "Other"]))
    #expect(inline.status == 422)
    let revision = sales.step(quote, "revise").location.split(separator: "?").first.map(String.init) ?? ""
    #expect(status(quote) == "superseded" && status(revision) == "draft")
    #expect(sales.json(revision)["number"]?.string == "QUO-2026-001/2" && sales.json(revision)["revises"]?["id"]?.string == sales.id(quote))
    #expect(sales.flash(sales.step(quote, "accept")).contains("Replaced") && status(quote) == "superseded")
    #expect(sales.post(revision, [Line("Clock", "3", "100", id: "1")]).status == 303)
    sales.step(revision, "send")
    let third = sales.step(revision, "revise").location.split(separator: "?").first.map(String.init) ?? ""
    #expect(sales.json(third)["number"]?.string == "QUO-2026-001/3")
    #expect(sales.amount(third, "total") == "300.00")
    // The next quote's number isn't used up by revisions.
    #expect(sales.json(try make())["number"]?.string == "QUO-2026-002")
  }

  @Test func `a declined quote says why, and can be revised but not accepted`() throws {
    let quote = try sent()
    sales.step(quote, "decline", "Too dear")
    #expect(status(quote) == "declined" && sales.json(quote)["decline_reason"]?.string == "Too dear")
    sales.step(quote, "accept")
    #expect(status(quote) == "declined")
    #expect(try count("SELECT count(*) FROM orders") == 0)
    sales.step(quote, "revise")
    #expect(status(quote) == "superseded")
  }

  @Test func `a draft can't be accepted, an empty one not sent, and one without a customer not made`() throws {
    let quote = try make()
    sales.step(quote, "accept")
    #expect(status(quote) == "draft")
    let empty = try make([Line("Only words", "", "", kind: "note")])
    #expect(sales.flash(sales.step(empty, "send")).contains("Add a line") && status(empty) == "draft")
    let nobody = sales.post(DocumentOffice.quotes, [Line("A", "1", "1")], [("contact", ""), ("contact_id", "")])
    #expect(nobody.status == 422 && nobody.page.first("//*[@id='f-contact-error']") != nil)
  }

  @Test func `26: what was offered at 24 % stays so when the VAT code goes`() throws {
    let code = try sales.vat("24", name: "Standard")
    let quote = try make([Line("Clock", "1", "100", vat: code)])
    #expect(sales.amount(quote, "vat") == "24.00")
    sales.owner.get("/admin/crm/vat-codes/" + code)
    sales.owner.post("/admin/crm/vat-codes/" + code + "/trash", [:])
    _ = try sales.vat("25", name: "New standard")
    let form = try sales.form(quote)
    let saved = sales.owner.post(quote, form + [("csrf_token", sales.owner.lastToken)])
    #expect(saved.status == 303, "\(sales.problems(saved))")
    #expect(sales.amount(quote, "vat") == "24.00" && sales.lines(quote).first?.vat?.rate == 240_000)
    // Another line can't choose it any more.
    let new = sales.post(quote, [Line("Clock", "1", "100", vat: code, id: "1"), Line("Bell", "1", "10", vat: code)])
    #expect(new.status == 422 && new.page.first("//*[@id='f-line-1-error']") != nil, "\(new.status) \(sales.problems(new))")
  }

  @Test func `28: a line keeps name, SKU and price when its product is renamed, dearer or gone`() throws {
    let product = try sales.product("Clock", price: "100", [.init(name: "sku", value: "CLK-1")])
    let quote = try make([Line("Clock", "2", product: product)])
    #expect(sales.lines(quote).first?.sku == "CLK-1" && sales.amount(quote, "total") == "200.00")
    #expect(
      sales.program.send(
        .patch, "/products/" + product,
        .object(["name": "Timepiece", "sku": "TMP-1", "price": .object(["amount": "150", "currency": "EUR"])])
      ).status == 200)
    func save() throws -> Int { sales.owner.post(quote, try sales.form(quote) + [("csrf_token", sales.owner.lastToken)]).status }
    #expect(try save() == 303)
    for step in ["trash", "delete"] {
      sales.owner.get("/admin/crm/products/" + product)
      sales.owner.post("/admin/crm/products/" + product + "/" + step, ["confirm": "Timepiece", "name": "Timepiece"])
      #expect(try save() == 303)
      let line = try #require(sales.lines(quote).first)
      #expect(line.name == "Clock" && line.sku == "CLK-1" && line.price == "100.00" && line.product == product)
      // Its lines can still be edited.
      #expect(sales.post(quote, [Line("Clock", step == "trash" ? "3" : "4", "100", product: product, id: "1")]).status == 303)
      #expect(sales.owner.get(quote).status == 200)
    }
    #expect(sales.amount(quote, "total") == "400.00" && sales.lines(quote).first?.sku == "CLK-1")
    let gone = sales.post(DocumentOffice.quotes, [Line("Clock", "1", "1", product: product)])
    #expect(gone.status == 422 && gone.page.first("//*[@id='f-line-0-error']") != nil)
  }

  @Test func `25: a typed price stays when the quantity changes`() throws {
    let product = try sales.product("Clock", price: "100")
    let quote = try make([Line("Clock", "1", "90", product: product)])
    let id = try #require(sales.lines(quote).first?.id)
    #expect(sales.post(quote, [Line("Clock", "2", "90", product: product, id: id)]).status == 303)
    #expect(sales.amount(quote, "total") == "180.00")
    // Left empty, the price is the product's.
    #expect(sales.post(quote, [Line("Clock", "2", "", product: product, id: id)]).status == 303)
    #expect(sales.amount(quote, "total") == "200.00")
  }

  @Test func `42: two who change the same line see both versions; a sent quote isn't changed by an older form`() throws {
    _ = try sales.vat("0", category: "Z")
    let quote = try make([Line("Clock", "1", "100", product: try sales.product("Clock")), Line("Bell", "1", "10")])
    let version = sales.json(quote)["version"]?.int ?? 0
    let form = try sales.form(quote)
    /// The form as it was opened then, with these quantities in place of 1 and 1.
    func save(_ quantities: [String], since version: Int) -> Response {
      var rest = quantities[...]
      let fields = form.map { name, value in
        name == "line_quantity" ? (name, rest.popFirst() ?? value) : name == "version" ? (name, String(version)) : (name, value)
      }
      sales.owner.get(quote)
      return sales.owner.post(quote, fields + [("csrf_token", sales.owner.lastToken)])
    }
    #expect(save(["2", "1"], since: version).status == 303)
    // Another line: both stay.
    #expect(save(["1", "5"], since: version).status == 303)
    #expect(sales.amount(quote, "total") == "250.00")
    let conflict = save(["3", "1"], since: version)
    #expect(conflict.status == 409, "\(conflict.status)")
    #expect(sales.amount(quote, "total") == "250.00")
    let now = sales.json(quote)["version"]?.int ?? 0
    sales.step(quote, "send")
    let late = save(["9", "5"], since: now)
    #expect(late.status == 422 || late.status == 409, "\(late.status)")
    #expect(sales.amount(quote, "total") == "250.00" && status(quote) == "sent")
  }

  @Test func `a revision that is thrown away leaves the quote as it was, and the next one has another number`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [DocumentOffice.Line("Bell", "1", "100")])
    sales.step(quote, "send")
    let first = sales.step(quote, "revise").location
    sales.owner.get(first)
    sales.owner.post(first + "/trash", [("csrf_token", sales.owner.lastToken)])
    #expect(sales.json(quote)["status"]?.string == "sent")
    let second = sales.step(quote, "revise").location
    #expect(sales.json(second)["number"]?.string?.hasSuffix("/3") == true)
    #expect(sales.json(quote)["status"]?.string == "superseded")
  }
}
