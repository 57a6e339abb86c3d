import Base
@testable import Admin
@testable import CRM
import Store
import TestKit
import Testing
import Web
import XML

/// Looking at the product as somebody else: what they see, nothing changed, said on every page.
@Suite struct ViewAsTests {
  private let office: TestApp
  private let owner: TestClient
  private let fred: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    _ = try office.visitor(.factory, name: "Fred Factory")
    fred = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
  }

  private func contact(_ name: String, ownedBy user: String? = nil) throws -> String {
    owner.get("/admin/crm/contacts/new")
    let location = owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).location
    if let user { try office.store.write { _ = try $0.run("UPDATE contacts SET owner_id = \(user) WHERE name = \(name)") } }
    return location
  }

  private func start(_ path: String, _ client: TestClient? = nil) -> Response {
    let client = client ?? owner
    client.get("/account")
    return client.post(path + "/view-as", [:])
  }

  @Test func `one sees what the other sees, and every page says so`() throws {
    let (hers, his) = (try contact("Hers"), try contact("His", ownedBy: fred))
    #expect(start("/admin/users/\(fred)").status == 303)
    let list = owner.get("/admin/crm/contacts")
    #expect(list.page.all("//table//a[@class='row-link']").map(\.text) == ["His"])
    #expect(owner.get(his).status == 200)
    #expect(owner.get(hers).status == 404)
    #expect(owner.get("/admin/users").status == 404)
    for path in ["/admin/crm", "/admin/crm/contacts", his, "/admin/crm/contacts/export.csv", hers] {
      let page = owner.get(path)
      if page.isHTML { #expect(page.text.contains("viewing Roost as Fred Factory"), "\(path)") }
    }
    owner.get("/admin/crm")
    #expect(owner.post("/view-as/stop", [:]).status == 303)
    #expect(owner.get(hers).status == 200)
    #expect(!owner.get("/admin/crm").text.contains("viewing Roost as"))
  }

  @Test func `nothing can be changed, and private pages stay closed`() throws {
    let his = try contact("His", ownedBy: fred)
    _ = start("/admin/roles/\(Role.admin.id)")
    owner.get("/admin/crm/contacts/new")
    for path in [
      "/admin/crm/contacts", his, his + "/trash", his + "/notes", "/admin/crm/contacts/columns", "/account", "/account/password",
      "/admin/users/\(fred)/view-as",
    ] {
      #expect(owner.post(path, ["name": "Changed", "status": "active", "note": "x", "version": "1"]).status == 403, "\(path)")
    }
    for path in ["/account", "/admin/inbox", "/kept-form"] { #expect(owner.get(path).status == 403, "\(path)") }
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts WHERE name = 'His' AND status = 'active'") } == 1)
    owner.get("/admin/crm")
    let copy = owner.thief()
    #expect(owner.post("/sign-out", [:]).status == 303, "one can always leave")
    #expect(copy.get("/admin/crm").status == 303, "and the session is over")
  }

  @Test func `beginning and end are in the security log`() throws {
    _ = start("/admin/users/\(fred)")
    owner.get("/admin/crm")
    owner.post("/view-as/stop", [:])
    let events = try office.store.read {
      try $0.all("SELECT event || ' ' || detail FROM security_log ORDER BY seq DESC LIMIT 2") { $0.text(0) }
    }
    #expect(events == ["viewing-as-ended Fred Factory", "viewing-as Fred Factory"])
  }

  @Test func `nobody looks through the eyes of those who may do more`() throws {
    let admin = try office.visitor(.admin, name: "Ada Admin")
    let olga = try office.id("SELECT id FROM users WHERE name = 'Olga Owner'")
    #expect(start("/admin/users/\(olga)", admin).status == 403)
    #expect(start("/admin/roles/\(Role.owner.id)", admin).status == 403)
    #expect(start("/admin/users/\(fred)", try office.visitor(.manager)).status == 403)
    #expect(start("/admin/users/\(fred)", try office.visitor(.member)).status == 404)
    #expect(start("/admin/users/\(fred)", admin).status == 303)
    // Rights that go meanwhile end the view.
    try office.store.write { db in
      _ = try db.run("UPDATE user_roles SET role_id = \(Role.manager.id) WHERE user_id = (SELECT id FROM users WHERE name = 'Ada Admin')")
    }
    #expect(!admin.get("/admin/crm").text.contains("viewing Roost as"))
  }

  @Test func `a user who is disabled meanwhile is viewed no more`() throws {
    _ = start("/admin/users/\(fred)")
    try office.store.write { _ = try $0.run("UPDATE users SET status = 'inactive' WHERE id = \(fred)") }
    #expect(!owner.get("/admin/crm").text.contains("viewing Roost as"))
  }
}
