import Base
@testable import Admin
import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// Who can be set as the owner of a record, with a thousand users.
@Suite struct OwnersTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    try office.store.write { db in
      for number in 0..<1_000 {
        let name = ["Zoe", "ánna", "Βασίλης", "carl"][number % 4] + " \(1_000 + number)"
        let isAway = number % 100 == 99
        try db.run(
          """
          INSERT INTO users (id, email, email_key, name, name_sort, words, status, account_type, created_at, updated_at)
          VALUES (\(RecordID.make(at: office.now)), \("\(number)@example.com"), \("\(number)@example.com"), \(name), fold(\(name)), '',
            \(isAway ? "inactive" : "active"), \(number % 100 == 98 ? "organization" : "person"), \(office.now), \(office.now))
          """)
      }
    }
  }

  private func id(_ name: String) throws -> String { try office.id("SELECT id FROM users WHERE name = \(name)") }

  private func offered(_ page: Response) -> [String] { page.page.all("//select[@name='owner']/option").map(\.text) }

  private func selected(_ page: Response) -> String? { page.page.first("//select[@name='owner']/option[@selected]")?.text }

  @Test(arguments: ["contacts", "companies"])
  func `everybody who is active can be chosen, in the order of their names`(list: String) throws {
    let path = "/admin/crm/\(list)"
    let names = offered(owner.get(path + "/new")).dropFirst()
    #expect(names.count == 981)
    #expect(Array(names) == names.map { (name: $0, key: TextFolding.fold($0)) }.sorted { $0.key < $1.key }.map(\.name))
    #expect(names.first == "ánna 1001" && names.contains("Zoe 1996") && !names.contains("carl 1099") && !names.contains("Βασίλης 1098"))
    let last = try id("Zoe 1996")
    let location = owner.post(path, ["name": "Acme", "status": "active", "owner": last]).location
    #expect(selected(owner.get(location + "/edit")) == "Zoe 1996")
  }

  @Test(arguments: ["contacts", "companies"])
  func `the owner that a record has stays one of the choices after they have left`(list: String) throws {
    owner.get("/admin/crm/\(list)/new")
    let location = owner.post("/admin/crm/\(list)", ["name": "Acme", "status": "active"]).location
    try office.store.write { try $0.run("UPDATE \(raw: list) SET owner_id = \(id("carl 1099"))") }
    let edit = owner.get(location + "/edit")
    #expect(selected(edit) == "carl 1099")
    #expect(offered(edit).count == 1 + 981 + 1)
    #expect(!offered(owner.get("/admin/crm/\(list)/new")).contains("carl 1099"))
    // Saved with that owner, by id or by address as in a file, everything else can change.
    for (version, who) in [("1", try id("carl 1099")), ("2", "99@example.com")] {
      #expect(owner.post(location, ["name": "Acme \(version)", "status": "active", "owner": who, "version": version]).status == 303)
    }
    #expect(selected(owner.get(location + "/edit")) == "carl 1099")
  }

  @Test(arguments: ["contacts", "companies"], [("carl 1099", true), ("Βασίλης 1098", true), ("nobody", false)])
  func `who isn't offered is refused though a script sends them`(list: String, who: (name: String, isThere: Bool)) throws {
    let path = "/admin/crm/\(list)"
    owner.get(path + "/new")
    let sent = who.isThere ? [try id(who.name), who.name] : [who.name]
    for text in sent {
      let response = owner.post(path, ["name": "Acme", "status": "active", "owner": text])
      #expect(response.status == 422)
      let message = who.isThere ? "\(who.name) is no longer available. Choose another user." : "Choose one of the values offered."
      #expect(response.page.first("//p[@id='f-owner-error']")?.text == message)
    }
    let location = owner.post(path, ["name": "Acme", "status": "active", "owner": try id("Zoe 1996")]).location
    owner.get(location + "/fields/owner")
    #expect(owner.post(location + "/fields/owner", ["owner": sent[0], "version": "1"]).status == 422)
    #expect(selected(owner.get(location + "/edit")) == "Zoe 1996")
  }

  @Test func `of two with one name the one who is active is meant`() throws {
    try office.store.write { try $0.run("UPDATE users SET name = 'Zoe 1996' WHERE name = 'carl 1099'") }
    owner.get("/admin/crm/contacts/new")
    let location = owner.post("/admin/crm/contacts", ["name": "Acme", "status": "active", "owner": "Zoe 1996"]).location
    #expect(try office.id("SELECT users.status FROM users JOIN contacts ON contacts.owner_id = users.id") == "active")
    #expect(!location.isEmpty)
  }

  @Test func `the log can be filtered by each of them`() throws {
    let options = owner.get("/admin/crm/activity?actor=\(try id("carl 1099"))").page.all("//select[@name='actor']/option")
    #expect(options.count == 2 + 981 + 1)
    #expect(options.first { $0["selected"] != nil }?.text == "carl 1099")
  }
}
