import Base
import Foundation
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

  private func made(_ list: String, _ name: String, _ fields: KeyValuePairs<String, String> = [:]) throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let all = [(list == "tasks" ? "title" : "name", name), ("status", list == "tasks" ? "open" : "active")]
    let response = owner.post("/admin/crm/\(list)", all + fields.map { ($0.key, $0.value) } + [("csrf_token", owner.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func id(of path: String) -> String { String(path.split(separator: "/").last ?? "") }

  /// What the entries of a record say of a field after each change, in their order.
  private func said(_ field: String, of path: String) throws -> [String] {
    try office.store.read { db in
      try db.all("SELECT changes FROM activity WHERE record_id = \(id(of: path)) ORDER BY seq") { Change.list($0.text(0)) }
    }.joined().filter { $0.field == field }.map(\.after)
  }

  @Test(arguments: ["Quill, Zedra", "Quill", "Zedra, PhD, MBA", "Z (Zed), Q"])
  func `a name with commas goes out of a list of names, wherever in it`(name: String) throws {
    let person = try made("contacts", name)
    let others = try ["Other Person", "Quillan", "Ms Zedra"].map { try made("contacts", $0) }
    let about = (others + [person]).map { ("about", id(of: $0)) }
    owner.get("/admin/crm/tasks/new")
    let task = owner.post("/admin/crm/tasks", about + [("title", "Call"), ("status", "open"), ("csrf_token", owner.lastToken)]).location
    #expect(try said("about", of: task).first?.contains(name) == true)
    #expect(delete(person, name).status == 303)
    let left = try said("about", of: task)
    #expect(left.count == 1)
    #expect(left[0].components(separatedBy: ", ").sorted() == ["(erased)", "Ms Zedra", "Other Person", "Quillan"])
  }

  @Test(arguments: [
    ("contacts", "Quill", "Quill, Zedra"), ("contacts", "Zedra", "Quill, Zedra"), ("companies", "Zorg", "Zorg (Germany)"),
    ("contacts", "Zorg", "Zorg (Germany) (North)"),
  ])
  func `a name that only begins or ends another record's name stays there`(list: String, name: String, longer: String) throws {
    let (erased, other) = (try made(list, name), try made("contacts", longer))
    let task = try made("tasks", "Call", ["about": id(of: other)])
    #expect(delete(erased, name).status == 303)
    #expect(try said("about", of: task) == [longer])
  }

  @Test(arguments: [("Boss", ""), ("", ""), ("Head (North)", "Sales"), ("Boss :)", "")])
  func `of companies that begin alike only the one erased is removed, with what is said in brackets`(role: String, department: String)
    throws
  {
    let companies = try ["Zorg", "Zorg (Germany)"].map { try made("companies", $0) }
    let people = try companies.map { company in
      try made(
        "contacts", "With " + id(of: company),
        [
          "company": owner.get(company).page.first("//h1/span")?.text ?? "", "company_id": id(of: company), "role": role,
          "department": department, "membership_primary": "primary",
        ])
    }
    let before = try said("companies", of: people[1])
    try #require(before.first?.hasPrefix("Zorg (Germany)") == true)
    #expect(delete(companies[0], "Zorg").status == 303)
    #expect(try said("companies", of: people[0]) == ["(erased)"])
    #expect(try said("companies", of: people[1]) == before)
    #expect(delete(companies[1], "Zorg (Germany)").status == 303)
    #expect(try said("companies", of: people[1]) == ["(erased)"])
  }

  @Test func `former names go too, save one that another record has now`() throws {
    let (person, tom) = (try made("contacts", "Oldname Person"), try made("contacts", "Tom"))
    let task = try made("tasks", "Call", ["about": id(of: person)])
    let specimen = try made("specimens", "One", ["contact": "Oldname Person", "contact_id": id(of: person)])
    owner.get(specimen)
    owner.post(specimen, ["name": "One", "contact": "", "contact_id": "", "version": "1"])
    let other = try made("tasks", "Write", ["about": id(of: tom)])
    for (version, name) in ["Tom", "Newname Person"].enumerated() {
      owner.get(person + "/edit")
      #expect(owner.post(person, ["name": name, "status": "active", "version": String(version + 1)]).status == 303)
    }
    #expect(delete(person, "Newname Person").status == 303)
    #expect(try entries().filter { $0.contains("Oldname") || $0.contains("Newname") } == [])
    #expect(try said("about", of: task) == ["(erased)"])
    #expect(try said("about", of: other) == ["Tom"])
  }

  @Test(arguments: ["Quill, Zedra", "Zedra Quill"])
  func `a participant of others' interactions goes out of their history`(name: String) throws {
    let (person, other) = (try made("contacts", name), try made("contacts", "Other Person"))
    let zorg = try made("companies", "Zorg")
    for record in [other, zorg] {
      owner.get(record + "/interactions")
      let response = owner.post(
        record + "/interactions",
        ["type": "call", "subject": "Kept", "party": "contact:" + id(of: person), "party": "text:Her brother"])
      #expect(response.status == 303)
    }
    #expect(try said("party", of: zorg) == [name + "\nHer brother"])
    #expect(delete(person, name).status == 303)
    for record in [other, zorg] {
      #expect(try said("party", of: record) == ["(erased)\nHer brother"])
      #expect(try said("subject", of: record) == ["Kept"])
    }
    #expect(try entries().filter { $0.contains(name) } == [])
  }

  @Test func `a participant of others' interactions goes out of these, and the interactions stay`() throws {
    let (person, other) = (try made("contacts", "Zedra Quill"), try made("contacts", "Other Person"))
    let twin = try made("contacts", "Zedra Quill")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET job_title = 'Dean of Arts' WHERE id = \(id(of: person))") }
    owner.get(other + "/interactions")
    owner.post(
      other + "/interactions",
      ["type": "call", "subject": "Kept", "party": "contact:" + id(of: person), "party": "contact:" + id(of: twin)])
    #expect(owner.get(other + "/interactions").text.contains("Dean of Arts"))
    owner.get(person)
    owner.post(person + "/trash", [:])
    #expect(!owner.get(person + "/delete").page.all("//ul[@class='goes-along']/li").map(\.text).contains { $0.hasPrefix("Interactions") })
    #expect(owner.post(person + "/delete", ["confirm": "Zedra Quill"]).status == 303)
    let parties = try office.store.read { db in
      try db.all("SELECT name || details FROM interaction_parties ORDER BY position") { $0.text(0) }
    }
    #expect(parties == ["(erased)", "Zedra Quill"], "of two of one name only the one that is erased")
    #expect(owner.get(other + "/interactions").text.contains("Kept"))
    let receipt = try JSON(parsing: owner.get("/admin/crm/activity/erasures.json?record=" + id(of: person)).text)
    #expect(receipt["with"]?["Interactions"] == nil)
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `nothing of it stays in the index of words`() throws {
    let path = try made("contacts", "Secretnamewordqz", ["note": "Secretnotewordqz"])
    func isThere(_ word: String) throws -> Bool {
      try office.store.read { db in
        try db.value("SELECT count(*) FROM contact_search_data WHERE instr(block, CAST(\(word) AS BLOB)) > 0") ?? 0
      } > 0
    }
    #expect(try isThere("secretnamewordqz") && isThere("secretnotewordqz"))
    #expect(delete(path, "Secretnamewordqz").status == 303)
    #expect(try !isThere("secretnamewordqz") && !isThere("secretnotewordqz"))
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
