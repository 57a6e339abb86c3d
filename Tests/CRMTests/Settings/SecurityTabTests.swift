import Base
import Crypto
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// The security tab of the settings, and the security log on it.
@Suite struct SecurityTabTests {
  private let path = "/admin/settings/crm/security"

  /// The log, sorted: some entries are written slightly later than others. Waits for that many.
  private func log(_ office: TestApp, _ count: Int) throws -> [String] {
    for _ in 0..<2_000 where try office.store.read({ try $0.value("SELECT count(*) FROM security_log") }) ?? 0 < count { usleep(5_000) }
    return try office.store.read { db in
      try db.all("SELECT event || ' ' || account || ' ' || detail FROM security_log") { $0.text(0) }
    }.sorted()
  }

  @Test func `the page as it was looked at`() throws {
    let office = try TestApp(proxies: ClientAddress(trustedProxies: ["10.0.0.0/8"]))
    let owner = try office.visitor(.owner)
    TestClient(office).get("/sign-in")
    let stranger = TestClient(office)
    stranger.headers = [
      "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0",
    ]
    stranger.get("/sign-in")
    stranger.post("/sign-in", ["email": "owner.0@example.com", "password": "wrong password"])
    _ = try log(office, 3)
    stranger.post("/sign-in", ["email": "hunter2 hunter2", "password": "wrong password"])
    _ = try log(office, 4)
    var page = owner.get(path)
    let text = page.text.replacing(office.store.path, with: "/srv/roost/roost.sqlite").replacing(
      office.mediaFolder, with: "/srv/roost/media")
    page.body = .bytes(Array(text.replacing(#/<dd>[0-9.]+ [KM]B<p/#, with: "<dd>{size}<p").utf8))
    assertSnapshot(of: page, named: "settings/security")
  }

  @Test func `it is for those who look after the installation`() throws {
    let office = try TestApp()
    for (role, status) in [(Role.owner, 200), (.admin, 200), (.manager, 404), (.factory, 404), (.member, 404)] {
      let visitor = try office.visitor(role, name: "Somebody Else")
      #expect(visitor.get(path).status == status, "\(role)")
      let link = visitor.get(role == .member ? "/account" : "/admin/crm").page.first("//a[@href='/admin/settings/crm']")
      #expect((link != nil) == (status == 200), "\(role)")
    }
  }

  @Test func `who comes, goes, is refused and gets rights is written down`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let other = TestClient(office)
    for (email, password) in [
      ("owner.0@example.com", "wrong password"), ("Nobody@Example.com", "wrong password"), ("my secret password", "x"),
      ("owner.0@example.com", TestApp.password),
    ] {
      other.get("/sign-in")
      other.post("/sign-in", ["email": email, "password": password])
    }
    owner.get("/account")
    owner.post("/account/sessions/sign-out-others", [:])
    owner.post("/account/password", ["password": "wrong password", "new_password": "a few new words"])
    owner.get("/account")
    owner.post("/account/password", ["password": TestApp.password, "new_password": "a few new words"])
    owner.get("/account")
    owner.post("/sign-out", [:])
    try NewUser.add(
      UserDraft(email: "mia@example.com", name: "Mia", roles: [.manager, .factory]), password: "a few new words", cost: .cheap,
      to: office.store,
      now: office.now)
    #expect(
      try log(office, 12)
        == [
          "user-added owner.0@example.com owner", "sign-in owner.0@example.com ", "sign-in-refused owner.0@example.com wrong password",
          "sign-in-refused Nobody@Example.com unknown account", "sign-in-refused  unknown account", "sign-in owner.0@example.com ",
          "session-ended owner.0@example.com signed out from another session", "password-refused owner.0@example.com wrong password",
          "session-ended owner.0@example.com the password was changed", "password-changed owner.0@example.com ",
          "sign-out owner.0@example.com ",
          "user-added mia@example.com manager, factory",
        ].sorted())
  }

  @Test func `closed accounts, replaced sessions and the first owner too`() throws {
    let office = try TestApp()
    let key = try #require(try Setup.issueKey(in: office.store, now: office.now))
    let owner = TestClient(office)
    owner.get("/setup?key=\(key)")
    owner.post("/setup", ["key": key, "name": "Olga", "email": "olga@example.com", "password": "a few new words"])
    owner.get("/account")
    owner.post("/sign-in", ["email": "olga@example.com", "password": "a few new words"])
    try office.disableEverybody()
    owner.get("/sign-in")
    owner.post("/sign-in", ["email": "olga@example.com", "password": "a few new words"])
    #expect(
      try log(office, 5)
        == [
          "user-added olga@example.com owner", "sign-in olga@example.com ",
          "session-ended olga@example.com replaced by a new sign-in",
          "sign-in olga@example.com ", "sign-in-refused olga@example.com closed account",
        ].sorted())
  }

