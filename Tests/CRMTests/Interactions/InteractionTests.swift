import Base
@testable import Admin
import CRM
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// Interactions: logging, editing, and where they are shown.
@Suite struct InteractionTests {
  let office: TestApp
  let owner: TestClient
  private let queries: QueryCounter

  init() throws {
    let queries = QueryCounter()
    self.queries = queries
    office = try TestApp(trace: { _ in queries.add() })
    owner = try office.visitor(.owner)
  }

  private func record(_ list: String, _ fields: KeyValuePairs<String, String>, by visitor: TestClient? = nil) throws -> String {
    let visitor = visitor ?? owner
    visitor.get("/admin/crm/\(list)/new")
    let response = visitor.post(
      "/admin/crm/\(list)", fields.map { ($0.key, $0.value) } + [("status", "active"), ("csrf_token", visitor.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func contact(_ name: String = "Ann Archer", at company: String? = nil) throws -> String {
    guard let company else { return try record("contacts", ["name": name]) }
    return try record(
      "contacts",
      ["name": name, "company": company, "company_id": "", "role": "", "department": "", "membership_primary": "primary"])
  }

  private func id(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

  @discardableResult
  private func log(_ record: String, _ fields: KeyValuePairs<String, String>, by visitor: TestClient? = nil) throws -> Response {
    let visitor = visitor ?? owner
    visitor.get(record + "/interactions")
    return visitor.post(record + "/interactions", fields)
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }
  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }
  private func main(_ response: Response) -> String { response.page.first("//main")?.text ?? "" }

  // MARK: Logging

  @Test func `all that was typed is kept`() throws {
    let ann = try contact()
    let bob = id(of: try contact("Bob Baker"))
    let response = try log(
      ann,
      [
        "type": "call", "direction": "inbound", "occurred_at": "2026-03-05T09:30", "zone": "Europe/Athens", "duration": "12",
        "outcome": "Will order", "subject": "The clock", "body": "**Two** of them", "party": "contact:\(bob)", "party": "text:Her brother",
      ])
    #expect(response.status == 303)
    #expect(response.location == ann + "/interactions")
    #expect(try value("SELECT type || direction || minutes || outcome || subject FROM interactions") == "callinbound12Will orderThe clock")
    #expect(try value("SELECT occurred_at || zone FROM interactions") == "2026-03-05T07:30:00.000ZEurope/Athens")
    #expect(try value("SELECT u.name FROM interactions JOIN users u ON u.id = logged_by") == "Olga Owner")
    let page = owner.get(ann + "/interactions")
    #expect(page.text.contains("<strong>Two</strong> of them"))
    for text in ["The clock", "Will order", "Bob Baker", "Her brother", "12 minutes"] { #expect(main(page).contains(text), "\(text)") }
    #expect(page.page.all("//a[@class='chip']").map { $0["href"] ?? "" } == ["/admin/crm/contacts/" + bob])
    #expect(main(owner.get(ann + "/events")).contains("Logged an interaction"))
  }

  @Test func `a blank time is now`() throws {
    let ann = try contact()
    #expect(try log(ann, ["type": "note", "body": "x", "occurred_at": ""]).status == 303)
    #expect(try value("SELECT occurred_at FROM interactions") == office.now.text)
  }

  @Test(arguments: [
    ("occurred_at", "2026-02-30T10:00", "Invalid time."), ("occurred_at", "2026-11-20T25:00", "Invalid time."),
    ("occurred_at", "yesterday", "Invalid time."), ("occurred_at", "0202-11-20T10:00", "The year 202 can’t be right."),
    ("zone", "Mars/Base", "Unknown time zone “Mars/Base”."), ("zone", "+02:00:99", "Unknown time zone"),
    ("duration", "-3", "whole minutes"), ("duration", "1.5", "whole minutes"), ("duration", "99999999999999999999", "whole minutes"),
    ("type", "fax", "Choose one of the values offered."), ("direction", "sideways", "Choose one of the values offered."),
    ("subject", String(repeating: "x", count: 256), "At most 255 characters."), ("body", "", "Enter a subject or some text."),
    ("party", "contact:nobody", "couldn’t be read"), ("party", "contact:019ac21b-e398-77c6-bb9f-3228744a32bb", "no longer exists"),
    ("party", "admin:019ac21b-e398-77c6-bb9f-3228744a32bb", "couldn’t be read"), ("party", "text:\u{7}", "couldn’t be read"),
    ("contact_id", "019ac21b-e398-77c6-bb9f-3228744a32bb", "This form has no field “contact_id”."),
  ])
  func `what is wrong is said, and nothing typed is lost`(field: String, bad: String, message: String) throws {
    let ann = try contact()
    owner.get(ann + "/interactions")
    var fields = [("type", "note"), ("body", "Kept words"), ("outcome", "Kept outcome"), ("party", "text:Kept Person")]
    fields.removeAll { $0.0 == field && field != "party" }
    let response = owner.post(ann + "/interactions", fields + [(field, bad), ("csrf_token", owner.lastToken)])
    #expect(response.status == 422, "\(response.status)")
    #expect(main(response).contains(message), "\(main(response))")
    #expect(response.text.contains("value=\"Kept outcome\""))
    #expect(response.text.contains("value=\"text:Kept Person\" checked"))
    #expect(field == "body" || response.text.contains("Kept words</textarea>"))
    #expect(try count("SELECT count(*) FROM interactions") == 0)
    #expect(try count("SELECT count(*) FROM activity WHERE action LIKE 'interaction%'") == 0)
  }

  @Test func `without scripts people are looked up by a button, and nothing is saved by it`() throws {
    let ann = try contact()
    let bob = id(of: try contact("Bob Baker", at: nil))
    let response = try log(ann, ["type": "note", "body": "Kept", "party": "text:Her brother", "party_text": "bak", "find": "yes"])
    #expect(response.status == 200)
    let boxes = response.page.all("//input[@name='party']")
    #expect(boxes.map { $0["value"] ?? "" } == ["text:Her brother", "contact:\(bob)", "text:bak"])
    #expect(boxes.map { $0["checked"] != nil } == [true, false, false])
    #expect(try count("SELECT count(*) FROM interactions") == 0)
  }

  @Test func `a name that is only typed becomes a party by its words`() throws {
    let ann = try contact()
    try log(ann, ["type": "call", "party_text": "  Her   brother "])
    #expect(try value("SELECT name FROM interaction_parties") == "Her   brother")
    #expect(try count("SELECT count(*) FROM interaction_parties WHERE record_id IS NULL AND user_id IS NULL") == 1)
  }

  @Test(arguments: ["%25", "_", "%00", "%27%3B--", "*", "%22", "%5C", "%F0%9F%98%80", "", "%20"])
  func `what a search could take for a sign is only a letter`(q: String) throws {
    _ = try contact()
    let response = owner.get("/admin/crm/parties.json?q=" + q)
    #expect([200, 400].contains(response.status), "\(response.status)")
    #expect(!response.text.contains("contact:"))
  }

  @Test func `somebody twice is there once, and the record itself not at all`() throws {
    let ann = try contact()
    let bob = id(of: try contact("Bob Baker"))
    try log(
      ann,
      [
        "type": "call", "party": "contact:\(bob)", "party": "contact:\(bob)", "party": "contact:\(id(of: ann))", "party": "text:X",
        "party": "text:X",
      ])
    #expect(
      try office.store.read { try $0.all("SELECT name FROM interaction_parties ORDER BY position") { $0.text(0) } } == ["Bob Baker", "X"])
  }

  @Test func `a form that was posted after the session ended comes back filled in`() throws {
    let ann = try contact()
    owner.get(ann + "/interactions")
    office.wait(seconds: 40 * 24 * 3600)
    #expect(owner.post(ann + "/interactions", ["type": "call", "subject": "Kept subject", "party": "text:Kept Person"]).status == 303)
    owner.get("/sign-in")
    let email = try #require(try value("SELECT email FROM users"))
    let signedIn = owner.post("/sign-in", ["email": email, "password": TestApp.password])
    let page = owner.get(signedIn.location)
    #expect(page.text.contains("value=\"Kept subject\""))
    #expect(page.text.contains("value=\"text:Kept Person\" checked"))
    #expect(try count("SELECT count(*) FROM interactions") == 0)
  }

  @Test func `nothing is written on a record in the trash, and what was typed stays`() throws {
    let ann = try contact()
    owner.get(ann + "/interactions")
    let token = owner.lastToken
    owner.post(ann + "/trash", [:])
    let response = owner.post(ann + "/interactions", ["type": "note", "body": "Kept words"], token: token)
    #expect(response.status == 422)
    #expect(main(response).contains("is in the trash. Restore it first"))
    #expect(response.text.contains("Kept words</textarea>"))
    #expect(try count("SELECT count(*) FROM interactions") == 0)
    #expect(owner.get(ann + "/interactions").page.first("//form[@id='interaction-form']") == nil)
  }

  // MARK: Editing

  private func edited(_ record: String) throws -> (path: String, Response) {
    let path = record + "/interactions/" + (try #require(try value("SELECT id FROM interactions ORDER BY seq DESC LIMIT 1")))
    return (path, owner.get(path + "/edit"))
  }

  @Test func `editing keeps what was frozen of those who stay`() throws {
    let ann = try contact()
    let bob = try contact("Bob Baker")
    try log(ann, ["type": "call", "subject": "Before", "party": "contact:\(id(of: bob))", "party": "text:Her brother"])
    let form = owner.get(bob + "/edit")
    let version = try #require(form.page.first("//input[@name='version']")?["value"])
    #expect(owner.post(bob, ["name": "Bob Brewer", "status": "active", "version": version]).status == 303)
    let (path, page) = try edited(ann)
    #expect(page.text.contains("Bob Baker"), "the name of that day")
    let saved = owner.post(
      path,
      [
        "type": "call", "subject": "After", "version": "1", "party": "contact:\(id(of: bob))", "party": "text:New",
        "occurred_at": "2026-01-01T10:00",
      ])
    #expect(saved.status == 303, "\(saved.text)")
    #expect(
      try office.store.read { try $0.all("SELECT name FROM interaction_parties ORDER BY position") { $0.text(0) } } == ["Bob Baker", "New"])
    #expect(main(owner.get(ann + "/events")).contains("Edited an interaction"))
  }

  @Test func `a time that isn't touched keeps its seconds`() throws {
    let ann = try contact()
    try log(ann, ["type": "call", "subject": "Before", "occurred_at": ""])
    let before = try value("SELECT occurred_at FROM interactions")
    let (path, page) = try edited(ann)
    let shown = try #require(page.page.first("//input[@name='occurred_at']")?["value"])
    #expect(owner.post(path, ["type": "call", "subject": "After", "occurred_at": shown, "zone": "UTC", "version": "1"]).status == 303)
    #expect(try value("SELECT occurred_at FROM interactions") == before)
  }

  @Test func `a blank time is no time for what has happened`() throws {
    let ann = try contact()
    try log(ann, ["type": "call", "subject": "Before"])
    let (path, _) = try edited(ann)
    let response = owner.post(path, ["type": "call", "subject": "After", "occurred_at": "", "version": "1"])
    #expect(response.status == 422)
    #expect(main(response).contains("Invalid time."))
  }

  @Test func `two who edit at once both see both versions`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "body": "First"])
    let (path, _) = try edited(ann)
    let other = try office.visitor(.manager, name: "Mary Manager")
    other.get(path + "/edit")
    #expect(other.post(path, ["type": "note", "body": "Mary’s words", "version": "1", "occurred_at": "2026-01-01T10:00"]).status == 303)
    let response = owner.post(path, ["type": "note", "body": "Olga’s words", "version": "1", "occurred_at": "2026-01-01T10:00"])
    #expect(response.status == 409)
    for text in ["Mary Manager", "Mary’s words", "Olga’s words"] { #expect(main(response).contains(text), "\(text)") }
    #expect(response.page.first("//form[@class='conflict']//input[@name='version']")?["value"] == "2")
    #expect(owner.post(path, ["type": "note", "body": "Olga’s words", "version": "2", "occurred_at": "2026-01-01T10:00"]).status == 303)
    #expect(try value("SELECT body FROM interactions") == "Olga’s words")
  }

  @Test func `what two change in different parts of one comes together, and nothing left alone is put back`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First", "occurred_at": "2026-01-01T10:00"])
    let (path, page) = try edited(ann)
    func input(_ name: String) throws -> String {
      try #require(page.page.first("//form[@id='interaction-form']//input[@name='\(name)']")?["value"])
    }
    let (base, when, zone) = (try input("base"), try input("occurred_at"), try input("zone"))
    let mary = try office.visitor(.manager, name: "Mary Manager")
    mary.get(path + "/edit")
    #expect(
      mary.post(path, ["type": "note", "subject": "Mary’s", "body": "First", "version": "1", "occurred_at": when, "zone": zone]).status
        == 303)
    let mine: KeyValuePairs = [
      "type": "note", "subject": "First", "body": "Olga’s", "version": "1", "occurred_at": when, "zone": zone, "base": base,
    ]
    #expect(owner.post(path, mine).status == 303)
    #expect(try value("SELECT subject || body FROM interactions") == "Mary’sOlga’s")
    let conflict = owner.post(
      path,
      [
        "type": "note", "subject": "First", "body": "Later", "outcome": "done", "version": "1", "occurred_at": when, "zone": zone,
        "base": base,
      ])
    #expect(conflict.status == 409)
    #expect(conflict.page.all("//fieldset/legend").map(\.text) == ["Notes"], "only what both changed")
    func hidden(_ page: Response) -> [(String, String)] {
      page.page.all("//form[@class='conflict']//input[@type='hidden']").map { ($0["name"] ?? "", $0["value"] ?? "") }
    }
    #expect(hidden(conflict).contains { $0 == ("subject", "Mary’s") }, "theirs, which I left alone")
    let review = owner.post(path, hidden(conflict) + [("keep_body", "mine"), ("review", "yes")])
    #expect(review.page.first("//form[@id='interaction-form']//textarea[@name='body']")?.text == "Later")
    #expect(owner.post(path, hidden(conflict) + [("keep_body", "theirs"), ("save", "yes")]).status == 303)
    #expect(try value("SELECT subject || body || outcome FROM interactions") == "Mary’sOlga’sdone")
    owner.get(path + "/edit")
    let mine2 = hidden(owner.post(path, mine))
    #expect(mine2.isEmpty, "nobody has changed it since")
    let other = owner.post(
      path, ["type": "note", "subject": "First", "body": "Last", "version": "1", "occurred_at": when, "zone": zone, "base": base])
    #expect(other.status == 409)
    #expect(owner.post(path, hidden(other) + [("keep_body", "mine"), ("save", "yes")]).status == 303)
    #expect(try value("SELECT subject || body FROM interactions") == "Mary’sLast")
  }

