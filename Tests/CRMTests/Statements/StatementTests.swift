@testable import Admin
import Base
@testable import CRM
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

/// What a customer was billed and has paid. Today is 2026-11-18.
@Suite struct StatementTests {
  let sales: DocumentOffice

  init() throws { self.init(try DocumentOffice()) }

  private init(_ sales: DocumentOffice) { self.sales = sales }

  private var path: String { "/admin/crm/contacts/\(sales.customer)/statement" }

  // MARK: What there is

  /// An issued invoice without VAT.
  private func invoice(
    _ price: String, on date: String, due: String, currency: String = "EUR", order: String? = nil, more: [JSON.Member] = []
  ) throws -> RecordID {
    let line = JSON.object(["name": "Bell", "quantity": "1", "price": .string(price)])
    let made = sales.program.send(
      .post, "/invoices",
      .object(
        [
          .init(name: "contact", value: .object(["id": .string(sales.customer)])), .init(name: "currency", value: .string(currency)),
          .init(name: "lines", value: .array([line])), .init(name: "date", value: .string(date)),
          .init(name: "due_on", value: .string(due)),
        ] + more))
    let id = try #require(RecordID(made.id), "\(made.text)")
    if let order { try sales.office.store.write { db in try db.run("UPDATE invoices SET order_id = \(sales.id(order)) WHERE id = \(id)") } }
    let outcome = try sales.act { act in try InvoiceActs.issue(try Self.invoice(id, act), act) }
    try #require(outcome.hasChanged, "\(outcome.errors)")
    return id
  }

  private static func invoice(_ id: RecordID, _ act: ActContext) throws -> Record {
    try #require(try RecordType.invoice.record(id, in: act.db))
  }

  private func credit(_ id: RecordID, _ price: String, on date: String) throws {
    try sales.act { act in
      let note = try #require(try InvoiceActs.credit(try Self.invoice(id, act), act).invoice)
      let draft = try Self.invoice(note, act)
      var values = DocumentValues(draft)
      values["date"] = .text(date)
      values.lines = values.lines.map { line in
        var line = line
        line.price = price
        return line
      }
      try #require(try RecordType.invoice.save(values.values, over: note, from: draft.version, act).errors.isEmpty)
      try #require(try InvoiceActs.issue(try Self.invoice(note, act), act).hasChanged)
    }
  }

  @discardableResult
  private func pay(_ id: RecordID, _ minor: Int64, on date: String, reference: String = "", currency: String = "EUR") throws -> Outcome {
    try sales.act { act in
      var payment = Payment()
      (payment.amount, payment.currency, payment.date, payment.reference) = (minor, currency, date, reference)
      payment.method = "transfer"
      return try PaymentActs.add(payment, to: try Self.invoice(id, act), act)
    }
  }

  /// Two years of transactions.
  private func history() throws {
    let old = try invoice("100", on: "2025-12-10", due: "2025-12-24")
    let summer = try invoice("200", on: "2026-08-01", due: "2026-08-15")
    _ = try invoice("50", on: "2026-11-10", due: "2026-12-01")
    try credit(summer, "30", on: "2026-09-01")
    try pay(old, 10_000, on: "2026-01-05", reference: "ZX-17")
    try pay(old, -1_000, on: "2026-02-05")
    try pay(summer, 9_900, on: "2026-08-20")
    try sales.act { act in
      let wrong = try #require(try PaymentStore.all(of: summer, in: act.db).first)
      _ = try PaymentActs.void(wrong, of: try Self.invoice(summer, act), "Typed wrong", act)
    }
  }

  // MARK: What is shown

  private func rows(_ query: String = "", by client: TestClient? = nil) -> [[String]] {
    (client ?? sales.owner).get(path + query).page.all("//table[contains(@class, 'statement-table')]/tbody/tr").map { row in
      row.all("./*").map { plain($0.text) }
    }
  }

  private func ages(_ query: String = "") -> [String] {
    sales.owner.get(path + query).page.all("//div[@class='statement-ages']//td").map { plain($0.text) }
  }

  private func plain(_ text: String) -> String { text.replacing("\u{A0}", with: " ").replacing("\u{2212}", with: "-") }

