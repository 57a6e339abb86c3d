@testable import Admin
import CRM
import Foundation
import Store
import Synchronization
import Testing
import Web

/// Limits on sign-in attempts, and who is affected.
@Suite struct SignInLimitTests {
  let office: TestApp
  let owner: TestClient
  let email = "owner.0@example.com"

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func tryIn(_ visitor: TestClient, _ email: String, _ password: String = "wrong password") -> Int {
    visitor.get("/sign-in")
    return visitor.post("/sign-in", ["email": email, "password": password]).status
  }

  /// A browser that has been signed in and out.
  private func known() -> TestClient {
    owner.get("/account")
    owner.post("/sign-out", [:])
    return owner
  }

  @Test func `a browser that the account knows isn't held up by strangers`() {
    let known = known()
    for number in 0..<50 {
      let stranger = TestClient(office)
      stranger.peer = number.isMultiple(of: 2) ? "127.0.0.1" : "203.0.113.\(number)"
      _ = tryIn(stranger, email)
    }
    #expect(tryIn(TestClient(office), email, TestApp.password) == 429)
    #expect(tryIn(known, email, TestApp.password) == 303)
  }

  @Test func `it has so many tries of its own and no more`() {
    let known = known()
    let statuses = (0..<199).map { _ in tryIn(known, email) }
    #expect(statuses.filter { $0 == 422 }.count == 5)
    office.wait(seconds: 900)
    #expect(tryIn(known, email, TestApp.password) == 303)
  }

  @Test func `nor do a session's tries count against the colleagues behind the same address`() throws {
    for _ in 0..<199 {
      owner.get("/account")
      owner.post("/sign-in", ["email": email, "password": "wrong password"])
    }
    let known = known()
    for _ in 0..<199 { _ = tryIn(known, email) }
    let colleague = try office.visitor(.manager, name: "Mara Manager")
    #expect(colleague.get("/account").status == 200)
    #expect(tryIn(TestClient(office), email, TestApp.password) == 303)
  }

  @Test func `one browser that fails at many accounts holds up nobody else`() throws {
    let guesser = TestClient(office)
    let statuses = (0..<60).map { tryIn(guesser, "nobody\($0)@example.com") }
    #expect(statuses.filter { $0 == 422 }.count == 10 && statuses.last == 429)
    #expect(tryIn(TestClient(office), email, TestApp.password) == 303)
  }

  @Test func `who changes browsers gets no further at one account, and at all of them only slowly`() {
    let one = (0..<30).map { _ in tryIn(TestClient(office), email) }
    #expect(one.filter { $0 == 422 }.count == 5)
    let many = (0..<100).map { tryIn(TestClient(office), "nobody\($0)@example.com") }
    #expect(many.filter { $0 == 422 }.count == 35)
    #expect(tryIn(TestClient(office), "other@example.com") == 429)
    office.wait(seconds: 5)
    #expect(tryIn(TestClient(office), "other@example.com") == 422, "an office stands behind an address: its wait is short")
  }

  @Test func `guesses from everywhere at one account are slowed down, for a minute at most`() {
    let statuses = (0..<100).map { number in
      let visitor = TestClient(office)
      visitor.peer = "198.51.100.\(number)"
      return tryIn(visitor, email)
    }
    #expect(statuses.filter { $0 == 422 }.count == 30)
    office.wait(seconds: 60)
    let late = TestClient(office)
    late.peer = "192.0.2.7"
    #expect(tryIn(late, email, TestApp.password) == 303)
  }

  @Test func `a browser is known by what it got after the right password, to that account, until the password changes`() throws {
    let cookie = try #require(owner.cookie("roost_device"))
    #expect(cookie.split(separator: ".").count == 2)
    _ = try office.visitor(.admin, name: "Anna Admin")
    func isKnown(_ cookie: String, _ email: String) -> Bool {
      for _ in 0..<8 { _ = tryIn(TestClient(office), email) }
      defer { office.wait(seconds: 3600) }
      let visitor = TestClient(office)
      visitor.set(cookie: "roost_device", cookie)
      return tryIn(visitor, email) == 422
    }
    #expect(isKnown(cookie, email))
    #expect(!isKnown(cookie, "admin.1@example.com"))
    for forged in [
      "", "x", String(cookie.reversed()), cookie + ".", String(cookie.dropLast()) + "!", "\(cookie.prefix(22)).\(cookie.prefix(22))",
    ] {
      #expect(!isKnown(forged, email), "\(forged)")
    }
    owner.get("/account")
    owner.post("/account/password", ["password": TestApp.password, "new_password": "a few new words"])
    #expect(!isKnown(cookie, email))
    #expect(isKnown(try #require(owner.cookie("roost_device")), email))
  }

  @Test func `those who share a browser are all known to it, and it stays known when they sign out`() throws {
    _ = try office.visitor(.admin, name: "Anna Admin")
    let shared = known()
    #expect(tryIn(shared, "admin.1@example.com", TestApp.password) == 303)
    #expect(shared.cookie("roost_device")?.split(separator: ".").count == 3)
    shared.get("/account")
    shared.post("/sign-out", [:])
    for account in [email, "admin.1@example.com"] {
      for _ in 0..<8 { _ = tryIn(TestClient(office), account) }
      #expect(tryIn(shared, account) == 422)
    }
  }

  @Test func `many at once get no further than one after the other`() throws {
    let refused = Atomic(0)
    let held = Atomic(0)
    let email = self.email
    nonisolated(unsafe) let strangers = (0..<500).map { _ in
      let visitor = TestClient(office)
      visitor.get("/sign-in")
      return visitor
    }
    DispatchQueue.concurrentPerform(iterations: 500) { number in
      let email = number.isMultiple(of: 2) ? email : "nobody\(number)@example.com"
      switch strangers[number].post("/sign-in", ["email": email, "password": "wrong password"]).status {
      case 422: refused.add(1, ordering: .relaxed)
      case 429: held.add(1, ordering: .relaxed)
      default: break
      }
    }
    #expect(refused.load(ordering: .relaxed) <= 40)
    #expect(refused.load(ordering: .relaxed) + held.load(ordering: .relaxed) == 500)
  }

  @Test func `the present password can't be guessed from a session`() {
    owner.get("/account")
    let statuses = (0..<20).map { _ in
      owner.post("/account/password", ["password": "wrong password", "new_password": "a few new words"]).status
    }
    #expect(statuses.filter { $0 == 422 }.count == 5 && statuses.last == 429)
  }
}
