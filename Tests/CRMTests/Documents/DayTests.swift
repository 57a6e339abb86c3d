import Base
import Foundation
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Which day it is for a document: the office's, wherever its readers are.
@Suite struct DayTests {
  private typealias Line = DocumentOffice.Line
  private static let east = "Pacific/Kiritimati"  // +14
  private static let west = "America/Sao_Paulo"  // −3
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  /// Moves the clock to a moment.
  private func wait(until moment: String) throws {
    let moment = try #require(Timestamp(moment))
    sales.office.wait(seconds: Int((moment.milliseconds - sales.office.now.milliseconds) / 1000))
  }

  // Case 34.
  @Test(arguments: [
    (office: east, user: west, last: "2026-11-20T09:59:00.000Z", next: "2026-11-20T10:01:00.000Z"),
    (office: west, user: east, last: "2026-11-21T02:59:00.000Z", next: "2026-11-21T03:01:00.000Z"),
  ])
  func `34: what is due on the 20th is printed as that, and overdue from the 21st of the office`(
    _ zones: (office: String, user: String, last: String, next: String)
  ) throws {
    try sales.settings("", ["default_time_zone": zones.office])
    sales.owner.get("/account")
    sales.owner.post("/account", ["name": "Olga Owner", "language": "en", "time_zone": zones.user, "theme": "auto"])
    try wait(until: "2026-11-20T05:00:00.000Z")
    let (order, invoice) = try sales.invoice([Line("Bell", "1", "100")], [("date", "2026-11-19"), ("due_on", "2026-11-20")])
    // The invoice was issued on the office's day; its own day comes along.
    let draft = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "50")], [("date", "2026-11-19"), ("due_on", "2026-11-20")])
    sales.step(draft, "confirm")
    #expect(sales.json(invoice)["status"]?.string == "issued")
    func isOverdue(_ path: String) -> [Bool] {
      let number = sales.number(path)
      let list = path.split(separator: "/").dropLast().joined(separator: "/")
      return [
        sales.listed("/" + list + "?filter=overdue").contains(number),
        sales.owner.get(path + "/payments").page.all("//*[@class='figure-label']").contains { $0.text == "Overdue since" },
        !sales.owner.get("/admin/crm/contacts/" + sales.customer + "/orders").page
          .all("//tr[th/a[text()='\(number)']]/td[@class='loss']").isEmpty,
      ]
    }
    try wait(until: zones.last)
    #expect(isOverdue(order) == [false, false, false])
    #expect(sales.json(order)["due_on"]?.string == "2026-11-20")
    #expect(sales.owner.get(order).text.contains("20 Nov 2026"))
    try wait(until: zones.next)
    #expect(isOverdue(order) == [true, true, true])
    #expect(sales.owner.get("/admin/crm").text.contains("Overdue orders: 2"))
  }

  @Test func `34: a day is printed as it is stored, in any zone`() throws {
    let order = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "100")], [("date", "2026-11-10")])
    sales.step(order, "confirm")
    let invoice = sales.stepping(order, "invoice")
    #expect(
      sales.owner.post(
        invoice, try sales.form(invoice).map { $0.0 == "due_on" ? ("due_on", "2026-11-20") : $0 } + [("csrf_token", sales.owner.lastToken)]
      ).status == 303)
    for zone in [Self.west, Self.east, "UTC"] {
      try sales.settings("", ["default_time_zone": zone])
      #expect(try sales.pdf(invoice + "/invoice.pdf").contains("20 Nov 2026"), "\(zone)")
    }
  }
}