  @Test func `invoices, credit notes, payments and refunds are there in order, with a balance`() throws {
    try history()
    let page = sales.owner.get(path)
    #expect(page.status == 200)
    #expect(
      rows().map { [$0[1], $0[3], $0[4], $0[5]].joined(separator: " | ") } == [
        "Opening balance |  |  | 100.00", "Payment INV-2025-001 Bank transfer · ZX-17 |  | 100.00 | 0.00",
        "Refund INV-2025-001 Bank transfer | 10.00 |  | 10.00", "Invoice INV-2026-001 | 200.00 |  | 210.00",
        "Credit note CRN-2026-001 |  | 30.00 | 180.00", "Invoice INV-2026-002 | 50.00 |  | 230.00", "Closing balance |  |  | 230.00",
      ])
    // 50 isn't due; what was refunded of December's is 329 days late, and 170 of August's 95.
    #expect(ages() == ["50.00", "0.00", "0.00", "0.00", "180.00", "230.00"])
    assertSnapshot(of: page, named: "documents/statement")
  }

  @Test func `a period begins with what was open before, and all time with nothing`() throws {
    try history()
    #expect(rows("?from=2026-08-01&until=2026-08-31").map(\.last) == ["10.00", "210.00", "210.00"])
    #expect(ages("?from=2026-08-01&until=2026-08-31") == ["0.00", "200.00", "0.00", "0.00", "10.00", "210.00"])
    #expect(rows("?from=&until=").first?.last == "0.00" && rows("?from=&until=").count == 8)
    let last = sales.owner.get(path).page.all("//nav[@class='statement-periods']/a").map { $0["href"] ?? "" }
    #expect(last.count == 3 && rows(String(last[1].dropFirst(path.count))).map(\.last) == ["0.00", "100.00", "100.00"], "\(last)")
    #expect(sales.owner.get(path + "?from=2031-01-01&until=").page.all("//tbody/tr[@class='statement-end']").count == 2)
    for wrong in ["?from=soon", "?from=2026-02-01&until=2026-01-01"] {
      #expect(sales.owner.get(path + wrong).status == 422)
      #expect(sales.owner.get(path + ".pdf" + wrong).status == 400 && sales.owner.get(path + ".csv" + wrong).status == 400)
    }
  }

  @Test func `each currency has its own account`() throws {
    _ = try invoice("300", on: "2026-03-01", due: "2026-03-31")
    let yen = try invoice("8000", on: "2026-03-02", due: "2026-03-31", currency: "JPY")
    try pay(yen, 3_000, on: "2026-03-03", currency: "JPY")
    let page = sales.owner.get(path).page
    #expect(page.all("//section[@class='statement-account']/h3").count == 2)
    #expect(page.all("//tr[@class='statement-end'][last()]/td[@class='number']").map(\.text) == ["300.00", "5,000"])
  }

  @Test func `what was paid for an order counts, and belongs to its invoices, the oldest first`() throws {
    let order = try sales.make(DocumentOffice.orders, [.init("Bell", "4", "100")])
    sales.step(order, "confirm")
    try sales.pay(order, 15_000, date: "2026-10-01")
    #expect(ages() == ["0.00", "0.00", "0.00", "0.00", "0.00", "-150.00", "-150.00"])
    _ = try invoice("100", on: "2026-10-02", due: "2026-10-31", order: order)
    _ = try invoice("100", on: "2026-11-02", due: "2026-12-31", order: order)
    #expect(ages() == ["50.00", "0.00", "0.00", "0.00", "0.00", "50.00"])
    // Before the second one there was an advance.
    #expect(
      ages("?from=&until=2026-10-31")
        == ["0.00", "0.00", "0.00", "0.00", "0.00", "-50.00", "-50.00"])
    #expect(rows()[1][1].hasPrefix("Payment ORD-2026-001"))
  }

  @Test func `only issued documents count, and those of a company are on its own statement`() throws {
    let company = sales.program.send(.post, "/companies", .object(["name": "Bells Ltd"]))
    _ = try invoice(
      "100", on: "2026-10-02", due: "2026-10-31", more: [.init(name: "company", value: .object(["id": .string(company.id)]))])
    let line = JSON.object(["name": "Bell", "quantity": "1", "price": "77"])
    _ = sales.program.send(
      .post, "/invoices", .object(["contact": .object(["id": .string(sales.customer)]), "lines": .array([line])]))
    #expect(rows().map(\.last) == ["0.00", "100.00", "100.00"])
    let page = sales.owner.get("/admin/crm/companies/\(company.id)/statement")
    #expect(page.text.contains("INV-2026-001") && !page.text.contains("77.00"))
    let tab = sales.owner.get("/admin/crm/companies/\(company.id)/orders")
    #expect(tab.page.first("//a[@href='/admin/crm/companies/\(company.id)/statement']") != nil)
  }

  // MARK: Rights

  @Test func `users who can’t see all invoices get no statement, and CSV needs the right to export`() throws {
    let order = try sales.make(DocumentOffice.orders, [.init("Bell", "1", "100")])
    sales.step(order, "confirm")
    try sales.pay(order, 500, reference: "secret-of-order", date: "2026-10-01")
    _ = try invoice("100", on: "2026-10-02", due: "2026-10-31")
    let manager = try sales.office.visitor(.manager, name: "Mona Manager")
    func grant(_ grants: String) throws {
      try sales.office.store.write { db in _ = try db.run("UPDATE roles SET grants = \(grants) WHERE id = \(Role.manager.id)") }
    }
    func statuses() -> [Int] { ["", ".pdf", ".csv"].map { manager.get(path + $0).status } }
    // Of own invoices alone it would be a part that looks like the whole.
    try grant("contacts=write invoices=read_own orders=write export=full")
    #expect(statuses() == [403, 403, 403])
    #expect(!manager.get("/admin/crm/contacts/\(sales.customer)/orders").text.contains("/statement"))
    try grant("contacts=write invoices=read export=full")
    #expect(statuses() == [200, 200, 200])
    try grant("contacts=write invoices=read export=none")
    #expect(statuses() == [200, 200, 403])
    #expect(!manager.get(path).text.contains("statement.csv"))
    // Who sees all invoices sees all payments, but no order that isn't theirs to see.
    try grant("contacts=write invoices=read orders=none")
    let page = manager.get(path)
    #expect(page.text.contains("secret-of-order") && !page.text.contains("ORD-2026-001"))
    try grant("contacts=write invoices=none orders=write")
    #expect(statuses() == [404, 404, 404])
    #expect(!manager.get("/admin/crm/contacts/\(sales.customer)/orders").text.contains("/statement"))
    try grant("contacts=none invoices=write")
    #expect(manager.get(path).status == 404)
  }

  // MARK: Files

  @Test func `a file has all lines, as spreadsheets read them`() throws {
    try history()
    let response = sales.owner.get(path + ".csv")
    #expect(response.headers["Content-Type"] == "text/csv; charset=utf-8")
    let lines = response.text.split(separator: "\r\n").map(String.init)
    #expect(lines.count == 8 && lines[0].hasSuffix("Date,Type,Number,Reference,Due on,Debit,Credit,Balance,Currency"), "\(lines)")
    #expect(lines[1] == "2026-01-01,Opening balance,,,,,,100.00,EUR" && lines[7] == "2026-11-18,Closing balance,,,,,,230.00,EUR")
    #expect(lines[2] == "2026-01-05,Payment,INV-2025-001,Bank transfer · ZX-17,,,100.00,0.00,EUR")
    #expect(lines[4] == "2026-08-01,Invoice,INV-2026-001,,2026-08-15,200.00,,210.00,EUR")
  }

  @Test func `on paper it is in the customer's language, with their address`() throws {
    try history()
    try sales.office.store.write { db in
      _ = try db.run("UPDATE contacts SET language = 'el', street = 'Ερμού 5', city = 'Αθήνα' WHERE id = \(sales.customer)")
    }
    let response = sales.owner.get(path + ".pdf")
    #expect(response.status == 200 && response.headers["Content-Type"] == "application/pdf")
    let text = try sales.pdf(path + ".pdf")
    for part in ["Κατάσταση λογαριασμού", "Carla Customer", "Ερμού 5", "INV-2025-001", "230,00", "Υπόλοιπο έναρξης", "1–30"] {
      #expect(text.contains(part), "\(part) isn't in \(text)")
    }
  }

  @Test func `a page has the last thousand lines, the file has all`() throws {
    let id = try invoice("9000", on: "2026-01-02", due: "2026-02-01")
    try sales.office.store.write { db in
      for number in 0..<2_004 {
        try db.run(
          """
          INSERT INTO payments (id, record_id, date, amount, currency, created_at, actor_name)
          VALUES (\(RecordID.make(at: sales.office.now).text), \(id), \("2026-0\(2 + number / 400)-01"), 100, 'EUR', \(sales.office.now), 'Test')
          """)
      }
    }
    let found = rows()
    #expect(found.count == 1_003 && found[1][1] == "1,005 earlier entries", "\(found.count) \(found.prefix(2))")
    #expect(found[1].last == "7,996.00" && found[2].last == "7,995.00" && found.last?.last == "6,996.00")
    #expect(sales.owner.get(path + ".pdf").status == 200)
    let file = sales.owner.get(path + ".csv").text.split(separator: "\r\n")
    #expect(file.count == 2_008 && file.last?.hasSuffix(",6996.00,EUR") == true)
  }

  @Test func `it is read with few queries, and none reads a whole table`() throws {
    let statements = Mutex<[String]>([])
    let traced = Self(try DocumentOffice(trace: { sql in statements.withLock { $0.append(sql) } }))
    try traced.history()
    func queries(_ name: String) -> [String] {
      statements.withLock { $0 = [] }
      let response = traced.sales.owner.get(traced.path + name)
      // To the end, since a file is read while it is sent.
      #expect(response.status == 200 && !response.text.isEmpty)
      return statements.withLock { $0.filter { $0.contains("FROM payments") || $0.contains("JOIN payments") } }
    }
    let (page, all, file) = (queries(""), queries("?from=&until="), queries(".csv"))
    #expect([page, all].map(\.count) == [3, 3])
    // The file reads its lines once more, piece by piece: of one account in one piece.
    #expect(file.count == 4 && Set(file).count == 4, "\(file)")
    for sql in Set(page + all + file) {
      let plan = try traced.sales.office.store.read { db in
        try db.all(SQL(raw: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "'x'"))) { $0.text(3) }
      }
      #expect(!plan.contains { plan in ["invoices", "orders", "payments", "note"].contains { plan.hasPrefix("SCAN " + $0) } }, "\(plan)")
    }
  }
}
