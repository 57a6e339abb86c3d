import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// Roles as owners work with them: their rights, who uses the CRM, and that it holds at once.
@Suite struct RoleTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }

  @discardableResult
  private func save(_ role: String, as client: TestClient? = nil, _ changes: [(String, String)], expecting status: Int = 303) throws
    -> Response
  {
    let client = client ?? owner
    let form = client.get("/admin/roles/\(role)/edit").page
    var fields: [(String, String)] = [
      ("csrf_token", client.lastToken), ("version", form.first("//form//input[@name='version']")?["value"] ?? ""),
      ("name", form.first("//input[@name='name']")?["value"] ?? ""), ("status", "active"),
      ("description", form.first("//input[@name='description']")?["value"] ?? ""),
    ]
    if form.first("//input[@name='uses_crm'][@checked]") != nil { fields.append(("uses_crm", "yes")) }
    fields += form.all("//select[@name='grants']/option[@selected]").map { ("grants", $0["value"] ?? "") }
    for (name, value) in changes {
      let resource = value.prefix { $0 != "=" } + "="
      fields.removeAll { $0.0 == name && (name != "grants" || $0.1.hasPrefix(resource)) }
      if !value.isEmpty { fields.append((name, value)) }
    }
    let response = client.post("/admin/roles/\(role)", fields)
    #expect(response.status == status, "\(response.page.first("//*[contains(@class, 'field-error')]")?.text ?? response.text)")
    return response
  }

  private func role(_ name: String, _ grants: [String], usesCRM: Bool = true, as client: TestClient? = nil, expecting status: Int = 303)
    throws
    -> String
  {
    let client = client ?? owner
    client.get("/admin/roles/new")
    let response = client.post(
      "/admin/roles",
      [("csrf_token", client.lastToken), ("name", name), ("status", "active")] + (usesCRM ? [("uses_crm", "yes")] : [])
        + grants.map { ("grants", $0) })
    #expect(response.status == status, "\(response.text)")
    return String(response.location.split(separator: "/").last ?? "")
  }

  /// Somebody with a role of the office's own.
  private func visitor(with role: String) throws -> TestClient {
    let visitor = try office.visitor(.member, name: "Vera Visitor")
    try office.store.write { db in
      try db.run("UPDATE user_roles SET role_id = \(role) WHERE user_id = (SELECT max(id) FROM users)")
    }
    return visitor
  }

  @Test func `a change of a role holds from the next request on, in every session`() throws {
    let manager = try office.visitor(.manager, name: "Mary Manager")
    let other = manager.copy()
    #expect(manager.get("/admin/crm/contacts/new").status == 200)
    try save(Role.manager.id, [("grants", "contacts=read")])
    #expect(manager.get("/admin/crm/contacts/new").status == 403)
    #expect(other.get("/admin/crm/contacts").status == 200)
    try save(Role.manager.id, [("grants", "contacts=none")])
    #expect(other.get("/admin/crm/contacts").status == 404)
    #expect(manager.get("/admin/crm/companies").status == 200)
  }

  @Test func `the history tells rights by name, and undo gives them back`() throws {
    let response = try save(Role.manager.id, [("grants", "contacts=read")])
    let page = owner.get(response.location)
    let undo = try #require(page.page.first("//div[@data-flash]//form")?["action"])
    #expect(owner.get("/admin/roles/\(Role.manager.id)/events").text.contains("Contacts: View"))
    #expect(owner.post(undo, [:]).status == 303)
    #expect(try value("SELECT grants FROM roles WHERE id = \(Role.manager.id)")?.contains("contacts=write") == true)
  }

  @Test func `a role of one's own gives what it says and no more`() throws {
    let id = try role("Sales", ["contacts=write", "companies=read", "tasks=read_own"])
    let vera = try visitor(with: id)
    #expect(vera.get("/admin/crm/contacts/new").status == 200)
    #expect(vera.get("/admin/crm/companies").status == 200)
    #expect(vera.get("/admin/crm/companies/new").status == 403)
    #expect(vera.get("/admin/crm/tasks").status == 200)
    #expect(vera.get("/admin/crm/contacts/export.csv").status == 403, "exporting is a right of its own")
    #expect(vera.get("/admin/crm/search?q=ann").status == 200)
    for path in ["/admin/users", "/admin/roles", "/admin/settings/crm", "/admin/crm/activity", "/admin/crm/activity/export.csv"] {
      #expect(vera.get(path).status == 404, "\(path)")
    }
    try save(id, [("grants", "export=full")])
    #expect(vera.get("/admin/crm/contacts/export.csv").status == 200)
    try save(id, [("status", "inactive")])
    #expect(vera.get("/admin/crm/contacts").status == 404)
  }

  @Test func `a role that isn't chosen opens nothing in the CRM, whatever its rights`() throws {
    let id = try role("Auditors", ["contacts=full", "companies=full", "users=read"], usesCRM: false)
    let vera = try visitor(with: id)
    for path in [
      "/admin/crm", "/admin/crm/contacts", "/admin/crm/companies/new", "/admin/crm/search?q=a", "/admin/crm/live",
      "/admin/crm/organizations",
    ] {
      #expect(vera.get(path).status == 404, "\(path)")
    }
    #expect(vera.get("/admin/users").status == 200)
    owner.get("/admin/settings/crm/roles")
    let choice = [("csrf_token", owner.lastToken), ("offered", id), ("uses_crm", id)]
    #expect(owner.post("/admin/roles/crm", choice).status == 303)
    #expect(vera.get("/admin/crm/contacts").status == 200)
    #expect(try value("SELECT action FROM activity ORDER BY seq DESC LIMIT 1") == "role.updated")
    owner.post("/admin/roles/crm", [("csrf_token", owner.lastToken), ("offered", id)])
    #expect(vera.get("/admin/crm/contacts").status == 404)
  }

  @Test func `what isn't offered on the form isn't changed by it`() throws {
    owner.get("/admin/settings/crm/roles")
    owner.post("/admin/roles/crm", [("csrf_token", owner.lastToken), ("offered", Role.factory.id)])
    #expect(
      try office.store.read { try $0.all("SELECT id FROM roles WHERE NOT uses_crm ORDER BY id") { $0.text(0) } } == [
        Role.factory.id, Role.member.id,
      ])
  }

  @Test func `owners and admins keep their rights, and built-in roles stay`() throws {
    for role in [Role.owner, .admin] {
      try save(role.id, [("status", "inactive")], expecting: 422)
      try save(role.id, [("uses_crm", "")], expecting: 422)
      try save(role.id, [("grants", "contacts=none")], expecting: 422)
      try save(role.id, [("description", "Renamed")])
    }
    owner.get("/admin/roles")
    for role in Role.allCases { owner.post("/admin/roles/\(role.id)/trash", [:]) }
    #expect(try value("SELECT group_concat(status) FROM (SELECT DISTINCT status FROM roles)") == "active")
  }

  @Test func `nobody gives rights that they don't have`() throws {
    let keepers = try role("Role keepers", ["roles=full", "users=full", "contacts=read"])
    let vera = try visitor(with: keepers)
    _ = try role("More", ["contacts=write"], as: vera, expecting: 422)
    let less = try role("Less", ["contacts=read"], as: vera)
    try save(less, as: vera, [("grants", "settings=full")], expecting: 422)
    try save(keepers, as: vera, [("grants", "companies=full")], expecting: 422)
    try save(Role.manager.id, as: vera, [("grants", "contacts=none")], expecting: 422)
    vera.get("/admin/roles")
    vera.post("/admin/roles/\(Role.manager.id)/view-as", [:])
    #expect(vera.get("/admin/crm/companies").status == 404)
    #expect(try value("SELECT grants FROM roles WHERE id = \(keepers)")?.contains("companies=none") == true)
  }

  @Test func `a role that is inactive can't be given or viewed`() throws {
    let id = try role("Sales", ["contacts=read"])
    try save(id, [("status", "inactive")])
    owner.get("/admin/users/new")
    let fields = [
      ("csrf_token", owner.lastToken), ("name", "Nina"), ("email", "nina@example.com"), ("status", "active"), ("account_type", "person"),
      ("roles", "Sales"),
    ]
    #expect(owner.post("/admin/users", fields).status == 422)
    owner.get("/admin/roles/\(id)")
    owner.post("/admin/roles/\(id)/view-as", [:])
    #expect(!owner.get("/admin/crm").text.contains("viewing Roost as"))
  }

  @Test func `rights that sleep are rights`() throws {
    let sleeping = try role("Sleeping", ["contacts=full", "companies=full"], usesCRM: false)
    let keepers = try role("Role keepers", ["roles=full", "users=full"], usesCRM: false)
    let vera = try visitor(with: keepers)
    try save(sleeping, as: vera, [("uses_crm", "yes")], expecting: 422)
    let user = try office.id("SELECT id FROM users WHERE name = 'Vera Visitor'")
    let email = try office.id("SELECT email FROM users WHERE id = \(user)")
    vera.get("/admin/users/\(user)/edit")
    let fields = [
      ("csrf_token", vera.lastToken), ("version", "1"), ("name", "Vera Visitor"), ("email", email), ("status", "active"),
      ("account_type", "person"), ("roles", "Role keepers"), ("roles", "Sleeping"),
    ]
    #expect(vera.post("/admin/users/\(user)", fields).status == 422)
  }

  @Test(arguments: ["Own-er", "ówner", "OWNER", "Ｏｗｎｅｒ", "01939c00-0000-7000-8000-000000000001"])
  func `no role passes for another`(name: String) throws {
    _ = try role(name, [], expecting: 422)
  }

  @Test(arguments: ["contacts=writes", "contacts=write=full", "ducks=read", "users=read_own", "settings=write", "contacts"])
  func `a level that isn't offered is refused`(grant: String) throws {
    _ = try role("Odd", [grant], expecting: 422)
    #expect(try value("SELECT 1 FROM roles WHERE name = 'Odd'") == nil)
  }

  @Test func `names of roles differ, and hold no comma`() throws {
    _ = try role("Sales", [])
    _ = try role("SALES", [], expecting: 422)
    _ = try role("Sales, and more", [], expecting: 422)
  }

  @Test func `each role that uses the CRM has its page and its line in the sidebar`() throws {
    let id = try role("Sales", ["contacts=read"])
    let vera = try visitor(with: id)
    _ = vera
    func line() -> String? { owner.get("/admin/crm").page.first("//nav[@id='sidebar']//a[@href='/admin/crm/role/\(id)']")?.text }
    #expect(line() == "Sales")
    let page = owner.get("/admin/crm/role/\(id)")
    #expect(page.page.all("//table//a[@class='row-link']").map(\.text) == ["Vera Visitor"])
    #expect(page.page.all("//nav[@id='list-tabs']/a").first?.text.contains("1") == true)
    #expect(owner.get("/admin/crm/role/\(id)?q=nobody").page.all("//table//a[@class='row-link']").isEmpty)
    #expect(owner.get("/admin/crm/role/\(id)/export.csv").text.contains("Vera Visitor"))
    try save(id, [("uses_crm", "")])
    #expect(line() == nil)
    #expect(owner.get("/admin/crm/role/\(id)").status == 404)
    for other in ["/admin/crm/role/\(Role.owner.id)", "/admin/crm/role/nonsense", "/admin/crm/role/\(RecordID.make(at: office.now).text)"] {
      #expect(owner.get(other).status == 404)
    }
  }

  @Test func `the columns of a role's page are one's own and its own`() throws {
    for role in [Role.manager, .factory] { _ = try office.visitor(role) }
    let path = "/admin/crm/role/\(Role.manager.id)"
    owner.get(path + "/columns")
    owner.post(
      path + "/columns", [("csrf_token", owner.lastToken), ("columns", "name"), ("columns", "email"), ("view", "table"), ("apply", "yes")])
    func heads(_ path: String, _ client: TestClient) -> [String] {
      client.get(path).page.all("//table//th").map(\.text).filter { !$0.isEmpty }
    }
    #expect(heads(path, owner) == ["Name", "E-mail"])
    #expect(heads("/admin/crm/role/\(Role.factory.id)", owner).count == 5)
    #expect(heads(path, try office.visitor(.admin)).count == 5)
    #expect(heads("/admin/users", owner).count == 6)
  }

  @Test func `organizations are users of that type`() throws {
    _ = try office.visitor(.member, name: "Acme")
    try office.store.write {
      _ = try $0.run("UPDATE users SET account_type = 'organization', organization_name = 'Acme Ltd' WHERE name = 'Acme'")
    }
    #expect(owner.get("/admin/crm/organizations").page.all("//table//a[@class='row-link']").map(\.text) == ["Acme"])
    #expect(owner.get("/admin/crm/organizations?filter=name%20contains%20zzz").page.all("//table//a[@class='row-link']").isEmpty)
  }

  @Test func `open pages follow when a role changes`() throws {
    let manager = try office.visitor(.manager, name: "Mary Manager")
    guard case .events(let stream) = manager.get("/admin/crm/live?since=0").body else {
      Issue.record("no stream")
      return
    }
    _ = stream
    #expect(office.services.live.count == 1)
    try save(Role.manager.id, [("grants", "contacts=read")])
    try office.services.live.checkSessions()
    #expect(office.services.live.count == 0, "the browser asks again, as who it is now")
  }
}
