@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Templating
import TestKit
import Testing
import Web
import XML

/// Notes are changed and deleted by those who wrote them.
@Suite struct NoteTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func record(_ list: String = "contacts") throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let name = list == "tasks" ? "title" : "name"
    let status = list == "tasks" ? "open" : "active"
    let response = owner.post("/admin/crm/\(list)", [name: "Ann Archer", "status": status])
    try #require(response.status == 303, "\(response.text)")
    let path = String(response.location.prefix { $0 != "?" })
    owner.get(path)
    return path
  }

  /// A note by somebody, and its address.
  private func note(_ text: String, on record: String, by author: TestClient) throws -> String {
    author.get(record)
    try #require(author.post(record + "/notes", ["note": text]).status == 303)
    author.get(record)
    return try "\(record)/notes/\(#require(notes(of: record).first { $0["text"]?.string == text }?["id"]?.string))"
  }

  private func notes(of record: String) throws -> [JSON] {
    let parts = record.split(separator: "/").map(String.init)
    let stored = try office.store.read { try $0.text("SELECT notes FROM \(raw: parts[2]) WHERE id = \(parts[3])") }
    return try JSON(parsing: stored ?? "[]").array ?? []
  }

  private func texts(of record: String) throws -> [String] { try notes(of: record).map { $0["text"]?.string ?? "" } }

  @Test(arguments: ["contacts", "companies", "tasks"]) func `its author edits a note, and takes that back`(list: String) throws {
    let ann = try record(list)
    let text = "**Prefers** mornings\n- and tea, not `coffee`"
    let first = try note("First", on: ann, by: owner)
    let address = try note(text, on: ann, by: owner)
    let form = owner.get(address + "/edit")
    #expect(form.text.contains(">\(text)</textarea>"), "as it was typed")
    #expect(form.page.first("//form[@data-inline-form]")?["action"] == address)
    office.wait(seconds: 60)
    let saved = owner.post(address, ["note": "*Prefers* evenings", "version": "1"])
    #expect(saved.status == 303 && saved.location == ann + "#notes")
    let page = owner.get(ann)
    #expect(page.text.contains("*Prefers* evenings") && !page.text.contains("mornings"))
    #expect(page.page.first("//li[@class='note']/footer/span")?.text.contains("edited") == true)
    let events = owner.get(ann + "/events").text
    #expect(events.contains("Edited a note") && events.contains("mornings") && events.contains("evenings"))
    #expect(try texts(of: ann) == ["First", "*Prefers* evenings"])
    let undo = try #require(page.page.first("//form[contains(@action, '/undo?entry=')]")?["action"])
    #expect(owner.post(undo, [:]).location == ann + "#notes")
    #expect(try texts(of: ann) == ["First", text])
    owner.post(undo, [:])
    #expect(owner.get(ann).text.contains("The note has been changed since."))
    #expect(owner.get(first + "/edit").status == 200)
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `a deleted note is in the history, and comes back where it was`() throws {
    let ann = try record()
    for text in ["one", "three"] {
      _ = try note(text, on: ann, by: owner)
      office.wait(seconds: 10)
    }
    let before = try notes(of: ann)
    let address = "\(ann)/notes/\(before[0]["id"]?.string ?? "")"
    #expect(owner.post(address + "/delete", [:]).status == 303)
    #expect(try texts(of: ann) == ["three"])
    #expect(owner.get(ann + "/events").text.contains("Deleted a note"))
    owner.post(address + "/delete", [:])
    #expect(owner.get(ann).text.contains("Note already deleted."))
    let entry = try office.id("SELECT seq FROM activity WHERE action = 'note.deleted'")
    #expect(owner.post(address + "/undo?entry=\(entry)", [:]).status == 303)
    #expect(try notes(of: ann) == before)
    for other in ["1", "999999", "x", ""] {
      #expect([400, 404].contains(owner.post(address + "/undo?entry=\(other)", [:]).status), "\(other)")
    }
  }

  @Test func `who wrote a note edits it, who has all rights deletes it, and nobody else does either`() throws {
    let ann = try record()
    let (author, other, admin) = (try office.visitor(.manager, name: "Mary"), try office.visitor(.manager), try office.visitor(.admin))
    let factory = try office.visitor(.factory)
    let address = try note("by Mary", on: ann, by: author)
    #expect(author.get(ann).text.contains(address + "/edit") && author.get(ann).text.contains(address + "/delete"))
    for visitor in [other, admin, factory] {
      visitor.get(ann)
      #expect([403, 404].contains(visitor.get(address + "/edit").status))
      #expect(!visitor.get(ann).text.contains(address + "/edit"))
      #expect([403, 404].contains(visitor.post(address, ["note": "forged", "version": "1"]).status))
    }
    #expect(!other.get(ann).text.contains(address + "/delete"))
    #expect(other.post(address + "/delete", [:]).status == 403)
    #expect([403, 404].contains(factory.post(address + "/delete", [:]).status))
    #expect(try texts(of: ann) == ["by Mary"])
    #expect(admin.get(ann).text.contains(address + "/delete"))
    #expect(admin.post(address + "/delete", [:]).status == 303)
    #expect(try texts(of: ann) == [])
  }

  @Test func `a note that came with a file is edited by those who have all rights`() throws {
    let path = NSTemporaryDirectory() + "notes-\(UInt64.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func bring() throws {
      try Data("id,name,notes\n1,Ann Archer,From the old system\n".utf8).write(to: URL(fileURLWithPath: path))
      let (now, languages) = (office.now, try Languages(folder: TestApp.resources + "/Templates/languages").available)
      let importer = Importer(crm, store: office.store, clock: Clock { now }, languages: languages)
      _ = try importer.run("contacts", path: path, options: Importer.Options(), skipped: { _ in }, progress: { _ in })
    }
    try bring()
    let ann = "/admin/crm/contacts/" + (try office.id("SELECT id FROM contacts"))
    let manager = try office.visitor(.manager)
    let address = try "\(ann)/notes/\(#require(notes(of: ann).first?["id"]?.string))"
    manager.get(ann)
    #expect(manager.post(address, ["note": "x", "version": "1"]).status == 403)
    #expect(manager.post(address + "/delete", [:]).status == 403)
    owner.get(ann)
    #expect(owner.post(address, ["note": "Corrected", "version": "1"]).status == 303)
    // The same file brings neither what was corrected nor what was deleted once more.
    try bring()
    #expect(try texts(of: ann) == ["Corrected"])
    #expect(owner.post(address + "/delete", [:]).status == 303)
    try bring()
    #expect(try texts(of: ann) == [])
  }

  @Test func `two windows with one note lose nothing`() throws {
    let ann = try record()
    let address = try note("Base", on: ann, by: owner)
    #expect(owner.post(address, ["note": "First window", "version": "1"]).status == 303)
    let conflict = owner.post(address, ["note": "Second window", "version": "1"])
    #expect(conflict.status == 409)
    #expect(conflict.page.first("//textarea[@name='note']")?.text == "Second window")
    #expect(conflict.page.first("//blockquote")?.text == "First window")
    #expect(try texts(of: ann) == ["First window"])
    let version = try #require(conflict.page.first("//input[@name='version']")?["value"])
    #expect(owner.post(address, ["note": "Second window", "version": version]).status == 303)
    #expect(try texts(of: ann) == ["Second window"])
    #expect(owner.post(address + "/delete", [:]).status == 303)
    let gone = owner.post(address, ["note": "Third window", "version": "3"])
    #expect(gone.status == 409)
    #expect(gone.page.first("//textarea[@name='note']")?.text == "Third window")
    let action = try #require(gone.page.first("//form[@data-inline-form]")?["action"])
    #expect(owner.post(action, ["note": "Third window"]).status == 303)
    #expect(try texts(of: ann) == ["Third window"])
  }

  @Test func `nothing is noted at a record in the trash`() throws {
    let ann = try record()
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    let refused = owner.post(ann + "/notes", ["note": "Too late"])
    #expect(refused.status == 422 && refused.text.contains("is in the trash. Restore it first"))
    let field = refused.page.first("//textarea[@name='note']")
    #expect(field?.text == "Too late" && field?["aria-invalid"] == "true", "what was typed stays")
    #expect(try texts(of: ann) == [])
    owner.post(ann + "/restore", [:])
    #expect(owner.post(ann + "/notes", ["note": field?.text ?? ""]).status == 303)
  }

  @Test(arguments: [[("note", String(repeating: "x", count: 20_001))], [("note", "Kept"), ("colour", "red")]])
  func `a note that can't be added stays in its field`(fields: [(String, String)]) throws {
    let ann = try record()
    let refused = owner.post(ann + "/notes", fields + [("csrf_token", owner.lastToken)])
    #expect(refused.status == 422)
    #expect(refused.page.first("//textarea[@name='note']")?.text == fields[0].1)
    #expect(refused.page.first("//p[@id='f-note-error']") != nil)
    #expect(try texts(of: ann) == [])
  }

  @Test(arguments: ["", "   ", String(repeating: "x", count: 20_001), " \u{7}\u{200B}"])
  func `what is no note is refused, and stays in the form`(text: String) throws {
    let ann = try record()
    let address = try note("Base", on: ann, by: owner)
    let response = owner.post(address, ["note": text, "version": "1"])
    #expect(response.status == 422)
    #expect(response.page.first("//textarea[@name='note']")?["aria-invalid"] == "true")
    #expect(try texts(of: ann) == ["Base"])
  }

  @Test func `nothing is done to the notes of a record in the trash`() throws {
    let ann = try record()
    let address = try note("Base", on: ann, by: owner)
    owner.post(ann + "/trash", [:])
    #expect(!owner.get(ann).text.contains(address + "/"))
    let response = owner.post(address, ["note": "Typed", "version": "1"])
    #expect(response.status == 422 && response.text.contains("Restore it first") && response.text.contains("Typed</textarea>"))
    owner.post(address + "/delete", [:])
    #expect(try texts(of: ann) == ["Base"])
  }

  @Test func `an edit whose session has ended is there after signing in`() throws {
    let ann = try record()
    let address = try note("Base", on: ann, by: owner)
    office.wait(seconds: 40 * 24 * 3_600)
    owner.post(address, ["note": "Typed late", "version": "1"])
    owner.get("/sign-in")
    let email = try office.id("SELECT email FROM users")
    let page = owner.get(owner.post("/sign-in", ["email": email, "password": TestApp.password]).location)
    #expect(page.text.contains("Typed late</textarea>"))
    #expect(owner.post(address, ["note": "Typed late", "version": "1"]).status == 303)
    #expect(try texts(of: ann) == ["Typed late"])
  }

  @Test func `notes from before have ids and authors after the upgrade`() throws {
    let store = try Store.temporary()
    try store.migrate(crm.migrations.filter { !$0.name.hasPrefix("2026-11-30-note-ids") && $0.day < "2026-12-01" })
    try store.write { db in
      try db.script(
        """
        INSERT INTO users (id, email, email_key, name, created_at) VALUES ('u1', 'a@example.com', 'a@example.com', 'Olga', ''),
          ('u2', 'b@example.com', 'b@example.com', 'Olga', '');
        INSERT INTO contacts (id, name, name_sort, words, notes, created_at, updated_at) VALUES
          ('c1', 'Ann', 'ann', 'ann', '[{"text":"old","by":"Roost","at":"1"},{"text":"**new**","by":"Olga","at":"2"}]', '', ''),
          ('c2', 'Ben', 'ben', 'ben', '[]', '', '');
        INSERT INTO activity (at, actor_id, actor_name, action, record_type, record_id, record_name) VALUES
          ('1', NULL, 'Roost', 'contact.created', 'contact', 'c1', 'Ann'), ('2', 'u2', 'Olga', 'contact.note_added', 'contact', 'c1', 'Ann');
        """)
    }
    try store.migrate(crm.migrations)
    let stored = try #require(try store.read { try $0.text("SELECT notes FROM contacts WHERE id = 'c1'") })
    let notes = Note.list(stored)
    #expect(notes.map(\.text) == ["**new**", "old"])
    let authors: [String?] = notes.map(\.authorID)
    #expect(authors == ["u2", nil])
    #expect(notes.allSatisfy { RecordID($0.id) != nil } && notes[0].id != notes[1].id)
    #expect(try store.read { try $0.text("SELECT notes FROM contacts WHERE id = 'c2'") } == "[]")
  }
}
