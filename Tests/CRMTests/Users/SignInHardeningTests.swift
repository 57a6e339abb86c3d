import Base
import Crypto
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Attacks on signing in, each by its name. Replayed codes are in `TotpTests`.
@Suite struct SignInHardeningTests {
  private let app: TestApp
  private let owner: TestClient
  private let email = "owner.0@example.com"

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
  }

  private func signIn(_ email: String, _ password: String, from peer: String = "198.51.100.7", with client: TestClient? = nil) -> Response {
    let client = client ?? TestClient(app)
    client.peer = peer
    client.get("/sign-in")
    return client.post("/sign-in", ["email": email, "password": password])
  }

  private func isSignedIn(_ client: TestClient) -> Bool { client.get("/account").status == 200 }

  @Test func `password spraying: one password at every account soon has to wait, and holds up no colleague`() throws {
    for n in 0..<80 {
      try app.store.write { db in
        _ = try UserStore.create(
          UserDraft(email: "user\(n)@example.com", name: "User", roles: [.member]), passwordHash: nil, from: .commandLine, now: app.now,
          in: db)
      }
    }
    let tried = (0..<80).filter { signIn("user\($0)@example.com", "Summer2026!").status == 422 }
    #expect(tried.count == 40)
    // In ten minutes from then on.
    var more = 0
    for second in 0..<600 {
      app.wait(seconds: 1)
      if signIn("user\(second % 80)@example.com", "Summer2026!").status == 422 { more += 1 }
    }
    #expect(more <= 121)
    // The owner's own browser, behind the same address.
    owner.get("/account")
    owner.post("/sign-out", [:])
    #expect(signIn(email, TestApp.password, with: owner).status == 303)
  }

  @Test(arguments: ["sign-out", "sign-out-others", "password", "idle", "absolute", "disabled", "totp"])
  func `a stolen old session opens nothing and changes nothing`(ending: String) throws {
    let thief = owner.thief()
    thief.get("/admin/crm/contacts/new")
    switch ending {
    case "sign-out":
      owner.get("/account")
      owner.post("/sign-out", [:])
    case "sign-out-others":
      let other = TestClient(app)
      _ = signIn(email, TestApp.password, with: other)
      other.get("/account")
      other.post("/account/sessions/sign-out-others", [:])
    case "password":
      owner.get("/account")
      owner.post("/account/password", ["password": TestApp.password, "new_password": "a few new words"])
    case "idle": app.wait(seconds: Settings.standard.sessionLife.idle)
    case "absolute":
      for _ in 0..<5 {
        app.wait(seconds: Settings.standard.sessionLife.absolute / 5)
        thief.get("/account")
        // The note of its use is written in the background.
        try app.store.write { _ = try $0.run("UPDATE sessions SET seen_at = \(app.now)") }
      }
    case "disabled": try app.disableEverybody()
    default:
      let other = TestClient(app)
      _ = signIn(email, TestApp.password, with: other)
      _ = try Phone(for: other, in: app)
    }
    for path in ["/admin/crm", "/admin/crm/contacts", "/account", "/account/totp", "/admin/settings/crm"] {
      #expect(thief.get(path).location.hasPrefix("/sign-in"), "\(path)")
    }
    _ = thief.post("/admin/crm/contacts", ["name": "Planted", "status": "active"])
    _ = thief.post("/account/password", ["password": TestApp.password, "new_password": "the thief’s own words"])
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
    #expect(signIn(email, "the thief’s own words").status == 422)
  }

  @Test func `session lengths hold at once, for sessions that are open too`() throws {
    let other = TestClient(app)
    _ = signIn(email, TestApp.password, with: other)
    func choose(_ idle: String, _ length: String) -> Int {
      let version = owner.get("/admin/settings/crm/security").page.first("//input[@name='version']")?["value"] ?? ""
      return owner.post(
        "/admin/settings/crm/security", ["session_idle": idle, "session_length": length, "version": version]
      ).status
    }
    #expect(choose("2592000", "86400") == 422)
    #expect(choose("900", "28800") == 303)
    app.wait(seconds: 899)
    #expect(isSignedIn(owner))
    try app.store.write {
      _ = try $0.run("UPDATE sessions SET seen_at = \(app.now) WHERE id = (SELECT id FROM sessions ORDER BY created_at, id LIMIT 1)")
    }
    app.wait(seconds: 2)
    #expect(isSignedIn(owner) && !isSignedIn(other))
    // And longer again, before anybody has come with it: it was not ended, only too old.
    #expect(choose("1209600", "5184000") == 303)
    #expect(isSignedIn(other))
  }

  @Test(arguments: [false, true])
  func `session fixation: a token from before signing in is worth nothing after it`(hasTotp: Bool) throws {
    let phone = hasTotp ? try Phone(for: owner, in: app) : nil
    let attacker = TestClient(app)
    attacker.get("/sign-in")
    let planted = try #require(attacker.cookie("roost_session"))
    let victim = TestClient(app)
    victim.set(cookie: "roost_session", planted)
    victim.get("/sign-in")
    var answer = victim.post("/sign-in", ["email": email, "password": TestApp.password])
    #expect(!isSignedIn(attacker))
    if let phone {
      // Half way in, the attacker's browser has the same secret.
      #expect(attacker.get("/sign-in/code").location == "/sign-in")
      victim.get("/sign-in/code")
      answer = victim.post("/sign-in/code", ["code": phone.code(app)])
    }
    #expect(answer.status == 303 && isSignedIn(victim) && !isSignedIn(attacker))
    #expect(victim.cookie("roost_session") != planted)
    let stored = try app.store.read { db in try db.all("SELECT token_hash FROM sessions") { $0.text(0) } }
    #expect(!stored.contains(SessionStore.hash(planted)))
  }

  @Test(arguments: [
    ["token": ""], ["token": "x"], ["token": "another browser’s"], ["Sec-Fetch-Site": "cross-site"], ["Origin": "https://evil.example"],
    ["token": "none", "Cookie": "none"],
  ])
  func `CSRF on sign-in: nobody is signed in by a form of another site`(attack: [String: String]) throws {
    let phone = try Phone(for: owner, in: app)
    try NewUser.add(
      UserDraft(email: "attacker@example.com", name: "Attacker", roles: [.member]), password: TestApp.password, cost: .cheap, to: app.store,
      now: app.now)
    let other = TestClient(app)
    other.get("/sign-in")
    func attacked(_ path: String, _ fields: KeyValuePairs<String, String>, _ client: TestClient) -> Response {
      let token = attack["token"] == "another browser’s" ? other.lastToken : attack["token"] ?? client.lastToken
      client.headers = attack.filter { $0.key != "token" }
      if attack["Cookie"] != nil { client.forgetCookies() }
      return client.post(path, fields, token: token)
    }
    let victim = TestClient(app)
    victim.get("/sign-in")
    let answer = attacked("/sign-in", ["email": "attacker@example.com", "password": TestApp.password], victim)
    #expect(answer.status == 403, "\(answer.status)")
    victim.headers = [:]
    #expect(!isSignedIn(victim))
    let atCode = TestClient(app)
    _ = signIn(email, TestApp.password, with: atCode)
    atCode.get("/sign-in/code")
    _ = attacked("/sign-in/code", ["code": phone.code(app)], atCode)
    atCode.headers = [:]
    #expect(!isSignedIn(atCode))
  }

  @Test
  func
    `enumeration: an unknown address, a wrong password, a disabled user and one without password are answered alike, with the same work`()
    throws
  {
    try NewUser.add(
      UserDraft(email: "disabled@example.com", name: "D", roles: [.member]), password: TestApp.password, cost: .cheap, to: app.store,
      now: app.now)
    try app.store.write { db in
      try db.run("UPDATE users SET status = 'inactive' WHERE email = 'disabled@example.com'")
      _ = try UserStore.create(
        UserDraft(email: "invited@example.com", name: "I", roles: [.member]), passwordHash: nil, from: .commandLine, now: app.now, in: db)
    }
    _ = try Phone(for: owner, in: app)
    var pages: Set<String> = []
    for (email, password) in [
      ("nobody@example.com", TestApp.password), (email, "wrong password"), ("disabled@example.com", TestApp.password),
      ("disabled@example.com", "wrong password"), ("invited@example.com", TestApp.password), ("invited@example.com", ""),
    ] {
      let before = app.services.passwords.count
      let answer = signIn(email, password, from: "203.0.113.\(pages.count + 1)")
      #expect(answer.status == 422 && app.services.passwords.count == before + 1, "\(email)")
      let headers = ["Set-Cookie", "Location", "Retry-After"].map { name in
        answer.headers.all(name).map { $0.replacing(/=[^;]+/, with: "") }.joined(separator: ",")
      }
      pages.insert(
        answer.text.replacing(email, with: "…").replacing(#/value="[^"]{22,}"/#, with: "").replacing(#/nonce="[^"]*"/#, with: "")
          + headers.joined())
    }
    #expect(pages.count == 1)
  }
}
