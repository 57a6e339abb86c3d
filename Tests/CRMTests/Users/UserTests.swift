import Base
@testable import Admin
@testable import CRM
import Crypto
import Store
import Testing
import Web
import XML

/// Users as records: invited, changed, disabled, and never without an owner.
@Suite struct UserTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }

  private func id(of name: String) throws -> String { try office.id("SELECT id FROM users WHERE name = \(name)") }

  /// Makes a user with the form.
  @discardableResult
  private func create(_ fields: [(String, String)], as client: TestClient? = nil, expecting status: Int = 303) throws -> Response {
    let client = client ?? owner
    client.get("/admin/users/new")
    let response = client.post(
      "/admin/users", [("csrf_token", client.lastToken), ("status", "active"), ("account_type", "person")] + fields)
    #expect(response.status == status, "\(response.text)")
    return response
  }

  /// Saves the form of a user as it is, but for these.
  @discardableResult
  private func save(_ user: String, as client: TestClient? = nil, _ changes: [(String, String)], expecting status: Int = 303) throws
    -> Response
  {
    let client = client ?? owner
    let form = client.get("/admin/users/\(user)/edit").page
    var fields: [(String, String)] = [("csrf_token", client.lastToken)]
    for name in ["version", "name", "email", "username", "organization_name", "source"] {
      fields.append((name, form.first("//form//input[@name='\(name)']")?["value"] ?? ""))
    }
    fields += form.all("//input[@name='roles'][@checked]").map { ("roles", $0["value"] ?? "") }
    for name in ["status", "account_type"] {
      fields.append((name, form.first("//select[@name='\(name)']/option[@selected]")?["value"] ?? ""))
    }
    let changed = Set(changes.map(\.0))
    fields = fields.filter { !changed.contains($0.0) } + changes.filter { !$0.1.isEmpty }
    let response = client.post("/admin/users/\(user)", fields)
    #expect(response.status == status, "\(response.text)")
    return response
  }

  /// The link that the next page shows, once.
  private func newLink(for user: String, as client: TestClient? = nil) -> String? {
    let client = client ?? owner
    client.get("/admin/users/\(user)")
    let location = client.post("/admin/users/\(user)/password-link", [:]).location
    let address = client.get(location).page.first("//input[@data-copy]")?["value"]
    #expect(client.get(location).page.first("//input[@data-copy]") == nil, "it is shown once")
    return address.map { String($0.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }) }
  }

  private func use(_ link: String, _ password: String, by visitor: TestClient? = nil) -> Response {
    let visitor = visitor ?? TestClient(office)
    // A link that no longer works has no form: its token comes from the page that it leads to.
    visitor.get("/sign-in")
    visitor.get(link)
    return visitor.post("/set-password", ["key": String(link.drop { $0 != "=" }.dropFirst()), "new_password": password])
  }

  private func signIn(_ email: String, _ password: String) -> TestClient? {
    let visitor = TestClient(office)
    visitor.get("/sign-in")
    return visitor.post("/sign-in", ["email": email, "password": password]).status == 303 ? visitor : nil
  }

  private static let fresh = "seven green bottles"

  @Test func `somebody is invited by a link, chooses a password and signs in`() throws {
    let location = try create([("name", "Nina New"), ("email", "nina@example.com"), ("roles", "Manager")]).location
    let nina = try id(of: "Nina New")
    #expect(owner.get(location).text.contains("Create invitation link"))
    #expect(signIn("nina@example.com", "") == nil)
    let link = try #require(newLink(for: nina))
    let page = TestClient(office).get(link)
    #expect(page.status == 200 && page.text.contains("Nina New"))
    #expect(use(link, "short").status == 422, "the link is still good after a bad password")
    #expect(use(link, Self.fresh).status == 303)
    #expect(try #require(signIn("NINA@example.com", Self.fresh)).get("/admin/crm/contacts").status == 200)
    #expect(try value("SELECT confirmed_at FROM users WHERE id = \(nina)") != nil)
    #expect(owner.get(location).text.contains("Reset password"))
  }

  @Test func `a link works once`() throws {
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let link = try #require(try newLink(for: id(of: "Nina New")))
    #expect(use(link, Self.fresh).status == 303)
    #expect(use(link, "another long password").location == "/sign-in")
    #expect(signIn("nina@example.com", Self.fresh) != nil && signIn("nina@example.com", "another long password") == nil)
    #expect(TestClient(office).get(link).status == 303)
  }

  @Test func `a link that is used in somebody else's browser ends their session there`() throws {
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let link = try #require(try newLink(for: id(of: "Nina New")))
    let colleague = try office.visitor(.manager)
    let copy = colleague.copy()
    #expect(use(link, Self.fresh, by: colleague).status == 303)
    #expect(colleague.get("/admin/crm/contacts").status == 303 && copy.get("/admin/crm/contacts").status == 303)
  }

  @Test func `of two who use a link at once, one gets in`() async throws {
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let link = try #require(try newLink(for: id(of: "Nina New")))
    let key = String(link.drop { $0 != "=" }.dropFirst())
    let passwords = (0..<6).map { "password of thief number \($0)" }
    let visitors = passwords.map { _ in TestClient(office) }
    for visitor in visitors { visitor.get(link) }
    nonisolated(unsafe) let all = visitors
    await withTaskGroup(of: Void.self) { group in
      for (number, password) in passwords.enumerated() {
        group.addTask { _ = all[number].post("/set-password", ["key": key, "new_password": password]) }
      }
    }
    #expect(passwords.filter { signIn("nina@example.com", $0) != nil }.count == 1)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM security_log WHERE event = 'link-used'") } == 1)
  }

  @Test func `a newer link, time and a disabled account each end a link`() throws {
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let nina = try id(of: "Nina New")
    let first = try #require(newLink(for: nina))
    let second = try #require(newLink(for: nina))
    #expect(use(first, Self.fresh).location == "/sign-in" && signIn("nina@example.com", Self.fresh) == nil)
    try save(nina, [("status", "inactive")])
    #expect(use(second, Self.fresh).location == "/sign-in")
    try save(nina, [("status", "active")])
    office.wait(seconds: 8 * 24 * 3600)
    #expect(use(second, Self.fresh).location == "/sign-in" && signIn("nina@example.com", Self.fresh) == nil)
    for odd in ["/set-password", "/set-password?key=", "/set-password?key=%00", "/set-password?key=nonsense"] {
      #expect(TestClient(office).get(odd).location == "/sign-in")
    }
  }

  @Test func `a reset ends all sessions, and lets nobody in by itself`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let email = try office.id("SELECT email FROM users WHERE name = 'Mary Manager'")
    let link = try #require(try newLink(for: id(of: "Mary Manager")))
    #expect(mary.get("/admin/crm").status == 200, "a link alone changes nothing")
    let thief = TestClient(office)
    #expect(use(link, Self.fresh, by: thief).location == "/sign-in")
    #expect(mary.get("/admin/crm").status == 303)
    #expect(thief.get("/admin/crm").status == 303)
    #expect(signIn(email, TestApp.password) == nil && signIn(email, Self.fresh) != nil)
  }

  @Test func `a link ends with the rights that it was made under, and with each change of the account`() throws {
    let admin = try office.visitor(.admin, name: "Ada Admin")
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let nina = try id(of: "Nina New")
    let first = try #require(newLink(for: nina, as: admin))
    try save(nina, [("roles", "Owner")])
    #expect(
      use(first, Self.fresh).location == "/sign-in" && signIn("nina@example.com", Self.fresh) == nil, "she may do more than its maker now")
    try save(nina, [("roles", "Member")])
    let second = try #require(newLink(for: nina, as: admin))
    try save(id(of: "Ada Admin"), [("status", "inactive")])
    _ = use(second, Self.fresh)
    #expect(signIn("nina@example.com", Self.fresh) == nil, "its maker is out")
    let third = try #require(newLink(for: nina))
    try save(nina, [("email", "nina.new@example.com")])
    _ = use(third, Self.fresh)
    #expect(signIn("nina.new@example.com", Self.fresh) == nil)
  }

  @Test func `nobody gets round their own password`() throws {
    let olga = try id(of: "Olga Owner")
    #expect(newLink(for: olga) == nil)
    owner.get("/admin/users/\(olga)")
    #expect(owner.get(owner.post("/admin/users/\(olga)/reset-totp", [:]).location).text.contains("on your account page"))
  }

  @Test func `a link is made by those who may, for those who may do no more`() throws {
    let (olga, admin) = (try id(of: "Olga Owner"), try office.visitor(.admin, name: "Ada Admin"))
    #expect(newLink(for: olga, as: admin) == nil)
    let manager = try office.visitor(.manager)
    manager.get("/admin/users")
    #expect(manager.post("/admin/users/\(olga)/password-link", [:]).status == 403)
    #expect(try value("SELECT 1 FROM password_links") == nil)
  }

  @Test func `addresses differ, whatever their letters`() throws {
    try create([("name", "Nina New"), ("email", "nina@example.com")])
    let response = try create([("name", "Other"), ("email", "Nina@Example.COM")], expecting: 422)
    #expect(response.text.contains("Nina New already has an account with this address."))
    try create([("name", "Other"), ("email", "not an address")], expecting: 422)
    try create([("name", "Other")], expecting: 422)
  }

  @Test func `disabling ends every session at once, and a new status lets in again`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let id = try id(of: "Mary Manager")
    try save(id, [("status", "inactive")])
    #expect(mary.get("/admin/crm").status == 303)
    let events = try office.store.read { try $0.all("SELECT event FROM security_log ORDER BY seq DESC LIMIT 2") { $0.text(0) } }
    #expect(events == ["user-disabled", "session-ended"])
    try save(id, [("status", "active")])
    #expect(mary.get("/admin/crm").status == 303, "the old session is over for good")
    let email = try office.id("SELECT email FROM users WHERE id = \(id)")
    let again = try #require(signIn(email, TestApp.password))
    #expect(again.get("/admin/crm").status == 200)
    owner.get("/admin/users/\(id)")
    owner.post("/admin/users/\(id)/sign-out", [:])
    #expect(again.get("/admin/crm").status == 303)
    owner.post("/admin/users/\(id)/trash", [:])
    #expect(signIn(try office.id("SELECT email FROM users WHERE id = \(id)"), TestApp.password) == nil)
  }

  @Test func `a user in the trash is signed out, stays so when restored, and the security log says so`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let id = try id(of: "Mary Manager")
    try office.store.write { db in
      let token = APIToken.make()
      _ = try TokenStore.create(token, name: "Test", [:], until: nil, of: try #require(RecordID(id)), now: office.now, in: db)
    }
    func events() throws -> [String] {
      try office.store.read { try $0.all("SELECT event FROM security_log ORDER BY seq DESC LIMIT 3") { $0.text(0) } }
    }
    owner.get("/admin/users/\(id)")
    owner.post("/admin/users/\(id)/trash", [:])
    #expect(try events() == ["user-disabled", "token-revoked", "session-ended"])
    owner.post("/admin/users/\(id)/trash", [:])
    owner.post("/admin/users/\(id)/restore", [:])
    #expect(try events() == ["user-enabled", "user-disabled", "token-revoked"])
    #expect(mary.get("/admin/crm").status == 303, "the old session is over")
    #expect(try value("SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL") == "0")
    try save(id, [("status", "inactive")])
    owner.get("/admin/users/\(id)")
    owner.post("/admin/users/\(id)/trash", [:])
    owner.post("/admin/users/\(id)/restore", [:])
    #expect(try events().first == "user-disabled", "nothing changed for somebody who couldn't sign in")
  }

  @Test func `the last owner stays`() throws {
    let olga = try id(of: "Olga Owner")
    try save(olga, [("roles", "Admin")], expecting: 422)
    try save(olga, [("roles", "")], expecting: 422)
    try save(olga, [("status", "inactive")], expecting: 422)
    owner.get("/admin/users/\(olga)")
    owner.post("/admin/users/\(olga)/trash", [:])
    #expect(owner.get("/admin/users/\(olga)").status == 200)
    #expect(throws: StoreError.self) { try office.store.write { _ = try $0.run("DELETE FROM user_roles WHERE user_id = \(olga)") } }
    #expect(throws: StoreError.self) {
      try office.store.write { _ = try $0.run("UPDATE users SET status = 'inactive' WHERE id = \(olga)") }
    }
    // An owner who can't sign in is none.
    _ = try office.visitor(.owner, name: "Otto Owner")
    try office.store.write { _ = try $0.run("UPDATE users SET status = 'inactive' WHERE name = 'Otto Owner'") }
    try save(olga, [("roles", "Admin")], expecting: 422)
    try office.store.write { _ = try $0.run("UPDATE users SET status = 'active' WHERE name = 'Otto Owner'") }
    try save(olga, [("roles", "Admin")])
  }

  @Test func `of two owners who demote each other at once, one stays`() async throws {
    let otto = try office.visitor(.owner, name: "Otto Owner")
    let (olgas, ottos) = (try id(of: "Olga Owner"), try id(of: "Otto Owner"))
    func form(_ user: String, _ client: TestClient) throws -> [(String, String)] {
      client.get("/admin/users/\(user)/edit")
      let email = try office.id("SELECT email FROM users WHERE id = \(user)")
      return [
        ("csrf_token", client.lastToken), ("version", "1"), ("name", "Demoted"), ("email", email), ("status", "active"),
        ("account_type", "person"), ("roles", "Member"),
      ]
    }
    nonisolated(unsafe) let (first, second) = (owner, otto)
    let (one, other) = (try form(ottos, owner), try form(olgas, otto))
    async let a = { first.post("/admin/users/\(ottos)", one).status }()
    async let b = { second.post("/admin/users/\(olgas)", other).status }()
    _ = await (a, b)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM user_roles WHERE role_id = \(Role.owner.id)") } == 1)
  }

  @Test func `only owners make and unmake owners, and nobody gives more than they have`() throws {
    let admin = try office.visitor(.admin, name: "Ada Admin")
    try create([("name", "Nina New"), ("email", "nina@example.com"), ("roles", "Owner")], as: admin, expecting: 422)
    try create([("name", "Nina New"), ("email", "nina@example.com"), ("roles", "Admin"), ("roles", Role.manager.id)], as: admin)
    #expect(try value("SELECT count(*) FROM user_roles WHERE user_id = \(id(of: "Nina New"))") == "2")
    try save(id(of: "Olga Owner"), as: admin, [("name", "Olga Once")], expecting: 422)
    try save(id(of: "Olga Owner"), as: admin, [("email", "mine@example.com")], expecting: 422)
    try save(id(of: "Ada Admin"), as: admin, [("roles", "Owner")], expecting: 422)
    try save(id(of: "Ada Admin"), as: admin, [("status", "inactive")], expecting: 422)
    try create([("name", "Odd"), ("email", "odd@example.com"), ("roles", "Emperor")], as: admin, expecting: 422)
  }

  /// A session or a token that somebody else got hold of must not be enough to take an account over.
  @Test func `one's own address is changed with the password only, whatever the way`() throws {
    let olga = try id(of: "Olga Owner")
    #expect(try save(olga, [("email", "mine@example.com")], expecting: 422).text.contains("on your account page"))
    let version = try #require(try value("SELECT version FROM users WHERE id = \(olga)"))
    owner.get("/admin/users/\(olga)")
    #expect(owner.post("/admin/users/\(olga)/fields/email", ["email": "mine@example.com", "version": version]).status == 422)
    let program = try TestProgram(office, .owner)
    let paula = try id(of: "Paula Program")
    let answer = program.send(.patch, "/users/\(paula)", .object([.init(name: "email", value: "mine@example.com")]))
    #expect(answer.status == 422 && answer.errors["email"]?.contains("on your account page") == true)
    #expect(try value("SELECT count(*) FROM users WHERE email = 'mine@example.com'") == "0")
    // Other fields go along with it unchanged, and others' addresses are changed as before.
    try save(olga, [("name", "Olga Other")])
    try save(paula, [("email", "paula@example.com")])
    // Undoing a change of one's own address is another way of changing it.
    owner.get("/account")
    #expect(owner.post("/account/email", ["email": "new@example.com", "password": TestApp.password]).status == 303)
    let entry = try #require(try value("SELECT max(seq) FROM activity WHERE record_id = \(olga) AND before IS NOT NULL"))
    owner.get("/admin/users/\(olga)/events")
    let undone = owner.post("/admin/users/\(olga)/events/\(entry)/revert", [:])
    #expect(undone.status == 422 || owner.get(undone.location).text.contains("on your account page"), "\(undone.status)")
    #expect(try value("SELECT email FROM users WHERE id = \(olga)") == "new@example.com")
  }

  @Test func `whose an address is, only those hear who may see users`() throws {
    for (role, isNamed) in [(Role.manager, true), (.factory, false)] {
      let client = try office.visitor(role)
      client.get("/account")
      let answer = try client.post(
        "/account/email", ["email": office.id("SELECT email FROM users WHERE name = 'Olga Owner' LIMIT 1"), "password": TestApp.password])
      #expect(answer.status == 422 && answer.text.contains("already has an account with this address") == isNamed, "\(role)")
      #expect(answer.text.contains("An account with this address already exists.") != isNamed, "\(role)")
    }
  }

  @Test func `who made changes isn't deleted, and others leave nothing behind`() throws {
    let nina = try create([("name", "Nina New"), ("email", "nina@example.com"), ("roles", "Member")]).location.prefix { $0 != "?" }
    owner.get(String(nina))
    owner.post(nina + "/trash", [:])
    #expect(owner.post(nina + "/delete", ["confirm": "Nina New"]).status == 303)
    #expect(try value("SELECT 1 FROM users WHERE name = 'Nina New'") == nil)
    let mary = try office.visitor(.manager, name: "Mary Manager")
    mary.get("/admin/crm/contacts/new")
    mary.post("/admin/crm/contacts", ["name": "Ann", "status": "active"])
    let marys = "/admin/users/" + (try id(of: "Mary Manager"))
    owner.get(marys)
    owner.post(marys + "/trash", [:])
    let answer = owner.post(marys + "/delete", ["confirm": "Mary Manager"])
    #expect(owner.get(answer.location).text.contains("This user appears in the activity log"))
    #expect(try value("SELECT status FROM users WHERE name = 'Mary Manager'") == "trashed")
  }

  @Test func `those who may see users see no more of them than that`() throws {
    let manager = try office.visitor(.manager)
    let olga = try id(of: "Olga Owner")
    #expect(manager.get("/admin/users").status == 200)
    let page = manager.get("/admin/users/\(olga)")
    #expect(page.status == 200 && !page.text.contains("password-link") && !page.text.contains("127.0.0.1"))
    for path in ["", "/edit", "/trash", "/password-link", "/sign-out", "/view-as", "/fields/email"] {
      #expect(manager.post("/admin/users/\(olga)\(path)", ["name": "x"]).status == (path == "/edit" ? 405 : 403), "\(path)")
    }
    #expect(try office.visitor(.factory).get("/admin/users").status == 404)
  }
}
