import Base
@testable import Admin
import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// A contact's form, posted in every way that people and scripts post it.
@Suite struct ContactFormTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
  }

  private func create(_ fields: KeyValuePairs<String, String>) throws -> String {
    let response = owner.post("/admin/crm/contacts", fields)
    try #require(response.status == 303, "\(response.status): \(response.text)")
    let path = String(response.location.prefix { $0 != "?" && $0 != "#" })
    owner.get(path + "/edit")
    return path
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }
  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }

  @Test func `a name is enough`() throws {
    _ = try create(["name": "  Ann   Archer ", "status": "active"])
    #expect(try value("SELECT name FROM contacts") == "Ann   Archer")
    #expect(try value("SELECT name_sort FROM contacts") == "ann archer")
  }

  @Test func `all that was typed is kept`() throws {
    let path = try create([
      "name": "Zoë O’Brien", "status": "inactive", "job_title": "Buyer", "street": "Harbour 5", "postal_code": "18531", "city": "Πειραιάς",
      "region": "Attica", "country": "gr", "language": "el", "source": "Fair", "consent": "email", "consent": "sms", "opted_out": "yes",
      "channel_type": "phone", "channel_label": "work", "channel_value": "+30 210 5550100", "channel_primary": "",
      "channel_type": "phone", "channel_label": "", "channel_value": "+30 6944 000000", "channel_primary": "primary",
      "channel_type": "email", "channel_label": "", "channel_value": "zoe@example.com", "channel_primary": "",
      "item_type": "device", "item_label": "Clock", "item_quantity": "2", "item_serials": "A1, A2", "note": "First\r\nsecond",
    ])
    #expect(try value("SELECT phone FROM contacts") == "+30 6944 000000", "the primary one comes first")
    #expect(try value("SELECT email FROM contacts") == "zoe@example.com")
    #expect(try value("SELECT country || consent FROM contacts") == "GRemail,sms")
    #expect(try value("SELECT opted_out_at FROM contacts") != nil)
    #expect(try value("SELECT owned_items ->> '$[0].label' FROM contacts") == "Clock")
    let page = owner.get(path).text
    for text in ["Zoë O’Brien", "Harbour 5", "Greece", "A1, A2", "First\nsecond"] { #expect(page.contains(text), "\(text)") }
  }

  @Test(arguments: [
    ("name", "", "Enter a name."), ("name", String(repeating: "é", count: 256), "At most 255 characters."),
    ("name", "Ann\u{0}Lee", "can’t be read"), ("country", "QQ", "Unknown country code"),
    ("language", "not a tag", "Enter a language tag"), ("channel_value", "no address", "Enter an e-mail address"),
    ("owner", "019ac21b-e398-77c6-bb9f-3228744a32bb", "Choose"), ("status", "deleted", "Choose one of the values offered."),
  ])
  func `what is wrong is said, and nothing typed is lost`(field: String, bad: String, message: String) throws {
    var fields = [
      ("name", "Ann Archer"), ("status", "active"), ("city", "Kept City"), ("country", ""), ("language", ""), ("owner", ""),
      ("channel_type", "email"), ("channel_label", ""), ("channel_value", "ann@example.com"), ("channel_primary", ""),
    ].map { $0.0 == field ? ($0.0, bad) : $0 }
    fields.append(("csrf_token", owner.lastToken))
    let response = owner.post("/admin/crm/contacts", fields)
    #expect([400, 422].contains(response.status), "\(response.status)")
    #expect(response.text.contains(message), "\(field): \(response.page.first("//main")?.text ?? "")")
    if response.status == 422 { #expect(response.text.contains("value=\"Kept City\"")) }
    #expect(try count("SELECT count(*) FROM contacts") == 0)
  }

  @Test func `unknown and doubled fields are refused by name`() throws {
    let unknown = owner.post("/admin/crm/contacts", ["name": "A", "status": "active", "admin": "1"])
    #expect(unknown.status == 422)
    #expect(unknown.text.contains("admin"))
    let doubled = owner.post("/admin/crm/contacts", ["name": "A", "name": "B", "status": "active"])
    #expect(doubled.status == 422)
    #expect(doubled.text.contains("name"))
    #expect(try count("SELECT count(*) FROM contacts") == 0)
  }

  @Test func `bodies that are no form are refused`() throws {
    let token = "csrf_token=\(owner.lastToken)"
    #expect(owner.post("/admin/crm/contacts", raw: Array("name=%FF%FE&\(token)".utf8)).status == 400)
    #expect(owner.post("/admin/crm/contacts", raw: Array("name=%zz&\(token)".utf8)).status == 400)
    #expect(owner.post("/admin/crm/contacts", raw: Array("{}".utf8), type: "application/json").status == 415)
    #expect(owner.post("/admin/crm/contacts", raw: []).status == 403)
  }

  @Test func `a form from before somebody else's change asks, and overwrites only when told`() throws {
    let path = try create(["name": "Ann", "status": "active", "city": "Oslo"])
    #expect(owner.post(path, ["name": "Ann", "status": "active", "city": "Bergen", "version": "1"]).status == 303)
    let conflict = owner.post(path, ["name": "Ann", "status": "active", "city": "Tromsø", "version": "1"])
    #expect(conflict.status == 409)
    #expect(conflict.text.contains("Bergen") && conflict.text.contains("Tromsø"))
    #expect(try value("SELECT city FROM contacts") == "Bergen")
    let version = try #require(conflict.text.firstMatch(of: #/name="version" value="(\d+)"/#)).output.1
    #expect(owner.post(path, ["name": "Ann", "status": "active", "city": "Tromsø", "version": String(version)]).status == 303)
    #expect(try value("SELECT city FROM contacts") == "Tromsø")
  }

  @Test func `a company that isn't there is created when that is wanted, and never by a slip`() throws {
    let slip = owner.post(
      "/admin/crm/contacts",
      [
        "name": "Ann", "status": "active", "company": "Acme", "company_id": "", "role": "", "department": "",
        "membership_primary": "primary",
      ])
    #expect(slip.status == 422)
    #expect(slip.text.contains("Create “Acme” as a new company"))
    #expect(try count("SELECT count(*) FROM companies") == 0)
    _ = try create([
      "name": "Ann", "status": "active", "company": "Acme", "company_id": "", "role": "Boss", "department": "",
      "membership_primary": "primary", "create_company": "0",
    ])
    #expect(try value("SELECT company_name FROM contacts") == "Acme")
    #expect(try value("SELECT role FROM memberships") == "Boss")
    #expect(try count("SELECT live_contacts FROM companies") == 1)
    // The same name again means the same company.
    owner.get("/admin/crm/contacts/new")
    _ = try create([
      "name": "Ben", "status": "active", "company": "ACME", "company_id": "", "role": "", "department": "", "membership_primary": "primary",
    ])
    #expect(try count("SELECT count(*) FROM companies") == 1)
    #expect(try count("SELECT live_contacts FROM companies") == 2)
  }

  @Test func `rows are added and removed without script`() throws {
    let more = owner.post(
      "/admin/crm/contacts",
      [
        "name": "Ann", "status": "active", "channel_type": "email", "channel_label": "", "channel_value": "half typed",
        "channel_primary": "", "add_row": "channel",
      ])
    #expect(more.status == 200)
    #expect(more.page.all("//div[@id='rows-channel']/fieldset").count == 2)
    #expect(more.text.contains("value=\"half typed\""))
    let less = owner.post(
      "/admin/crm/contacts",
      [
        "name": "Ann", "status": "active", "channel_type": "email", "channel_label": "", "channel_value": "a", "channel_primary": "",
        "channel_type": "phone", "channel_label": "", "channel_value": "b", "channel_primary": "", "remove_row": "channel-0",
      ])
    #expect(less.status == 200)
    #expect(!less.text.contains("value=\"a\"") && less.text.contains("value=\"b\""))
    #expect(try count("SELECT count(*) FROM contacts") == 0)
  }

  @Test func `trash and back, and only from the trash for good`() throws {
    let path = try create(["name": "Ann Archer", "status": "inactive"])
    owner.get(path)
    #expect(owner.post(path + "/delete", ["confirm": "Ann Archer"]).status == 303)
    #expect(try count("SELECT count(*) FROM contacts") == 1, "what is not in the trash is not deleted")
    owner.post(path + "/trash", [:])
    #expect(try value("SELECT status || status_before FROM contacts") == "trashedinactive")
    owner.get(path)
    owner.post(path + "/restore", [:])
    #expect(try value("SELECT status FROM contacts") == "inactive", "it comes back as what it was")
    owner.post(path + "/trash", [:])
    owner.get(path + "/delete")
    #expect(owner.post(path + "/delete", ["confirm": "Ann"]).status == 422)
    #expect(owner.post(path + "/delete", ["confirm": "ann archer"]).status == 303)
    #expect(try count("SELECT count(*) FROM contacts") == 0)
    #expect(try value("SELECT action FROM activity ORDER BY seq DESC LIMIT 1") == "contact.deleted")
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `what was typed comes back when the session ended meanwhile`() throws {
    let page = owner.get("/admin/crm/contacts/new")
    #expect(page.status == 200)
    let email = try office.id("SELECT email FROM users")
    try office.store.write { try $0.run("UPDATE sessions SET ended_at = created_at") }
    let away = owner.post("/admin/crm/contacts", ["name": "Nearly Lost", "status": "active", "city": "Ghent"])
    #expect(away.status == 303)
    #expect(away.location == "/sign-in")
    #expect(owner.get("/sign-in").text.contains("Your input is saved"))
    let back = owner.post("/sign-in", ["email": email, "password": TestApp.password])
    #expect(back.status == 303)
    let form = owner.get(back.location)
    #expect(form.text.contains("value=\"Nearly Lost\"") && form.text.contains("value=\"Ghent\""))
    #expect(try count("SELECT count(*) FROM contacts") == 0)
    #expect(owner.post("/admin/crm/contacts", ["name": "Nearly Lost", "status": "active"]).status == 303)
  }

  @Test func `an edit leaves what changed, from what to what`() throws {
    let path = try create(["name": "Ann", "status": "active", "city": "Oslo"])
    owner.post(path, ["name": "Ann", "status": "active", "city": "Bergen", "version": "1"])
    let events = owner.get(path + "/events")
    #expect(events.status == 200)
    #expect(events.text.contains("Oslo") && events.text.contains("Bergen"))
    // Saving without a change logs nothing.
    let before = try count("SELECT count(*) FROM activity")
    owner.post(path, ["name": "Ann", "status": "active", "city": "Bergen", "version": "2"])
    #expect(try count("SELECT count(*) FROM activity") == before)
  }
}
