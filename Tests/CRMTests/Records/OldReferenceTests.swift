import Base
import Foundation
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// What a record refers to may have gone to the trash since. That never keeps anybody from saving something else, and it is said where the name stands.
@Suite struct OldReferenceTests {
  let office: TestApp
  let owner: TestClient
  let ann, acme, specimen: String

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    acme = owner.post("/admin/crm/companies", ["name": "Acme"]).location
    ann =
      owner.post(
        "/admin/crm/contacts",
        [
          "name": "Ann", "company": "Acme", "company_id": "", "role": "Buyer", "department": "", "membership_primary": "primary",
        ]
      ).location
    specimen =
      owner.post(
        "/admin/crm/specimens",
        ["name": "One", "contact": "Ann", "contact_id": Self.id(ann), "owner": try office.id("SELECT id FROM users")]
      )
      .location
  }

  private static func id(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

  /// The inputs that the edit form of a record would post.
  private func form(_ path: String) -> [(String, String)] {
    let form = owner.get(path).page.first("//form[@data-unsaved]")
    return (form?.all(".//input[@name] | .//select[@name] | .//textarea[@name]") ?? []).filter {
      $0.all("ancestor::template").isEmpty && $0["type"] != "file"
        && (!["checkbox", "radio"].contains($0["type"] ?? "") || $0["checked"] != nil)
    }.map { input in
      let chosen = input.all(".//option").first { $0["selected"] != nil }?["value"]
      return (input["name"] ?? "", chosen ?? input["value"] ?? input.text)
    }.filter { $0.0 != "csrf_token" && $0.0 != "form_key" }
  }

  private func save(_ path: String, _ change: (String, String), from page: String = "/edit") -> Response {
    let fields = form(path + page).filter { $0.0 != change.0 } + [change, ("csrf_token", owner.lastToken)]
    return owner.post(path + (page == "/edit" ? "" : page), fields)
  }

  private func add(_ path: String, _ fields: [(String, String)]) -> Response {
    owner.post(path, form(path + "/edit") + fields + [("csrf_token", owner.lastToken)])
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }

  @Test func `a company in the trash blocks nothing of its members`() throws {
    owner.post(acme + "/trash", [:])
    #expect(save(ann, ("job_title", "Boss")).status == 303)
    #expect(save(ann, ("city", "Oslo"), from: "/fields/city").status == 303)
    owner.post("/admin/crm/companies", ["name": "Beta"])
    let beta = [("company", "Beta"), ("company_id", ""), ("role", ""), ("department", ""), ("membership_primary", "")]
    #expect(add(ann, beta).status == 303, "a row of its own beside the old one")
    #expect(try value("SELECT count(*) FROM memberships") == "2")
    #expect(save(ann, ("role", "Chief")).status == 422, "rows that don't fit together")
    #expect(try value("SELECT job_title || city FROM contacts") == "BossOslo")
  }

  @Test func `nor does a record in the trash that a field refers to, or a user who has left`() throws {
    owner.post(ann + "/trash", [:])
    let other = try office.visitor(.manager, name: "Max Manager")
    other.get("/admin/crm")
    try office.store.write { db in
      _ = try db.run("UPDATE specimens SET owner_id = (SELECT id FROM users WHERE name = 'Max Manager')")
      _ = try db.run("UPDATE users SET status = 'inactive' WHERE name = 'Max Manager'")
    }
    #expect(save(specimen, ("line", "first")).status == 303)
    #expect(save(specimen, ("line", "second"), from: "/fields/line").status == 303)
    #expect(save(specimen, ("contact", "Ann"), from: "/fields/contact").status == 303, "the same again")
    #expect(try value("SELECT line || (SELECT name FROM users WHERE id = specimens.owner_id) FROM specimens") == "secondMax Manager")
    let entry = try #require(try value("SELECT max(seq) FROM activity"))
    #expect(owner.post(specimen + "/events/\(entry)/revert", [:]).status == 303)
    #expect(try value("SELECT line FROM specimens") == "first")
  }

  @Test func `nor in a file that says what is there already`() throws {
    owner.post(ann + "/trash", [:])
    owner.post(acme + "/trash", [:])
    try office.store.write { db in _ = try db.run("UPDATE specimens SET choice = 'medium', country = 'ZZ', choices = 'a,z'") }
    let owned = try office.id("SELECT email FROM users WHERE name = 'Olga Owner'")
    #expect(
      try importFile(
        "specimens",
        "id,choice,country,choices,contact,owner,line\n\(Self.id(specimen)),medium,ZZ,\"a, z\",\(Self.id(ann)),\(owned),third\n"
      ).isEmpty)
    #expect(try value("SELECT line || choice || country FROM specimens") == "thirdmediumZZ")
    owner.post(ann + "/restore", [:])
    #expect(try importFile("contacts", "id,company,job_title\n\(Self.id(ann)),Acme,Boss\n").isEmpty)
    #expect(try value("SELECT job_title || company_name FROM contacts") == "BossAcme")
    #expect(try importFile("specimens", "id,choice\n\(Self.id(specimen)),other\n").count == 1, "what is new is judged")
  }

  /// What is wrong with the rows of a file.
  private func importFile(_ list: String, _ text: String) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("old-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(text.utf8).write(to: path)
    var problems: [String] = []
    var options = Importer.Options()
    options.overwrites = true
    let now = office.now
    _ = try Importer(office.composition, store: office.store, clock: Clock { now }).run(
      list, path: path.path, options: options, skipped: { problems.append("\($0.line): \($0.reason)") }, progress: { _ in })
    return problems
  }

  @Test func `what is in the trash is marked where its name stands`() throws {
    func isMarked(_ path: String) -> Bool {
      owner.get(path).page.all("//main//span[@data-status='trashed'][.='in trash']").count == 1
    }
    #expect(!isMarked(ann) && !isMarked("/admin/crm/contacts") && !isMarked(specimen) && !isMarked("/admin/crm/specimens"))
    owner.post(acme + "/trash", [:])
    #expect(isMarked(ann) && isMarked("/admin/crm/contacts"))
    owner.post(ann + "/trash", [:])
    #expect(isMarked(specimen) && isMarked("/admin/crm/specimens"))
    owner.post(ann + "/restore", [:])
    #expect(!isMarked(specimen) && !isMarked("/admin/crm/specimens"))
    let task = owner.post("/admin/crm/tasks", ["title": "Call", "about": Self.id(ann), "status": "open"]).location
    #expect(!isMarked(task))
    owner.post(ann + "/trash", [:])
    #expect(isMarked(task))
  }

  @Test func `an export names nothing that its reader may not see`() throws {
    let frank = try office.visitor(.factory, name: "Frank Factory")
    try office.store.write { db in
      _ = try db.run("UPDATE specimens SET owner_id = (SELECT id FROM users WHERE name = 'Frank Factory')")
      _ = try db.run("UPDATE contacts SET owner_id = (SELECT id FROM users WHERE name = 'Frank Factory') WHERE name = 'Ann'")
    }
    let ids = [Self.id(acme), "Acme"]
    let contacts = frank.get("/admin/crm/contacts/export.csv?columns=all").text
    #expect(contacts.contains("Ann"))
    for secret in ids { #expect(!contacts.contains(secret), "\(contacts)") }
    #expect(frank.get("/admin/crm/specimens/export.csv?columns=all").text.contains(Self.id(ann)), "their own")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = NULL") }
    let specimens = frank.get("/admin/crm/specimens/export.csv?columns=all").text
    #expect(specimens.contains("One") && !specimens.contains(Self.id(ann)))
  }
}
