import Base
@testable import Admin
import CRM
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

/// The audit log, reverting changes, and the overview.
@Suite struct ActivityTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  @Test func `the log is never sorted for a page, unless for what is searched in it`() throws {
    let statements = Mutex<[String]>([])
    let office = try TestApp(trace: { sql in statements.withLock { $0.append(sql) } })
    let owner = try office.visitor(.owner)
    for filter in [
      "", "?type=contact", "?action=contact.created", "?actor=program", "?from=2026-01-01", "?type=company&action=company.created",
    ] {
      #expect(owner.get("/admin/crm/activity\(filter)").status == 200)
    }
    owner.get("/admin/crm")
    let pages = Set(statements.withLock { $0 }.filter { $0.contains("FROM activity") && $0.contains("ORDER BY") })
    #expect(pages.count >= 7)
    for sql in pages {
      let plan = try office.store.read { db in
        try db.all(SQL(raw: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "'x'"))) { $0.text(3) }
      }
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(sql) needs \(plan)")
    }
  }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }
  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }
  private func main(_ response: Response) -> String { response.page.first("//main")?.text ?? "" }

  private func record(_ list: String = "contacts", _ fields: [(String, String)]) throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let response = owner.post("/admin/crm/\(list)", fields + [("status", "active"), ("csrf_token", owner.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  /// Posts the record's own form with some fields changed.
  @discardableResult
  private func change(_ record: String, _ fields: [(String, String)], by visitor: TestClient? = nil) throws -> Response {
    let visitor = visitor ?? owner
    let form = visitor.get(record + "/edit").page
    var posted = form.all("//form[@data-unsaved]//input[@name]").filter {
      !["csrf_token", "name", "company_id"].contains($0["name"] ?? "") || $0["name"] == "company_id"
    }
    .filter { ($0["type"] ?? "") != "checkbox" || $0["checked"] != nil }.map { ($0["name"] ?? "", $0["value"] ?? "") }
    posted.append(("name", form.first("//input[@name='name']")?["value"] ?? ""))
    for select in form.all("//form[@data-unsaved]//select[@name]") where select.all("ancestor::template").isEmpty {
      posted.append((select["name"] ?? "", select.all("option").first { $0["selected"] != nil }?["value"] ?? ""))
    }
    let changed = Set(fields.map(\.0))
    let response = visitor.post(record, posted.filter { !changed.contains($0.0) } + fields + [("csrf_token", visitor.lastToken)])
    try #require(response.status == 303, "\(response.status) \(main(response))")
    return response
  }

  private func lastEntry() throws -> String { try #require(try value("SELECT seq FROM activity ORDER BY seq DESC LIMIT 1")) }

  private func revert(_ record: String, _ entry: String, by visitor: TestClient? = nil) -> Response {
    let visitor = visitor ?? owner
    visitor.get(record)
    return visitor.post(record + "/events/\(entry)/revert", [:])
  }

  // MARK: Reverting

  @Test func `a change is put back, field by field, and that is a change of its own`() throws {
    let acme = try record("companies", [("name", "Acme"), ("city", "Athens"), ("roles", "customer"), ("owner", "")])
    try change(acme, [("city", "Patras"), ("roles", "supplier")])
    let entry = try lastEntry()
    try change(acme, [("phone", "+30 210 5550100")])
    #expect(revert(acme, entry).status == 303)
    #expect(try value("SELECT city || roles || phone FROM companies") == "Athenscustomer+30 210 5550100", "what changed since stays")
    #expect(main(owner.get(acme + "/events")).contains("Restored an earlier version"))
    #expect(revert(acme, try lastEntry()).status == 303)
    #expect(try value("SELECT city || roles FROM companies") == "Patrassupplier", "and can be put back in turn")
  }

  @Test func `after saving there is an undo, and it undoes`() throws {
    let acme = try record("companies", [("name", "Acme"), ("city", "Athens")])
    try change(acme, [("city", "Patras")])
    let page = owner.get(acme)
    let undo = try #require(page.page.first("//form[contains(@action, '/revert')]")?["action"])
    #expect(owner.post(undo, [:]).status == 303)
    #expect(try value("SELECT city FROM companies") == "Athens")
  }

  @Test func `ways to reach somebody and places in companies come back too`() throws {
    _ = try record("companies", [("name", "Acme")])
    _ = try record("companies", [("name", "Beta")])
    let ann = try record(
      "contacts",
      [
        ("name", "Ann"), ("channel_type", "email"), ("channel_label", "work"), ("channel_value", "ann@example.com"),
        ("channel_primary", "primary"),
        ("channel_type", "phone"), ("channel_label", ""), ("channel_value", "+30 210 5550100"), ("channel_primary", "primary"),
        ("company", "Acme"), ("company_id", ""), ("role", "Buyer"), ("department", "Shipping"), ("membership_primary", "primary"),
        ("consent", "email"), ("opted_out", "yes"), ("item_type", "device"), ("item_label", "Clock"), ("item_quantity", "2"),
        ("item_serials", "A1, A2"),
      ])
    let before = try value("SELECT channels || consent || owned_items || company_name || (opted_out_at IS NOT NULL) FROM contacts")
    owner.get(ann + "/edit")
    let version = try #require(owner.get(ann + "/edit").page.first("//input[@name='version']")?["value"])
    let changed = owner.post(
      ann,
      [
        "name": "Ann", "status": "active", "version": version, "channel_type": "email", "channel_label": "",
        "channel_value": "new@example.com",
        "channel_primary": "", "company": "Beta", "company_id": "", "role": "", "department": "", "membership_primary": "primary",
      ])
    #expect(changed.status == 303, "\(main(changed))")
    #expect(try value("SELECT channels || consent || owned_items || company_name || (opted_out_at IS NOT NULL) FROM contacts") != before)
    #expect(revert(ann, try lastEntry()).status == 303)
    #expect(try value("SELECT channels || consent || owned_items || company_name || (opted_out_at IS NOT NULL) FROM contacts") == before)
    #expect(try value("SELECT role || department FROM memberships") == "BuyerShipping")
  }

  @Test func `what has changed again since is shown and not written over`() throws {
    let acme = try record("companies", [("name", "Acme"), ("city", "Athens")])
    try change(acme, [("city", "Patras")])
    let entry = try lastEntry()
    try change(acme, [("city", "Volos")])
    let response = revert(acme, entry)
    #expect(response.status == 409)
    for text in ["Some of these fields have changed since", "Volos", "Athens"] { #expect(main(response).contains(text), "\(text)") }
    #expect(response.page.first("//input[@name='city']")?["value"] == "Athens")
    #expect(try value("SELECT city FROM companies") == "Volos")
    assertSnapshot(of: response, named: "companies/put-back-conflict")
  }

  @Test func `a company that is gone for good is said to be so`() throws {
    let acme = try record("companies", [("name", "Acme")])
    let ann = try record(
      "contacts",
      [("name", "Ann"), ("company", "Acme"), ("company_id", ""), ("role", ""), ("department", ""), ("membership_primary", "primary")])
    try change(ann, [("company", ""), ("company_id", ""), ("role", ""), ("department", ""), ("membership_primary", "")])
    let entry = try lastEntry()
    owner.get(acme)
    owner.post(acme + "/trash", [:])
    owner.get(acme + "/delete")
    owner.post(acme + "/delete", ["confirm": "Acme"])
    let response = revert(ann, entry)
    #expect(response.status == 422)
    #expect(main(response).contains("This company no longer exists. Choose another."))
  }

  @Test func `twice, in the trash, forged, by somebody without the right: each is answered`() throws {
    let acme = try record("companies", [("name", "Acme"), ("city", "Athens")])
    let beta = try record("companies", [("name", "Beta")])
    try change(acme, [("city", "Patras")])
    let entry = try lastEntry()
    #expect(revert(beta, entry).status == 404, "another's entry")
    #expect(revert(acme, "1").status == 404, "nothing to put back")
    #expect(revert(acme, "nonsense").status == 404)
    _ = revert(acme, entry)
    #expect(revert(acme, entry).status == 303)
    #expect(main(owner.get(acme + "/events")).contains("Nothing to change."))
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try #require(try value("SELECT id FROM users WHERE name = 'Fred Factory'"))
    try office.store.write { db in _ = try db.run("UPDATE companies SET owner_id = \(fred)") }
    #expect(revert(acme, entry, by: factory).status == 403)
    #expect(factory.get(acme + "/events").page.first("//form[@class='revert']") == nil)
    owner.get(acme)
    owner.post(acme + "/trash", [:])
    #expect(revert(acme, entry).status == 303)
    #expect(main(owner.get(acme)).contains("Restore it first."))
    #expect(owner.get(acme + "/events").page.first("//form[@class='revert']") == nil)
  }

  // MARK: The log

  @Test func `the log is filtered by who, what, which record and when`() throws {
    let mary = try office.visitor(.manager, name: "Mary Manager")
    let acme = try record("companies", [("name", "Ακμή")])
    _ = try record("contacts", [("name", "Ann Archer")])
    office.wait(seconds: 3 * 86_400)
    mary.get(acme)
    mary.post(acme + "/notes", ["note": "by Mary"])
    let maryID = try #require(try value("SELECT id FROM users WHERE name = 'Mary Manager'"))
    func lines(_ query: String) -> Int { owner.get("/admin/crm/activity" + query).page.all("//ol[@data-live-feed]/li").count }
    #expect(lines("") == 3)
    #expect(lines("?actor=\(maryID)") == 1)
    #expect(lines("?actor=program") == 0)
    #expect(lines("?action=contact.created") == 1)
    #expect(lines("?type=company") == 2)
    #expect(lines("?q=ακμη") == 2)
    #expect(lines("?q=arch") == 1)
    #expect(lines("?q=%22%27%3B--") == 0, "words of nothing")
    let today = String(office.now.text.prefix(10))
    #expect(lines("?from=\(today)") == 1)
    #expect(lines("?until=\(today)") == 3)
    #expect(lines("?from=\(today)&actor=\(maryID)&type=company&action=company.note_added&q=ακ") == 1)
    let bad = owner.get("/admin/crm/activity?from=2026-02-30&type=company")
    #expect(bad.status == 422)
    #expect(main(bad).contains("Invalid date."))
    #expect(bad.page.all("//ol[@data-live-feed]/li").count == 2, "the rest still counts")
    #expect(owner.get("/admin/crm/activity/export.csv?from=2026-02-30").status == 400)
    #expect(owner.get("/admin/crm/activity/export.csv?type=company").text.split(separator: "\r\n").count == 3)
    #expect(try office.visitor(.factory).get("/admin/crm/activity").status == 404)
  }

  @Test func `the export of a search has each entry once, the newest first, however many records are found`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    try office.store.write { db in
      for number in 1...40 {
        let (id, name) = ("r\(number)", number % 4 == 0 ? "Other \(number)" : "Acme \(number)")
        try db.run(
          """
          INSERT INTO contacts (id, name, name_sort, words, created_at, updated_at)
          VALUES (\(id), \(name), \(name.lowercased()), \(name.lowercased()), '', '')
          """)
      }
      for entry in 1...3_000 {
        // Some have many consecutive entries, some few.
        let number = entry % 7 == 0 ? 1 : entry * entry % 40 + 1
        let name = number % 4 == 0 ? "Other \(number)" : "Acme \(number)"
        try db.run(
          """
          INSERT INTO activity (at, actor_name, action, record_type, record_id, record_name)
          VALUES (\(Timestamp(milliseconds: 1_700_000_000_000 + Int64(entry) * 1_000)), 'X',
            \(entry % 3 == 0 ? "contact.updated" : "contact.created"), 'contact', \("r\(number)"), \(name))
          """)
      }
    }
    for filter in ["", "&action=contact.updated", "&until=2023-11-14", "&type=company"] {
      let action: SQL =
        filter.contains("action")
        ? " AND action = 'contact.updated'" : filter.contains("until") ? " AND at < '2023-11-15'" : filter.contains("type") ? " AND 0" : ""
      let wanted = try office.store.read { db in
        try db.all("SELECT at || ',' || record_name FROM activity WHERE record_name LIKE 'Acme%'\(action) ORDER BY seq DESC") { $0.text(0) }
      }
      guard case .stream(let next) = owner.get("/admin/crm/activity/export.csv?q=acme\(filter)").body else {
        Issue.record("the export is no stream")
        return
      }
      var pieces: [[UInt8]] = []
      while let piece = try next() { pieces.append(piece) }
      #expect(String(decoding: pieces[0], as: UTF8.self) == "at,actor,action,record_type,record_id,record,changes\r\n", "at once")
      #expect(pieces.allSatisfy { $0.count < 40_000 }, "no piece grows with the log")
      let lines = String(decoding: pieces.joined(), as: UTF8.self).split(separator: "\r\n").dropFirst()
      let found = lines.map { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        return "\(fields[0]),\(fields[5])"
      }
      #expect(found == wanted, "\(filter): \(found.count) of \(wanted.count)")
      #expect(found.isEmpty == (filter == "&type=company"))
    }
  }

  @Test func `an action that nobody labelled can be read, and pages leave nothing out`() throws {
    let id = RecordID.make(at: office.now)
    try office.store.write { db in
      for n in 0..<120 {
        _ = try db.run(
          """
          INSERT INTO activity (at, actor_name, action, record_type, record_id, record_name)
          VALUES (\(office.now), 'X', 'kite.flown_high', 'contact', \(id), \("n\(n)"))
          """)
      }
    }
    var seen: [String] = []
    var next: String? = "/admin/crm/activity"
    while let page = next {
      let response = owner.get(page)
      seen += response.page.all("//ol[@data-live-feed]/li//p/span[1]").map(\.text)
      #expect(main(response).contains("Kite flown high"))
      next = response.page.first("//a[@rel='next']")?["href"]
    }
    #expect(seen == (0..<120).reversed().map { "n\($0)" })
  }

  @Test func `pages of the log`() throws {
    assertSnapshot(of: owner.get("/admin/crm/activity"), named: "activity/log-empty")
    let acme = try record("companies", [("name", "Acme"), ("city", "Athens"), ("industry", "Food"), ("phone", "+30 210 5550100")])
    try change(acme, [("city", "Patras")])
    owner.get(acme)
    assertSnapshot(of: owner.get("/admin/crm/activity"), named: "activity/log")
    assertSnapshot(of: owner.get("/admin/crm/activity?q=zzz"), named: "activity/log-nothing")
    assertSnapshot(of: owner.get("/admin/crm/activity?from=nonsense"), named: "activity/log-bad-day")
    assertSnapshot(of: owner.get(acme + "/events"), named: "activity/events-with-way-back")
  }

  // MARK: The overview

  @Test func `each row of what needs attention leads to just as many records`() throws {
    _ = try record("companies", [("name", "Lonely")])
    _ = try record("companies", [("name", "Lonely too")])
    let gone = try record("companies", [("name", "Gone")])
    owner.post(gone + "/trash", [:])
    _ = try record("contacts", [("name", "Unreachable")])
    _ = try record("contacts", [("name", "Reachable"), ("email", "a@example.com")])
    let rows = owner.get("/admin/crm").page.all("//a[@class='attention-row']")
    #expect(rows.map(\.text) == ["Companies without a contact: 2", "Contacts without an e-mail or phone: 1"])
    for row in rows {
      let list = owner.get(row["href"] ?? "")
      #expect(list.page.all("//*[@data-rows]/*").count == Int(row.text.split(separator: " ").last ?? ""))
    }
  }

  @Test func `the newest interactions are those of the living that one may see`() throws {
    let factory = try office.visitor(.factory)
    let ann = try record("contacts", [("name", "Ann"), ("email", "a@example.com")])
    let bob = try record("contacts", [("name", "Bob"), ("email", "b@example.com")])
    for (path, text) in [(ann, "with Ann"), (bob, "with Bob")] {
      owner.get(path + "/interactions")
      owner.post(path + "/interactions", ["type": "note", "body": text])
    }
    owner.get(ann + "/interactions")
    owner.post(ann + "/interactions", ["type": "note", "body": "tomorrow", "occurred_at": "2199-01-01T10:00"])
    let page = owner.get("/admin/crm")
    #expect(page.page.all("//ol[@class='happened']/li").count == 2)
    #expect(main(page).contains("with Ann"))
    owner.post(bob + "/trash", [:])
    #expect(!main(owner.get("/admin/crm")).contains("with Bob"))
    #expect(!main(factory.get("/admin/crm")).contains("with Ann"))
    #expect(main(owner.get("/admin/crm")).contains("All clear."))
  }
}
