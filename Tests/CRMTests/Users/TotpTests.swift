import Base
import Crypto
import Dispatch
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// A user with two-step verification, as tests see their phone.
struct Phone {
  let secret: [UInt8]
  let recoveryCodes: [String]

  func code(_ app: TestApp, steps: Int = 0) -> String { TimeCode.code(secret, step: TimeCode.step(at: app.now) + steps) }

  /// Sets two-step verification up, as the page asks for it.
  init(for client: TestClient, in app: TestApp) throws {
    let page = client.get(TotpPages.path).page
    let key = try #require(page.first("//code[@class='totp-key']")?.text)
    secret = Self.decode(key)
    let sealed = try #require(page.first("//input[@name='secret']")?["value"])
    let code = TimeCode.code(secret, step: TimeCode.step(at: app.now))
    let done = client.post(TotpPages.path, ["secret": sealed, "code": code, "password": TestApp.password])
    recoveryCodes = done.page.all("//ul[@class='recovery-codes']//code").map(\.text)
    try #require(done.status == 200 && recoveryCodes.count == 10)
    // The code that confirmed it is used up.
    app.wait(seconds: 30)
  }

  /// RFC 4648, by the alphabet.
  static func decode(_ text: String) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let bits = text.compactMap { alphabet.firstIndex(of: $0) }.flatMap { value in (0..<5).map { value >> (4 - $0) & 1 } }
    return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { UInt8(bits[$0..<$0 + 8].reduce(0) { $0 << 1 | $1 }) }
  }
}

