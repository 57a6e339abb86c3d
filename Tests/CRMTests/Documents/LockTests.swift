@testable import Admin
import Base
@testable import CRM
import Testing
import Web
import XML

/// What a document in its state doesn't let anybody change, and where its page leads.
@Suite struct LockTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func sent() throws -> String {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")], [("title", "Clocks")])
    try #require(sales.step(quote, "send").status == 303)
    return quote
  }

  private func inputs(_ response: Response) -> Set<String> { Set(response.page.all("//form//*[@name]").compactMap { $0["name"] }) }

  @Test func `the form of a sent quote offers what can still be changed, and says why not the rest`() throws {
    let quote = try sent()
    let form = sales.owner.get(quote + "/edit")
    #expect(inputs(form).contains("owner") && inputs(form).isDisjoint(with: ["title", "contact", "line_name", "currency"]))
    #expect(form.text.contains("A sent quote can’t be changed."))
    let version = try #require(form.page.first("//input[@name='version']")?["value"])
    let saved = sales.owner.post(quote, [("version", version), ("owner", ""), ("csrf_token", sales.owner.lastToken)])
    #expect(saved.status == 303)
    #expect(sales.json(quote)["title"]?.string == "Clocks" && sales.lines(quote).count == 1)
    // Its page has pencils beside what can be changed alone.
    let pencils = sales.owner.get(quote).page.all("//a[@data-inline-edit]").compactMap { $0["href"] }
    #expect(!pencils.contains(quote + "/fields/title"), "\(pencils)")
  }

  @Test func `what was typed before a quote was sent comes back with the reason`() throws {
    let quote = try sales.make(DocumentOffice.quotes, [Line("Clock", "1", "100")])
    let other = sales.owner.copy()
    other.get(quote + "/edit")
    let version = try #require(other.get(quote + "/edit").page.first("//input[@name='version']")?["value"])
    try #require(sales.step(quote, "send").status == 303)
    let response = other.post(
      quote,
      [
        ("version", version), ("contact", "Carla Customer"), ("contact_id", sales.customer), ("currency", "EUR"), ("prices", "net"),
        ("title", "Typed too late"), ("csrf_token", other.lastToken),
      ] + Line("Clock", "1", "100").fields(hasSerials: false))
    #expect(response.status == 422)
    #expect(response.text.contains("Typed too late"))
    let title = sales.json(quote)["title"]?.string ?? ""
    #expect(title.isEmpty)
  }

  @Test func `a document leads to what it came from and what came of it`() throws {
    let quote = try sent()
    let order = try #require(sales.step(quote, "accept").location.split(separator: "?").first.map(String.init))
    try #require(sales.step(order, "confirm").status == 303)
    let invoice = try #require(sales.step(order, "invoice").location.split(separator: "?").first.map(String.init))
    func related(_ path: String) -> [String] {
      sales.owner.get(path).page.all("//section[@aria-labelledby='related-documents']//a").compactMap { $0["href"] }
    }
    #expect(related(quote) == [order])
    #expect(related(order) == [quote, invoice])
    #expect(related(invoice) == [order])
    try #require(sales.step(invoice, "issue").status == 303)
    let note = try #require(sales.step(invoice, "credit").location.split(separator: "?").first.map(String.init))
    #expect(related(invoice) == [order, note] && related(note) == [order, invoice])
    let labels = sales.owner.get(order).page.all("//section[@aria-labelledby='related-documents']//dt").map(\.text)
    #expect(labels == ["Quote", "Invoice", "Credit note"])
  }
}
