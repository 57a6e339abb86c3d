import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// A contact who may sign in: found or made by their address, once, and by nobody's crafted form.
@Suite struct ContactLoginTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }

  private func count(_ sql: SQL) throws -> Int { try office.store.read { try $0.value("SELECT count(*) FROM \(sql)") } ?? 0 }

  @discardableResult
  private func contact(_ name: String, email: String? = nil, _ more: [(String, String)] = [], expecting status: Int = 303) -> Response {
    owner.get("/admin/crm/contacts/new")
    let channel =
      email.map { [("channel_type", "email"), ("channel_label", ""), ("channel_value", $0), ("channel_primary", "primary")] } ?? []
    let response = owner.post(
      "/admin/crm/contacts", [("csrf_token", owner.lastToken), ("name", name), ("status", "active")] + channel + more)
    #expect(response.status == status, "\(response.text)")
    return response
  }

  private func post(_ contact: String, _ act: String) -> Response {
    owner.get(contact)
    return owner.post(contact + "/" + act, [:])
  }

  @Test func `a placeholder is made that can do nothing until it is invited`() throws {
    let ann = contact("Ann", email: "ann@example.com", [("allow_login", "yes")]).location
    let user = try office.id("SELECT user_id FROM contacts WHERE name = 'Ann'")
    #expect(
      try value("SELECT name || ' ' || source || ' ' || coalesce(password_hash, 'none') FROM users WHERE id = \(user)")
        == "Ann contact none")
    #expect(try count("user_roles WHERE user_id = \(user)") == 0)
    let visitor = TestClient(office)
    visitor.get("/sign-in")
    #expect(visitor.post("/sign-in", ["email": "ann@example.com", "password": ""]).status == 422)
    #expect(owner.get(ann).text.contains("/admin/users/\(user)"))
    #expect(owner.get("/admin/users/\(user)").text.contains(ann.prefix { $0 != "?" }))
    owner.get("/admin/users/\(user)")
    let link = owner.get(owner.post("/admin/users/\(user)/password-link", [:]).location).page.first("//input[@data-copy]")?["value"]
    #expect(link?.contains("/set-password?key=") == true)
  }

  @Test func `the user with the address is found, whatever its letters`() throws {
    _ = try office.visitor(.manager, name: "Mary Manager")
    let email = try office.id("SELECT email FROM users WHERE name = 'Mary Manager'")
    let before = try count("users")
    contact("Mary", email: email.uppercased(), [("allow_login", "yes")])
    #expect(try count("users") == before)
    #expect(try value("SELECT users.name FROM contacts JOIN users ON users.id = user_id") == "Mary Manager")
  }

  @Test func `asking twice, letting go and asking again make one user`() throws {
    let ann = contact("Ann", email: "ann@example.com").location
    let before = try count("users")
    for _ in 0..<2 { #expect(post(ann, "allow-login").status == 303) }
    let user = try office.id("SELECT user_id FROM contacts WHERE name = 'Ann'")
    for _ in 0..<2 { #expect(post(ann, "remove-login").status == 303) }
    #expect(try value("SELECT user_id FROM contacts WHERE name = 'Ann'") == nil)
    _ = post(ann, "allow-login")
    #expect(try office.id("SELECT user_id FROM contacts WHERE name = 'Ann'") == user)
    #expect(try count("users") == before + 1)
    let events = try office.store.read {
      try $0.all("SELECT action FROM activity WHERE record_type = 'contact' ORDER BY seq") { $0.text(0) }
    }
    #expect(events == ["contact.created", "contact.updated", "contact.updated", "contact.updated"], "only real changes")
  }

  @Test func `without an address, and for a user who is a contact already, nothing happens`() throws {
    let before = try count("users")
    let refused = contact("Ben", [("allow_login", "yes")], expecting: 422)
    #expect(refused.text.contains("Add an e-mail address first."))
    let ben = contact("Ben").location
    _ = post(ben, "allow-login")
    #expect(try count("users") == before)
    contact("Ann", email: "ann@example.com", [("allow_login", "yes")])
    let double = contact("Ann Again", email: "ANN@example.com", [("allow_login", "yes")], expecting: 422)
    #expect(double.text.contains("already linked to the contact Ann"))
    #expect(try count("contacts WHERE user_id IS NOT NULL") == 1)
  }

  @Test func `if the contact can't be saved the placeholder is gone too`() throws {
    let before = try count("users")
    try office.store.write {
      try $0.script("CREATE TRIGGER no_links BEFORE UPDATE OF user_id ON contacts BEGIN SELECT RAISE(ABORT, 'not today'); END")
    }
    #expect(contact("Ann", email: "ann@example.com", [("allow_login", "yes")], expecting: 500).status == 500)
    #expect(try count("users") == before && count("contacts") == 0)
  }

  @Test func `no form says who it is`() throws {
    let olga = try office.id("SELECT id FROM users WHERE name = 'Olga Owner'")
    for field in ["user_id", "user", "linked_user", "login_user_id", "allow_login_id"] {
      contact("Crafty \(field)", email: "crafty-\(field)@example.com", [(field, olga)], expecting: 422)
    }
    #expect(try count("contacts WHERE user_id IS NOT NULL") == 0)
    contact("Crafty", email: "crafty@example.com", [("allow_login", olga)], expecting: 422)
    #expect(try count("contacts WHERE user_id = \(olga)") == 0)
  }

  @Test func `unlinking and deleting the contact keep the user, and deleting the user the contact`() throws {
    let ann = contact("Ann", email: "ann@example.com", [("allow_login", "yes")]).location.prefix { $0 != "?" }
    _ = post(String(ann), "trash")
    owner.get(ann + "/delete")
    owner.post(ann + "/delete", ["confirm": "Ann"])
    #expect(try count("contacts") == 0)
    #expect(try count("users WHERE email = 'ann@example.com'") == 1)
    contact("Ann", email: "ann@example.com", [("allow_login", "yes")])
    let user = "/admin/users/" + (try office.id("SELECT user_id FROM contacts"))
    _ = post(user, "trash")
    owner.get(user + "/delete")
    owner.post(user + "/delete", ["confirm": "Ann"])
    #expect(try value("SELECT coalesce(user_id, 'none') FROM contacts") == "none")
  }

  @Test func `the form keeps what is, and the list names and filters it`() throws {
    let ann = contact("Ann", email: "ann@example.com", [("allow_login", "yes")]).location
    contact("Ben", email: "ben@example.com")
    #expect(owner.get(ann.prefix { $0 != "?" } + "/edit").page.first("//input[@name='allow_login'][@checked]") != nil)
    let list = "/admin/crm/contacts?filter=allow_login%20is%20yes"
    #expect(owner.get(list).page.all("//table//a[@class='row-link']").map(\.text) == ["Ann"])
    owner.get("/admin/crm/contacts/columns")
    owner.post(
      "/admin/crm/contacts/columns",
      [("csrf_token", owner.lastToken), ("columns", "name"), ("columns", "user"), ("view", "table"), ("apply", "yes")])
    #expect(owner.get("/admin/crm/contacts").page.all("//table//td/a").map(\.text) == ["Ann"])
    #expect(owner.get("/admin/users?filter=crm_contact%20is_not_empty").page.all("//table//a[@class='row-link']").map(\.text) == ["Ann"])
  }
}