@Suite struct TotpTests {
  private let app: TestApp
  private let owner: TestClient
  private let email = "owner.0@example.com"

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
  }

  /// A browser that has given the password and stands at the second page.
  private func atTheCode(_ email: String = "owner.0@example.com") -> TestClient {
    let client = TestClient(app)
    client.get("/sign-in")
    let answer = client.post("/sign-in", ["email": email, "password": TestApp.password])
    #expect(answer.status == 303 && answer.location == "/sign-in/code")
    client.get("/sign-in/code")
    return client
  }

  private func isSignedIn(_ client: TestClient) -> Bool { client.get("/account").status == 200 }

  private func log(_ count: Int) throws -> [String] {
    for _ in 0..<2_000 where try app.store.read({ try $0.value("SELECT count(*) FROM security_log") }) ?? 0 < count { usleep(5_000) }
    return try app.store.read { try $0.all("SELECT event || ' ' || detail FROM security_log ORDER BY seq") { $0.text(0) } }
  }

  @Test func `it is set up with a code and the password; the secret is sealed, and the codes are kept as hashes`() throws {
    let other = TestClient(app)
    other.get("/sign-in")
    other.post("/sign-in", ["email": email, "password": TestApp.password])
    let page = owner.get(TotpPages.path).page
    let key = try #require(page.first("//code[@class='totp-key']")?.text)
    let sealed = try #require(page.first("//input[@name='secret']")?["value"])
    let code = TimeCode.code(Phone.decode(key), step: TimeCode.step(at: app.now))
    #expect(page.first("//svg[@class='qr']/path")?["d"]?.hasPrefix("M4 4h7v1h-7z") == true)
    for (sealed, code, password, status) in [
      (sealed, "000000", TestApp.password, 422), (sealed, code, "wrong password", 422), (sealed, "", TestApp.password, 422),
      ("nonsense", code, TestApp.password, 303), ("", code, TestApp.password, 303),
    ] {
      let answer = owner.post(TotpPages.path, ["secret": sealed, "code": code, "password": password])
      #expect(answer.status == status)
      // The app goes on showing codes of the same secret.
      if status == 422 { #expect(answer.page.first("//code[@class='totp-key']")?.text == key) }
      #expect(isSignedIn(other))
    }
    let done = owner.post(TotpPages.path, ["secret": sealed, "code": code, "password": TestApp.password])
    let codes = done.page.all("//ul[@class='recovery-codes']//code").map(\.text)
    #expect(done.status == 200 && Set(codes).count == 10 && done.headers["Cache-Control"]?.contains("no-store") == true)
    #expect(codes.allSatisfy { $0.wholeMatch(of: /[a-z2-7]{4}(-[a-z2-7]{4}){3}/) != nil })
    #expect(!isSignedIn(other) && isSignedIn(owner))
    #expect(!owner.get(TotpPages.path).text.contains(codes[0]))
    let stored = try app.store.read { db in
      try db.all("SELECT secret FROM user_totp UNION ALL SELECT code_hash FROM recovery_codes") { $0.text(0) }
    }
    #expect(stored.count == 11)
    for secret in [key.filter { $0 != " " }] + codes + codes.map({ $0.filter { $0 != "-" } }) {
      #expect(!stored.contains { $0.contains(secret) })
    }
    #expect(try log(6).suffix(2) == ["session-ended two-step verification was turned on", "totp-on "])
  }

  @Test func `a secret that another user was shown is worth nothing`() throws {
    let admin = try app.visitor(.admin, name: "Anna Admin")
    let page = admin.get(TotpPages.path).page
    let sealed = try #require(page.first("//input[@name='secret']")?["value"])
    let secret = Phone.decode(try #require(page.first("//code[@class='totp-key']")?.text))
    owner.get("/account")
    let code = TimeCode.code(secret, step: TimeCode.step(at: app.now))
    #expect(owner.post(TotpPages.path, ["secret": sealed, "code": code, "password": TestApp.password]).status == 303)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM user_totp") } == 0)
  }

  @Test func `after the password a second page asks for the code, and until then nobody is signed in`() throws {
    let phone = try Phone(for: owner, in: app)
    let client = atTheCode()
    #expect(!isSignedIn(client))
    for path in ["/admin/crm", "/admin/crm/contacts", "/account/totp"] { #expect(client.get(path).location.hasPrefix("/sign-in")) }
    client.get("/sign-in/code")
    for wrong in ["", "1", "123456", "abcd-efgh-ijkl-mnop", phone.code(app, steps: 2), phone.code(app, steps: -3)] {
      let answer = client.post("/sign-in/code", ["code": wrong])
      #expect(answer.status == 422, "\(wrong)")
      if wrong == "123456" { assertSnapshot(of: answer, named: "users/sign-in-code") }
      app.wait(seconds: 900)
      _ = atTheCode()
      if wrong == "" { #expect(client.get("/sign-in/code").location == "/sign-in") }
      client.get("/sign-in")
      client.post("/sign-in", ["email": email, "password": TestApp.password, "return_to": "/admin/crm/companies"])
      client.get("/sign-in/code")
    }
    #expect(!isSignedIn(client))
    client.get("/sign-in/code")
    let done = client.post("/sign-in/code", ["code": " \(phone.code(app).prefix(3)) \(phone.code(app).suffix(3)) "])
    #expect(done.location == "/admin/crm/companies" && isSignedIn(client))
    #expect(client.get("/sign-in/code").location == "/sign-in")
  }

  @Test(arguments: [-1, 0, 1]) func `a replayed code is refused, and one before it`(steps: Int) throws {
    let phone = try Phone(for: owner, in: app)
    app.wait(seconds: 300)
    let (first, second) = (atTheCode(), atTheCode())
    let code = phone.code(app, steps: steps)
    #expect(first.post("/sign-in/code", ["code": code]).status == 303)
    #expect(second.post("/sign-in/code", ["code": code]).status == 422)
    #expect(second.post("/sign-in/code", ["code": phone.code(app, steps: steps - 1)]).status == 422)
    #expect(isSignedIn(first) && !isSignedIn(second))
    app.wait(seconds: 60)
    second.get("/sign-in/code")
    #expect(second.post("/sign-in/code", ["code": phone.code(app)]).status == 303)
  }

  @Test(arguments: [false, true]) func `of several who come with one code at once, one gets in`(isRecovery: Bool) throws {
    let phone = try Phone(for: owner, in: app)
    let code = isRecovery ? phone.recoveryCodes[3] : phone.code(app)
    nonisolated(unsafe) let clients = (0..<4).map { _ in atTheCode() }
    let statuses = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: clients.count) { n in
      let status = clients[n].post("/sign-in/code", ["code": code]).status
      statuses.withLock { $0.append(status) }
    }
    #expect(statuses.withLock { $0 }.sorted() == [303, 422, 422, 422])
    #expect(clients.filter(isSignedIn).count == 1)
  }

  @Test func `a recovery code is good for one sign-in, however it is typed`() throws {
    let phone = try Phone(for: owner, in: app)
    let codes = phone.recoveryCodes
    for typed in [codes[0], codes[1].uppercased(), codes[2].filter { $0 != "-" }, " " + codes[3].replacing("-", with: " ")] {
      #expect(atTheCode().post("/sign-in/code", ["code": typed]).status == 303, "\(typed)")
      #expect(atTheCode().post("/sign-in/code", ["code": typed]).status == 422, "\(typed)")
    }
    #expect(try log(12).contains("sign-in with a recovery code"))
    owner.get(TotpPages.path)
    let client = atTheCode()
    client.post("/sign-in/code", ["code": codes[4]])
    #expect(client.get(TotpPages.path).text.contains("5 recovery codes left."))
    let renewed = client.post(
      TotpPages.path + "/recovery-codes", ["password": TestApp.password, "code": codes[5]])
    let fresh = renewed.page.all("//ul[@class='recovery-codes']//code").map(\.text)
    #expect(fresh.count == 10 && Set(fresh).isDisjoint(with: codes))
    #expect(atTheCode().post("/sign-in/code", ["code": codes[6]]).status == 422)
    #expect(atTheCode().post("/sign-in/code", ["code": fresh[9]]).status == 303)
  }

  @Test func `codes can't be guessed, and who guesses holds up no browser that the account knows`() throws {
    let phone = try Phone(for: owner, in: app)
    let known = owner.copy()
    known.post("/sign-out", [:])
    let stranger = atTheCode()
    for n in 0..<5 { #expect(stranger.post("/sign-in/code", ["code": "00000\(n)"]).status == 422) }
    let held = stranger.post("/sign-in/code", ["code": phone.code(app)])
    #expect(held.status == 429 && held.headers["Retry-After"] != nil)
    // Another browser, another try at the password: the code's tries are the account's.
    #expect(atTheCode().post("/sign-in/code", ["code": phone.code(app)]).status == 429)
    known.get("/sign-in")
    known.post("/sign-in", ["email": email, "password": TestApp.password])
    known.get("/sign-in/code")
    #expect(known.post("/sign-in/code", ["code": phone.code(app)]).status == 303)
  }

  @Test func `the password given on the first page counts for this browser, this password, this account and ten minutes`() throws {
    let phone = try Phone(for: owner, in: app)
    func tries(_ client: TestClient) -> Int {
      client.get("/sign-in/code").status == 200 ? client.post("/sign-in/code", ["code": phone.code(app)]).status : 0
    }
    let client = atTheCode()
    let note = try #require(client.cookie("roost_sign_in"))
    // A thief with a copy of the note, in a browser of their own.
    let thief = TestClient(app)
    thief.get("/sign-in")
    thief.set(cookie: "roost_sign_in", note)
    #expect(tries(thief) == 0)
    app.wait(seconds: 599)
    #expect(client.get("/sign-in/code").status == 200)
    app.wait(seconds: 1)
    #expect(tries(client) == 0)
    let disabled = atTheCode()
    try app.disableEverybody()
    #expect(tries(disabled) == 0)
    try app.store.write { _ = try $0.run("UPDATE users SET status = 'active'") }
    let changed = atTheCode()
    try app.store.write { _ = try $0.run("UPDATE users SET password_hash = password_hash || ' '") }
    #expect(tries(changed) == 0)
  }

  @Test func `turning it off takes the password and a code`() throws {
    let phone = try Phone(for: owner, in: app)
    let path = TotpPages.path + "/turn-off"
    owner.get(TotpPages.path)
    #expect(owner.post(path, ["password": "wrong password", "code": phone.code(app)]).status == 422)
    #expect(owner.post(path, ["password": TestApp.password, "code": "123456"]).status == 422)
    #expect(owner.post(path, ["password": TestApp.password, "code": ""]).status == 422)
    #expect(owner.post(path, ["password": TestApp.password, "code": phone.code(app)]).location == "/account")
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM user_totp") } == 0)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM recovery_codes") } == 0)
    let client = TestClient(app)
    client.get("/sign-in")
    client.post("/sign-in", ["email": email, "password": TestApp.password])
    #expect(isSignedIn(client))
    #expect(try log(6).contains("totp-off "))
  }

  @Test func `those who manage users can reset it, nobody else`() throws {
    let (admin, manager) = (try app.visitor(.admin, name: "Anna Admin"), try app.visitor(.manager, name: "Max Manager"))
    _ = try Phone(for: owner, in: app)
    let user = try #require(RecordID(try app.id("SELECT id FROM users WHERE email = 'owner.0@example.com'")))
    func reset(_ client: TestClient) throws -> Bool {
      let request = Request(id: "1", method: .post, path: [], target: "/", received: app.now)
      let context = app.pipeline.context(request)
      context.session = try app.store.read { db in
        try SessionStore.find(
          token: client.cookie("roost_session") ?? "", settings: .standard, now: app.now, in: db)
      }
      return try context.act { act in try Totp.reset(user, act) }
    }
    #expect(throws: HTTPError.self) { try reset(manager) }
    #expect(try reset(admin))
    #expect(try !reset(admin))
    #expect(try log(5).filter { $0.hasPrefix("totp-reset") }.count == 1)
    #expect(!owner.get("/account/totp").text.contains("recovery codes left"))
  }

  @Test func `without the key of the data folder recovery codes still let people in`() throws {
    let phone = try Phone(for: owner, in: app)
    try app.store.write { db in
      let box = SecretBox(key: SecureRandom.bytes(32), for: "totp secret")
      _ = try db.run("UPDATE user_totp SET secret = \(box.seal(phone.secret))")
    }
    #expect(atTheCode().post("/sign-in/code", ["code": phone.code(app)]).status == 422)
    #expect(atTheCode().post("/sign-in/code", ["code": phone.recoveryCodes[0]]).status == 303)
  }

  // MARK: Required by a role

  private func require(_ roles: [Role]) throws {
    let page = owner.get("/admin/settings/crm/security").page
    let fields = ["session_idle", "session_length"].map { name in
      (name, page.first("//select[@name='\(name)']/option[@selected]")?["value"] ?? "")
    }
    let version = page.first("//input[@name='version']")?["value"] ?? ""
    let answer = owner.post(
      "/admin/settings/crm/security",
      fields + roles.map { ("totp_roles", $0.id) } + [("version", version), ("csrf_token", owner.lastToken)])
    try #require(answer.status == 303)
  }

  @Test func `whose role requires it sets it up before anything else, and loses nothing that they were typing`() throws {
    let (manager, factory) = (try app.visitor(.manager, name: "Max Manager"), try app.visitor(.factory, name: "Fay Factory"))
    manager.get("/admin/crm/contacts/new")
    try require([.manager])
    let sent = manager.post("/admin/crm/contacts", ["name": "Ann Typed", "status": "active"])
    #expect(sent.status == 303 && sent.location == TotpPages.path)
    for route in app.composition.routes
    where route.method == .get && route.access != .anyone && !route.isBeforeTotp
      // Programs have tokens, and no cookie.
      && !route.pattern.hasPrefix("/api/")
    {
      let path = route.pattern.replacing(/\{[a-z]+\}/, with: "x")
      #expect(manager.get(path).location == TotpPages.path, "\(path)")
      #expect(factory.get(path).location != TotpPages.path, "\(path)")
    }
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
    let script = manager.copy()
    script.headers = ["Accept": "application/json"]
    #expect(script.get("/admin/crm/contacts/suggestions.json?q=a").status == 403)
    #expect(manager.get("/account/totp").text.contains("Your role requires two-step verification."))
    let phone = try Phone(for: manager, in: app)
    #expect(manager.get("/kept-form").text.contains("Ann Typed"))
    #expect(manager.get("/admin/crm/contacts").status == 200)
    // Who turns it off has to begin again.
    manager.get(TotpPages.path)
    manager.post(TotpPages.path + "/turn-off", ["password": TestApp.password, "code": phone.code(app)])
    #expect(manager.get("/admin/crm/contacts").location == TotpPages.path)
    manager.get(TotpPages.path)
    #expect(manager.post("/sign-out", [:]).location == "/sign-in")
    try require([])
    let again = TestClient(app)
    again.get("/sign-in")
    again.post("/sign-in", ["email": "manager.1@example.com", "password": TestApp.password])
    #expect(again.get("/admin/crm/contacts").status == 200)
  }

  @Test func `programs of a user who has yet to set it up are held back too`() throws {
    let program = try TestProgram(app, .manager)
    let client = TestClient(app)
    client.get("/sign-in")
    client.post("/sign-in", ["email": "manager.program@example.com", "password": TestApp.password])
    #expect(program.get("/contacts").status == 200)
    try require([.manager])
    let refused = program.get("/contacts")
    #expect(refused.status == 403 && refused.text.contains("Your role requires two-step verification."))
    #expect(refused.response.headers["RateLimit"] != nil, "tries count against the token's limit")
    _ = try Phone(for: client, in: app)
    #expect(program.get("/contacts").status == 200)
  }

  @Test func `the pages as they were looked at`() throws {
    var page = owner.get(TotpPages.path)
    let text = page.text.replacing(#/ d="M[^"]*"/#, with: " d=\"…\"").replacing(
      #/name="secret" value="[^"]*"/#, with: "name=\"secret\" value=\"…\""
    )
    .replacing(#/totp-key">[^<]*</#, with: "totp-key\">…<")
    page.body = .bytes(Array(text.utf8))
    assertSnapshot(of: page, named: "users/totp-off")
    _ = try Phone(for: owner, in: app)
    assertSnapshot(of: owner.get(TotpPages.path), named: "users/totp-on")
  }
}
