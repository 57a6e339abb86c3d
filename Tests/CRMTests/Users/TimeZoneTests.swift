import Base
@testable import Admin
@testable import CRM
import Crypto
import Store
import Testing
import Web
import XML

/// The time zone of a new account: the one of the browser that signs in first.
@Suite struct TimeZoneTests {
  let office: TestApp

  init() throws { office = try TestApp() }

  private func add(_ name: String = "ann") throws {
    try NewUser.add(
      UserDraft(email: name + "@example.com", name: name, roles: [.manager]), password: TestApp.password, cost: .cheap, to: office.store,
      now: office.now)
  }

  /// What the first page after signing in says about time zones.
  private func signIn(from zone: String?, as name: String = "ann", password: String = TestApp.password) -> (
    said: String?, browser: TestClient
  ) {
    let browser = TestClient(office)
    browser.get("/sign-in")
    let fields = [("email", name + "@example.com"), ("password", password), ("csrf_token", browser.lastToken)]
    var answer = browser.post("/sign-in", fields + (zone.map { [("time_zone", $0)] } ?? []))
    while answer.status == 303 { answer = browser.get(answer.location) }
    return (answer.page.first("//main//div[@data-flash]/p")?.text, browser)
  }

  private func zone(_ name: String = "ann") throws -> String {
    try office.id("SELECT time_zone FROM users WHERE email = \(name + "@example.com")")
  }

  @Test(arguments: ["Europe/Athens", "America/New_York", "Asia/Kolkata", "Asia/Calcutta", "Etc/GMT+5"])
  func `an account takes the zone of its first browser, and says so once`(zone: String) throws {
    try add()
    #expect(signIn(from: zone).said == "Times are shown in \(zone). Change it in Account.")
    #expect(try self.zone() == zone)
    // Another device, elsewhere.
    let (said, browser) = signIn(from: "Pacific/Auckland")
    #expect(said == nil)
    #expect(try self.zone() == zone)
    #expect(browser.get("/account").page.first("//select[@name='time_zone']/option[@selected]")?.text == zone)
  }

  @Test(arguments: [nil, "", "Nowhere/Town", "../../etc/passwd", "<b>", "Europe/Athens\u{0}", String(repeating: "x", count: 9_000)])
  func `what is no zone changes nothing, and the next browser is asked again`(sent: String?) throws {
    try add()
    #expect(signIn(from: sent).said == nil)
    #expect(try zone() == "UTC")
    #expect(signIn(from: "Europe/Athens").said != nil)
    #expect(try zone() == "Europe/Athens")
  }

  @Test func `a zone that was chosen stays, UTC too, whoever chose it`() throws {
    try add()
    try add("ben")
    let (_, ann) = signIn(from: nil)
    ann.get("/account")
    #expect(ann.post("/account", ["name": "Ann", "language": "", "time_zone": "UTC", "theme": "auto"]).status == 303)
    #expect(signIn(from: "Europe/Athens").said == nil)
    #expect(try zone() == "UTC")
    // A browser in UTC has nothing to say, and is the first one all the same.
    #expect(signIn(from: "UTC", as: "ben").said == nil)
    #expect(signIn(from: "Europe/Athens", as: "ben").said == nil)
    #expect(try zone("ben") == "UTC")
  }

  @Test func `a wrong password sets nothing`() throws {
    try add()
    #expect(signIn(from: "Europe/Athens", password: "something else").said == nil)
    #expect(try zone() == "UTC")
    #expect(signIn(from: "Asia/Tokyo").said != nil)
  }

  @Test func `it is said in Greek, and times are in the zone at once`() throws {
    try add()
    try office.store.write { db in _ = try db.run("UPDATE users SET language = 'el'") }
    let (said, ann) = signIn(from: "Europe/Athens")
    #expect(said == "Οι ώρες εμφανίζονται σε Europe/Athens. Μπορείτε να το αλλάξετε στον λογαριασμό σας.")
    ann.get("/admin/crm/contacts/new")
    let contact = ann.post("/admin/crm/contacts", ["name": "Ben", "status": "active"]).location
    #expect(ann.get(contact).text.contains("18 Νοε 2026, 13:06"))
  }

  @Test(arguments: [("Europe/Athens", "Europe/Athens", 1), ("", "UTC", 0), ("nonsense", "UTC", 0)])
  func `set-up takes the browser's zone, if it says one`(sent: String, zone: String, isChosen: Int) throws {
    let key = try #require(try Setup.issueKey(in: office.store, now: office.now))
    let browser = TestClient(office)
    #expect(browser.get("/setup?key=\(key)").page.first("//input[@name='time_zone'][@data-time-zone]")?["value"] == "")
    #expect(
      browser.post("/setup", ["key": key, "name": "Ann", "email": "ann@example.com", "password": TestApp.password, "time_zone": sent])
        .status
        == 303)
    #expect(try self.zone() == zone)
    #expect(try office.store.read { db in try db.value("SELECT has_time_zone FROM users") } == isChosen)
  }

  @Test func `after an upgrade only those are asked who still have the zone of all new accounts`() throws {
    let store = try Store.temporary()
    try store.migrate(Array(crm.migrations.prefix { $0.name != Migration.timeZones.name }))
    try store.write { db in
      try db.script(
        """
        INSERT INTO users (id, email, email_key, name, time_zone, created_at) VALUES
          ('1', 'a', 'a', 'A', 'Europe/Athens', ''), ('2', 'b', 'b', 'B', 'UTC', '')
        """)
    }
    try store.migrate(crm.migrations)
    #expect(try store.read { db in try db.all("SELECT has_time_zone FROM users ORDER BY id") { $0.int(0) } } == [1, 0])
  }
}
