import Base
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Deleting permanently: what goes along is told before, and nothing that tells of a person stays, but that somebody was erased.
@Suite struct ErasureTests {
  let office: TestApp
  let owner: TestClient
  let ann: String
  private var id: String { String(ann.split(separator: "/").last ?? "") }

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    owner.post("/admin/crm/companies", ["name": "Acme"])
    ann =
      owner.post(
        "/admin/crm/contacts",
        [
          "name": "Ann Archer", "channel_type": "email", "channel_label": "", "channel_value": "ann@secret.example", "channel_primary": "",
          "street": "Secret Street 1", "company": "Acme", "company_id": "", "role": "Buyer", "department": "",
          "membership_primary": "primary",
          "tags": "VIP", "note": "a secret note",
        ]
      ).location
    owner.post(ann + "/comments", ["body": "a secret comment"])
    owner.post(ann + "/interactions", ["type": "call", "body": "a secret call"])
    owner.post(ann + "/files", files: [TestClient.File("secret.txt", "words")])
    owner.get(ann)
  }

  private func entries() throws -> [String] {
    try office.store.read { db in
      try db.all("SELECT record_name || changes || coalesce(before, '') || action FROM activity") { $0.text(0) }
    }
  }

  private func delete(_ record: String, _ name: String) -> Response {
    owner.get(record)
    owner.post(record + "/trash", [:])
    return owner.post(record + "/delete", ["confirm": name])
  }

  @Test func `what goes along is told before`() {
    owner.post(ann + "/trash", [:])
    let lines = owner.get(ann + "/delete").page.all("//ul[@class='goes-along']/li").map(\.text)
    #expect(
      lines.filter { !$0.hasPrefix("History") } == [
        "Notes: 1", "Memberships: 1", "Interactions: 1", "Tags: 1", "Files: 1", "Comments: 1",
      ])
  }

  @Test func `a record that comes back under its id can be erased again`() throws {
    #expect(delete(ann, "Ann Archer").status == 303)
    try office.store.write { db in
      try db.run(
        """
        INSERT INTO contacts (id, name, name_sort, words, created_at, updated_at) VALUES (\(id), 'Ann', 'ann', 'ann', \(office.now), \(office.now))
        """)
    }
    #expect(delete(ann, "Ann").status == 303)
    #expect(owner.get("/admin/crm/activity/erasures.json?record=" + id).status == 200)
  }

  @Test func `names that only begin alike stay in the log`() throws {
    owner.get("/admin/crm/contacts/new")
    for name in ["Acme Tools", "Acme"] {
      owner.post(
        "/admin/crm/contacts",
        [
          "name": "With " + name, "company": name, "company_id": "", "create_company": name, "role": "", "department": "",
          "membership_primary": "primary",
        ])
    }
    let company = try office.id("SELECT id FROM companies WHERE name = 'Acme'")
    #expect(delete("/admin/crm/companies/" + company, "Acme").status == 303)
    let changes = try office.store.read { db in
      try db.all("SELECT changes FROM activity WHERE record_name LIKE 'With %' ORDER BY record_name") { Change.list($0.text(0)) }
    }
    let companies = changes.map { $0.first { $0.field == "companies" }?.after ?? "" }
    #expect(companies == ["(erased)", "Acme Tools"])
  }

  @Test func `nothing of a person stays in the log, and one line says that somebody was erased`() throws {
    let deleted = delete(ann, "Ann Archer")
    #expect(deleted.status == 303)
    for secret in ["Ann", "secret", "Secret", "Buyer"] {
      #expect(try !entries().contains { $0.contains(secret) }, "\(secret)")
    }
    let page = owner.get("/admin/crm/activity")
    #expect(page.text.contains("Erased record \(id)"))
    #expect(!page.text.contains("ann@secret.example"))
    #expect(owner.get("/admin/crm/activity/export.csv").text.contains("Erased record \(id)"))
    #expect(owner.get("/admin/crm").text.contains("Erased record \(id)"))
    let receipt = owner.get("/admin/crm/activity/erasures.json?record=" + id)
    let json = try JSON(parsing: receipt.text)
    #expect(json["erased"]?.string == id && json["by"]?.string == "Olga Owner" && json["type"]?.string == "contact")
    #expect(json["with"]?["Comments"] == .int(1) && json["with"]?["Files"] == .int(1))
    #expect(!receipt.text.contains("Ann") && receipt.headers["Content-Disposition"]?.contains("attachment") == true)
    #expect(owner.get("/admin/crm/activity/erasures.json?record=" + RecordID.make(at: office.now).text).status == 404)
    #expect(try JSON(parsing: owner.get("/admin/crm/activity/erasures.json").text).array?.count == 1)
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `what other records say of it is emptied too`() throws {
    let specimen = owner.post("/admin/crm/specimens", ["name": "One", "contact": "Ann Archer", "contact_id": id, "line": "kept"]).location
    owner.post(specimen, ["name": "One", "contact": "", "contact_id": "", "line": "kept", "version": "1"])
    let task = owner.post("/admin/crm/tasks", ["title": "Call", "about": id, "status": "open"]).location
    #expect(delete(ann, "Ann Archer").status == 303)
    #expect(try entries().filter { $0.contains("Ann Archer") } == [])
    #expect(owner.get(specimen + "/events").text.contains("kept"), "the rest of the history stays")
    #expect(owner.get(task).status == 200)
  }

  @Test func `what was typed and waits for a session goes too`() throws {
    let other = owner.copy()
    other.get(ann + "/edit")
    let user = try office.id("SELECT id FROM users")
    try office.store.write { db in
      _ = try db.run(
        """
        INSERT INTO kept_forms (token_hash, user_id, path, body, kept_at)
        VALUES ('x', \(user), \(ann), '[["name","Ann Archer"]]', \(office.now))
        """)
    }
    #expect(delete(ann, "Ann Archer").status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM kept_forms") } == 0)
  }

  @Test func `nobody else changes the log`() throws {
    for sql in ["UPDATE activity SET record_name = ''", "UPDATE activity SET changes = '[]', before = NULL", "DELETE FROM activity"] {
      #expect(throws: (any Error).self) { try office.store.write { db in _ = try db.run("\(raw: sql)") } }
    }
    #expect(delete(ann, "Ann Archer").status == 303)
    #expect(throws: (any Error).self) { try office.store.write { db in _ = try db.run("UPDATE activity SET record_name = ''") } }
  }

  @Test func `the log finds what is in the trash by name, until it is erased`() {
    owner.post(ann + "/trash", [:])
    #expect(owner.get("/admin/crm/activity?q=archer").page.all("//li[@class='timeline-entry']").count > 3)
    #expect(owner.post(ann + "/delete", ["confirm": "Ann Archer"]).status == 303)
    #expect(owner.get("/admin/crm/activity?q=archer").page.all("//li[@class='timeline-entry']").isEmpty)
  }
}
