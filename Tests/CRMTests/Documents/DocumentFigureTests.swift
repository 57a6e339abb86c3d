@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web

/// The figures that documents keep are what they follow from; a check tells where they aren't, and a repair sets them right.
@Suite struct DocumentFigureTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func figures() throws -> [String] {
    try sales.office.store.read { db in
      try ["orders", "invoices", "quotes"].flatMap { table in
        let more = table == "quotes" ? "''" : "coalesce(paid, 0) || payment_status"
        let rest = table == "orders" ? "fulfilment" : table == "invoices" ? "coalesce(credited, 0)" : "''"
        return try db.all(
          SQL(raw: "SELECT name || total || ' ' || net || ' ' || vat || ' ' || subtotal || \(more) || \(rest) FROM \(table) ORDER BY seq")
        ) { $0.text(0) }
      }
    }
  }

  @Test func `what happens to documents keeps their figures right; wrong ones are told and repaired`() throws {
    let code = try sales.vat("24")
    let bell = try sales.product("Bell", price: "10", stock: 20)
    let quote = try sales.make(DocumentOffice.quotes, [Line("Bell", "3", "10.33", vat: code)], [("discount", "1.00")])
    sales.step(quote, "send")
    sales.step(quote, "accept")
    var invoices: [String] = []
    var orders: [String] = []
    for pieces in 2...4 {
      let (order, invoice) = try sales.invoice([Line("Bell", "\(pieces)", "10", vat: code, product: bell)])
      try sales.ship(order, ["1": pieces == 3 ? 1 : Int64(pieces)])
      try sales.pay(order, Int64(pieces) * 5_00)
      sales.pay(form: invoice, "1.50")
      if pieces == 4 { try sales.issue(sales.stepping(invoice, "credit")) }
      orders.append(order)
      invoices.append(invoice)
    }
    try sales.pay(orders[0], -1_00)
    // One whose goods and money were there before this office.
    let lines = "\"[{\"\"name\"\":\"\"Bell\"\",\"\"quantity\"\":\"\"1\"\",\"\"price\"\":\"\"10\"\"}]\""
    let file = """
      id,number,contact,date,currency,status,fulfilment,paid,lines
      X1,OLD-1,Carla Customer,2026-03-04,EUR,completed,delivered,4.00 EUR,\(lines)

      """
    #expect(try sales.importing(file, into: .order) == "1 created")
    #expect(try crm.check(sales.office.store) == [])

    let before = try figures()
    for change in [
      "orders SET total = total + 1 WHERE seq = 1", "orders SET paid = NULL, paid_currency = '' WHERE seq = 2",
      "orders SET payment_status = 'pending' WHERE seq = 3", "orders SET fulfilment = 'delivered' WHERE seq = 3",
      "invoices SET credited = 7, credited_currency = 'EUR' WHERE kind = 'invoice'",
      "invoices SET paid = 1, paid_currency = 'EUR' WHERE seq = 1", "quotes SET net = 5",
    ] { try sales.office.store.write { db in try db.run(SQL(raw: "UPDATE " + change)) } }
    #expect(try figures() != before)
    let problems = try crm.check(sales.office.store)
    #expect(
      problems.sorted() == [
        "totals and statuses of invoices: 3 wrong; run roost check --repair",
        "totals and statuses of orders: 3 wrong; run roost check --repair",
        "totals and statuses of quotes: 1 wrong; run roost check --repair",
      ], "\(problems)")
    try crm.repair(sales.office.store)
    #expect(try crm.check(sales.office.store) == [])
    #expect(try figures() == before)
  }
}
