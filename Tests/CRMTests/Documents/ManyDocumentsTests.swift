@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web
import XML

/// Documents where there are very many of them, or of their lines.
@Suite struct ManyDocumentsTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  @Test func `an order has as many lines as its form may send, the form being one with files`() throws {
    let lines = (0..<DocumentLinesField.most).map { Line("Line \($0)", "1", "2") }
    sales.owner.get(DocumentOffice.orders + "/new")
    let fields = [("contact", "Carla Customer"), ("contact_id", sales.customer), ("currency", "EUR"), ("prices", "net")]
    let made = sales.owner.post(
      DocumentOffice.orders, fields + lines.flatMap { $0.fields(hasSerials: true) }, files: [], token: sales.owner.lastToken)
    try #require(made.status == 303, "\(sales.problems(made))")
    let path = made.location.split(separator: "?").first.map(String.init) ?? ""
    #expect(sales.lines(path).count == DocumentLinesField.most)
    #expect(sales.amount(path, "net") == "1000.00")
    let form = try sales.form(path).map { $0.0 == "title" ? ($0.0, "Again") : $0 }
    #expect(sales.owner.post(path, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
  }

  @Test func `an index of a part of a list has what the filter finds`() throws {
    let product = try sales.product("Clock", stock: 90)
    for number in 0..<12 {
      let path = try sales.make(
        DocumentOffice.orders, [Line("Clock", "2", "10", product: product)],
        [("due_on", number % 2 == 0 ? "2026-01-31" : "2031-01-31"), ("date", "2026-01-01")] + (number % 5 == 4 ? [("on_hold", "yes")] : []))
      if number % 6 == 5 { continue }
      sales.step(path, "confirm")
      if number % 4 == 1 { try sales.ship(path, ["1": number < 6 ? 1 : 2]) }
      if number % 3 == 1 { try sales.pay(path, number < 6 ? 5_00 : 20_00) }
      if number % 4 == 2 { sales.step(path, "complete") }
      if number == 8 { sales.step(path, "cancel") }
    }
    let unpaid = "status+is+confirmed,completed+and+payment_status+is+pending,partial"
    func numbers(_ query: String) -> [String] {
      sales.owner.get("\(DocumentOffice.orders)?\(query)").page.all("//a[@class='row-link']").map(\.text)
    }
    for filter in ["to_ship", "unpaid", "overdue", unpaid + "+and+due_on+after+2030-01-01"] {
      // In another order, the list is looked through in another way.
      let found = numbers("filter=\(filter)&sort=-created_at")
      #expect(!found.isEmpty && found.count < 12, "\(filter)")
      #expect(numbers("filter=\(filter)") == found, "\(filter)")
      #expect(numbers("filter=\(filter)&sort=number") == found.reversed(), "\(filter)")
    }
    #expect(numbers("filter=unpaid&status=completed").count == 2)
    #expect(numbers("filter=\(unpaid)+and+title+is_empty") == numbers("filter=unpaid"))
    #expect(
      try plan(unpaid.replacing("+", with: " ") + " and due_on before today") == "unpaid"
        && plan("status is confirmed and fulfilment is none,partial and on_hold is no") == "to_ship")
    // What the index doesn't have isn't looked for in it.
    #expect(
      try plan(unpaid.replacing("+", with: " ") + " and title is_empty") == nil
        && plan(unpaid.replacing("+", with: " "), sort: "total") == nil)
  }

  /// The part of the list of orders that a filter is looked for in.
  private func plan(_ filter: String, sort: String? = nil) throws -> String? {
    let list = RecordType.order.list
    var state = ListState(tab: list.tabs[0])
    state.filter = try Predicate(filter, for: list) { _ in true }
    state.sort = sort.map { ListState.Order(column: $0, descending: true) }
    return try sales.office.store.read { db in
      let plan = try ListPlanner(
        list: list, state: state, scope: .all, matches: nil,
        moment: FilterMoment(now: sales.office.now, zone: ZoneClock("UTC"), office: ZoneClock("UTC"), user: ""),
        db: db
      ).plan()
      return if case .part(let part) = plan.source { part.index } else { nil }
    }
  }

  @Test func `the documents of a customer are added up while they are few enough`() throws {
    let path = try sales.make(DocumentOffice.orders, [Line("Clock", "1", "10")])
    sales.step(path, "confirm")
    func sums() -> [String] {
      sales.owner.get("/admin/crm/contacts/\(sales.customer)/orders").page.all("//main//*[contains(text(), 'open')]").map(\.text)
    }
    #expect(sums().count == 1)
    try sales.office.store.write { db in
      let columns = try db.all("SELECT name FROM pragma_table_info('orders')") { $0.text(0) }
      let copied = columns.map { ["seq": "NULL", "id": "printf('%08x', n) || substr(id, 9)", "name": "name || '-' || n"][$0] ?? $0 }
      try db.run(
        """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(ListPage.mostSummed))
        INSERT INTO orders (\(raw: columns.joined(separator: ", "))) SELECT \(raw: copied.joined(separator: ", ")) FROM orders, numbers
        """)
    }
    #expect(sums().isEmpty)
  }
}
