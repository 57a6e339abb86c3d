@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

/// Numbers of documents: without gaps, none twice. Numbers in names are cases of money_documents §4.
@Suite struct NumberTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func number(_ path: String) -> String { sales.json(path)["number"]?.string ?? "" }

  private func order(on day: String = "2026-11-20", _ more: [(String, String)] = []) throws -> String {
    try sales.make(DocumentOffice.orders, [Line("A", "1", "10")], [("date", day)] + more)
  }

  private func pattern(_ text: String) -> Response {
    let path = SettingsTab.root + "/documents"
    let form = sales.owner.get(path).page.first("//main//form[@method='post']")
    let inputs = (form?.all(".//input[@name] | .//textarea[@name]") ?? []).map { input in
      (input["name"] ?? "", input.name == "textarea" ? input.typedText : input["value"] ?? "")
    }
    return sales.owner.post(path, inputs.map { $0.0 == "order_numbers" ? ($0.0, text) : $0 })
  }

  @Test func `14: a number that was given stays taken, with why its document is gone`() throws {
    let orders = try (0..<3).map { _ in try order() }
    #expect(orders.map(number) == ["ORD-2026-001", "ORD-2026-002", "ORD-2026-003"])
    sales.owner.get(orders[1])
    sales.owner.post(orders[1] + "/trash", [:])
    #expect(number(try order()) == "ORD-2026-004")
    let page = sales.owner.get(orders[1] + "/delete").page
    let fields = page.all("//main//form[@method='post']//input[@name]").map { ($0["name"] ?? "", $0["value"] ?? "") }
    sales.owner.post(orders[1] + "/delete", fields.map { $0.0 == "confirm" ? ($0.0, "ORD-2026-002") : $0 })
    #expect(sales.json(orders[1])["id"] == nil, "it is gone")
    #expect(number(try order()) == "ORD-2026-005")
    let void = try sales.office.store.read { db in
      try db.all("SELECT text, voided_by, reason FROM numbers WHERE voided_at IS NOT NULL") { [$0.text(0), $0.text(1), $0.text(2)] }
    }
    #expect(void == [["ORD-2026-002", "Olga Owner", "Deleted"]])
  }

  @Test func `16: the year is that of the document's date`() throws {
    try sales.act { act in try NumberSeries.order.take("ORD-2025-118", on: "2025-12-30", act) }
    #expect(number(try order(on: "2025-12-31")) == "ORD-2025-119")
    #expect(number(try order(on: "2026-01-01")) == "ORD-2026-001")
    #expect(number(try order(on: "2025-12-31")) == "ORD-2025-120")
  }

  @Test func `a number grows beyond its digits and sorts by what it counts`() throws {
    try sales.act { act in try NumberSeries.order.take("ORD-2026-998", on: "2026-01-01", act) }
    let numbers = try (0..<3).map { _ in number(try order()) }
    #expect(numbers == ["ORD-2026-999", "ORD-2026-1000", "ORD-2026-1001"])
    func listed(_ query: String) -> [String] {
      sales.owner.get(DocumentOffice.orders + query).page.all("//a[@class='row-link']").map(\.text)
    }
    #expect(listed("") == numbers.reversed())
    #expect(listed("?sort=number") == numbers)
  }

  @Test func `a pattern needs the year and one number, told apart`() throws {
    for bad in [
      "ORD-{n:3}", "ORD-{year}", "ORD", "{year}{n:3}", "ORD-{year}-{n}-{n}", "ORD-{year}-{n:0}", "ORD-{year}-{n:12}", "ORD-{year}-{x}",
      "ORD-{year-{n}",
    ] {
      let answer = pattern(bad)
      #expect(answer.status == 422 && answer.page.first("//*[@id='f-order_numbers-error']") != nil, "\(bad) \(answer.status)")
    }
    #expect(number(try order()) == "ORD-2026-001")
    #expect(pattern("{yy}/{n}").status == 303)
    #expect(number(try order()) == "26/2", "the counter goes on")
    #expect(pattern("ORD-{year}-{n:3}").status == 303)
    #expect(number(try order()) == "ORD-2026-003")
  }

  @Test func `a form that is refused, and one that is sent twice, use up no number`() throws {
    #expect(sales.post(DocumentOffice.orders, [Line("A", "0", "10")]).status == 422)
    let form = try #require(
      sales.owner.get(DocumentOffice.orders + "/new").page.first("//form[@id='order-form']//input[@name='form_key']")?["value"])
    let twice = (0..<2).map { _ in sales.post(DocumentOffice.orders, [Line("A", "1", "10")], [("form_key", form)]).location }
    #expect(twice[0] == twice[1])
    #expect(number(try order()) == "ORD-2026-002")
  }

  @Test func `a file brings numbers along, and the counter goes on after them`() throws {
    let file = """
      id,number,contact,date,currency,lines
      ,ORD-2026-041,Carla Customer,2026-02-03,EUR,"[{""name"":""Clock"",""quantity"":""2"",""price"":""10""}]"
      ,OLD-7,Carla Customer,2026-02-04,EUR,"[{""name"":""Bell"",""quantity"":""1"",""price"":""5""}]"
      ,,Carla Customer,2026-02-05,EUR,"[{""name"":""Ant"",""quantity"":""1"",""price"":""1""}]"

      """
    let result = try sales.importing(file, into: .order)
    #expect(result == "3 created", "\(result)")
    let made = try sales.office.store.read { db in
      try db.all("SELECT name, total FROM orders ORDER BY seq") { "\($0.text(0)) \($0.int(1))" }
    }
    #expect(made == ["ORD-2026-041 2000", "OLD-7 500", "ORD-2026-042 100"])
    #expect(number(try order()) == "ORD-2026-043")
  }

  // MARK: Many at once

  /// `ROOST_NUMBER_DRILL=10000` makes more than the usual number.
  private static let drill = ProcessInfo.processInfo.environment["ROOST_NUMBER_DRILL"].flatMap { Int($0) } ?? 160

  private struct RolledBack: Error {}

  /// Each has the database open for itself, as processes do.
  @Test func `8 writers at once, every fifth of which gives up, leave no gap and take none twice`() throws {
    let (types, now, path, customer) = (sales.office.composition.records.all, sales.office.now, sales.office.store.path, sales.customer)
    let made = Mutex<[String]>([])
    let problems = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      do {
        let store = try Store(path: path, readers: 1, durability: .off, writeTimeout: 60)
        defer { store.close() }
        for turn in 0..<Self.drill / 8 {
          do {
            let number = try store.write { db -> String in
              let act = ActContext(db: db, principal: .program(Actor(id: nil, name: "Writer \(writer)")), now: now, types: types)
              var values = DocumentValues(RecordType.order.blank(), of: .order)
              values["contact"] = .text(customer)
              values["date"] = .text(turn % 3 == 0 ? "2025-06-01" : "2026-06-01")
              values.lines = [DocumentLine(name: "A", quantity: 1_000, price: "1")]
              let id = try RecordType.order.create(values.values, act).id(of: nil)
              let number = try RecordType.order.header(id, .all, db)?.name ?? ""
              if (turn + writer) % 5 == 0 { throw RolledBack() }
              return number
            }
            made.withLock { $0.append(number) }
          } catch is RolledBack {}
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    let numbers = made.withLock { $0 }
    #expect(Set(numbers).count == numbers.count && numbers.count == Self.drill - Self.drill / 5)
    let pattern = try NumberPattern("ORD-{year}-{n:3}")
    for year in [2025, 2026] {
      let found = numbers.compactMap { pattern.number(in: $0, year: year) }.sorted()
      #expect(found == Array(1...found.count), "\(year)")
      let ledger = try sales.office.store.read { db in
        try db.all("SELECT n FROM numbers WHERE series = 'order' AND year = \(year) ORDER BY n") { $0.int(0) }
      }
      #expect(ledger == found)
    }
  }
}
