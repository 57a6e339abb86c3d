import Store
import Templating
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// What is said where there is nothing yet fits who looks.
@Suite struct EmptyPageTests {
  @Test(arguments: [Role.owner, .manager, .factory]) func `a list without records says what its reader can do`(role: Role) throws {
    let office = try TestApp()
    let page = try office.visitor(role).get("/admin/crm/contacts").text
    #expect(page.contains("roost import contacts FILE.csv") == (role == .owner))
    #expect(page.contains("Records assigned to you appear here.") == (role == .factory))
    #expect(page.contains("Add the first") == (role != .factory))
  }

  @Test func `the overview of who sees only what is theirs says so`() throws {
    let office = try TestApp()
    #expect(try office.visitor(.factory).get("/admin/crm").text.contains("Nothing is assigned to you yet"))
    #expect(try office.visitor(.owner).get("/admin/crm").text.contains("No contacts yet"))
  }

  @Test func `who may open nothing is told whom to ask`() throws {
    let office = try TestApp()
    #expect(try office.visitor(.member).get("/account").text.contains("Your account has no access to the CRM yet."))
    #expect(try !office.visitor(.manager).get("/account").text.contains("Your account has no access to the CRM yet."))
  }

  @Test func `an option without text has a label`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    for path in ["/admin/crm/contacts/new", "/admin/crm/companies/new", "/admin/crm/tasks/new", "/admin/crm/activity", "/account"] {
      let empty = owner.get(path).page.all("//option").filter { $0.text.isEmpty && ($0["label"] ?? "").isEmpty }
      #expect(empty.isEmpty, "\(path)")
    }
  }
}
