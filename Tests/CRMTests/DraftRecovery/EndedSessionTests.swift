import Base
import Crypto
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// What remains of an ended session: only the owner's unsaved form.
@Suite struct EndedSessionTests {
  let office: TestApp
  let owner: TestClient
  let email = "owner.0@example.com"

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  /// The ways in which a session ends.
  enum Ending: String, CaseIterable {
    case signedOut, signedOutElsewhere, passwordChanged, disabled, idle, expired

    var isOnPurpose: Bool { self != .idle && self != .expired }
  }

  /// Ends the owner's session and returns a browser with a copy of its token.
  private func end(_ ending: Ending) throws -> TestClient {
    owner.get("/account")
    let thief = owner.thief()
    switch ending {
    case .signedOut: owner.post("/sign-out", [:])
    case .signedOutElsewhere:
      let other = TestClient(office)
      other.get("/sign-in")
      other.post("/sign-in", ["email": email, "password": TestApp.password])
      other.get("/account")
      other.post("/account/sessions/sign-out-others", [:])
    case .passwordChanged: owner.post("/account/password", ["password": TestApp.password, "new_password": "a few new words"])
    case .disabled: try office.disableEverybody()
    case .idle: office.wait(seconds: 14 * 24 * 3600 + 1)
    case .expired:
      for _ in 0..<7 {
        office.wait(seconds: 9 * 24 * 3600)
        owner.get("/account")
      }
    }
    return thief
  }

  private func plan(_ visitor: TestClient, _ path: [String], length: Int? = nil) -> Plan {
    var request = Request(id: "1", method: .post, path: path, target: "/" + path.joined(separator: "/"), received: office.now)
    request.headers.set("Cookie", "roost_session=" + (visitor.cookie("roost_session") ?? ""))
    if let length { request.headers.set("Content-Length", String(length)) }
    return office.pipeline.plan(for: request)
  }

  @Test(arguments: Ending.allCases)
  func `its token opens no page and does nothing`(ending: Ending) throws {
    let thief = try end(ending)
    for route in office.composition.routes where route.access != .anyone {
      let path = route.pattern.replacing(#/\{[a-z]+\}/#, with: "019ac21b-e398-77c6-bb9f-3228744a32bb")
      let response = route.method == .post ? thief.post(path, ["name": "Planted", "status": "active"]) : thief.get(path)
      #expect(
        response.location.hasPrefix("/sign-in") || [401, 403, 429].contains(response.status),
        "\(route.method) \(path): \(response.status) \(response.location)")
    }
    #expect(try office.store.read { try $0.value("SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM uploads)") } == 0)
  }

  @Test(arguments: Ending.allCases)
  func `with its token nothing large is taken in`(ending: Ending) throws {
    let thief = try end(ending)
    for path in [["admin", "crm", "uploads", "x", "bytes"], ["admin", "crm", "files"]] {
      switch plan(thief, path) {
      case .runOnWorker(let limit, .write), .runWithFile(let limit): #expect(limit <= BodyLimit.form)
      default: break
      }
      guard case .answer(let response) = plan(thief, path, length: BodyLimit.form + 1) else {
        Issue.record("a large body is read: \(path)")
        continue
      }
      #expect([401, 413].contains(response.status))
    }
  }

  @Test(arguments: Ending.allCases)
  func `its token is worth no try at a password`(ending: Ending) throws {
    let thief = try end(ending)
    let statuses = (0..<12).map { _ in
      thief.get("/sign-in")
      return thief.post("/sign-in", ["email": email, "password": "wrong password"]).status
    }
    #expect(statuses == Array(repeating: 422, count: 5) + Array(repeating: 429, count: 7))
  }

  @Test(arguments: [Ending.signedOut, .signedOutElsewhere, .passwordChanged, .disabled])
  func `what was typed comes back to the same person, without files, and not to who has a copy of the token`(ending: Ending) throws {
    owner.get("/admin/crm/contacts/new")
    let token = owner.lastToken
    let thief = try end(ending)
    let away = thief.post("/admin/crm/contacts", ["name": "Nearly Lost", "status": "active"], token: token)
    if ending == .disabled {
      #expect(try office.store.read { try $0.value("SELECT count(*) FROM kept_forms") } == 0)
      return
    }
    #expect(away.location == "/sign-in")
    #expect(thief.cookie("roost_session") != owner.cookie("roost_session"))
    thief.get("/sign-in")
    let password = ending == .passwordChanged ? "a few new words" : TestApp.password
    let back = thief.post("/sign-in", ["email": email, "password": password])
    #expect(thief.get(back.location).text.contains("Nearly Lost"))
  }

