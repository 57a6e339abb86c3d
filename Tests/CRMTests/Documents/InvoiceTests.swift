@testable import Admin
import Base
@testable import CRM
import Foundation
import Money
import Store
import Testing
import Web
import XML

/// Invoices and credit notes of orders. Numbers in names are cases of money_documents §4.
@Suite struct InvoiceTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func confirmed(_ lines: [Line], _ more: [(String, String)] = []) throws -> RecordID {
    let order = try sales.make(DocumentOffice.orders, lines, more)
    sales.step(order, "confirm")
    return try #require(RecordID(String(order.split(separator: "/").last ?? "")))
  }

  private func record(_ type: RecordType, _ id: RecordID) throws -> Record {
    try #require(try sales.office.store.read { db in try type.record(id, in: db) })
  }

  private static func record(_ type: RecordType, _ id: RecordID, _ act: ActContext) throws -> Record {
    try #require(try type.record(id, in: act.db))
  }

  private func draft(of order: RecordID) throws -> RecordID {
    try #require(
      try sales.act { act in try InvoiceActs.draft(of: try Self.record(.order, order, act), act).invoice })
  }

  /// Keeps these lines of a draft, with these quantities in pieces.
  @discardableResult
  private func keep(_ quantities: [String: Int64], of id: RecordID) throws -> Outcome {
    try sales.act { act in
      let invoice = try Self.record(.invoice, id, act)
      var values = DocumentValues(invoice)
      values.lines = values.lines.compactMap { line in
        guard let pieces = quantities[line.name] else { return nil }
        var line = line
        line.quantity = pieces * 1000
        return line
      }
      return try RecordType.invoice.save(values.values, over: id, from: invoice.version, act)
    }
  }

  @discardableResult
  private func issue(_ id: RecordID) throws -> Outcome {
    try sales.act { act in try InvoiceActs.issue(try Self.record(.invoice, id, act), act) }
  }

  private func credit(_ id: RecordID) throws -> RecordID? {
    try sales.act { act in try InvoiceActs.credit(try Self.record(.invoice, id, act), act).invoice }
  }

  private func minor(_ name: String, _ id: RecordID) throws -> Int64 { DocumentValues(try record(.invoice, id)).minor(name) }

  @Test func `13: two invoices of an order share its fixed discount`() throws {
    let order = try confirmed([Line("Bell", "1", "100"), Line("Motor", "1", "100")], [("discount", "30")])
    let first = try draft(of: order)
    try keep(["Bell": 1], of: first)
    try issue(first)
    let second = try draft(of: order)
    try issue(second)
    #expect(try [first, second].map { try minor("net", $0) } == [8_500, 8_500])
    #expect(
      try sales.act { act in try InvoiceActs.draft(of: try Self.record(.order, order, act), act).invoice } == nil)
  }

  @Test func `a fixed discount on a line is shared by its parts`() throws {
    let order = try confirmed([Line("Bell", "4", "100", discount: "30")])
    let first = try draft(of: order)
    try keep(["Bell": 2], of: first)
    let second = try draft(of: order)
    #expect(try [first, second].map { try minor("net", $0) } == [18_500, 18_500])
  }

  @Test func `14: a number is taken when an invoice is issued, and a draft that goes leaves no gap`() throws {
    let order = try confirmed([Line("Bell", "3", "100")])
    let first = try draft(of: order)
    try keep(["Bell": 1], of: first)
    let second = try draft(of: order)
    try keep(["Bell": 1], of: second)
    try issue(second)
    #expect(try record(.invoice, first).name == Invoice.draftName)
    try sales.act { act in _ = try RecordType.invoice.trash(try record(.invoice, first).header, act) }
    let third = try draft(of: order)
    try issue(third)
    let year = sales.office.now.civil.year
    #expect(try [second, third].map { try record(.invoice, $0).name } == ["INV-\(year)-001", "INV-\(year)-002"])
    // Asked for twice, it is issued once.
    #expect(try !issue(third).hasChanged)
  }

  @Test func `40: no line is credited twice, and a credit note isn't more than its invoice`() throws {
    let order = try confirmed([Line("Bell", "2", "100")])
    let invoice = try draft(of: order)
    try issue(invoice)
    let first = try #require(try credit(invoice))
    try keep(["Bell": 1], of: first)
    let second = try #require(try credit(invoice))
    #expect(try keep(["Bell": 2], of: second).errors["line-0"] != nil)
    let dearer = try sales.act { act -> Outcome in
      let note = try Self.record(.invoice, second, act)
      var values = DocumentValues(note)
      values.lines = values.lines.map { line in
        var line = line
        line.price = "1000"
        return line
      }
      return try RecordType.invoice.save(values.values, over: second, from: note.version, act)
    }
    #expect(dearer.errors["lines"] != nil)
    // A draft frees nothing.
    #expect(try sales.office.store.read { db in try InvoiceSources.invoiced(order, in: db) } == ["1": 2000])
    try issue(first)
    #expect(try record(.invoice, invoice).status == "issued")
    try issue(second)
    #expect(try record(.invoice, invoice).status == "credited")
    #expect(try minor("credited", invoice) == minor("total", invoice))
    #expect(try credit(invoice) == nil)
  }

  @Test func `36: paid and credited in part, an invoice is paid`() throws {
    let order = try confirmed([Line("Bell", "20", "5")])
    let invoice = try draft(of: order)
    try issue(invoice)
    let note = try #require(try credit(invoice))
    try keep(["Bell": 1], of: note)
    try issue(note)
    try sales.act { act in
      var payment = Payment()
      (payment.amount, payment.currency, payment.date) = (9_500, "EUR", "2026-11-20")
      _ = try PaymentActs.add(payment, to: try Self.record(.invoice, invoice, act), act)
    }
    #expect(try record(.invoice, invoice)["payment_status"].text == "paid")
    #expect(try record(.order, order)["payment_status"].text == "paid")
  }

  @Test func `27, 29: what was issued stays, to the byte, whatever changes later`() throws {
    let order = try confirmed([Line("Bell", "1", "100")])
    let invoice = try draft(of: order)
    #expect(sales.owner.get("/admin/crm/invoices/\(invoice.text)/invoice.pdf").headers["Content-Type"] == "application/pdf")
    try issue(invoice)
    let path = "/admin/crm/invoices/\(invoice.text)/invoice.pdf"
    let first = sales.owner.get(path)
    #expect(first.headers["Content-Type"] == "application/pdf")
    let hash = try sales.office.store.read { db in try DocumentFiles.hash(of: invoice, in: db) }
    try sales.act { act in
      try act.db.run("UPDATE contacts SET name = 'Moved Away', street = 'Elsewhere 5' WHERE id = \(sales.customer)")
      var payment = Payment()
      (payment.amount, payment.currency, payment.date) = (5_000, "EUR", "2026-11-20")
      _ = try PaymentActs.add(payment, to: try Self.record(.invoice, invoice, act), act)
    }
    sales.owner.get(path)
    #expect(try sales.office.store.read { db in try DocumentFiles.hash(of: invoice, in: db) } == hash)
    #expect(hash != nil)
    #expect(Recipient(try record(.invoice, invoice)["recipient"])?.person == "Carla Customer")
    let change = try sales.act { act in
      try RecordType.invoice.save(
        try record(.invoice, invoice).values.enumerated().map { $0 == RecordType.invoice.index(of: "title") ? .text("Other") : $1 },
        over: invoice, from: try record(.invoice, invoice).version, act)
    }
    #expect(!change.errors.isEmpty)
  }

  @Test func `an order with an invoice can't be cancelled, and invoiced lines stay`() throws {
    let order = try confirmed([Line("Bell", "2", "100")])
    _ = try draft(of: order)
    let path = DocumentOffice.orders + "/" + order.text
    sales.step(path, "cancel")
    #expect(try record(.order, order).status == "confirmed")
    #expect(sales.post(path, [Line("Bell", "1", "100", id: "1")]).status == 422)
  }

  @Test func `an invoice has no date in the future`() throws {
    let order = try confirmed([Line("Bell", "1", "100")])
    let invoice = try draft(of: order)
    try sales.act { act in
      _ = try RecordType.invoice.set(
        ["date": .text("2062-12-04")], of: try Self.record(.invoice, invoice, act), as: "updated", act)
    }
    #expect(try !issue(invoice).errors.isEmpty)
    #expect(try record(.invoice, invoice).status == "draft")
  }

  @Test func `what was paid in advance isn't asked for again`() throws {
    let order = try confirmed([Line("Bell", "1", "100")])
    try sales.act { act in
      var payment = Payment()
      (payment.amount, payment.currency, payment.date) = (4_000, "EUR", "2026-11-20")
      _ = try PaymentActs.add(payment, to: try Self.record(.order, order, act), act)
    }
    let invoice = try draft(of: order)
    try issue(invoice)
    #expect(try minor("prepaid", invoice) == 4_000)
    let document = DocumentValues(try record(.invoice, invoice))
    #expect(try document.totals(paid: document.minor("prepaid")).due == document.minor("total") - 4_000)
    #expect(try record(.invoice, invoice)["payment_status"].text == "partial")
  }

  @Test func `shipping is credited at the rate at which it was invoiced`() throws {
    let (high, low) = (try sales.vat("24"), try sales.vat("13"))
    let order = try confirmed([Line("Bell", "1", "100", vat: high), Line("Book", "1", "50", vat: low)], [("shipping", "10")])
    let invoice = try draft(of: order)
    try issue(invoice)
    let note = try #require(try credit(invoice))
    try keep(["Book": 1], of: note)
    let totals = try DocumentValues(try record(.invoice, note)).totals()
    #expect(totals.vatGroups.map(\.taxable) == [1_000, 5_000])
  }

  @Test func `a new document has the prices of its company's list`() throws {
    let prices = JSON.array([.object(["list": "Dealers", "price": .object(["amount": "80", "currency": "EUR"])])])
    let clock = try sales.product("Clock", price: "100", [.init(name: "prices", value: prices)])
    let company = sales.program.send(.post, "/companies", .object(["name": "Dealer Ltd", "price_list": "Dealers"]))
    let order = try sales.make(
      DocumentOffice.orders, [Line("Clock", "1", product: clock)], [("company", "Dealer Ltd"), ("company_id", company.id)])
    #expect(sales.amount(order, "net") == "80.00")
  }
}
