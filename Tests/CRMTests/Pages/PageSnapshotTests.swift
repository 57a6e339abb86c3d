import Store
@testable import Admin
import CRM
import TestKit
import Testing
import Web

/// Every state of every page, as reviewed.
@Suite struct PageSnapshotTests {
  private func demo(_ contacts: Int) throws -> (TestApp, TestClient) {
    let office = try TestApp(demo: DemoOffice(contacts: contacts, seed: 42), named: "Olga Owner")
    return (office, try office.visitor(.owner))
  }

  private func contact(_ visitor: TestClient, _ fields: [(String, String)]) throws -> String {
    visitor.get("/admin/crm/contacts/new")
    let response = visitor.post("/admin/crm/contacts", fields + [("status", "active"), ("csrf_token", visitor.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private let full: [(String, String)] = [
    ("name", "Zoë O’Brien"), ("job_title", "Head of <Purchasing> & Co"), ("street", "Harbour Street 5"), ("postal_code", "185 31"),
    ("city", "Πειραιάς"), ("country", "GR"), ("language", "el"), ("source", "Fair"), ("consent", "email"),
    ("channel_type", "email"), ("channel_label", "work"), ("channel_value", "zoe@example.com"), ("channel_primary", "primary"),
    ("channel_type", "phone"), ("channel_label", ""), ("channel_value", "+30 210 5550100"), ("channel_primary", ""),
    ("company", "Aegean Foods"), ("company_id", ""), ("role", "Buyer"), ("department", ""), ("membership_primary", "primary"),
    ("create_company", "Aegean Foods"),
    ("item_type", "device"), ("item_label", "Clock"), ("item_quantity", "2"), ("item_serials", "A1, A2"),
    ("note", "Met at the fair.\nCalls back in May."),
  ]

  @Test func `the door`() throws {
    let office = try TestApp()
    let visitor = TestClient(office)
    assertSnapshot(of: visitor.get("/sign-in"), named: "users/sign-in")
    assertSnapshot(
      of: visitor.post("/sign-in", ["email": "nobody@example.com", "password": "wrong password"]), named: "users/sign-in-failed")
    assertSnapshot(of: visitor.get("/setup?key=wrong"), named: "users/setup-refused")
    let key = try Setup.issueKey(in: office.store, now: office.now)
    assertSnapshot(of: visitor.get("/setup?key=\(try #require(key))"), named: "users/setup")
    visitor.acceptLanguage = "el"
    assertSnapshot(of: visitor.get("/sign-in"), named: "users/sign-in-greek")
  }

  @Test func `lists of contacts`() throws {
    let (office, owner) = try demo(60)
    assertSnapshot(of: owner.get("/admin/crm/contacts?per_page=25"), named: "contacts/list-full")
    assertSnapshot(of: owner.get("/admin/crm/contacts?view=cards&per_page=25"), named: "contacts/list-cards")
    assertSnapshot(of: owner.get("/admin/crm/contacts?q=zzzz"), named: "contacts/list-nothing-found")
    assertSnapshot(of: owner.get("/admin/crm/contacts?status=trashed"), named: "contacts/list-trash-empty")
    let id = try office.id("SELECT id FROM contacts ORDER BY seq LIMIT 1")
    owner.get("/admin/crm/contacts")
    owner.post("/admin/crm/contacts/\(id)/trash", [:])
    assertSnapshot(of: owner.get("/admin/crm/contacts?status=trashed"), named: "contacts/list-trash")
    assertSnapshot(of: owner.get("/admin/crm/contacts?status=trashed&view=cards"), named: "contacts/list-trash-cards")
    assertSnapshot(of: owner.get("/admin/crm/contacts/columns"), named: "lists/customizer")
    assertSnapshot(of: owner.get("/admin/crm"), named: "home/home")
    let busy = try office.id("SELECT record_id FROM interactions GROUP BY 1 ORDER BY count(*) DESC, min(seq) LIMIT 1")
    assertSnapshot(of: owner.get("/admin/crm/contacts/\(busy)/interactions"), named: "interactions/contact")
    let company = try office.id("SELECT company_id FROM contacts WHERE id = \(busy)")
    assertSnapshot(of: owner.get("/admin/crm/companies/\(company)/interactions"), named: "interactions/company")
    #expect(owner.get("/admin/crm/companies/\(company)/interactions?after=nonsense").status == 400)
  }

  @Test func `an office on its first day`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    assertSnapshot(of: owner.get("/admin/crm"), named: "home/first-day")
    assertSnapshot(of: owner.get("/admin/crm/contacts"), named: "contacts/list-empty")
    assertSnapshot(of: owner.get("/admin/crm/companies"), named: "companies/list-empty")
    _ = try contact(owner, [("name", "Ann One")])
    assertSnapshot(of: owner.get("/admin/crm/contacts"), named: "contacts/list-one")
    let factory = try office.visitor(.factory, name: "Fred Factory")
    assertSnapshot(of: factory.get("/admin/crm/contacts"), named: "contacts/list-read-only")
  }

  @Test func `a contact's pages`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let path = try contact(owner, full)
    assertSnapshot(of: owner.get(path), named: "contacts/show-new")
    assertSnapshot(of: owner.get(path), named: "contacts/show")
    assertSnapshot(of: owner.get(path + "/events"), named: "contacts/events")
    assertSnapshot(of: owner.get(path + "/interactions"), named: "interactions/none")
    assertSnapshot(of: owner.get("/admin/crm/contacts/new"), named: "contacts/form-new")
    assertSnapshot(of: owner.get(path + "/edit"), named: "contacts/form-edit")
    let broken: KeyValuePairs<String, String> = [
      "name": "", "status": "active", "country": "QQ", "channel_type": "email", "channel_label": "", "channel_value": "no address",
      "channel_primary": "", "version": "1", "company": "Nobody Ltd", "company_id": "", "role": "", "department": "",
      "membership_primary": "",
    ]
    assertSnapshot(of: owner.post(path, broken), named: "contacts/form-failed")
    owner.get(path + "/edit")
    owner.post(path, ["name": "Zoë Changed", "status": "active", "version": "1"])
    assertSnapshot(of: owner.post(path, ["name": "Zoë Other", "status": "active", "version": "1"]), named: "contacts/conflict")
    owner.get(path)
    owner.post(path + "/trash", [:])
    assertSnapshot(of: owner.get("/admin/crm/contacts"), named: "contacts/list-after-trash")
    assertSnapshot(of: owner.get(path), named: "contacts/show-trashed")
    assertSnapshot(of: owner.get(path + "/delete"), named: "records/delete")
    assertSnapshot(of: owner.post(path + "/delete", ["confirm": "no"]), named: "records/delete-failed")
  }

  @Test func `a company's pages`() throws {
    let (office, owner) = try demo(20)
    let id = try office.id("SELECT company_id FROM contacts WHERE company_id IS NOT NULL ORDER BY seq LIMIT 1")
    assertSnapshot(of: owner.get("/admin/crm/companies"), named: "companies/list")
    assertSnapshot(of: owner.get("/admin/crm/companies/\(id)"), named: "companies/show")
    assertSnapshot(of: owner.get("/admin/crm/companies/new"), named: "companies/form-new")
    assertSnapshot(of: owner.get("/admin/crm/companies/\(id)/edit"), named: "companies/form-edit")
    assertSnapshot(of: owner.post("/admin/crm/companies", ["name": "", "website": "javascript:alert(1)"]), named: "companies/form-failed")
    assertSnapshot(of: owner.get("/admin/crm/companies?filter=no_contacts"), named: "companies/list-filtered")
  }

  @Test func `pages that say no`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    assertSnapshot(of: owner.get("/nowhere"), named: "errors/404")
    assertSnapshot(of: owner.post("/admin/crm/contacts", ["name": "X"], token: "forged"), named: "errors/403-forged")
    assertSnapshot(of: owner.get("/admin/crm/contacts?sort=nonsense"), named: "errors/400")
    assertSnapshot(of: try office.visitor(.factory, name: "Fred Factory").get("/admin/crm/contacts/new"), named: "errors/403")
    assertSnapshot(of: TestClient(office).get("/nowhere"), named: "errors/404-signed-out")
    assertSnapshot(of: owner.get("/account"), named: "users/account")
  }
}