  @Test func `who is held up fills neither the log nor the disk`() throws {
    let office = try TestApp()
    _ = try office.visitor(.owner)
    for number in 0..<300 {
      let stranger = TestClient(office)
      stranger.get("/sign-in")
      stranger.post("/sign-in", ["email": "nobody\(number)@example.com", "password": "wrong password"])
    }
    let entries = try log(office, 2 + 40 + 1)
    #expect(entries.filter { $0.contains("unknown account") }.count == 40)
    #expect(entries.filter { $0.contains("too many attempts") }.count == 1)
  }

  @Test func `the log keeps the newest entries, and strangers push out only strangers`() throws {
    let office = try TestApp()
    try office.store.write { db in
      for number in 0..<300 {
        _ = try db.run(
          """
          INSERT INTO security_log (at, event, account, address, agent, detail)
          VALUES ('', \(number.isMultiple(of: 3) ? "sign-in" : "sign-in-refused"), \(String(number)), '', '', '')
          """)
      }
      try SecurityLog.tidy(most: 150, mostRefused: 20, in: db)
    }
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM security_log WHERE event = 'sign-in-refused'") } == 20)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM security_log WHERE event = 'sign-in'") } == 100)
    #expect(throws: StoreError.self) { try office.store.write { _ = try $0.run("UPDATE security_log SET account = 'x'") } }
  }

  @Test func `signing in doesn't wait for what is written about those who were refused`() throws {
    let office = try TestApp()
    _ = try office.visitor(.owner)
    try office.store.write { db in
      try db.script(
        "CREATE TRIGGER full BEFORE INSERT ON security_log WHEN new.event = 'sign-in-refused' BEGIN SELECT RAISE(ABORT, 'disk'); END;")
    }
    let visitor = TestClient(office)
    visitor.get("/sign-in")
    #expect(visitor.post("/sign-in", ["email": "owner.0@example.com", "password": "wrong password"]).status == 422)
    #expect(visitor.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password]).status == 303)
  }

  @Test(arguments: [
    ("127.0.0.1", ["X-Forwarded-For": "203.0.113.9"], [String](), true), ("10.1.2.3", ["X-Forwarded-Proto": "https"], [], true),
    ("192.168.1.1", ["Forwarded": "for=203.0.113.9"], [], true), ("::1", ["X-Forwarded-Host": "crm.example.com"], [], true),
    ("fd00::7", ["X-Forwarded-For": "203.0.113.9"], ["127.0.0.1"], true), ("203.0.113.9", ["X-Forwarded-For": "1.2.3.4"], [], false),
    ("127.0.0.1", [:], [], false), ("127.0.0.1", ["X-Forwarded-For": "203.0.113.9"], ["127.0.0.1"], false),
  ])
  func `an owner hears of a proxy that isn't trusted, once`(peer: String, headers: [String: String], trusted: [String], warns: Bool) throws
  {
    let lines = Lines()
    let office = try TestApp(proxies: ClientAddress(trustedProxies: trusted), log: Log { lines.add($0) })
    let owner = try office.visitor(.owner)
    let visitor = TestClient(office)
    visitor.peer = peer
    visitor.headers = headers
    for _ in 0..<5 { visitor.get("/sign-in") }
    let warnings = lines.all.filter { $0.contains("event=untrusted-proxy") }
    #expect(warnings.count == (warns ? 1 : 0))
    let page = owner.get(path).text
    #expect(page.contains("ROOST_TRUSTED_PROXIES=" + ([peer] + trusted).joined(separator: ",")) == warns)
    if warns { #expect(warnings[0].contains("ROOST_TRUSTED_PROXIES=\(peer)")) }
  }

  /// What a log has written.
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }
}
