@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// Orders with their stock, shipments, serial numbers and payments. Numbers in names are cases of money_documents §4.
@Suite struct OrderTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func order(_ product: String, _ quantity: String = "1", lines: Int = 1) throws -> String {
    try sales.make(DocumentOffice.orders, (0..<lines).map { _ in Line("Clock", quantity, "10", product: product) })
  }

  private func confirmed(_ product: String, _ quantity: String = "1") throws -> String {
    let order = try order(product, quantity)
    sales.step(order, "confirm")
    try #require(status(order) == "confirmed")
    return order
  }

  private func value(_ path: String, _ name: String) -> String { sales.json(path)[name]?.string ?? "" }

  private func status(_ path: String) -> String { value(path, "status") }

  private func line(_ quantity: String, _ product: String, id: String = "1", serials: String? = nil) -> Line {
    Line("Clock", quantity, "10", product: product, serials: serials, id: id)
  }

  // MARK: Stock

  @Test func `17: of two orders for the last piece, one is confirmed and the other hears what is left`() throws {
    let clock = try sales.product("Clock", stock: 1)
    let orders = try (0..<2).map { _ in try order(clock) }
    sales.step(orders[0], "confirm")
    let second = sales.step(orders[1], "confirm")
    #expect(sales.flash(second).contains("0 available"))
    #expect(orders.map(status) == ["confirmed", "draft"])
    #expect(try sales.stock(clock) == [1, 1, 0])
  }

  @Test func `17: 16 at once confirm orders for the last 10 pieces, and 10 get one`() throws {
    let clock = try sales.product("Clock", stock: 10)
    let orders = try (0..<16).map { _ in try order(clock) }
    sales.owner.get(orders[0])
    nonisolated(unsafe) let clients = orders.map { _ in sales.owner.copy() }
    DispatchQueue.concurrentPerform(iterations: clients.count) { index in clients[index].post(orders[index] + "/confirm", ["text": ""]) }
    #expect(orders.map(status).filter { $0 == "confirmed" }.count == 10)
    #expect(try sales.stock(clock) == [10, 10, 0])
  }

  @Test func `18: lines of one product need what they need together`() throws {
    let clock = try sales.product("Clock", stock: 3)
    let order = try order(clock, "1", lines: 4)
    #expect(sales.flash(sales.step(order, "confirm")).contains("4 more needed, 3 available"))
    #expect(status(order) == "draft")
    #expect(try sales.stock(clock) == [3, 0, 3])
  }

  @Test func `a product on backorder and one without stock are ordered all the same`() throws {
    let (clock, hour) = (
      try sales.product("Clock", stock: 0, [.init(name: "allows_backorder", value: .bool(true))]), try sales.product("Hour")
    )
    for product in [clock, hour] { #expect(try status(confirmed(product, "2")) == "confirmed") }
    #expect(try sales.stock(clock) == [0, 2, -2] && sales.stock(hour) == [0, 0, 0])
  }

  @Test func `20: a draft reserves nothing; cancelled or deleted, once or twice, an order leaves nothing reserved`() throws {
    let clock = try sales.product("Clock", stock: 5)
    let draft = try order(clock, "3")
    #expect(try sales.stock(clock) == [5, 0, 5])
    sales.owner.get(draft)
    for _ in 0..<2 { sales.owner.post(draft + "/trash", [:]) }
    #expect(try sales.stock(clock) == [5, 0, 5])
    let order = try confirmed(clock, "3")
    #expect(try sales.stock(clock) == [5, 3, 2])
    sales.owner.get(order)
    #expect(sales.flash(sales.owner.post(order + "/trash", [:])).contains("Cancel this order"))
    for _ in 0..<2 {
      sales.step(order, "cancel", "Changed their mind")
      #expect(try sales.stock(clock) == [5, 0, 5])
    }
    #expect(status(order) == "cancelled" && value(order, "cancel_reason") == "Changed their mind")
    sales.step(order, "confirm")
    #expect(try status(order) == "cancelled" && sales.stock(clock) == [5, 0, 5])
  }

  @Test func `22: a confirmed order reserves what its lines become, or stays as it was`() throws {
    let (clock, bell) = (try sales.product("Clock", stock: 5), try sales.product("Bell", stock: 1))
    let order = try confirmed(clock, "2")
    let ring = Line("Bell", "1", "5", product: bell)
    #expect(sales.post(order, [line("2", clock), ring]).status == 303)
    #expect(try sales.stock(clock) == [5, 2, 3] && sales.stock(bell) == [1, 1, 0])
    let much = sales.post(order, [line("3", clock), Line("Bell", "2", "5", product: bell, id: "2")])
    #expect(
      much.status == 422 && much.page.first("//*[@id='f-line-1-error']")?.text.contains("0 available") == true, "\(sales.problems(much))")
    #expect(try sales.stock(clock) == [5, 2, 3] && sales.stock(bell) == [1, 1, 0])
    #expect(sales.post(order, [line("1", clock)]).status == 303)
    #expect(try sales.stock(clock) == [5, 1, 4] && sales.stock(bell) == [1, 0, 1])
    // Another product in the same line.
    #expect(sales.post(order, [Line("Bell", "1", "5", product: bell, id: "1")]).status == 303)
    #expect(try sales.stock(clock) == [5, 0, 5] && sales.stock(bell) == [1, 1, 0])
  }

  @Test func `a confirmed order's prices are fixed but for its lines, and its total follows these`() throws {
    let clock = try sales.product("Clock", stock: 5)
    let order = try confirmed(clock, "2")
    for change in [("discount", "5"), ("currency", "USD"), ("prices", "gross"), ("date", "2026-01-01"), ("contact", "")] {
      let more = change.0 == "contact" ? [("contact", ""), ("contact_id", "")] : [change]
      #expect(
        sales.post(order, [line("2", clock)], [("date", value(order, "date"))].filter { $0.0 != change.0 } + more).status == 422,
        "\(change)")
    }
    #expect(sales.post(order, [line("3", clock)], [("date", value(order, "date")), ("due_on", "2027-01-01")]).status == 303)
    #expect(sales.amount(order, "total") == "30.00" && status(order) == "confirmed" && value(order, "due_on") == "2027-01-01")
  }

  // MARK: Shipments

  @Test func `19: shipped, undone and shipped again, it has left once`() throws {
    let clock = try sales.product("Clock", stock: 10)
    let order = try confirmed(clock, "2")
    try sales.ship(order, ["1": 2])
    #expect(try sales.stock(clock) == [8, 0, 8] && value(order, "fulfilment") == "shipped")
    let shipment = try #require(try sales.shipments(order).first)
    for _ in 0..<2 {
      try sales.move(try #require(try sales.shipments(order).first), to: .cancelled, of: order)
      #expect(try sales.stock(clock) == [10, 2, 8] && value(order, "fulfilment") == "none")
    }
    // As it was seen before it was undone.
    #expect(try !sales.move(shipment, to: .delivered, of: order).hasChanged)
    try sales.ship(order, ["1": 2])
    #expect(try sales.stock(clock) == [8, 0, 8] && value(order, "fulfilment") == "shipped")
    #expect(sales.owner.get(order).status == 200)
  }

  @Test func `23: of 15, 10 delivered, 5 are open`() throws {
    let clock = try sales.product("Clock", stock: 20)
    let order = try confirmed(clock, "15")
    try sales.ship(order, ["1": 10])
    try sales.move(try #require(try sales.shipments(order).first), to: .delivered, of: order)
    #expect(value(order, "fulfilment") == "partial")
    #expect(try sales.stock(clock) == [10, 5, 5])
    let more = try sales.ship(order, ["1": 6])
    #expect(more.errors["quantity_1"].map { sales.office.text($0) } == "Enter a quantity from 0 to 5.")
    #expect(try !sales.ship(order, ["1": -1]).hasChanged && !sales.ship(order, ["1": 0]).hasChanged && !sales.ship(order, [:]).hasChanged)
    try sales.ship(order, ["1": 5])
    #expect(value(order, "fulfilment") == "shipped")
    try sales.move(try #require(try sales.shipments(order).last), to: .delivered, of: order)
    #expect(try value(order, "fulfilment") == "delivered" && sales.stock(clock) == [5, 0, 5])
  }

  @Test func `24: fewer than were shipped can't be ordered, and a shipped line stays`() throws {
    let (clock, bell) = (try sales.product("Clock", stock: 5), try sales.product("Bell", stock: 5))
    let order = try confirmed(clock, "3")
    try sales.ship(order, ["1": 2])
    let fewer = sales.post(order, [line("1", clock)])
    #expect(fewer.status == 422 && fewer.page.first("//*[@id='f-line-0-error']")?.text.contains("2") == true, "\(sales.problems(fewer))")
    let gone = sales.post(order, [Line("Bell", "1", "5", product: bell)])
    #expect(gone.status == 422, "\(gone.status)")
    let other = sales.post(order, [Line("Bell", "3", "5", product: bell, id: "1")])
    #expect(other.status == 422, "what was shipped was a clock: \(other.status)")
    #expect(try sales.stock(clock) == [3, 1, 2] && sales.stock(bell) == [5, 0, 5])
    #expect(sales.post(order, [line("2", clock)]).status == 303)
    #expect(try sales.stock(clock) == [3, 0, 3] && value(order, "fulfilment") == "shipped")
    #expect(sales.post(order, [line("4", clock)]).status == 303)
    #expect(try sales.stock(clock) == [3, 2, 1] && value(order, "fulfilment") == "partial")
  }

  @Test func `what is packed isn't gone, and can't be packed twice`() throws {
    let clock = try sales.product("Clock", stock: 5)
    let order = try confirmed(clock, "3")
    try sales.ship(order, ["1": 3], packed: true)
    #expect(try sales.stock(clock) == [5, 3, 2] && value(order, "fulfilment") == "none")
    #expect(try !sales.ship(order, ["1": 1]).hasChanged)
    let packed = try #require(try sales.shipments(order).first)
    #expect(try !sales.move(packed, to: .delivered, of: order).hasChanged)
    try sales.move(packed, to: .shipped, of: order)
    #expect(try !sales.move(packed, to: .shipped, of: order).hasChanged, "by somebody who saw it packed")
    #expect(try sales.stock(clock) == [2, 0, 2] && value(order, "fulfilment") == "shipped")
  }

  @Test func `an order on hold, a draft and a closed one ship nothing; a shortage on the shelf says so`() throws {
    let clock = try sales.product("Clock", stock: 5)
    let draft = try order(clock)
    #expect(try !sales.ship(draft, ["1": 1]).hasChanged)
    let order = try confirmed(clock, "3")
    #expect(sales.post(order, [line("3", clock)], [("on_hold", "yes"), ("date", value(order, "date"))]).status == 303)
    #expect(try !sales.ship(order, ["1": 1]).hasChanged)
    #expect(sales.post(order, [line("3", clock)], [("date", value(order, "date"))]).status == 303)
    // Somebody counts less than was reserved.
    try sales.act { act in
      let id = try #require(RecordID(clock))
      let header = try #require(try RecordType.product.header(id, .all, act.db))
      _ = try StockActs.enter(.init(kind: .counted, quantity: 1_000, reason: "Stocktake"), on: header, act).id(of: nil)
    }
    #expect(throws: Reservation.Shortage.self) { try sales.ship(order, ["1": 3]) }
    #expect(try sales.stock(clock) == [1, 3, -2] && sales.shipments(order).isEmpty)
    try sales.ship(order, ["1": 1])
    #expect(try sales.stock(clock) == [0, 2, -2])
    #expect(sales.flash(sales.step(order, "cancel")).contains("shipped") && status(order) == "confirmed")
    sales.step(order, "complete")
    #expect(try status(order) == "completed" && sales.stock(clock) == [0, 0, 0], "what isn't shipped any more waits for nobody")
    #expect(try !sales.ship(order, ["1": 1]).hasChanged)
  }

  @Test func `a completed order that is reopened reserves again, if there is enough`() throws {
    let clock = try sales.product("Clock", stock: 3)
    let order = try confirmed(clock, "3")
    sales.step(order, "complete")
    let other = try confirmed(clock, "2")
    #expect(sales.flash(sales.step(order, "reopen")).contains("1 available") && status(order) == "completed")
    sales.step(other, "cancel")
    sales.step(order, "reopen")
    #expect(try status(order) == "confirmed" && sales.stock(clock) == [3, 3, 0])
  }

  // MARK: Serial numbers

  @Test func `44: a serial number is on one order, once, and there are no more of them than pieces`() throws {
    let (clock, bell) = (try sales.product("Clock"), try sales.product("Bell"))
    func post(_ lines: [Line]) -> Response { sales.post(DocumentOffice.orders, lines) }
    #expect(post([line("2", clock, serials: "A-1, A-2")]).status == 303)
    for (lines, place) in [
      ([line("1", clock, serials: "a-2")], 0), ([line("1", clock, id: "", serials: "B-1"), line("1", clock, id: "", serials: "b-1")], 1),
      ([line("1", clock, serials: "C-1, C-2")], 0), ([line("2", clock, serials: "C-1; C-1")], 0),
      ([line("1", clock, serials: String(repeating: "x", count: 101))], 0),
    ] {
      let answer = post(lines)
      #expect(answer.status == 422 && answer.page.first("//*[@id='f-line-\(place)-error']") != nil, "\(lines) \(sales.problems(answer))")
    }
    // Two lines of one product have different pieces; another product may have the same number.
    #expect(post([line("1", clock, id: "", serials: "D-1"), line("1", clock, id: "", serials: "D-2")]).status == 303)
    #expect(post([Line("Bell", "1", "5", product: bell, serials: "A-1")]).status == 303)
    // What is cancelled is free again.
    let order = try sales.make(DocumentOffice.orders, [line("1", clock, id: "", serials: "E-1")])
    #expect(post([line("1", clock, id: "", serials: "E-1")]).status == 422)
    sales.step(order, "cancel")
    let again = try sales.make(DocumentOffice.orders, [line("1", clock, id: "", serials: "E-1")])
    #expect(sales.owner.get(DocumentOffice.orders + "?q=E-1").text.contains(value(again, "number")))
    sales.owner.get(again)
    sales.owner.post(again + "/trash", [:])
    sales.step(order, "copy")
    let copies = try sales.office.store.read { try $0.value("SELECT count(*) FROM orders WHERE lines LIKE '%\"E-1\"%'") }
    #expect(copies == 2, "a copy has none")
  }

  @Test func `a piece that came back with a credit note can be sold again, and only that one`() throws {
    let clock = try sales.product("Clock", price: "10", stock: 3)
    let (order, invoice) = try sales.invoice([line("3", clock, id: "", serials: "R-1, R-2")])
    try sales.ship(order, ["1": 3])
    let note = sales.stepping(invoice, "credit")
    let form = try sales.form(note).map { $0 == ("line_quantity", "3") ? ("line_quantity", "2") : $0 }
    #expect(sales.owner.post(note, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    let choices = sales.owner.get(note).page.all("//label[input[@name='chosen']]")
    #expect(choices.map(\.text) == ["1 × Clock · R-1", "1 × Clock · R-2", "1 × Clock"])
    let values = choices.compactMap { $0.first(".//input")?["value"] }
    // No more than is credited.
    sales.owner.get(note)
    let tooMany = sales.owner.post(note + "/issue", values.map { ("chosen", $0) } + [("csrf_token", sales.owner.lastToken)])
    #expect(sales.flash(tooMany).contains("at most 2") && sales.json(note)["status"]?.string == "draft")
    try sales.issue(note, returning: [values[1], values[2]])
    #expect(try sales.stock(clock) == [2, 0, 2])
    let again = try sales.make(DocumentOffice.orders, [line("1", clock, id: "", serials: "R-2")])
    #expect(sales.post(DocumentOffice.orders, [line("1", clock, id: "", serials: "R-1")]).status == 422)
    // The order goes on naming it, and can be changed beside it.
    #expect(sales.lines(order).first?.serials == ["R-1", "R-2"])
    let more = try sales.form(order) + Line("Ringing", "1", "5").fields(hasSerials: true)
    #expect(sales.owner.post(order, more + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.lines(order).count == 2)
    let last = sales.stepping(invoice, "credit")
    #expect(sales.owner.get(last).page.all("//label[input[@name='chosen']]").map(\.text) == ["1 × Clock · R-1"])
    #expect(sales.json(again)["status"]?.string == "draft")
  }

  @Test func `what was invoiced or credited in full isn't offered again, nor an invoice to those who write none`() throws {
    func offers(_ path: String, by client: TestClient? = nil) -> [String] {
      (client ?? sales.owner).get(path).page.all("//section[contains(@class, 'document-steps')]//form").compactMap { $0["action"] }
        .map { String($0.split(separator: "/").last ?? "") }
    }
    let order = try sales.make(DocumentOffice.orders, [Line("Clock", "2", "10"), Line("As agreed", kind: "note")])
    sales.step(order, "confirm")
    #expect(offers(order).contains("invoice"))
    let invoice = sales.stepping(order, "invoice")
    #expect(!offers(order).contains("invoice"))
    #expect(sales.flash(sales.step(order, "invoice")).contains("Everything in this order has been invoiced."))
    try sales.issue(invoice)
    #expect(offers(invoice).contains("credit") && !offers(order).contains("invoice"))
    let note = sales.stepping(invoice, "credit")
    #expect(!offers(invoice).contains("credit"))
    try sales.issue(note)
    #expect(offers(order).contains("invoice"), "what was credited can be invoiced again")
  }

  // MARK: Payments

  private func sold(_ price: String = "100") throws -> String {
    let order = try sales.make(DocumentOffice.orders, [Line("Clock", "1", price)])
    sales.step(order, "confirm")
    return order
  }

  private func payment(_ path: String) -> [String] { [value(path, "payment_status"), sales.amount(path, "paid")] }

  @Test func `36: payments come to what was paid: partly, all, more, and back`() throws {
    let order = try sold()
    #expect(payment(order) == ["pending", ""])
    try sales.pay(order, 70_00)
    #expect(payment(order) == ["partial", "70.00"])
    try sales.pay(order, 30_00)
    #expect(payment(order) == ["paid", "100.00"])
    #expect(try !sales.pay(order, 0).hasChanged && sales.payments(order).count == 2, "nothing is left to pay")
    try sales.pay(order, 5_00)
    #expect(payment(order) == ["overpaid", "105.00"])
    #expect(try sales.pay(order, -105_01).errors["amount"] != nil, "only what came in can go back")
    try sales.pay(order, -5_00)
    #expect(payment(order) == ["paid", "100.00"])
    try sales.pay(order, -100_00)
    #expect(payment(order) == ["refunded", "0.00"])
    #expect(sales.owner.get(order).status == 200)
  }

  @Test func `the same payment twice is asked about; a voided one counts no more, once`() throws {
    let order = try sold()
    try sales.pay(order, 40_00, reference: "RF-1")
    let again = try sales.pay(order, 40_00, reference: "RF-1")
    #expect(!again.hasChanged && again.errors["again"] != nil)
    try sales.pay(order, 40_00, reference: "RF-1", again: true)
    #expect(payment(order) == ["partial", "80.00"])
    let one = try #require(try sales.payments(order).first)
    func void() throws -> Bool {
      try sales.act { act in try PaymentActs.void(one, of: sales.record(order, in: act.db), "Typed twice", act).hasChanged }
    }
    #expect(try void() && !void())
    #expect(payment(order) == ["partial", "40.00"])
    #expect(try sales.payments(order).map(\.isVoided).filter { $0 }.count == 1)
    // Voided, it is no longer the same payment.
    try sales.pay(order, 60_00, reference: "RF-1")
    #expect(payment(order) == ["paid", "100.00"])
  }

  @Test func `a payment needs a confirmed document, its currency, a day and a bearable amount`() throws {
    let draft = try sales.make(DocumentOffice.orders, [Line("Clock", "1", "100")])
    #expect(try !sales.pay(draft, 1_00).hasChanged)
    let order = try sold()
    #expect(try !sales.pay(order, 1_00, date: "2026-02-30").hasChanged && !sales.pay(order, 1_000_000_000_000_000).hasChanged)
    let dollars = try sales.act { act in
      try PaymentActs.add(Payment(date: "2026-11-20", amount: 1_00, currency: "USD"), to: sales.record(order, in: act.db), act)
    }
    #expect(dollars.errors["amount"] != nil)
    #expect(payment(order) == ["pending", ""])
  }

  @Test func `a refunded order stays refunded, and a paid one that grows is partly paid`() throws {
    let clock = try sales.product("Clock", stock: 9)
    let order = try confirmed(clock, "2")
    try sales.pay(order, 20_00)
    #expect(payment(order) == ["paid", "20.00"])
    #expect(sales.post(order, [line("3", clock)], [("date", value(order, "date"))]).status == 303)
    #expect(payment(order) == ["partial", "20.00"])
    try sales.pay(order, -20_00)
    #expect(payment(order) == ["refunded", "0.00"])
    #expect(sales.post(order, [line("2", clock)], [("date", value(order, "date"))]).status == 303)
    #expect(payment(order)[0] == "refunded")
  }

  @Test func `16 at once pay the same, and one payment is recorded`() throws {
    let order = try sold()
    nonisolated(unsafe) let sales = sales
    DispatchQueue.concurrentPerform(iterations: 16) { _ in _ = try? sales.pay(order, 100_00, reference: "RF-9") }
    #expect(payment(order) == ["paid", "100.00"])
    #expect(try sales.payments(order).count == 1)
  }
}
