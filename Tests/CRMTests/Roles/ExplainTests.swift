import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// The explanation says what requests get: it is asked about each role, type and act, own and foreign, and compared.
@Suite struct ExplainTests {
  @Test(arguments: Role.allCases)
  func `what is explained is what happens`(role: Role) throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let visitor = try office.visitor(role, name: "Vic Visitor")
    let user = try #require(RecordID(try office.id("SELECT id FROM users WHERE name = 'Vic Visitor'")))
    for type in [RecordType.contact, .company, .task] {
      for isOwn in [true, false] {
        owner.get(type.path + "/new")
        let name = try #require(type.nameField?.name)
        let href = owner.post(type.path, [(name, "Something"), ("status", type.list.usualStatus), ("csrf_token", owner.lastToken)]).location
        let id = try #require(RecordID(String(href.split(separator: "/").last?.prefix(36) ?? "")))
        if isOwn { try office.store.write { _ = try $0.run("UPDATE \(raw: type.table) SET owner_id = \(user) WHERE id = \(id)") } }
        for (level, path) in [(Level.readOwn, ""), (.write, "/edit")] {
          let isAllowed = visitor.get(type.path(of: id.text) + path).status == 200
          let explained = try office.store.read { db in
            let header = try #require(try type.header(id, .all, db))
            return try ExplainPage.explain(user, level, type.resource, (type, header), db)
          }
          #expect(explained?.isAllowed == isAllowed, "\(role) \(type.name) \(isOwn ? "own" : "foreign") \(level)")
          #expect(explained?.steps.isEmpty == false)
        }
      }
    }
  }

  @Test func `while the CRM is off nobody opens a part of it`() {
    let account = Explanation.Account(name: "Olga", isActive: true, roles: [(RoleGrants(.owner), true)])
    #expect(Explanation(account, .readOwn, on: .contacts, isCRMOn: true).isAllowed)
    #expect(!Explanation(account, .readOwn, on: .contacts, isCRMOn: false).isAllowed)
    #expect(Explanation(account, .readOwn, on: .users, isCRMOn: false).isAllowed)
  }

  @Test func `the page answers by address or id, and gives nothing away`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    _ = try office.visitor(.factory, name: "Fred Factory")
    let fred = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
    owner.get("/admin/crm/contacts/new")
    let href = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    func ask(_ record: String, _ client: TestClient) -> Response {
      client.get(
        "/admin/roles/explain?user=\(fred)&act=view&record=" + (record.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""))
    }
    for record in [href, "https://crm.example.com" + href + "?x=1#notes", String(href.split(separator: "/").last ?? "")] {
      let page = ask(record, owner)
      #expect(page.status == 200 && page.text.contains("Ann belongs to somebody else"), "\(record)")
    }
    for record in ["nonsense", RecordID.make(at: office.now).text, "/admin/crm/contacts"] { #expect(ask(record, owner).status == 422) }
    #expect(ask(href, try office.visitor(.factory)).status == 404)
    #expect(owner.get("/admin/roles/explain?user=\(fred)&act=edit&part=users").text.contains("has no role that allows this"))
    #expect(owner.get("/admin/roles/explain?user=nonsense&act=nonsense&part=nonsense").status == 200)
  }
}
