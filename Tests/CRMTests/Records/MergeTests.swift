import Store
import Testing
import Web

@testable import Admin
@testable import CRM

/// Two people save the same record: changes of only one of them are kept, and no change is overwritten unseen.
@Suite struct MergeTests {
  let office: TestApp
  let owner: TestClient
  let contact: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    contact =
      owner.post(
        "/admin/crm/contacts",
        [
          "name": "Ann", "status": "active", "city": "Oslo", "job_title": "Buyer", "channel_type": "email", "channel_label": "",
          "channel_value": "ann@example.com", "channel_primary": "",
        ]
      ).location
    owner.get(contact + "/edit")
  }

  /// Saves the form of a version with some inputs changed.
  private func save(_ changed: KeyValuePairs<String, String>, version: Int) -> Response {
    var fields = [
      ("name", "Ann"), ("status", "active"), ("city", "Oslo"), ("job_title", "Buyer"), ("channel_type", "email"), ("channel_label", ""),
      ("channel_value", "ann@example.com"), ("channel_primary", "primary"), ("version", String(version)),
    ]
    for (name, value) in changed {
      if let index = fields.firstIndex(where: { $0.0 == name }) { fields[index].1 = value } else { fields.append((name, value)) }
    }
    return owner.post(contact, fields + [("csrf_token", owner.lastToken)])
  }

  private func stored(_ column: String) throws -> String? { try office.store.read { try $0.text("SELECT \(raw: column) FROM contacts") } }

  @Test func `different fields come together`() throws {
    #expect(save(["city": "Bergen"], version: 1).status == 303)
    #expect(save(["job_title": "Head of purchasing"], version: 1).status == 303)
    #expect(save(["channel_value": "ann@work.example.com"], version: 1).status == 303)
    #expect(try stored("city") == "Bergen")
    #expect(try stored("job_title") == "Head of purchasing")
    #expect(try stored("email") == "ann@work.example.com")
    let changes = try office.store.read { db in try db.all("SELECT changes FROM activity ORDER BY seq") { $0.text(0) } }
    #expect(changes.count == 4)
    #expect(!changes[2].contains("city"), "the second says nothing of what the first did")
  }

  @Test func `the same field twice is a conflict, and nothing is written`() throws {
    #expect(save(["city": "Bergen"], version: 1).status == 303)
    let answer = save(["city": "Trondheim", "job_title": "Boss"], version: 1)
    #expect(answer.status == 409)
    #expect(answer.text.contains("Trondheim") && answer.text.contains("Bergen"))
    #expect(try stored("city") == "Bergen")
    #expect(try stored("job_title") == "Buyer")
  }

  @Test func `both meaning the same is none`() throws {
    #expect(save(["city": "Bergen"], version: 1).status == 303)
    #expect(save(["city": "Bergen"], version: 1).status == 303)
  }

  @Test func `trash and notes meanwhile stand in nobody's way`() throws {
    owner.post(contact + "/notes", ["note": "called"])
    owner.post(contact + "/trash", [:])
    owner.post(contact + "/restore", [:])
    #expect(save(["city": "Bergen"], version: 1).status == 303)
    #expect(try stored("city || status") == "Bergenactive")
  }

  @Test func `one fact is saved by itself, with way back, merge and conflict`() throws {
    let page = owner.get(contact + "/fields/city")
    #expect(page.text.contains("value=\"Oslo\""))
    let saved = owner.post(contact + "/fields/city", ["city": "Bergen", "version": "1"])
    #expect(saved.status == 303 && saved.location.hasSuffix(contact.split(separator: "/").last ?? "-"))
    #expect(try stored("city || job_title || email") == "BergenBuyerann@example.com")
    #expect(owner.get(contact).text.contains("/events/2/revert"))
    #expect(
      owner.post(contact + "/fields/job_title", ["job_title": "Boss", "version": "1"]).status == 303, "another field of an old version")
    let conflict = owner.post(contact + "/fields/city", ["city": "Trondheim", "version": "1"])
    #expect(conflict.status == 409)
    #expect(conflict.text.contains("Bergen") && conflict.text.contains("value=\"Trondheim\"") && conflict.text.contains("value=\"3\""))
    #expect(owner.post(contact + "/fields/city", ["city": "Trondheim", "version": "3"]).status == 303)
    #expect(owner.post(contact + "/fields/location", ["street": "Quay 1", "city": "Oslo", "country": "QQ", "version": "4"]).status == 422)
    #expect(owner.post(contact + "/fields/city", ["name": "X", "city": "Oslo", "version": "4"]).status == 422, "the name comes twice")
    #expect(owner.post(contact + "/fields/nothing", ["nothing": "X", "version": "4"]).status == 404)
    #expect(try stored("name || city") == "AnnTrondheim")
  }

  @Test func `what a history's words don't show is merged too`() throws {
    func save(_ fields: KeyValuePairs<String, String>) -> Response { owner.post(contact, fields) }
    owner.get("/admin/crm/companies/new")
    owner.post("/admin/crm/companies", ["name": "Acme"])
    owner.post("/admin/crm/companies", ["name": "Beta"])
    let beta = try office.store.read { try $0.text("SELECT id FROM companies WHERE name = 'Beta'") } ?? ""
    let acme = try office.store.read { try $0.text("SELECT id FROM companies WHERE name = 'Acme'") } ?? ""
    let rows: (String, String, String) -> KeyValuePairs<String, String> = { version, role, primary in
      [
        "name": "Ann", "status": "active", "version": version, "company": "Acme", "company_id": acme, "role": role, "department": "",
        "membership_primary": primary == "Acme" ? "primary" : "", "company": "Beta", "company_id": beta, "role": "", "department": "",
        "membership_primary": primary == "Beta" ? "primary" : "",
      ]
    }
    #expect(save(rows("1", "", "Acme")).status == 303)
    #expect(save(rows("2", "Buyer", "Acme")).status == 303)
    #expect(save(rows("2", "", "Beta")).status == 303, "the role is theirs, the main company mine")
    #expect(try stored("company_name || (SELECT role FROM memberships WHERE role <> '')") == "BetaBuyer")
    _ = try office.visitor(.manager, name: "Max Manager")
    let user = try office.store.read { try $0.text("SELECT id FROM users ORDER BY id DESC LIMIT 1") } ?? ""
    #expect(save(["name": "Ann", "status": "active", "owner": user, "version": "4"]).status == 303)
    #expect(save(["name": "Ann B", "status": "active", "owner": "", "version": "4"]).status == 303, "an owner that I left alone")
    #expect(try stored("name || (owner_id IS NOT NULL)") == "Ann B1")
  }

  @Test func `one who goes for good leaves the search index whole`() throws {
    for name in ["One", "Two", "Three"] {
      owner.get("/admin/crm/contacts/new")
      let made = owner.post(
        "/admin/crm/contacts",
        [
          "name": name, "company": "Acme", "company_id": "", "role": "", "department": "", "membership_primary": "primary",
          "create_company": "Acme",
        ]
      ).location
      owner.post(made + "/trash", [:])
      #expect(owner.post(made + "/delete", ["confirm": name]).status == 303)
      #expect(try crm.check(office.store).isEmpty)
    }
  }

  @Test func `a row out of any range is no row`() throws {
    for button in ["channel-9223372036854775807", "channel--1", "channel-99999999999999999999", "nothing-1"] {
      #expect(
        owner.post(contact, ["name": "Ann", "version": "1", "channel_type": "email", "channel_value": "x", "remove_row": button]).status
          == 200)
    }
  }

  @Test func `what is in the trash is not saved, and what was typed stays`() throws {
    owner.post(contact + "/trash", [:])
    let answer = save(["city": "Bergen"], version: 2)
    #expect(answer.status == 422 && answer.text.contains("Bergen"))
    #expect(try stored("city || status") == "Oslotrashed")
  }

  @Test func `where the log doesn't tell what changed, both versions are shown`() throws {
    #expect(save(["city": "Bergen"], version: 1).status == 303)
    try office.store.write { db in
      try db.script("DROP TRIGGER activity_is_not_changed; UPDATE activity SET version = NULL;")
    }
    #expect(save(["job_title": "Boss"], version: 1).status == 409)
  }

  @Test func `what a form says as it was is not looked at again`() throws {
    try office.store.write { db in _ = try db.run("UPDATE contacts SET country = 'ZZ', language = 'not a tag'") }
    #expect(save(["city": "Bergen", "country": "ZZ", "language": "not a tag"], version: 1).status == 303)
    #expect(save(["country": "QQ", "language": "not a tag"], version: 2).status == 422)
  }
}
