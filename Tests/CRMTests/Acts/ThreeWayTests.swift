import Base
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Two people edit one record: whatever the kind of field, what both did is kept, and only what can't be is asked about.
@Suite struct ThreeWayTests {
  let office: TestApp
  let owner: TestClient
  let maria: TestClient
  private let record: String

  private static let path = "/admin/crm/specimens"
  private static let filled: [(String, String)] = [
    ("name", "One"), ("status", "active"), ("line", "first"), ("body", "text"), ("choice", "low"), ("choices", "a"), ("date", "2026-01-01"),
    ("time", "08:00"), ("duration", "30"), ("count", "1"), ("weight", "1"), ("price", "1.00"), ("price_currency", "EUR"), ("share", "1"),
    ("email", "a@example.com"), ("phone", "+30 210 5550100"), ("web", "a.example.com"), ("country", "GR"), ("language", "el"),
    ("tags", "Old, Other"), ("reading_what", "Height"), ("reading_amount", "1.0"), ("reading_on", ""), ("reading_state", "ok"),
    ("reading_what", "Width"), ("reading_amount", "2.0"), ("reading_on", ""), ("reading_state", "ok"),
  ]

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    maria = try office.visitor(.manager, name: "Maria Manager")
    owner.get(Self.path + "/new")
    maria.get(Self.path)
    let made = owner.post(Self.path, Self.filled + [("csrf_token", owner.lastToken)])
    try #require(made.status == 303, "\(made.text)")
    record = made.location
  }

  /// The inputs that a page's form would post.
  private func form(_ page: Response) -> [(String, String)] {
    let form = page.page.first("//form[@data-unsaved]")
    return (form?.all(".//input[@name] | .//select[@name] | .//textarea[@name]") ?? []).filter {
      $0.all("ancestor::template").isEmpty && $0["type"] != "file"
        && (!["checkbox", "radio"].contains($0["type"] ?? "") || $0["checked"] != nil)
    }.map { input in
      let chosen = input.all(".//option").first { $0["selected"] != nil }?["value"]
      return (input["name"] ?? "", chosen ?? input["value"] ?? input.text)
    }.filter { $0.0 != "csrf_token" && $0.0 != "form_key" }
  }

  private func changed(_ form: [(String, String)], _ changes: [(String, String)]) -> [(String, String)] {
    let names = Set(changes.map(\.0))
    return form.filter { !names.contains($0.0) } + changes
  }

  private func post(_ client: TestClient, _ fields: [(String, String)]) -> Response {
    client.post(record, fields + [("csrf_token", client.lastToken)])
  }

  private func stored() throws -> Record {
    let id = try #require(RecordID(String(record.split(separator: "/").last ?? "")))
    return try #require(try office.store.read { db in try RecordStore.find(id, of: .specimen, .all, in: db) })
  }

  private func text(_ field: String) throws -> String {
    let record = try stored()
    return try #require(RecordType.specimen.field(field)).kind.history(record[field])
  }

  private static let others: [(String, [(String, String)])] = [
    ("line", [("line", "second")]), ("body", [("body", "words")]), ("choice", [("choice", "high")]), ("date", [("date", "2026-02-02")]),
    ("time", [("time", "09:30")]), ("duration", [("duration", "45")]), ("count", [("count", "2")]), ("weight", [("weight", "2")]),
    ("price", [("price", "2.00"), ("price_currency", "EUR")]), ("share", [("share", "2")]), ("email", [("email", "b@example.com")]),
    ("phone", [("phone", "+30 210 5550199")]), ("web", [("web", "b.example.com")]), ("country", [("country", "NO")]),
    ("language", [("language", "en")]), ("status", [("status", "inactive")]),
  ]

  @Test(arguments: ["-9223372036854775808", "-1000000000000", "-1", "0", "3", "9223372036854775807", "99999999999999999999", "x"])
  func `a version that never was is no version to merge with`(version: String) throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(contact + "/edit")
    owner.post(contact, ["name": "Anna", "status": "active", "version": "1"])
    for path in [contact, contact + "/fields/name"] {
      owner.get(contact + "/edit")
      let response = owner.post(path, ["name": "Ben", "status": "active", "version": version])
      #expect((400..<500).contains(response.status), "\(path): \(response.status)")
    }
    #expect(try office.id("SELECT name FROM contacts") == "Anna")
  }

  @Test(arguments: others.map(\.0)) func `what a colleague saved stays, and is told`(field: String) throws {
    let change = try #require(Self.others.first { $0.0 == field }).1
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), change)).status == 303)
    let theirs = try text(field)
    let answer = post(owner, changed(mine, [("name", "Two")]))
    #expect(answer.status == 303)
    #expect(try text(field) == theirs)
    #expect(try text("name") == "Two")
    let label = try #require(RecordType.specimen.field(field)).label
    #expect(owner.get(record).text.contains("Maria Manager changed \(label) while you were editing."))
  }

  @Test(arguments: others.map(\.0).filter { !["choice", "status", "body"].contains($0) })
  func `a field that both changed is asked about, and no other`(field: String) throws {
    let change = try #require(Self.others.first { $0.0 == field }).1
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), change + [("name", "Theirs"), ("body", "theirs")])).status == 303)
    let theirs = try text(field)
    // The same field to something else; `name` to something else; the body is left alone.
    let other = [
      "date": "2026-03-03", "time": "10:00", "email": "c@example.com", "country": "SE", "language": "fr", "phone": "+30 210 5550111",
      "web": "c.example.com",
    ]
    let own = change.map { ($0.0, $0.0 == "price_currency" ? "USD" : other[$0.0] ?? "3") }
    let conflict = post(owner, changed(mine, own + [("name", "Mine")]))
    #expect(conflict.status == 409)
    #expect(try text(field) == theirs, "nothing is written yet")
    let page = conflict.page
    #expect(Set(page.all("//input[@type='radio']").compactMap { $0["name"] }) == ["keep_name", "keep_" + field])
    for choice in ["theirs", "mine"] {
      let answer = post(owner, changed(form(conflict), [("keep_" + field, choice), ("keep_name", choice == "mine" ? "theirs" : "mine")]))
      #expect(answer.status == 303, "\(answer.text)")
      #expect(try (text(field) == theirs) == (choice == "theirs"))
      #expect(try text("body") == "theirs", "what I left alone is never put back")
    }
    #expect(try text("name") == "Theirs" || text("name") == "Mine")
  }

  @Test func `of tags, choices and files both changes are kept`() throws {
    let mine = form(owner.get(record + "/edit"))
    let their = form(maria.get(record + "/edit"))
    #expect(post(maria, changed(their, [("tags_kept", "Other"), ("tags", "New"), ("choices", "a"), ("choices", "b")])).status == 303)
    #expect(post(owner, changed(mine, [("tags_kept", "Old"), ("tags_kept", "Other"), ("tags", "Mine"), ("choices", "c")])).status == 303)
    #expect(try text("tags") == "Mine, New, Other")
    #expect(try text("choices") == "b, c")
  }

  @Test func `rows are put together row by row, and part by part`() throws {
    func rows(_ rows: [(String, String, String)]) -> [(String, String)] {
      rows.flatMap { [("reading_what", $0.0), ("reading_amount", $0.1), ("reading_on", ""), ("reading_state", $0.2)] }
    }
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), rows([("Height", "5.0", "ok"), ("Width", "2.0", "ok")]))).status == 303)
    #expect(post(owner, changed(mine, rows([("Height", "1.0", "bad"), ("Width", "3.0", "ok")]))).status == 303)
    #expect(try text("readings").contains(#""what":"Height","amount":"5.0","on":"","state":"bad""#))
    #expect(try text("readings").contains(#""what":"Width","amount":"3.0""#))
    let again = form(owner.get(record + "/edit"))
    let theirs = [("Height", "5.0", "bad"), ("Width", "3.0", "ok"), ("Depth", "4.0", "ok")]
    #expect(post(maria, changed(form(maria.get(record + "/edit")), rows(theirs))).status == 303)
    #expect(post(owner, changed(again, rows([("Height", "6.0", "bad"), ("Width", "3.0", "ok")]))).status == 303)
    #expect(try text("readings").contains("6.0") && text("readings").contains("Depth"))
    let last = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), rows([("Height", "7.0", "bad")]))).status == 303)
    #expect(post(owner, changed(last, rows([("Height", "8.0", "bad"), ("Width", "3.0", "ok"), ("Depth", "4.0", "ok")]))).status == 409)
  }

  @Test func `one fact that is changed in its place is asked about as well`() throws {
    let city = record + "/fields/line"
    let mine = form(owner.get(city))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), [("line", "theirs"), ("body", "theirs")])).status == 303)
    let conflict = owner.post(city, changed(mine, [("line", "mine")]) + [("csrf_token", owner.lastToken)])
    #expect(conflict.status == 409)
    #expect(conflict.page.all("//input[@type='radio']").count == 2)
    #expect(owner.post(city, changed(form(conflict), [("keep_line", "theirs")]) + [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try text("line") == "theirs")
    #expect(owner.post(city, changed(form(conflict), [("keep_line", "mine")]) + [("csrf_token", owner.lastToken)]).status == 303)
    #expect(try text("line") == "mine" && text("body") == "theirs")
  }

  @Test func `a choice that somebody overtakes is asked again`() throws {
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), [("line", "theirs")])).status == 303)
    let conflict = post(owner, changed(mine, [("line", "mine")]))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), [("line", "later")])).status == 303)
    #expect(post(owner, changed(form(conflict), [("keep_line", "mine")])).status == 409)
    #expect(post(owner, changed(form(conflict), [("keep_line", "theirs")])).status == 303)
    #expect(try text("line") == "later")
  }

  @Test func `back to the form shows what was put together`() throws {
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), [("line", "theirs"), ("body", "theirs")])).status == 303)
    let conflict = post(owner, changed(mine, [("line", "mine"), ("name", "Two")]))
    let back = post(owner, changed(form(conflict), [("keep_line", "theirs"), ("review", "yes")]))
    #expect(back.status == 200)
    let inputs = Dictionary(form(back)) { first, _ in first }
    #expect(inputs["line"] == "theirs" && inputs["body"] == "theirs" && inputs["name"] == "Two")
    #expect(post(owner, form(back)).status == 303)
    #expect(try text("line") == "theirs" && text("name") == "Two")
  }

  @Test func `looking before saving brings both together and saves nothing`() throws {
    let mine = form(owner.get(record + "/edit"))
    #expect(post(maria, changed(form(maria.get(record + "/edit")), [("line", "theirs")])).status == 303)
    let shown = post(owner, changed(mine, [("name", "Two"), ("compare", "yes")]))
    #expect(shown.status == 200 && shown.text.contains("Maria Manager changed line while you were editing."))
    #expect(try text("name") == "One")
    #expect(post(owner, form(shown)).status == 303)
    #expect(try text("name") == "Two" && text("line") == "theirs")
  }

  // MARK: What was right once

  @Test func `a deleted tag that a form carries is not made again`() throws {
    let mine = form(owner.get(record + "/edit"))
    let tag = try office.id("SELECT id FROM tags WHERE name = 'Old'")
    owner.get("/admin/crm/tags")
    #expect(owner.post("/admin/crm/tags/\(tag)/delete", [:]).status == 303)
    #expect(post(owner, changed(mine, [("name", "Two")])).status == 303)
    #expect(try text("tags") == "Other")
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM tags WHERE name = 'Old'") } == 0)
    #expect(post(owner, changed(form(owner.get(record + "/edit")), [("tags", "Old")])).status == 303, "typed again it is made again")
    #expect(try text("tags") == "Old, Other")
  }

  @Test func `what is no longer offered stays until somebody changes it`() throws {
    try office.store.write { db in
      _ = try db.run(
        """
        UPDATE specimens SET choice = 'medium', choices = 'a,z', country = 'ZZ', language = 'not a tag', email = 'no address', web = 'no web',
          readings = '[{"what":"","amount":"x","on":"","state":"gone"},{"what":"Width","amount":"2.0","on":"","state":"ok"}]'
        """)
    }
    let mine = form(owner.get(record + "/edit"))
    #expect(mine.contains { $0 == ("choices", "z") }, "it is a box of its own")
    #expect(post(owner, changed(mine, [("name", "Two")])).status == 303)
    let rows =
      mine.filter { $0.0.hasPrefix("reading_") } + [
        ("reading_what", "Depth"), ("reading_amount", "3.0"), ("reading_on", ""), ("reading_state", "ok"),
      ]
    let more = changed(form(owner.get(record + "/edit")), [("choices", "z"), ("choices", "b")] + rows)
    #expect(post(owner, more).status == 303, "beside what is new")
    #expect(try text("choices") == "b, z" && text("choice") == "medium" && text("readings").contains("gone"))
    #expect(post(owner, changed(form(owner.get(record + "/edit")), [("choices", "y")])).status == 422)
  }
}
