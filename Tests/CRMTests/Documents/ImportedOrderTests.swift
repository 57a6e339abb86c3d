@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web

/// Orders that come from files: what they say of payments and stock holds from then on.
@Suite struct ImportedOrderTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func file(_ rows: String...) -> String {
    (["id,number,contact,date,currency,status,fulfilment,paid,lines"] + rows + [""]).joined(separator: "\n")
  }

  private func line(_ product: String, _ quantity: String, _ price: String) -> String {
    let id = product.isEmpty ? "" : "\"\"product_id\"\":\"\"\(product)\"\","
    return "\"[{\(id)\"\"name\"\":\"\"Bell\"\",\"\"quantity\"\":\"\"\(quantity)\"\",\"\"price\"\":\"\"\(price)\"\"}]\""
  }

  private func path(_ number: String) throws -> String {
    DocumentOffice.orders + "/" + (try sales.office.id("SELECT id FROM orders WHERE name = \(number)"))
  }

  @Test func `what a file says was paid is a payment, and the next one adds to it`() throws {
    let file = file("X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,30.00 EUR,\(line("", "1", "100"))")
    #expect(try sales.importing(file, into: .order) == "1 created")
    let order = try path("OLD-1")
    #expect(try sales.payments(order).map { "\($0.date) \($0.amount) \($0.method)" } == ["2026-03-04 3000 imported"])
    try sales.pay(order, 70_00)
    #expect(sales.amount(order, "paid") == "100.00")
    #expect(sales.json(order)["payment_status"]?.string == "paid")
    #expect(sales.owner.get(order + "/payments").text.contains("Imported"))
    // The same file again changes nothing.
    _ = try sales.importing(file, into: .order)
    #expect(try sales.payments(order).count == 2)
    #expect(sales.amount(order, "paid") == "100.00")
  }

  @Test func `an amount in another currency is told`() throws {
    let file = file("X1,OLD-1,Carla Customer,2026-03-04,EUR,completed,delivered,30.00 USD,\(line("", "1", "100"))")
    let said = try sales.importing(file, into: .order)
    #expect(said.contains("0 created") && said.contains("currency, EUR"), "\(said)")
  }

  @Test(arguments: [("confirmed", "99999999999999.99", "too large"), ("draft", "5.00", "draft")])
  func `a payment that nobody could record isn't imported either`(status: String, paid: String, problem: String) throws {
    let said = try sales.importing(
      file("X1,OLD-1,Carla Customer,2026-03-04,EUR,\(status),none,\(paid) EUR,\(line("", "1", "100"))"), into: .order)
    #expect(said.contains("0 created") && said.contains(problem), "\(said)")
  }

  @Test func `money that went back is a refund`() throws {
    _ = try sales.importing(file("X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,-50.00 EUR,\(line("", "1", "100"))"), into: .order)
    #expect(sales.json(try path("OLD-1"))["payment_status"]?.string == "refunded")
    #expect(try crm.check(sales.office.store) == [])
  }

  @Test func `the currency of an order with payments stays`() throws {
    _ = try sales.importing(file("X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,5.00 EUR,\(line("", "1", "100"))"), into: .order)
    let paid = sales.program.send(.patch, "/orders/" + sales.id(try path("OLD-1")), .object(["currency": "USD"]))
    #expect(paid.status == 422 && paid.text.contains("has payments in EUR"), "\(paid.text)")
  }

  @Test func `what an undone import can't take back is listed`() throws {
    let file = file("X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,,\(line("", "2", "10"))")
    #expect(try sales.importing(file, into: .order) == "1 created")
    try sales.issue(sales.stepping(path("OLD-1"), "invoice"))
    let (now, store) = (sales.office.now, sales.office.store)
    let batch = try #require(Int(try sales.office.id("SELECT CAST(max(id) AS TEXT) FROM batches")))
    let undone = try Importer(crm, store: store, clock: Clock { now }, languages: []).undo(batch, report: { _ in }, progress: { _ in })
    #expect(undone.deleted == 0 && undone.left == 1)
  }

  @Test func `a bill from elsewhere that was paid leaves nothing on the statement`() throws {
    let file = file("X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,100.00 EUR,\(line("", "1", "100"))")
    _ = try sales.importing(file, into: .order)
    let statement = "/admin/crm/contacts/\(sales.customer)/statement"
    #expect(!sales.owner.get(statement).text.contains("Imported"))
    try sales.issue(sales.stepping(path("OLD-1"), "invoice"))
    #expect(sales.owner.get(statement).text.contains("Imported"))
  }

  @Test func `an order that comes confirmed reserves, more than there is too; one that has gone or ended doesn’t`() throws {
    let bell = try sales.product("Bell", price: "10", stock: 3)
    let file = file(
      "X1,OLD-1,Carla Customer,2026-03-04,EUR,confirmed,none,,\(line(bell, "5", "10"))",
      "X2,OLD-2,Carla Customer,2026-03-04,EUR,confirmed,delivered,,\(line(bell, "7", "10"))",
      "X3,OLD-3,Carla Customer,2026-03-04,EUR,completed,none,,\(line(bell, "9", "10"))",
      "X4,OLD-4,Carla Customer,2026-03-04,EUR,cancelled,none,,\(line(bell, "11", "10"))")
    #expect(try sales.importing(file, into: .order) == "4 created")
    #expect(try sales.stock(bell) == [3, 5, -2])
    // A line that is added doesn’t reserve what has gone, and the order still has.
    let gone = try path("OLD-2")
    var form = try sales.form(gone)
    form += DocumentOffice.Line("Ringing", "1", "5").fields(hasSerials: true)
    sales.owner.get(gone)
    #expect(sales.owner.post(gone, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.lines(gone).count == 2)
    #expect(sales.json(gone)["fulfilment"]?.string == "delivered")
    #expect(try sales.stock(bell) == [3, 5, -2])
    sales.step(try path("OLD-1"), "cancel", "No")
    #expect(try sales.stock(bell) == [3, 0, 3])
    #expect(try crm.check(sales.office.store) == [])
  }

  @Test func `an import that is undone frees what it reserved and voids its numbers`() throws {
    let bell = try sales.product("Bell", price: "10", stock: 3)
    let file = file("X1,ORD-2026-007,Carla Customer,2026-03-04,EUR,confirmed,none,20.00 EUR,\(line(bell, "2", "10"))")
    #expect(try sales.importing(file, into: .order) == "1 created")
    #expect(try sales.stock(bell) == [3, 2, 1])
    let (now, store) = (sales.office.now, sales.office.store)
    let batch = try #require(Int(try sales.office.id("SELECT CAST(max(id) AS TEXT) FROM batches")))
    let undone = try Importer(crm, store: store, clock: Clock { now }, languages: []).undo(batch, report: { _ in }, progress: { _ in })
    #expect(undone.deleted == 1)
    #expect(try sales.stock(bell) == [3, 0, 3])
    #expect(try store.read { try $0.text("SELECT reason FROM numbers WHERE text = 'ORD-2026-007'") } == "Deleted")
    #expect(try store.read { try $0.value("SELECT count(*) FROM payments") } == 0)
  }

  @Test func `what orders of former files have paid becomes a payment of each`() throws {
    let file = file("X1,OLD-1,Carla Customer,2026-03-04,EUR,completed,delivered,30.00 EUR,\(line("", "1", "100"))")
    _ = try sales.importing(file, into: .order)
    let store = sales.office.store
    try store.write { db in
      try db.run("DELETE FROM payments")
      for _ in 0..<2 { try db.script(Migration.importedPayments.sql) }
    }
    let order = try path("OLD-1")
    let made = try #require(try sales.payments(order).first)
    #expect(made.amount == 30_00 && made.date == "2026-03-04")
    #expect(try sales.payments(order).count == 1)
  }
}
