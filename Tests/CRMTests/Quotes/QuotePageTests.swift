@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// What a customer does with a quote by its secret link.
@Suite struct QuotePageTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func count(_ sql: SQL) throws -> Int { try office.store.read { try $0.value(sql) } ?? 0 }

  private func text(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }

  private func makeQuote(_ more: [JSON.Member] = []) throws -> String { try TestQuotes(office).make(more) }

  private func sent(_ more: [JSON.Member] = []) throws -> (id: String, href: String, link: String) {
    let id = try makeQuote(more)
    let href = "/admin/crm/quotes/" + id
    owner.get(href)
    #expect(owner.post(href + "/send", [("csrf_token", owner.lastToken)]).status == 303)
    return (id, href, try link(href))
  }

  /// What follows the host in the link that the quote's page shows.
  private func link(_ href: String) throws -> String {
    let address = try #require(owner.get(href).page.first("//input[@data-copy]")?["value"])
    return "/q/" + (address.split(separator: "/").last ?? "")
  }

  private func customer() throws -> TestClient { try office.visitor(nil) }

  @discardableResult
  private func answer(_ customer: TestClient, _ link: String, _ fields: KeyValuePairs<String, String>) -> Response {
    customer.get(link)
    return customer.post(link, fields)
  }

  /// An opening is written soon after its answer.
  private func awaitOpening(of quote: String) throws {
    while try text("SELECT opened_at FROM quote_links WHERE quote_id = \(quote)") == nil { usleep(1_000) }
  }

  /// What was to be written by now is.
  private func awaitOthers() throws {
    let other = try sent()
    try customer().get(other.link)
    try awaitOpening(of: other.id)
  }

  // MARK: The link

  @Test func `the link is made by sending, can be copied while it works, and only its hash and a sealed copy are kept`() throws {
    let id = try makeQuote()
    let href = "/admin/crm/quotes/" + id
    #expect(!owner.get(href).text.contains("/q/"), "a draft has none")
    #expect(owner.post(href + "/link", [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try count("SELECT count(*) FROM quote_links") == 0)
    #expect(owner.post(href + "/send", [("csrf_token", owner.lastToken)]).status == 303)
    let link = try link(href)
    #expect(try self.link(href) == link)
    let secret = String(link.dropFirst(3))
    #expect(Base64URL.decode(secret)?.count == 16)
    let stored = try #require(
      try office.store.read { db in
        try db.first("SELECT secret_hash || ' ' || sealed || ' ' || created_at FROM quote_links") { $0.text(0) }
      })
    #expect(!stored.contains(secret))
    let visitor = try customer()
    let page = visitor.get(link)
    #expect(page.status == 200)
    #expect(page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive" && page.headers["Cache-Control"] == "no-store, private")
    #expect(page.headers["Referrer-Policy"] == "same-origin")
  }

  @Test func `a new link takes the place of the old one, and a revoked one is like one that never was`() throws {
    let quote = try sent()
    let visitor = try customer()
    #expect(visitor.get(quote.link).status == 200)
    owner.get(quote.href)
    #expect(owner.post(quote.href + "/link", [("csrf_token", owner.lastToken)]).status == 303)
    let fresh = try link(quote.href)
    #expect(fresh != quote.link && visitor.get(fresh).status == 200)
    let closed = visitor.get(quote.link)
    #expect(closed.status == 404)
    owner.get(quote.href)
    #expect(owner.post(quote.href + "/link/revoke", [("csrf_token", owner.lastToken)]).status == 303)
    let never = visitor.get("/q/AAAAAAAAAAAAAAAAAAAAAA")
    for other in [visitor.get(fresh), never] {
      #expect(other.status == 404 && other.page.first("//main")?.text == closed.page.first("//main")?.text)
    }
    #expect(visitor.post(fresh, ["answer": "accept", "name": "Ann"]).status == 404)
    #expect(try count("SELECT count(*) FROM orders") == 0)
    let events = owner.get(quote.href + "/events").text
    #expect(events.contains("Made a link for the customer") && events.contains("Revoked the customer’s link"))
    assertSnapshot(of: never, named: "quotes/closed")
  }

  @Test func `pages that say what went wrong ask no customer to sign in`() throws {
    let quote = try sent()
    let visitor = try customer()
    visitor.get(quote.link)
    let wrong = [
      visitor.get(quote.link + "/nothing"), visitor.get("/q/" + String(repeating: "x", count: 300) + "/quote.pdf/more"),
      visitor.post(quote.link + "/quote.pdf", ["answer": "accept"]), visitor.post(quote.link, ["answer": "accept"], token: "forged"),
    ]
    #expect(wrong.map(\.status) == [404, 404, 405, 403])
    for page in wrong {
      #expect(!page.text.contains("Sign in") && !page.text.contains("/sign-in"), "\(page.status)")
      #expect(page.page.first("//body[@class='public']//h1") != nil)
    }
    // Everybody else who is signed out is.
    #expect(visitor.get("/nothing").text.contains("Sign in"))
  }

  @Test func `when it was opened first is shown, also to who may only read, but not the link`() throws {
    let quote = try sent()
    #expect(owner.get(quote.href).text.contains("The customer hasn’t opened it yet."))
    try customer().get(quote.link)
    try awaitOpening(of: quote.id)
    let opened = try text("SELECT opened_at FROM quote_links")
    office.wait(seconds: 60)
    try customer().get(quote.link)
    try awaitOthers()
    #expect(try text("SELECT opened_at FROM quote_links WHERE quote_id = \(quote.id)") == opened, "the first time counts")
    let reader = try office.visitor(.manager, name: "Rita Reader")
    try office.store.write { db in _ = try db.run("UPDATE roles SET grants = 'quotes=read' WHERE id = \(Role.manager.id)") }
    let page = reader.get(quote.href)
    #expect(page.text.contains("First opened by the customer:") && !page.text.contains("/q/"))
    #expect(reader.post(quote.href + "/link", [("csrf_token", reader.lastToken)]).status == 403)
  }

  @Test func `the office looks at it without a trace, and answers nothing there`() throws {
    let quote = try sent()
    let page = owner.get(quote.link)
    #expect(page.text.contains("This is what your customer sees.") && page.page.first("//form[@action='\(quote.link)']") == nil)
    #expect(owner.post(quote.link, ["answer": "accept", "name": "Olga"]).status == 303)
    try awaitOthers()
    #expect(try count("SELECT count(*) FROM quote_links WHERE quote_id = \(quote.id) AND opened_at IS NULL") == 1)
    #expect(try text("SELECT status FROM quotes") == "sent")
  }

  @Test func `logs don't have the secret`() throws {
    let lines = LogLines()
    let office = try TestApp(log: Log { lines.add($0) })
    let visitor = TestClient(office)
    for path in ["/q/AAAAAAAAAAAAAAAAAAAAAA", "/%71/AAAAAAAAAAAAAAAAAAAAAA/more", "/q/AAAAAAAAAAAAAAAAAAAAAA?x=1"] { visitor.get(path) }
    visitor.post("/q/AAAAAAAAAAAAAAAAAAAAAA", ["answer": "accept"])
    #expect(lines.text.contains("path=\"/q/…\"") && !lines.text.contains("AAAAAA"), "\(lines.text)")
  }

  // MARK: Answers

  @Test func `accepted by name, a quote becomes one order, whose owner hears of it`() throws {
    let quote = try sent()
    let visitor = try customer()
    assertSnapshot(of: visitor.get(quote.link), named: "quotes/waiting")
    for (name, status) in [("", 422), (String(repeating: "x", count: 121), 422), ("Maria Papadaki", 303)] {
      #expect(answer(visitor, quote.link, ["answer": "accept", "name": name]).status == status)
    }
    let page = visitor.get(quote.link)
    #expect(page.text.contains("Accepted by Maria Papadaki on"))
    assertSnapshot(of: page, named: "quotes/accepted")
    #expect(answer(visitor, quote.link, ["answer": "accept", "name": "Maria Papadaki"]).status == 303)
    #expect(answer(visitor, quote.link, ["answer": "decline", "name": "Somebody"]).status == 303)
    #expect(try count("SELECT count(*) FROM orders") == 1)
    #expect(try text("SELECT answered_by FROM quotes") == "Maria Papadaki")
    #expect(owner.get(quote.href + "/events").text.contains("Maria Papadaki (customer)"))
    let inbox = owner.get("/admin/inbox")
    #expect(inbox.page.first("//main")?.text.contains("Maria Papadaki (customer) accepted QUO-2026-001") == true)
    #expect(try count("SELECT count(*) FROM notifications") == 1)
  }

  @Test func `many who accept at once make one order, and all see it`() throws {
    let quote = try sent()
    nonisolated(unsafe) let clients = try (0..<8).map { _ in
      let client = try customer()
      client.get(quote.link)
      return client
    }
    nonisolated(unsafe) let answers = UnsafeMutablePointer<Int>.allocate(capacity: clients.count)
    answers.initialize(repeating: 0, count: clients.count)
    DispatchQueue.concurrentPerform(iterations: clients.count) { n in
      answers[n] = clients[n].post(quote.link, ["answer": "accept", "name": "Customer \(n)"]).status
    }
    #expect((0..<clients.count).allSatisfy { answers[$0] == 303 })
    answers.deinitialize(count: clients.count)
    answers.deallocate()
    #expect(try count("SELECT count(*) FROM orders") == 1)
    #expect(try count("SELECT count(*) FROM numbers WHERE series = 'order'") == 1)
    #expect(try count("SELECT count(*) FROM notifications") == 1)
    let name = try #require(try text("SELECT answered_by FROM quotes"))
    for client in clients { #expect(client.get(quote.link).text.contains("Accepted by \(name) on")) }
  }

  @Test func `declined, with a reason if the customer likes`() throws {
    let quote = try sent()
    let visitor = try customer()
    #expect(answer(visitor, quote.link, ["answer": "decline", "name": "Maria", "text": "Too\nexpensive"]).status == 303)
    #expect(try text("SELECT status || ' ' || decline_reason FROM quotes") == "declined Too\nexpensive")
    #expect(visitor.get(quote.link).text.contains("Declined by Maria on"))
    #expect(answer(visitor, quote.link, ["answer": "accept", "name": "Maria"]).status == 303)
    #expect(try count("SELECT count(*) FROM orders") == 0)
    #expect(owner.get("/admin/inbox").page.first("//main")?.text.contains("Maria (customer) declined QUO-2026-001") == true)
  }

  @Test func `a message becomes a comment as it was typed, once, and calls nobody by name`() throws {
    let quote = try sent()
    let visitor = try customer()
    let message = "On *Monday*?\n1. noon\n@olga @[Olga](user:1) <b>"
    #expect(answer(visitor, quote.link, ["answer": "comment", "name": "Maria", "text": ""]).status == 422)
    for _ in 0..<2 { #expect(answer(visitor, quote.link, ["answer": "comment", "name": "Maria", "text": message]).status == 303) }
    #expect(visitor.get(quote.link).status == 200)
    #expect(try count("SELECT count(*) FROM comments") == 1)
    let comment = try #require(owner.get(quote.href + "/comments").page.first("//div[@class='prose']"))
    #expect(comment.text.contains("On *Monday*?1. noon@olga @[Olga](user:1) <b>"), "\(comment.text)")
    #expect(owner.get("/admin/inbox").page.first("//main")?.text.contains("Maria (customer) commented on QUO-2026-001") == true)
    #expect(try count("SELECT count(*) FROM notifications") == 1)
  }

  // MARK: States

  @Test func `an expired quote can't be accepted, on the business day of the office`() throws {
    let quote = try sent([.init(name: "valid_until", value: .string("2026-11-19"))])
    let visitor = try customer()
    visitor.get(quote.link)
    office.wait(seconds: 2 * 86_400)
    let page = visitor.get(quote.link)
    #expect(page.text.contains("This quote expired on"))
    #expect(page.page.first("//input[@value='accept']") == nil)
    #expect(visitor.post(quote.link, ["answer": "accept", "name": "Maria"]).status == 303)
    #expect(try text("SELECT status FROM quotes") == "sent")
    #expect(answer(visitor, quote.link, ["answer": "comment", "name": "Maria", "text": "A new one, please."]).status == 303)
    assertSnapshot(of: page, named: "quotes/expired")
  }

  @Test func `a quote that was replaced says so, and shows nothing of the revision`() throws {
    let quote = try sent()
    owner.get(quote.href)
    #expect(owner.post(quote.href + "/revise", [("csrf_token", owner.lastToken)]).status == 303)
    let visitor = try customer()
    let page = visitor.get(quote.link)
    #expect(page.text.contains("This quote was replaced by a newer one.") && !page.text.contains("QUO-2026-001/2"))
    #expect(page.page.first("//form[@action='\(quote.link)']") == nil)
    #expect(visitor.post(quote.link, ["answer": "accept", "name": "Maria"]).status == 403, "no form, no token")
  }

  @Test func `a quote in the trash isn't there until it comes back`() throws {
    let quote = try sent()
    owner.get(quote.href)
    #expect(owner.post(quote.href + "/trash", [("csrf_token", owner.lastToken)]).status == 303)
    let visitor = try customer()
    #expect(visitor.get(quote.link).status == 404)
    owner.get(quote.href)
    #expect(owner.post(quote.href + "/restore", [("csrf_token", owner.lastToken)]).status == 303)
    #expect(visitor.get(quote.link).status == 200)
  }

  @Test func `the page is in the document's language, or the office's`() throws {
    let quote = try sent([.init(name: "language", value: .string("de"))])
    let visitor = try customer()
    visitor.acceptLanguage = "el"
    #expect(visitor.get(quote.link).page.first("//html")?["lang"] == "de")
    let other = try sent()
    #expect(visitor.get(other.link).page.first("//html")?["lang"] == "en")
  }

  @Test func `the page is in the name of the business, also where the link doesn't work`() throws {
    try office.store.write { db in
      try db.run(
        """
        INSERT INTO settings (name, value, version, changed_at, changed_by_name)
        VALUES ('business_name', 'Helios & Sons', 2, \(office.now), 'x')
        """)
    }
    let quote = try sent()
    for link in [quote.link, "/q/none"] {
      let page = try customer().get(link).page
      #expect(page.first("//header")?.text == "Helios & Sons" && page.all("//header//img").isEmpty)
      #expect(page.first("//title")?.text.hasSuffix(" · Helios & Sons") == true)
    }
  }

  @Test func `what is sent is limited, and so are links that there aren't`() throws {
    let quote = try sent()
    let visitor = try customer()
    visitor.get(quote.link)
    let statuses = (0..<30).map { n in visitor.post(quote.link, ["answer": "comment", "name": "Maria", "text": "No. \(n)"]).status }
    #expect(statuses.first == 303 && statuses.last == 429)
    #expect(try count("SELECT count(*) FROM comments") <= 21)
    let guesser = try customer()
    guesser.peer = "192.0.2.7"
    let guesses = (0..<60).map { n in guesser.get("/q/AAAAAAAAAAAAAAAAAAAA\(n)").status }
    #expect(guesses.first == 404 && guesses.last == 429)
    #expect(visitor.get(quote.link).status == 200, "others aren't held up")
  }
}

/// Quotes for tests.
struct TestQuotes {
  let program: TestProgram

  init(_ office: TestApp) throws { program = try TestProgram(office) }

  /// A quote for Ann Archer: two clocks, and work with a discount.
  func make(_ more: [JSON.Member] = [], _ type: String = "quotes") throws -> String {
    let contact = program.send(.post, "/contacts", .object(["name": .string("Ann Archer"), "city": .string("Athens")]))
    func line(_ name: String, _ quantity: String, _ price: String, _ more: [JSON.Member] = []) -> JSON {
      .object(
        [
          .init(name: "name", value: .string(name)), .init(name: "quantity", value: .string(quantity)),
          .init(name: "price", value: .string(price)),
        ] + more)
    }
    let standard: [JSON.Member] = [
      .init(name: "contact", value: .object(["id": .string(contact.id)])), .init(name: "title", value: .string("Clocks for the tower")),
      .init(name: "discount", value: .string("5%")),
      .init(
        name: "lines",
        value: .array([
          line("Tower clock", "2", "1234.567"), line("Work", "1.5", "60.00", [.init(name: "discount", value: .string("10%"))]),
        ])),
    ]
    let members = standard.filter { old in !more.contains { $0.name == old.name } } + more
    let made = program.send(.post, "/" + type, .object(members))
    _ = try #require(RecordID(made.id), "\(made.text)")
    // Who hears of answers is a person, not the program's user.
    try program.office.store.write { db in
      try db.run("UPDATE \(raw: type) SET owner_id = (SELECT id FROM users WHERE name = 'Olga Owner') WHERE id = \(made.id)")
    }
    return made.id
  }
}

/// The lines of a log. `@unchecked Sendable`: a lock guards them.
private final class LogLines: @unchecked Sendable {
  private let lock = NSLock()
  private var lines: [String] = []
  func add(_ line: String) { lock.withLock { lines.append(line) } }
  var text: String { lock.withLock { lines.joined(separator: "\n") } }
}
