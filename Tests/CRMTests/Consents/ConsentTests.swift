import Base
import Foundation
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// The history of consent: each change, by whatever way it came, and nothing of it lost.
@Suite struct ConsentTests {
  private let app: TestApp
  private let owner: TestClient

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
  }

  private func contact(_ fields: [(String, String)] = []) throws -> String {
    owner.get("/admin/crm/contacts/new")
    let response = owner.post(
      "/admin/crm/contacts", [("name", "Ann Archer"), ("status", "active"), ("csrf_token", owner.lastToken)] + fields)
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func id(of path: String) throws -> RecordID { try #require(RecordID(String(path.split(separator: "/").last ?? ""))) }

  /// "email+ Olga Owner", the oldest first.
  private func history(_ path: String) throws -> [String] {
    try app.store.read { db in
      try Consent.changes(of: try id(of: path), in: db).reversed().map {
        "\($0.channel)\($0.isGiven ? "+" : "-") \($0.way)\($0.file) \($0.actorName)"
      }
    }
  }

  private func state(_ path: String) throws -> String? {
    try app.store.read { try $0.text("SELECT consent || iif(opted_out_at IS NULL, '', ' out') FROM contacts WHERE id = \(id(of: path))") }
  }

  private func save(_ path: String, _ fields: [(String, String)]) {
    let form = owner.get(path + "/edit").page
    let version = form.first("//form//input[@name='version']")?["value"] ?? ""
    owner.post(path, [("name", "Ann Archer"), ("status", "active"), ("version", version), ("csrf_token", owner.lastToken)] + fields)
  }

  @discardableResult
  private func press(_ path: String, _ fields: [(String, String)], by visitor: TestClient? = nil) -> Response {
    let visitor = visitor ?? owner
    visitor.get(path)
    return visitor.post(path + "/consent", fields + [("csrf_token", visitor.lastToken)])
  }

  @Test func `a form, its undo and the trash leave a history that only grows`() throws {
    let ann = try contact([("consent", "email"), ("consent", "sms")])
    #expect(try history(ann) == ["email+  Olga Owner", "sms+  Olga Owner"])
    save(ann, [("consent", "email"), ("opted_out", "yes")])
    #expect(try state(ann) == "email out")
    #expect(try history(ann).suffix(2) == ["sms-  Olga Owner", "all-  Olga Owner"])
    let entry = try #require(try app.store.read { try $0.value("SELECT max(seq) FROM activity WHERE action = 'contact.updated'") })
    owner.post(ann + "/events/\(entry)/revert", [:])
    #expect(try state(ann) == "email,sms")
    #expect(try history(ann).count == 6)
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    #expect(try history(ann).count == 6)
  }

  @Test func `a change of anything else adds nothing`() throws {
    let ann = try contact([("consent", "email")])
    save(ann, [("consent", "email"), ("city", "Athens")])
    #expect(try history(ann) == ["email+  Olga Owner"])
  }

  @Test(arguments: [false, true]) func `an import adds its file, however many rows it has`(atOnce: Bool) throws {
    let path = NSTemporaryDirectory() + "consents-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "id,name,consent,opted_out\nx1,Bob,\"email, phone\",\nx2,Cid,,yes\nx3,Dan,,\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    var importer = Importer(crm, store: app.store)
    if atOnce { importer.bulkRows = 0 }
    _ = try importer.run("contacts", path: path, skipped: { Issue.record("\($0.line): \($0.reason)") }, progress: { _ in })
    let found = try app.store.read { db in
      try db.all(
        "SELECT c.name || ' ' || h.channel || h.is_given || h.way FROM consent_changes h JOIN contacts c ON c.id = h.contact_id ORDER BY h.seq"
      ) { $0.text(0) }
    }
    #expect(found.sorted() == ["Bob email1import", "Bob phone1import", "Cid all0import"])
  }

  @Test func `consent is given and withdrawn with one press, and with what is known about it`() throws {
    owner.get("/admin/settings/crm/privacy")
    let text = "You may write to me."
    let form = owner.get("/admin/settings/crm/privacy").page
    let version = form.first("//form//input[@name='version']")?["value"] ?? ""
    owner.post("/admin/settings/crm/privacy", [("consent_text", text), ("version", version), ("csrf_token", owner.lastToken)])
    let ann = try contact()
    #expect(press(ann, [("channel", "email"), ("given", "yes")]).status == 303)
    let textVersion = try #require(owner.get(ann).page.first("//input[@name='text']")?["value"])
    press(ann, [("channel", "phone"), ("given", "yes"), ("way", "paper"), ("remark", "At the fair"), ("text", textVersion)])
    press(ann, [("channel", "phone"), ("given", "yes")])
    press(ann, [("channel", "email"), ("given", "no"), ("way", "email")])
    #expect(try history(ann) == ["email+  Olga Owner", "phone+ paper Olga Owner", "email- email Olga Owner"])
    #expect(try state(ann) == "phone")
    let page = owner.get(ann).page
    let shown = page.all("//ol[@class='consent-changes']/li").map(\.text).joined()
    #expect(shown.contains("Consent given: Phone") && shown.contains("At the fair") && shown.contains(text))
    press(ann, [("channel", "all"), ("given", "no")])
    press(ann, [("channel", "all"), ("given", "yes")])
    #expect(try state(ann) == "phone")
    #expect(try history(ann).suffix(2) == ["all-  Olga Owner", "all+  Olga Owner"])
  }

  @Test(arguments: [("channel", "fax"), ("given", "maybe"), ("way", "owl")]) func `nonsense changes nothing`(name: String, value: String)
    throws
  {
    let ann = try contact()
    let fields = [("channel", "email"), ("given", "yes"), ("way", "")].map { $0.0 == name ? (name, value) : $0 }
    #expect(press(ann, fields).status == 400)
    #expect(try history(ann).isEmpty)
  }

  @Test func `who may only read can't change it, and doesn't see the buttons`() throws {
    let ann = try contact([("owner", "")])
    let factory = try app.visitor(.factory, name: "Fay")
    #expect([403, 404].contains(press(ann, [("channel", "email"), ("given", "yes")], by: factory).status))
    #expect(try history(ann).isEmpty)
  }

  @Test func `nobody changes or deletes the history, until the contact is erased`() throws {
    let ann = try contact([("consent", "email")])
    #expect(throws: (any Error).self) { try app.store.write { try $0.run("UPDATE consent_changes SET is_given = 0") } }
    #expect(throws: (any Error).self) { try app.store.write { try $0.run("DELETE FROM consent_changes") } }
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    let page = owner.get(ann + "/delete").page
    #expect(page.first("//ul[@class='goes-along']")?.text.contains("Consent history: 1") == true)
    owner.post(ann + "/delete", [("confirm", "Ann Archer"), ("csrf_token", owner.lastToken)])
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM consent_changes") } == 0)
    #expect(try app.store.read { try $0.text("SELECT counts FROM erasures") }?.contains("Consent history") == true)
  }
}