  @Test(arguments: [
    ("type", "evil"), ("type", ""), ("direction", "evil"), ("subject", String(repeating: "S", count: 300)),
    ("body", String(repeating: "b", count: 200_000)), ("outcome", String(repeating: "o", count: 300)), ("when", "nonsense"),
    ("duration", "x"), ("party", "text:" + String(repeating: "p", count: 5_000)), ("party", "evil"),
  ])
  func `the other version is read by the rules of any form`(input: String, value: String) throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First", "occurred_at": "2026-01-01T10:00"])
    let (path, _) = try edited(ann)
    let base = JSON.object([.init(name: input, value: .array(value.isEmpty ? [] : [.string(value)]))]).text
    let fields: KeyValuePairs = [
      "type": "note", "subject": "First", "body": "Second", "occurred_at": "2026-01-01T10:00", "version": "1", "base": base,
      "keep_\(input)": "theirs",
    ]
    let before = try self.value("SELECT type || direction || subject || outcome || length(body) FROM interactions")
    let answer = owner.post(path, fields)
    #expect((400..<500).contains(answer.status) || answer.status == 303 && value.isEmpty, "\(answer.status)")
    if answer.status != 303 {
      #expect(try self.value("SELECT type || direction || subject || outcome || length(body) FROM interactions") == before)
    }
    owner.get(ann + "/interactions")
    #expect(owner.post(ann + "/interactions", fields).status < 500)
  }

  @Test func `one’s own other window is told as such`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First", "occurred_at": "2026-01-01T10:00"])
    let (path, page) = try edited(ann)
    let hidden = page.page.all("//form[@id='interaction-form']//input[@type='hidden']").map { ($0["name"] ?? "", $0["value"] ?? "") }
    let rest = try ["occurred_at", "zone"].map { name in
      (name, try #require(page.page.first("//form[@id='interaction-form']//input[@name='\(name)']")?["value"]))
    }
    func save(_ subject: String, _ body: String) -> Response {
      owner.post(path, hidden.filter { $0.0 != "form_key" } + rest + [("type", "note"), ("subject", subject), ("body", body)])
    }
    #expect(save("Second", "First").status == 303)
    #expect(save("First", "Later").status == 303)
    #expect(owner.get(ann + "/interactions").text.contains("Interaction saved. You also changed Subject in another window."))
    let conflict = save("Third", "First")
    #expect(conflict.status == 409 && conflict.text.contains("You saved this in another window"))
    #expect(!conflict.text.contains("Saved by Olga Owner"))
  }

  @Test func `what others changed in between is told`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First", "occurred_at": "2026-01-01T10:00"])
    let (path, page) = try edited(ann)
    let fields = page.page.all("//form[@id='interaction-form']//input[@type='hidden']").map { ($0["name"] ?? "", $0["value"] ?? "") }
    let when = try #require(page.page.first("//input[@name='occurred_at']")?["value"])
    let zone = try #require(page.page.first("//input[@name='zone']")?["value"])
    let rest = [("occurred_at", when), ("zone", zone), ("type", "note")]
    let mary = try office.visitor(.manager, name: "Mary Manager")
    mary.get(path + "/edit")
    let theirs = fields.filter { $0.0 != "csrf_token" && $0.0 != "form_key" } + rest + [("csrf_token", mary.lastToken)]
    #expect(mary.post(path, theirs + [("subject", "Mary’s"), ("body", "First")]).status == 303)
    #expect(owner.post(path, fields + rest + [("subject", "First"), ("body", "Olga’s")]).status == 303)
    #expect(owner.get(ann + "/interactions").text.contains("Interaction saved. Mary Manager changed Subject while you were editing."))
  }

  /// The inputs of an interaction's form as it is open now, without those named.
  private func inputs(_ page: Response, but names: String...) -> [(String, String)] {
    page.page.all("//form[@id='interaction-form']//input[@name]").filter {
      $0["type"] == "radio" || $0["type"] == "checkbox" ? $0["checked"] != nil : !["file", "submit"].contains($0["type"] ?? "")
    }.map { ($0["name"] ?? "", $0["value"] ?? "") }.filter { !names.contains($0.0) && $0.0 != "direction" }
  }

  @Test func `who saved an interaction is named, not who did something with another one`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First"])
    let (path, page) = try edited(ann)
    let (bob, carol) = (try office.visitor(.manager, name: "Bob Manager"), try office.visitor(.manager, name: "Carol Manager"))
    let theirs = inputs(bob.get(path + "/edit"), but: "subject")
    #expect(bob.post(path, theirs + [("subject", "Bob’s"), ("body", "First")]).status == 303)
    for visitor in [carol, owner] { try log(ann, ["type": "note", "body": "Another"], by: visitor) }
    let mine = inputs(page, but: "subject", "csrf_token", "form_key") + [("csrf_token", owner.lastToken)]
    let conflict = owner.post(path, mine + [("subject", "Olga’s"), ("body", "First")])
    #expect(conflict.status == 409)
    #expect(main(conflict).contains("Bob Manager"))
    for name in ["Carol Manager", "Olga Owner"] { #expect(!main(conflict).contains(name), "\(name)") }
    #expect(owner.post(path, mine + [("subject", "First"), ("body", "Olga’s")]).status == 303)
    #expect(main(owner.get(ann + "/interactions")).contains("Bob Manager changed Subject while you were editing."))
  }

  @Test(arguments: [("duration", "soon"), ("occurred_at", "yesterday"), ("zone", "Mars/Base"), ("party", "nobody")])
  func `what can't be read is corrected before anything is chosen, and the conflict is not forgotten`(field: String, bad: String) throws {
    let ann = try contact()
    try log(ann, ["type": "note", "subject": "First", "body": "First", "duration": "5"])
    let (path, page) = try edited(ann)
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let theirs = inputs(mary.get(path + "/edit"), but: "subject", "duration", "zone")
    let hers = [("subject", "Mary’s"), ("body", "First"), ("duration", "10"), ("zone", "Asia/Kolkata")]
    #expect(mary.post(path, theirs + hers).status == 303)
    let mine = inputs(page, but: "subject", field)
    let failed = owner.post(path, mine + [("subject", "Olga’s"), ("body", "First"), (field, bad)])
    #expect(failed.status == 422)
    #expect(failed.page.first("//*[@data-problems]") != nil)
    #expect(field == "party" || failed.page.first("//input[@name='\(field)']")?["value"] == bad, "as it was typed")
    #expect(failed.page.first("//input[@name='subject']")?["value"] == "Olga’s")
    let corrected = inputs(failed, but: field) + [("body", "First"), (field, field == "party" ? "text:Her brother" : "")]
    #expect(owner.post(path, corrected).status == (field == "occurred_at" ? 422 : 409))
    #expect(owner.post(path, inputs(failed, but: field) + [("body", "First"), ("find", "yes")]).status == 200)
    #expect(try value("SELECT subject FROM interactions") == "Mary’s")
  }

  @Test func `a file without room is told even when others have saved in between`() throws {
    var limits = MediaLibrary.Limits()
    (limits.file, limits.total) = (1_000, 1_000)
    let office = try TestApp(mediaLimits: limits)
    let (owner, mary) = (try office.visitor(.owner), try office.visitor(.manager, name: "Mary Manager"))
    owner.get("/admin/crm/contacts/new")
    let ann = owner.post("/admin/crm/contacts", ["name": "Ann Archer", "status": "active"]).location
    owner.get(ann + "/interactions")
    owner.post(ann + "/interactions", ["type": "note", "subject": "First"])
    let path = ann + "/interactions/" + (try office.id("SELECT id FROM interactions"))
    let page = owner.get(path + "/edit")
    #expect(mary.post(path, inputs(mary.get(path + "/edit"), but: "subject") + [("subject", "Mary’s")]).status == 303)
    let mine = inputs(page, but: "subject") + [("subject", "Olga’s")]
    let large = TestClient.File("large.txt", [UInt8](repeating: UInt8(ascii: "x"), count: 1_001))
    let failed = owner.post(path, mine, files: [large])
    #expect(failed.status == 422)
    #expect(failed.text.contains("large.txt"))
    #expect(owner.post(path, inputs(failed)).status == 409)
  }

  @Test func `deleting takes it out of the feed, and undo brings it back`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "body": "Gone and back"])
    let (path, _) = try edited(ann)
    #expect(owner.post(path + "/delete", [:]).location == ann + "/interactions")
    let page = owner.get(ann + "/interactions")
    #expect(!page.page.all("//ol//li").contains { $0.text.contains("Gone and back") })
    #expect(page.text.contains(path + "/restore"), "the flash offers undo")
    #expect(owner.get(path + "/edit").status == 404)
    #expect(main(owner.get(ann + "/events")).contains("Gone and back"), "the history has every word")
    owner.get(ann + "/interactions")
    owner.post(path + "/restore", [:])
    #expect(main(owner.get(ann + "/interactions")).contains("Gone and back"))
    owner.post(path + "/restore", [:])
    #expect(main(owner.get(ann + "/interactions")).contains("Already restored."))
  }

  @Test func `an interaction is changed on its own record's page only`() throws {
    let ann = try contact()
    let bob = try contact("Bob Baker")
    try log(ann, ["type": "note", "body": "Ann’s", "party": "contact:\(id(of: bob))"])
    let foreign = bob + "/interactions/" + (try #require(try value("SELECT id FROM interactions")))
    let feed = owner.get(bob + "/interactions")
    #expect(main(feed).contains("Ann’s"), "it is shown to who took part")
    #expect(feed.page.all("//ol//form").isEmpty, "and not offered for changes there")
    #expect(owner.get(foreign + "/edit").status == 404)
    owner.get(bob + "/interactions")
    #expect(owner.post(foreign, ["type": "note", "body": "Forged", "version": "1"]).status == 404)
    owner.get(bob + "/interactions")
    #expect(owner.post(foreign + "/delete", [:]).status == 404)
    #expect(try value("SELECT body FROM interactions WHERE deleted_at IS NULL") == "Ann’s")
  }

  @Test func `the database itself keeps the anchor`() throws {
    let ann = try contact()
    let bob = id(of: try contact("Bob Baker"))
    try log(ann, ["type": "note", "body": "x"])
    #expect(throws: (any Error).self) { try office.store.write { db in _ = try db.run("UPDATE interactions SET record_id = \(bob)") } }
    #expect(throws: (any Error).self) {
      try office.store.write { db in
        _ = try db.run(
          "INSERT INTO interactions (id, type, occurred_at, created_at, updated_at) VALUES ('x', 'note', '', '', '')")
      }
    }
  }

  // MARK: Feeds

  @Test func `a company's feed holds its own and its people's, and parts of it`() throws {
    let acme = try record("companies", ["name": "Acme"])
    let ann = try contact("Ann Archer", at: "Acme")
    try log(acme, ["type": "note", "body": "About Acme"])
    try log(ann, ["type": "note", "body": "About Ann", "party": "company:\(id(of: acme))"])
    func bodies(_ query: String) -> [String] {
      owner.get(acme + "/interactions" + query).page.all("//ol[@data-live-feed]//div[@class='prose']").map(\.text)
    }
    #expect(bodies("") == ["About Ann", "About Acme"], "each once")
    #expect(bodies("?show=people") == ["About Ann"])
    #expect(bodies("?show=company") == ["About Ann", "About Acme"], "a part in which it took part is its own too")
    #expect(bodies("?show=nonsense") == ["About Ann", "About Acme"])
  }

  @Test func `what belongs to something in the trash is hidden elsewhere, until it is back`() throws {
    let acme = try record("companies", ["name": "Acme"])
    let ann = try contact("Ann Archer", at: "Acme")
    try log(acme, ["type": "note", "body": "About Acme", "party": "contact:\(id(of: ann))"])
    try log(ann, ["type": "note", "body": "About Ann"])
    #expect(main(owner.get(ann + "/interactions")).contains("About Acme"))
    owner.post(acme + "/trash", [:])
    #expect(!main(owner.get(ann + "/interactions")).contains("About Acme"))
    #expect(main(owner.get(acme + "/interactions")).contains("About Acme"), "its own page still has it")
    owner.post(acme + "/restore", [:])
    #expect(main(owner.get(ann + "/interactions")).contains("About Acme"))
    owner.post(ann + "/trash", [:])
    #expect(!main(owner.get(acme + "/interactions")).contains("About Ann"))
  }

  @Test func `a party keeps its words until its record is erased, and links only to what is there`() throws {
    let ann = try contact()
    let bob = try contact("Bob Baker")
    try log(ann, ["type": "note", "body": "x", "party": "contact:\(id(of: bob))"])
    owner.post(bob + "/trash", [:])
    let trashed = owner.get(ann + "/interactions")
    #expect(trashed.page.all("//a[@class='chip']").isEmpty)
    #expect(trashed.page.all("//li//span[@class='chip']").map(\.text) == ["Bob Baker"])
    owner.get(bob + "/delete")
    owner.post(bob + "/delete", ["confirm": "Bob Baker"])
    let page = owner.get(ann + "/interactions")
    #expect(page.page.all("//li//span[@class='chip']").map(\.text) == ["(erased)"])
    let (path, form) = try edited(ann)
    #expect(form.page.all("//input[@name='party']").map { $0["value"] ?? "" } == ["text:(erased)"])
    #expect(
      owner.post(path, ["type": "note", "body": "y", "version": "1", "party": "text:(erased)", "occurred_at": "2026-01-01T10:00"]).status
        == 303)
  }

  @Test func `who sees only their own sees nothing of others' in feeds and pickers`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try #require(try value("SELECT id FROM users WHERE name = 'Fred Factory'"))
    let ann = try contact()
    let bob = try contact("Bob Baker")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = \(fred) WHERE name = 'Ann Archer'") }
    try log(bob, ["type": "note", "body": "Secret of Bob", "party": "contact:\(id(of: ann))"])
    try office.store.write { db in _ = try db.run("UPDATE contacts SET job_title = 'Dean of Arts' WHERE name = 'Bob Baker'") }
    let me = try #require(try value("SELECT id FROM users WHERE name = 'Olga Owner'"))
    owner.get(ann + "/interactions")
    owner.post(
      ann + "/interactions",
      [
        ("type", "note"), ("body", "About Ann"), ("party", "contact:\(id(of: bob))"), ("party", "user:\(me)"),
        ("csrf_token", owner.lastToken),
      ])
    for detail in ["Dean of Arts", "owner.0@example.com"] {
      #expect(owner.get(ann + "/interactions").text.contains(detail))
      #expect(!factory.get(ann + "/interactions").text.contains(detail), "what was said of somebody is for who may see them")
    }
    let page = factory.get(ann + "/interactions")
    #expect(main(page).contains("About Ann"))
    #expect(!main(page).contains("Secret of Bob"))
    #expect(page.page.all("//a[@class='chip']").isEmpty, "the name stands there, without a way to the record")
    #expect(page.page.first("//form[@id='interaction-form']") == nil)
    #expect(!factory.get("/admin/crm/parties.json?q=bob").text.contains("contact:"))
    #expect(owner.get("/admin/crm/parties.json?q=bob").text.contains("contact:\(id(of: bob))"))
    #expect(factory.get(bob + "/interactions").status == 404)
  }

  @Test func `pages of a long feed leave nothing out and repeat nothing`() throws {
    let ann = try contact()
    let contact = id(of: ann)
    try office.store.write { db in
      for n in 0..<173 {
        // Many at the same moment, so that only the number orders them.
        let at = Timestamp(milliseconds: 1_700_000_000_000 + Int64(n / 40) * 60_000).text
        _ = try db.run(
          """
          INSERT INTO interactions (id, record_id, type, body, occurred_at, created_at, updated_at)
          VALUES (\(RecordID.make(at: office.now)), \(contact), 'note', \("n\(n)."), \(at), \(at), \(at))
          """)
      }
    }
    var seen: [String] = []
    var next: String? = ann + "/interactions"
    while let page = next {
      let response = owner.get(page)
      seen += response.page.all("//ol[@data-live-feed]//div[@class='prose']").map(\.text)
      next = response.page.first("//nav[@class='timeline-more']//a[@rel='next']")?["href"]
    }
    #expect(seen == (0..<173).reversed().map { "n\($0)." })
    #expect(owner.get(ann + "/interactions?after=nonsense").status == 400)
  }

  @Test func `a follow-up joins the thread`() throws {
    let ann = try contact()
    try log(ann, ["type": "email", "subject": "Offer", "body": "First", "party": "text:Her brother"])
    let first = try #require(try value("SELECT id FROM interactions"))
    let form = owner.get(ann + "/interactions?follows=\(first)")
    #expect(form.page.first("//input[@name='subject']")?["value"] == "Offer")
    #expect(form.page.first("//input[@name='party']")?["value"] == "text:Her brother")
    try log(ann, ["type": "email", "subject": "Offer", "body": "Second", "follows": first])
    try log(ann, ["type": "email", "subject": "Other", "body": "Third", "follows": "nonsense"])
    #expect(try count("SELECT count(*) FROM interactions WHERE thread = \(first)") == 2)
    #expect(main(owner.get(ann + "/interactions")).contains("Thread of 2"))
    let thread = main(owner.get(ann + "/interactions?thread=\(first)"))
    #expect(thread.contains("Second") && !thread.contains("Third"))
  }

  @Test func `what was deleted is not followed up`() throws {
    let ann = try contact()
    try log(ann, ["type": "email", "subject": "Regretted", "body": "x"])
    let first = try #require(try value("SELECT id FROM interactions"))
    owner.get(ann + "/interactions")
    owner.post(ann + "/interactions/\(first)/delete", [:])
    #expect(!owner.get(ann + "/interactions?follows=\(first)").text.contains("Regretted"))
  }

  @Test func `what happened with a record in the trash stays as it is`() throws {
    let ann = try contact()
    try log(ann, ["type": "note", "body": "Kept"])
    let path = ann + "/interactions/" + (try #require(try value("SELECT id FROM interactions")))
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    #expect(owner.post(path + "/delete", [:]).status == 303)
    #expect(main(owner.get(ann + "/interactions")).contains("Restore it first."))
    #expect(try count("SELECT count(*) FROM interactions WHERE deleted_at IS NULL") == 1)
  }

  @Test func `however long the feed, it takes the same few queries`() throws {
    let acme = try record("companies", ["name": "Acme"])
    let ann = try contact("Ann Archer", at: "Acme")
    let bob = id(of: try contact("Bob Baker"))
    func cost(_ path: String) -> Int {
      let before = queries.count
      _ = owner.get(path)
      return queries.count - before
    }
    try log(ann, ["type": "note", "body": "x", "party": "contact:\(bob)"])
    let (contact, company) = (cost(ann + "/interactions"), cost(acme + "/interactions"))
    for n in 0..<60 { try log(ann, ["type": "call", "subject": "n\(n)", "party": "contact:\(bob)", "party": "text:Another"]) }
    #expect(cost(ann + "/interactions") == contact)
    #expect(cost(acme + "/interactions") == company)
  }

  @Test func `pages of interactions`() throws {
    let acme = try record("companies", ["name": "Acme"])
    let ann = try contact("Ann Archer", at: "Acme")
    assertSnapshot(of: owner.get(ann + "/interactions"), named: "interactions/empty")
    assertSnapshot(of: try log(ann, ["type": "note", "party_text": "acme", "find": "yes"]), named: "interactions/looking-up")
    assertSnapshot(
      of: try log(ann, ["type": "call", "occurred_at": "2026-02-30T10:00", "zone": "Mars", "duration": "x", "subject": "Kept"]),
      named: "interactions/failed")
    try log(
      ann,
      [
        "type": "call", "direction": "outbound", "occurred_at": "2026-03-05T09:30", "zone": "Asia/Kolkata", "duration": "12",
        "outcome": "Will order", "subject": "The <clock>", "body": "**Two** of them\n\n- one\n- [two](https://example.com)",
        "party": "company:\(id(of: acme))", "party": "text:Her brother",
      ])
    assertSnapshot(of: owner.get(ann + "/interactions"), named: "interactions/one")
    assertSnapshot(of: owner.get(acme + "/interactions?show=people"), named: "interactions/people")
    let (path, page) = try edited(ann)
    assertSnapshot(of: page, named: "interactions/edit")
    owner.post(path, ["type": "call", "subject": "Newer", "version": "1", "occurred_at": "2026-03-05T09:30", "zone": "Asia/Kolkata"])
    assertSnapshot(
      of: owner.post(path, ["type": "call", "subject": "Mine", "version": "1", "occurred_at": "2026-03-05T09:30", "zone": "Asia/Kolkata"]),
      named: "interactions/conflict")
    owner.get(ann + "/interactions")
    owner.post(ann + "/trash", [:])
    assertSnapshot(of: owner.get(ann + "/interactions"), named: "interactions/trashed")
  }
}
