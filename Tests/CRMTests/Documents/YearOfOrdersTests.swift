import Admin
import Base
@testable import CRM
import Foundation
import Testing

/// The four example files: a year of orders of a small workshop, with its customers and products.
@Suite struct YearOfOrdersTests {
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func file(_ name: String) throws -> String {
    try String(contentsOfFile: TestApp.resources + "/Examples/year-of-orders/\(name).csv", encoding: .utf8)
  }

  @Test func `an empty office has a year of orders after four imports`() throws {
    for (name, type) in [("companies", RecordType.company), ("contacts", .contact), ("products", .product), ("orders", .order)] {
      let file = try file(name)
      var table = try CSVTable(bytes: Array(file.utf8))
      var rows = 0
      while try table.next() != nil { rows += 1 }
      #expect(try sales.importing(file, into: type) == "\(rows) created")
    }
    #expect(try crm.check(sales.office.store) == [])
    // Every amount comes out as it is in the file.
    let exported = sales.owner.get(DocumentOffice.orders + "/export.csv?columns=all").text
    let found = Dictionary(uniqueKeysWithValues: try records(of: exported).map { ($0["number"] ?? "", $0) })
    let orders = try records(of: file("orders"))
    #expect(found.count == orders.count)
    for order in orders {
      for (name, value) in order { #expect(found[order["number"] ?? ""]?[name] == value, "\(order["number"] ?? "") \(name)") }
    }
    let customer = sales.owner.get("/admin/crm/contacts/\(orders[0]["contact"] ?? "")/orders").text
    #expect(customer.contains(orders[0]["number"] ?? ""))
    // Numbers go on after those of the file.
    let last = orders.compactMap { $0["number"].flatMap { Int($0.suffix(3)) } }.max() ?? 0
    let next = sales.post(DocumentOffice.orders, [DocumentOffice.Line("A", "1", "100")], [("date", "2026-11-20")]).location
    #expect(sales.json(next)["number"]?.string == "ORD-2026-0\(last + 1)")
  }

  private func records(of file: String) throws -> [[String: String]] {
    var table = try CSVTable(bytes: Array(file.utf8))
    var records: [[String: String]] = []
    while let row = try table.next() {
      records.append(Dictionary(zip(table.heading, row.fields)) { first, _ in first })
    }
    return records
  }
}
