@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// The search box of every page: its panel, and its page of results.
@Suite struct SearchBoxTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  @discardableResult
  private func add(_ name: String, _ fields: [(String, String)] = [], to list: String = "contacts", by author: TestClient? = nil) throws
    -> String
  {
    let author = author ?? owner
    author.get("/admin/crm/\(list)/new")
    let (field, status) = list == "tasks" ? ("title", "open") : ("name", "active")
    let answer = author.post(
      "/admin/crm/\(list)", [(field, name), ("status", status)] + fields + [("csrf_token", author.lastToken)])
    try #require(answer.status == 303, "\(answer.text)")
    return String(answer.location.prefix { $0 != "?" })
  }

  private struct Item: Equatable {
    let name, group, passage, href: String
  }

  private func panel(_ q: String, of user: TestClient? = nil) throws -> [Item] {
    let answer = (user ?? owner).get("/admin/crm/search.json?q=\(PercentEncoding.encode(q))")
    try #require(answer.status == 200)
    return try (JSON(parsing: answer.text)["items"]?.array ?? []).map { item in
      func text(_ name: String) -> String { item[name]?.string ?? "?" }
      return Item(name: text("name"), group: text("group"), passage: text("passage"), href: text("href"))
    }
  }

  private func page(_ q: String, of user: TestClient? = nil) -> [String] {
    (user ?? owner).get("/admin/crm/search?q=\(PercentEncoding.encode(q))").page.all("//a[@class='row-link']").map(\.text)
  }

  @Test func `the group of the best match comes first`() throws {
    try add("Acme", to: "companies")
    try add("Call Acme", to: "tasks")
    try add("Ann", [("note", "Works for Acme now")])
    #expect(try panel("acme").map(\.name) == ["Acme", "Call Acme", "Ann"])
    #expect(try panel("acme").map(\.group) == ["Companies", "Tasks", "Contacts"])
    #expect(page("acme") == ["Acme", "Call Acme", "Ann"])
    #expect(try panel("ann").first?.group == "Contacts")
  }

  @Test func `of one list the name decides, then other words, then what is similar`() throws {
    try add("Papadopoulos")
    try add("Maria Papadopoulos")
    try add("Zoe", [("note", "Sister of Papadopoulos")])
    try add("Παπαδόπουλος Νίκος")
    try add("Papadopoulos Zoe")
    #expect(
      try panel("papadopoulos").map(\.name) == ["Papadopoulos", "Papadopoulos Zoe", "Maria Papadopoulos", "Zoe", "Παπαδόπουλος Νίκος"])
  }

  @Test(arguments: [
    ("volos", "City: Volos"), ("dentist", ""), ("bees", "Ann keeps bees behind the house and rings a bell when one …"),
    ("bell", "… house and rings a bell when one may come near them on a warm …"), ("ann@home", "ann@home.example"),
    ("2105550", "+30 210 555 0199"),
    ("0030 210 5550199", "+30 210 555 0199"),
  ])
  func `what neither name nor line says is shown`(q: String, passage: String) throws {
    try add(
      "Ann Archer",
      [
        ("city", "Volos"), ("job_title", "Dentist"), ("channel_type", "email"), ("channel_label", "home"),
        ("channel_value", "ann@home.example"), ("channel_primary", ""), ("channel_type", "phone"), ("channel_label", "work"),
        ("channel_value", "+30 210 555 0199"), ("channel_primary", ""),
        ("country", "GR"),
        ("note", "Ann keeps bees behind the house and rings a bell when one may come near them on a warm day in May"),
      ])
    let found = try panel(q)
    #expect(found.map(\.name) == ["Ann Archer"])
    if !passage.isEmpty || q == "dentist" { #expect(found.first?.passage == passage) }
  }

  @Test func `an address finds its owner first`() throws {
    try add(
      "Ann Archer", [("channel_type", "email"), ("channel_label", ""), ("channel_value", "info@archer.example"), ("channel_primary", "")])
    for n in 1...8 { try add("Info \(n)") }
    #expect(try panel("info@archer.example").first?.name == "Ann Archer")
    #expect(try panel("INFO@Archer.example").first?.name == "Ann Archer")
  }

  @Test func `who is only mentioned in a note is neither the owner of an address nor picked`() throws {
    try add(
      "Ann Archer", [("channel_type", "email"), ("channel_label", ""), ("channel_value", "info@archer.example"), ("channel_primary", "")])
    try add("Bob", [("note", "Write to info@archer.example about Qwertzuiop Holdings")])
    #expect(try panel("info@archer.example").map(\.name) == ["Ann Archer", "Bob"])
    #expect(
      try panel("info@archer.example").map(\.passage) == ["info@archer.example", "Write to info@archer.example about Qwertzuiop Holdings"])
    #expect(try panel("qwertzuiop holdings").map(\.name) == ["Bob"])
    let picked = owner.get("/admin/crm/contacts/suggestions.json?q=qwertzuiop%20holdings")
    #expect(try JSON(parsing: picked.text)["items"]?.array?.isEmpty == true)
    #expect(try panel("@archer").isEmpty || panel("@archer").first?.name == "Ann Archer")
  }

  @Test func `notes of any size cost little, and stay found`() throws {
    let ann = try add("Ann")
    let long = (1...1_500).map { "word\($0)" }.joined(separator: " ")
    for n in 1...20 {
      owner.get(ann)
      #expect(owner.post(ann + "/notes", ["note": "\(long) needle\(n)"]).status == 303)
    }
    owner.get(ann + "/edit")
    #expect(owner.post(ann, ["name": "Anna", "status": "active", "version": "1"]).status == 303)
    for n in [1, 20] { #expect(try panel("anna needle\(n)").map(\.name) == ["Anna"], "\(n)") }
    #expect(try panel("ann needle21").isEmpty)
    let before = try office.id("SELECT words FROM contacts")
    try office.store.write { db in _ = try db.run("DELETE FROM folded_texts") }
    try office.store.migrate(crm.migrations, reworks: crm.reworks)
    #expect(try Set(office.id("SELECT words FROM contacts").split(separator: " ")) == Set(before.split(separator: " ")))
  }

  @Test func `before anything is typed there is what was viewed last`() throws {
    #expect(try panel("").isEmpty)
    #expect(owner.get("/admin/crm/search").text.contains("Nothing viewed yet"))
    let ann = try add("Ann"), acme = try add("Acme", to: "companies"), bob = try add("Bob")
    for path in [ann, acme + "/files", bob, ann + "/interactions"] { owner.get(path) }
    #expect(try panel("").map(\.name) == ["Ann", "Bob", "Acme"])
    #expect(try panel(" ").map(\.group) == ["Recently viewed", "Recently viewed", "Recently viewed"])
    #expect(page("") == ["Ann", "Bob", "Acme"])
    owner.get(bob)
    owner.post(bob + "/trash", [:])
    #expect(try panel("").map(\.name) == ["Ann", "Acme"], "not what is in the trash")
    for n in 1...12 { owner.get(try add("Person \(n)")) }
    #expect(try panel("").map(\.name).first == "Person 12")
    #expect(try panel("").count == 9)
  }

  @Test(arguments: [
    "", "x", "....", "01a13332-6e7c-775c-8dce-ba92fbb97403.01a13332-6e7c-775c-8dce-ba92fbb97404", "%00",
    String(repeating: "a.", count: 500),
  ])
  func `a cookie that isn’t ours is ignored`(cookie: String) throws {
    let ann = try add("Ann")
    owner.get(ann)
    owner.set(cookie: "roost_recent", cookie)
    #expect(try panel("").isEmpty)
    owner.get(ann)
    #expect(try panel("").map(\.name) == ["Ann"])
  }

  @Test func `another user on the same browser doesn’t see what was viewed`() throws {
    owner.get(try add("Ann"))
    let maria = try office.visitor(.manager, name: "Maria")
    maria.set(cookie: "roost_recent", try #require(owner.cookie("roost_recent")))
    #expect(try panel("", of: maria).isEmpty)
  }

  @Test func `only what the visitor may see is found`() throws {
    let ann = try add("Ann Secret")
    let company = try add("Secret Ltd", to: "companies")
    let factory = try office.visitor(.factory)
    #expect(try panel("secret", of: factory).isEmpty)
    #expect(page("secret", of: factory).isEmpty)
    let id = try office.id("SELECT id FROM users WHERE email LIKE 'factory%'")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = \(id)") }
    #expect(try panel("secret", of: factory).map(\.name) == ["Ann Secret"])
    // Nor the company of a contact that they may see.
    try office.store.write { db in
      _ = try db.run(
        """
        INSERT INTO memberships (id, contact_id, company_id, is_primary, created_at)
        SELECT 'm1', (SELECT id FROM contacts), id, 1, '' FROM companies
        """)
    }
    #expect(try office.id("SELECT company_name FROM contacts") == "Secret Ltd")
    #expect(factory.get(company).status == 404)
    for path in [ann, "/admin/crm/contacts", "/admin/crm/search?q=ann", "/admin/crm/search.json?q=ann", "/admin/crm/contacts/export.csv"] {
      let text = factory.get(path).text
      #expect(text.contains("Ann Secret") && !text.contains("Secret Ltd"), "\(path)")
      #expect(path == ann || owner.get(path).text.contains("Secret Ltd"), "\(path)")
    }
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = NULL") }
    #expect(try panel("", of: factory).isEmpty)
    let member = try office.visitor(.member)
    #expect(member.get("/admin/crm/search?q=secret").status == 404)
    #expect(member.get("/account").page.all("//form[@data-search]").isEmpty)
  }

  @Test(arguments: ["%", "🎉", "'\"<script>", "zzqq", String(repeating: "y", count: 5_000)])
  func `nothing found says so, and offers a new record`(q: String) throws {
    try add("Ann")
    let found = owner.get("/admin/crm/search?q=\(PercentEncoding.encode(q))")
    #expect(found.status == 200)
    #expect(found.text.contains("No results for"))
    #expect(!found.text.contains("<script>\u{201D}") && !found.text.contains("\"<script>"))
    let hrefs = found.page.all("//a[contains(@href, '/new?')]").compactMap { $0["href"] }
    #expect(hrefs.isEmpty == (q == "%" || q == "🎉"))
    #expect(hrefs.allSatisfy { owner.get($0).status == 200 })
    #expect(try panel(q).isEmpty)
  }

  @Test func `what is only similar is said to be`() throws {
    try add("Bennett")
    #expect(owner.get("/admin/crm/search?q=benett").text.contains("No exact match. Showing similar names."))
    #expect(owner.get("/admin/crm/search?q=bennett").text.contains("Best matches first."))
    #expect(try panel("benett").map(\.group) == ["Contacts: similar results"])
    #expect(try panel("bennett").map(\.group) == ["Contacts"])
  }

  @Test func `what is more than the page holds is in the list`() throws {
    for n in 1...21 { try add("Ann \(n)") }
    let found = owner.get("/admin/crm/search?q=ann")
    #expect(found.page.all("//a[@class='row-link']").count == 20)
    let all = try #require(found.page.first("//a[starts-with(@href, '/admin/crm/contacts?')]")?["href"])
    #expect(owner.get(all).page.all("//a[@class='row-link']").count == 21)
    #expect(try panel("ann").count == 5)
  }
}
