@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web
import XML

/// A customer who is deleted for good leaves the documents that went out to them, and what is made of these.
@Suite struct GoneCustomerTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func forgetCustomer() throws {
    let href = "/admin/crm/contacts/" + sales.customer
    sales.owner.get(href)
    sales.owner.post(href + "/trash", [("csrf_token", sales.owner.lastToken)])
    sales.owner.get(href + "/delete")
    sales.owner.post(href + "/delete", [("confirm", "Carla Customer"), ("csrf_token", sales.owner.lastToken)])
    try #require(sales.owner.get(href).status == 404)
  }

  @Test func `a sent quote becomes an order, an invoice and a credit note for whom it was sent to`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    sales.step(quote, "send")
    try forgetCustomer()
    let order = sales.stepping(quote, "accept")
    #expect(order.hasPrefix(DocumentOffice.orders + "/"), "\(sales.flash(sales.step(quote, "accept")))")
    sales.step(order, "confirm")
    #expect(sales.json(order)["status"]?.string == "confirmed")
    // Its lines can still change.
    let form = try sales.form(order) + Line("Bell", "1", "5").fields(hasSerials: true)
    sales.owner.get(order)
    #expect(sales.owner.post(order, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    let invoice = sales.stepping(order, "invoice")
    try sales.issue(invoice)
    let note = sales.stepping(invoice, "credit")
    try sales.issue(note)
    for (path, file) in [(order, "/confirmation.pdf"), (invoice, "/invoice.pdf"), (note, "/invoice.pdf")] {
      #expect(try sales.pdf(path + file).contains("Carla Customer"), "\(file)")
    }
    #expect(sales.stepping(order, "copy") != order)
  }

  @Test func `drafts that were made before go out to whom their documents went out to`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    sales.step(quote, "send")
    let order = sales.stepping(quote, "accept")
    let (invoiced, invoice) = try sales.invoice([Line("Clock", "2", "100")])
    let note = sales.stepping(invoice, "credit")
    let other = try sales.make(DocumentOffice.orders, [Line("Bell", "1", "5")])
    sales.step(other, "confirm")
    let draft = sales.stepping(other, "invoice")
    try forgetCustomer()
    sales.step(order, "confirm")
    #expect(sales.json(order)["status"]?.string == "confirmed")
    for path in [note, draft] {
      // As somebody saves it, and as it was.
      if path == note {
        let form = try sales.form(path).map { $0.0 == "title" ? ("title", "Back") : $0 }
        sales.owner.get(path)
        #expect(sales.owner.post(path, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
      }
      try sales.issue(path)
      #expect(try sales.pdf(path + "/invoice.pdf").contains("Carla Customer"))
    }
    #expect(try sales.pdf(order + "/confirmation.pdf").contains("Carla Customer"))
    #expect(sales.json(invoiced)["payment_status"]?.string == "paid")
  }

  @Test func `a revision is for the same customer, and a draft that never went out asks for one`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    let draft = try sales.make(DocumentOffice.orders, [Line("Clock", "1", "100")])
    sales.step(quote, "send")
    try forgetCustomer()
    let revision = sales.stepping(quote, "revise")
    sales.step(revision, "send")
    #expect(sales.json(revision)["status"]?.string == "sent")
    #expect(sales.flash(sales.step(draft, "confirm")).contains("Choose a contact or a company."))
    let other = try sales.program.make("Dora Customer").id
    let form = try sales.form(draft).filter { !$0.0.hasPrefix("contact") } + [("contact", "Dora Customer"), ("contact_id", other)]
    sales.owner.get(draft)
    #expect(sales.owner.post(draft, form + [("csrf_token", sales.owner.lastToken)]).status == 303)
    sales.step(draft, "confirm")
    #expect(sales.json(draft)["status"]?.string == "confirmed")
  }
}