  @Test func `what a copy of an ended token leaves behind is bounded, and pushes nothing out`() throws {
    owner.get("/admin/crm/contacts/new")
    let token = owner.lastToken
    let waiting = owner.copy()
    waiting.forgetSession()
    waiting.post("/admin/crm/contacts", ["name": "Typed by the owner", "status": "active"], token: token)
    let thief = try end(.signedOut)
    let stolen = thief.cookie("roost_session") ?? ""
    var statuses: [Int] = []
    for number in 0..<60 {
      office.wait(seconds: 5)
      thief.set(cookie: "roost_session", stolen)
      statuses.append(thief.post("/admin/crm/contacts", ["name": "Planted \(number)", "status": "active"], token: token).status)
    }
    #expect(statuses.contains(429))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM kept_forms") } ?? 99 <= 10)
    #expect(try office.id("SELECT group_concat(body) FROM kept_forms").contains("Typed by the owner"))
    office.wait(seconds: 3600)
    try office.store.write { _ = try $0.run("DELETE FROM kept_forms") }
    thief.set(cookie: "roost_session", stolen)
    let large = String(repeating: "x", count: 300 << 10)
    #expect(thief.post("/admin/crm/contacts", ["name": large, "status": "active"], token: token).status == 413)
    office.wait(seconds: 24 * 3600)
    thief.set(cookie: "roost_session", stolen)
    thief.post("/admin/crm/contacts", ["name": "Much later", "status": "active"], token: token)
    #expect(try office.store.read { try $0.text("SELECT group_concat(body) FROM kept_forms") }?.contains("Much later") != true)
  }

  @Test func `files of a session that was ended stay away, and are named`() throws {
    owner.get("/admin/crm/files")
    let token = owner.lastToken
    let thief = try end(.signedOutElsewhere)
    thief.post("/admin/crm/files", files: [.init("plan.txt", "secret")], token: token)
    #expect(thief.get("/sign-in").text.contains("no room for plan.txt"))
    thief.set(cookie: "roost_session", "x")
    var body = Array("--edge\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n\(token)\r\n".utf8)
    body += Array("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.txt\"\r\n\r\nx\r\n--edge--\r\n".utf8)
    thief.forgetSession()
    thief.post("/admin/crm/files", raw: body, type: "multipart/form-data; boundary=edge")
    #expect(thief.get("/sign-in").text.contains("no room for b.txt"))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM uploads") } == 0)
  }

  // MARK: New tokens for old

  @Test func `a new password gives this browser a new token, and ends every other one`() throws {
    let other = TestClient(office)
    other.get("/sign-in")
    other.post("/sign-in", ["email": email, "password": TestApp.password])
    let before = owner.cookie("roost_session")
    let thief = try end(.passwordChanged)
    #expect(owner.cookie("roost_session") != before)
    #expect(owner.get("/account").status == 200)
    #expect(thief.get("/account").location.hasPrefix("/sign-in"))
    #expect(other.get("/account").location.hasPrefix("/sign-in"))
    #expect(owner.get("/account").page.all("//li[@class='session']").count == 1)
  }

  @Test func `signing in ends the session that the browser had`() throws {
    owner.get("/account")
    let thief = owner.thief()
    let token = owner.lastToken
    let response = owner.post("/sign-in", [("email", email), ("password", TestApp.password), ("csrf_token", token)])
    #expect(response.status == 303)
    #expect(thief.get("/account").location.hasPrefix("/sign-in"))
    #expect(owner.get("/account").status == 200)
  }

  @Test func `a form that was open while the password was changed in another window comes back filled in`() throws {
    owner.get("/admin/crm/contacts/new")
    let token = owner.lastToken
    _ = try end(.passwordChanged)
    let response = owner.post("/admin/crm/contacts", ["name": "Half typed", "status": "active"], token: token)
    #expect(response.status == 200 && response.text.contains("value=\"Half typed\""))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
    #expect(owner.post("/admin/crm/contacts", ["name": "Half typed", "status": "active"]).status == 303)
    let other = try office.visitor(.admin, name: "Anna Admin")
    other.get("/account")
    #expect(other.post("/admin/crm/contacts", ["name": "Half typed", "status": "active"], token: token).status == 403)
  }

  @Test func `a password is hashed anew at sign-in when the cost has changed`() throws {
    let office = try TestApp(passwordCost: .init(operations: 2, memory: 64 << 10))
    let visitor = try office.visitor(.owner)
    let hash = try office.id("SELECT password_hash FROM users")
    #expect(hash.contains("m=64,t=2"), "\(hash)")
    visitor.get("/account")
    visitor.post("/sign-out", [:])
    visitor.get("/sign-in")
    #expect(visitor.post("/sign-in", ["email": email, "password": TestApp.password]).status == 303)
    #expect(try office.id("SELECT password_hash FROM users") == hash, "once is enough")
  }
}
