import Base
@testable import Admin
@testable import CRM
import Store
import TestKit
import Testing
import Web
import XML

/// The rights of all roles in one table.
@Suite struct RightsPageTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func fields(_ client: TestClient) -> [(String, String)] {
    let page = client.get("/admin/roles/rights").page
    return [("csrf_token", client.lastToken)]
      + page.all("//form[@class='rights']//input[@type='hidden'][contains(@name, ' version')]").map {
        ($0["name"] ?? "", $0["value"] ?? "")
      }
      + page.all("//form[@class='rights']//select").map { ($0["name"] ?? "", $0.first("./option[@selected]")?["value"] ?? "") }
  }

  private func with(_ fields: [(String, String)], _ changes: (Role, String, String)...) -> [(String, String)] {
    changes.reduce(fields) { fields, change in
      fields.map { $0.0 == "\(change.0.id) \(change.1)" ? ($0.0, change.2) : $0 }
    }
  }

  private func grants(_ role: Role) throws -> String { try office.id("SELECT grants FROM roles WHERE id = \(role.id)") }

  @Test func `several roles are changed at once, each with its entry in the history`() throws {
    let manager = try office.visitor(.manager)
    #expect(
      owner.post("/admin/roles/rights", with(fields(owner), (.manager, "tasks", "read"), (.factory, "contacts", "write"))).status == 303)
    #expect(manager.get("/admin/crm/tasks/new").status == 403)
    #expect(try grants(.manager).contains("tasks=read ") && grants(.factory).contains("contacts=write"))
    let changed = try office.store.read {
      try $0.all("SELECT record_name FROM activity WHERE action = 'role.updated' ORDER BY seq") { $0.text(0) }
    }
    #expect(changed == ["Manager", "Factory"])
    #expect(owner.post("/admin/roles/rights", fields(owner)).status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM activity WHERE action = 'role.updated'") } == 2, "nothing else")
  }

  @Test func `what is wrong with one role changes none, and what was chosen stays`() throws {
    let wrong = with(fields(owner), (.manager, "tasks", "read"), (.factory, "contacts", "everything"))
    let answer = owner.post("/admin/roles/rights", wrong)
    #expect(answer.status == 422)
    #expect(answer.page.first("//select[@name='\(Role.manager.id) tasks']/option[@selected]")?["value"] == "read")
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM roles WHERE grants <> ''") } == 0)
  }

  @Test func `two who change one role's same right are told`() throws {
    let other = owner.copy()
    let (mine, theirs) = (with(fields(owner), (.manager, "tasks", "none")), with(fields(other), (.manager, "tasks", "full")))
    #expect(other.post("/admin/roles/rights", theirs).status == 303)
    let answer = owner.post("/admin/roles/rights", mine)
    #expect(answer.status == 422 && answer.text.contains("Someone else has changed the rights of Manager."))
    #expect(answer.page.first("//select[@name='\(Role.manager.id) tasks']/option[@selected]")?["value"] == "none", "what was chosen stays")
    #expect(try grants(.manager).contains("tasks=full"))
    let apart = with(fields(owner), (.manager, "contacts", "read"))
    #expect(other.post("/admin/roles/rights", with(fields(other), (.manager, "companies", "read"))).status == 303)
    #expect(owner.post("/admin/roles/rights", apart).status == 303, "different rights of one role go together")
    #expect(try grants(.manager).contains("companies=read contacts=read"))
  }

  @Test func `those who may only look have nothing to change`() throws {
    let manager = try office.visitor(.manager)
    let page = manager.get("/admin/roles/rights")
    #expect(page.status == 200 && page.page.first("//select") == nil)
    #expect(manager.post("/admin/roles/rights", [("csrf_token", manager.lastToken)]).status == 403)
  }

  @Test func `pages of users and roles`() throws {
    assertSnapshot(of: owner.get("/admin/roles/rights"), named: "roles/rights")
    assertSnapshot(of: owner.get("/admin/roles/\(Role.manager.id)/edit"), named: "roles/edit")
    assertSnapshot(of: owner.get("/admin/roles/\(Role.manager.id)"), named: "roles/show")
    assertSnapshot(of: owner.get("/admin/settings/crm/roles"), named: "roles/settings")
    assertSnapshot(of: owner.get("/admin/users"), named: "users/list")
    assertSnapshot(of: owner.get("/admin/users/new"), named: "users/new")
    assertSnapshot(of: owner.get("/admin/roles/explain"), named: "roles/explain")
  }
}
