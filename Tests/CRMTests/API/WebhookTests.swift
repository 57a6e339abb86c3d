@testable import Admin
import Base
import Crypto
import HTTPClient
import Store
import Synchronization
import Testing
import Web
import XML

/// Telling other programs what happens.
@Suite struct WebhookTests {
  /// What a receiver got, and what it answers.
  private final class Receiver: Sendable {
    struct Sent: Sendable {
      let body: [UInt8]
      let url: String
      let headers: [String]
      let allowsPrivate: Bool
      var json: JSON { (try? JSON(parsing: String(decoding: body, as: UTF8.self))) ?? .null }

      func header(_ name: String) -> String {
        headers.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.utf8.count + 2)) } ?? ""
      }
    }

    let sent = Mutex<[Sent]>([])
    let status = Mutex(200)

    var all: [Sent] { sent.withLock { $0 } }
  }

  private static let path = "/admin/webhooks"

  private func office(_ receiver: Receiver) throws -> (TestApp, TestClient) {
    let office = try TestApp(post: { body, url, headers, allowsPrivate throws(HTTPClient.Failure) in
      receiver.sent.withLock { $0.append(.init(body: body, url: url, headers: headers, allowsPrivate: allowsPrivate)) }
      return HTTPClient.Reply(status: receiver.status.withLock { $0 }, milliseconds: 7, body: Array("thanks".utf8))
    })
    return (office, try office.visitor())
  }

  /// A webhook with a secret.
  private func hook(_ fields: [(String, String)] = [], _ owner: TestClient, _ office: TestApp) throws -> (id: String, secret: String) {
    owner.get(Self.path + "/new")
    let made = owner.post(
      Self.path, [("name", "Shop"), ("url", "https://example.com/hook"), ("status", "active"), ("csrf_token", owner.lastToken)] + fields)
    try #require(made.status == 303, "\(made.text)")
    let id = try office.id("SELECT id FROM webhooks ORDER BY seq DESC LIMIT 1")
    owner.get("\(Self.path)/\(id)")
    owner.post("\(Self.path)/\(id)/secret", [:])
    let secret = owner.get("\(Self.path)/\(id)").text.firstMatch(of: #/whsec_[A-Za-z0-9+\/=]+/#).map { String($0.output) }
    return (id, try #require(secret))
  }

  private func work(_ office: TestApp) throws {
    let worker = JobWorker(services: office.services, isStopping: { false })
    while let run = try worker.claim(.short) { try worker.perform(run) }
  }

  private func contact(_ name: String, _ owner: TestClient) -> String {
    owner.get("/admin/crm/contacts/new")
    let location = owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).location
    return String(location.split(separator: "/").last?.prefix(36) ?? "")
  }

  @Test func `what happens is sent, signed, with the record as the API has it`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    let (_, secret) = try hook([], owner, office)
    let id = contact("Ann", owner)
    try work(office)
    let sent = try #require(receiver.all.first)
    #expect(receiver.all.count == 1 && sent.url == "https://example.com/hook" && !sent.allowsPrivate)
    #expect(sent.json["event"] == "contact.created" && sent.json["record"]?["id"]?.string == id)
    #expect(sent.json["data"]?.text == (try TestProgram(office).get("/contacts/\(id)").text))
    #expect(sent.json["changes"]?.array?.contains { $0["field"] == "name" && $0["after"] == "Ann" } == true)
    // As any library for Standard Webhooks checks it.
    let signed = Array("\(sent.header("webhook-id")).\(sent.header("webhook-timestamp")).".utf8) + sent.body
    let key = try #require(Base64.decode(String(secret.dropFirst(6))))
    #expect(sent.header("webhook-signature") == "v1," + Base64.encode(Digest.hmacSHA256(signed, key: key)))
    // Nothing twice.
    try work(office)
    #expect(receiver.all.count == 1)
  }

  @Test func `a webhook isn't told the names of what its maker can't see`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    _ = try hook([], owner, office)
    let admin = try TestProgram(office, .admin)
    let company = try admin.make("Hidden Ltd", in: "companies").id
    try office.store.write { db in
      // The maker is a manager from now on.
      try db.run(
        "INSERT INTO user_roles (user_id, role_id) SELECT min(user_id), \(Role.member.id) FROM user_roles WHERE role_id = \(Role.owner.id)")
      try db.script("DROP TRIGGER last_owner_stays")
      try db.run("UPDATE roles SET grants = 'contacts=read companies=none', uses_crm = 1 WHERE id = \(Role.member.id)")
      try db.run("DELETE FROM user_roles WHERE role_id = \(Role.owner.id)")
    }
    let place: JSON = .object(["company": .string(company)])
    _ = admin.send(.post, "/contacts", .object(["name": "Ann", "companies": .array([place])]))
    try work(office)
    let sent = try #require(receiver.all.last?.json)
    #expect(sent["event"] == "contact.created" && !sent.text.contains("Hidden Ltd"), "\(sent.text)")
    let change = sent["changes"]?.array?.first { $0["field"] == "companies" }
    #expect(change?["before"] == .null && change?["after"] == .null)
  }

  @Test func `a webhook is told only of what it asks for`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    _ = try hook([("types", "company"), ("actions", "trashed")], owner, office)
    let program = try TestProgram(office)
    let company = try program.make("Acme", in: "companies").id
    program.send(.delete, "/contacts/" + (try program.make().id))
    program.send(.delete, "/companies/" + company)
    program.send(.post, "/companies/\(company)/restore")
    try work(office)
    #expect(receiver.all.map { $0.json["event"]?.string } == ["company.trashed"])
  }

  @Test func `a test is sent, what failed is tried again, and again by hand`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    let id = try hook([], owner, office).id
    receiver.status.withLock { $0 = 500 }
    #expect(owner.post("\(Self.path)/\(id)/test", [:]).status == 303)
    try work(office)
    #expect(receiver.all.count == 1 && receiver.all[0].json["event"] == "test")
    try work(office)
    #expect(receiver.all.count == 1)
    office.wait(seconds: 31)
    try work(office)
    #expect(receiver.all.count == 2 && receiver.all[1].header("webhook-id") == receiver.all[0].header("webhook-id"))
    let page = owner.get("\(Self.path)/\(id)").text
    #expect(page.contains("500") && page.contains("thanks") && page.contains("7 ms"))
    receiver.status.withLock { $0 = 204 }
    let delivery = try office.id("SELECT id FROM webhook_deliveries")
    #expect(owner.post("\(Self.path)/\(id)/deliveries/\(delivery)/send", [:]).status == 303)
    try work(office)
    #expect(receiver.all.count == 3)
    #expect(try office.id("SELECT status FROM webhook_deliveries") == "delivered")
    #expect(owner.post("\(Self.path)/\(id)/deliveries/0193fa20-5e1c-7c3a-9b1e-2f6d8a4c7e10/send", [:]).status == 404)
  }

  @Test(arguments: [410, 500]) func `nobody is asked for ever`(status: Int) throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    let id = try hook([], owner, office).id
    receiver.status.withLock { $0 = status }
    for n in 0..<Webhooks.mostFailures { _ = contact("Contact \(n)", owner) }
    try work(office)
    #expect(try office.id("SELECT status FROM webhooks") == "inactive")
    #expect(owner.get("\(Self.path)/\(id)").text.contains("Turned off on"))
    // One that says it is gone is believed at once; what was still to be sent to it stays.
    if status == 410 { #expect(receiver.all.count == 1) }
    let asked = receiver.all.count
    _ = contact("Later", owner)
    try work(office)
    office.wait(seconds: 7 * 24 * 3600)
    try work(office)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM webhook_deliveries") } == Webhooks.mostFailures)
    #expect(receiver.all.count == asked)
  }

  @Test func `a maker who may no longer see something is told nothing of it`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    _ = try hook([], owner, office)
    try office.store.write { db in _ = try db.run("UPDATE webhooks SET created_by = \(try #require(try db.text("SELECT id FROM users")))") }
    let other = try office.visitor(.owner, name: "Otto Owner")
    try office.store.write { db in
      _ = try db.run("DELETE FROM user_roles WHERE user_id = (SELECT created_by FROM webhooks)")
    }
    _ = contact("Ann", other)
    try work(office)
    #expect(receiver.all.isEmpty)
  }

  @Test func `permanent deletion takes what was sent along`() throws {
    let receiver = Receiver()
    let (office, owner) = try office(receiver)
    _ = try hook([], owner, office)
    let id = contact("Secret Name", owner)
    try work(office)
    owner.post("/admin/crm/contacts/\(id)/trash", [:])
    try work(office)
    owner.get("/admin/crm/contacts/\(id)/delete")
    #expect(owner.post("/admin/crm/contacts/\(id)/delete", ["confirm": "Secret Name"]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM webhook_deliveries WHERE payload LIKE '%Secret Name%'") } == 0)
  }

  @Test(arguments: ["ftp://example.com/", "example.com", "http://user:pass@example.com/", "javascript:alert(1)", "https://", "http://a b/"])
  func `an address that can’t be reached is refused`(url: String) throws {
    let owner = try TestApp().visitor()
    owner.get(Self.path + "/new")
    #expect(owner.post(Self.path, ["name": "x", "url": url, "status": "active"]).status == 422)
  }
}
