import Base
import Dispatch
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// A form that is sent twice does its act once.
@Suite struct SentFormTests {
  let office: TestApp
  let owner: TestClient
  private let contact: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    contact = owner.post("/admin/crm/contacts", ["name": "Ann Archer", "status": "active"]).location
  }

  /// The key of the form with this action on a page.
  private func key(_ page: String, _ action: String, by client: TestClient? = nil) throws -> String {
    let form = try #require(
      (client ?? owner).get(page).page.first("//form[@method='post'][@action='\(action)']"), "\(page) has no form to \(action)")
    return try #require(form.first(".//input[@name='form_key']")?["value"])
  }

  private func count(_ sql: SQL) throws -> Int { try office.store.read { try $0.value(sql) } ?? 0 }

  private var entries: Int { get throws { try count("SELECT count(*) FROM activity") } }

  @Test(arguments: [("contacts", "name"), ("companies", "name"), ("tasks", "title")])
  func `a record is made once, and the second answer leads to it`(list: String, name: String) throws {
    let path = "/admin/crm/" + list
    let form = try key(path + "/new", path)
    let before = try entries
    let first = owner.post(path, [name: "Ben", "form_key": form])
    let second = owner.post(path, [name: "Ben", "form_key": form])
    #expect(first.status == 303 && second.status == 303)
    #expect(first.location == second.location)
    #expect(try entries == before + 1)
    let other = owner.post(path, [name: "Ben", "form_key": try key(path + "/new", path)])
    #expect(other.location != first.location, "a form of its own")
    #expect(owner.post(path, [name: "Ben"]).location != owner.post(path, [name: "Ben"]).location, "without a key")
  }

  @Test func `of files of which one failed, the form that is sent again adds that one`() throws {
    let path = contact + "/files"
    let fields = [("form_key", try key(path, path)), ("csrf_token", owner.lastToken)]
    let files = ["a.txt", "b.txt", "c.txt"].map { TestClient.File($0, "words of " + $0) }
    try office.store.write { db in
      try db.script("CREATE TRIGGER stop BEFORE INSERT ON files WHEN new.name = 'b.txt' BEGIN SELECT raise(ABORT, 'out of order'); END")
    }
    #expect(owner.post(path, fields, files: files).status == 500)
    #expect(try count("SELECT count(*) FROM files") == 1)
    try office.store.write { try $0.script("DROP TRIGGER stop") }
    for _ in 0..<2 {
      #expect(owner.post(path, fields, files: files).status == 303)
      #expect(
        try office.store.read { db in try db.all("SELECT name FROM files ORDER BY name") { $0.text(0) } } == ["a.txt", "b.txt", "c.txt"])
    }
  }

  @Test func `forms that add something to a record add it once`() throws {
    let forms: [(path: String, page: String, fields: [(String, String)], table: SQL)] = [
      ("/comments", "/comments", [("body", "Hello")], "SELECT count(*) FROM comments"),
      ("/notes", "", [("note", "Hello")], "SELECT count(*) FROM contacts, json_each(notes)"),
      (
        "/interactions", "/interactions", [("type", "call"), ("body", "Hello")],
        "SELECT count(*) FROM interactions"
      ),
    ]
    for (path, page, fields, table) in forms {
      let form = try key(contact + page, contact + path)
      let sent = fields + [("form_key", form), ("csrf_token", owner.lastToken)]
      let (first, second) = (owner.post(contact + path, sent), owner.post(contact + path, sent))
      #expect(first.status == 303 && second.status == 303, "\(path): \(first.status), \(second.status)")
      #expect(first.location == second.location)
      #expect(try count(table) == 1, "\(path)")
    }
  }

  @Test func `files come once, in whatever form`() throws {
    let file = TestClient.File("paper.txt", "words")
    for (path, page) in [(contact + "/files", contact + "/files"), ("/admin/crm/files", "/admin/crm/files")] {
      let fields = [("form_key", try key(page, path))]
      let before = try count("SELECT count(*) FROM files")
      let (first, second) = (owner.post(path, fields, files: [file]), owner.post(path, fields, files: [file]))
      #expect(first.status == 303 && second.status == 303)
      #expect(first.location == second.location)
      #expect(try count("SELECT count(*) FROM files") == before + 1, "\(path)")
    }
    let path = contact + "/interactions"
    let fields = [("form_key", try key(path, path)), ("type", "call"), ("body", "with a paper")]
    #expect(owner.post(path, fields, files: [file]).status == 303)
    #expect(owner.post(path, fields, files: [file]).status == 303)
    #expect(try count("SELECT count(*) FROM interactions") == 1 && count("SELECT count(*) FROM files") == 3)
  }

  @Test func `a file that was sent before its form is filed once`() throws {
    let path = contact + "/files"
    let form = try key(path, path)
    let begun = owner.post("/admin/crm/uploads", ["name": "paper.txt", "size": "5"])
    let upload = try #require(try JSON(parsing: begun.text)["id"]?.string)
    var request = owner.post(
      "/admin/crm/uploads/\(upload)/bytes?offset=0", streamed: Array("words".utf8), type: "application/octet-stream",
      headers: ["X-CSRF-Token": owner.lastToken])
    #expect(request.status == 200)
    for _ in 1...2 {
      request = owner.post(path, [("form_key", form)], files: [], upload: upload)
      #expect(request.status == 303 && request.location == path)
    }
    #expect(try count("SELECT count(*) FROM files") == 1)
  }

  @Test func `what takes something away is done once, and says so again`() throws {
    owner.get(contact)
    let trash = contact + "/trash"
    let form = try key(contact, trash)
    #expect(owner.post(trash, ["form_key": form]).location == owner.post(trash, ["form_key": form]).location)
    let delete = try key(contact + "/delete", contact + "/delete")
    let first = owner.post(contact + "/delete", ["confirm": "Ann Archer", "form_key": delete])
    let second = owner.post(contact + "/delete", ["confirm": "Ann Archer", "form_key": delete])
    #expect(first.status == 303 && second.status == 303)
    #expect(first.location == second.location)
    #expect(owner.post(contact + "/delete", ["confirm": "Ann Archer"]).status == 404, "without a key")
  }

  @Test func `an edited comment is edited once`() throws {
    let comment = owner.post(contact + "/comments", ["body": "First"]).location
    let id = try office.id("SELECT id FROM comments")
    owner.get(comment)
    let edit = contact + "/comments/" + id
    let fields: KeyValuePairs = ["body": "Second", "version": "1", "form_key": "abc"]
    #expect(owner.post(edit, fields).status == 303)
    #expect(owner.post(edit, fields).status == 303, "not a conflict with itself")
  }

  @Test func `two at the same time make one`() throws {
    let path = "/admin/crm/contacts"
    let form = try key(path + "/new", path)
    let before = try count("SELECT count(*) FROM contacts")
    nonisolated(unsafe) let clients = (0..<6).map { _ in owner.copy() }
    nonisolated(unsafe) let answers = UnsafeMutablePointer<String>.allocate(capacity: clients.count)
    answers.initialize(repeating: "", count: clients.count)
    DispatchQueue.concurrentPerform(iterations: clients.count) { index in
      answers[index] = clients[index].post(path, ["name": "Ben", "form_key": form]).location
    }
    #expect(Set((0..<clients.count).map { answers[$0] }).count == 1)
    #expect(answers[0].hasPrefix(path + "/"))
    #expect(try count("SELECT count(*) FROM contacts") == before + 1)
    answers.deinitialize(count: clients.count)
    answers.deallocate()
  }

  @Test func `what fails uses no key up, and keeps it`() throws {
    let path = "/admin/crm/contacts"
    let form = try key(path + "/new", path)
    let failed = owner.post(path, ["name": "", "form_key": form])
    #expect(failed.status == 422)
    #expect(failed.page.first("//form[@id='contact-form']//input[@name='form_key']")?["value"] == form)
    #expect(owner.post(path, ["name": "Ben", "form_key": form]).status == 303)
  }

  @Test func `a form that says something else by then acts again, and says so`() throws {
    let path = "/admin/crm/contacts"
    let form = try key(path + "/new", path)
    let first = owner.post(path, ["name": "Ben", "form_key": form])
    let again = owner.post(path, ["name": "Benedict", "form_key": form])
    #expect(again.status == 303 && again.location != first.location)
    #expect(owner.get(again.location).text.contains("Benedict saved. The earlier version of this form was saved too."))
    #expect(owner.post(path, ["name": "Benedict", "form_key": form]).location == again.location)
    #expect(try count("SELECT count(*) FROM contacts WHERE name LIKE 'Ben%'") == 2)
    for n in 1...5 { #expect(owner.post(path, ["name": "Script \(n)", "form_key": form]).status == 303) }
    #expect(try count("SELECT count(*) FROM contacts WHERE name LIKE 'Script%'") == 5)
  }

  @Test func `an edit form that is used again after going back saves again`() throws {
    let form = try key(contact + "/edit", contact)
    #expect(owner.post(contact, ["name": "Ann", "city": "Oslo", "version": "1", "form_key": form]).status == 303)
    #expect(owner.post(contact, ["name": "Ann", "city": "Oslo", "job_title": "Buyer", "version": "1", "form_key": form]).status == 303)
    #expect(try office.id("SELECT city || job_title FROM contacts") == "OsloBuyer")
  }

  @Test func `a key is of one person and one address`() throws {
    let path = "/admin/crm/contacts"
    let other = try office.visitor(.manager, name: "Max Manager")
    other.get(path)
    let first = owner.post(path, ["name": "Ben", "form_key": "abc"]).location
    #expect(other.post(path, ["name": "Ben", "form_key": "abc"]).location != first)
    #expect(owner.post("/admin/crm/companies", ["name": "Ben", "form_key": "abc"]).location.hasPrefix("/admin/crm/companies/"))
    office.wait(seconds: 8 * 24 * 3600)
    try office.keepHouse()
    let later = try office.visitor(.owner, name: "Olga again")
    later.get(path)
    later.post(path, ["name": "Ben", "form_key": "xyz"])
    #expect(try count("SELECT count(*) FROM sent_forms") == 1, "old keys go")
  }

  @Test func `answers and comments of one page have keys of their own`() throws {
    owner.post(contact + "/comments", ["body": "First"])
    let id = try office.id("SELECT id FROM comments")
    let page = owner.get(contact + "/comments?reply=" + id).page
    let keys = page.all("//form[@action='\(contact)/comments']//input[@name='form_key']").compactMap { $0["value"] }
    #expect(keys.count == Set(keys).count)
  }

  @Test func `a form that waits for a session keeps its key`() throws {
    let path = "/admin/crm/contacts"
    let form = try key(path + "/new", path)
    office.wait(seconds: 40 * 24 * 3600)
    #expect(owner.post(path, ["name": "Ben", "form_key": form]).location == "/sign-in")
    owner.get("/sign-in")
    let email = try office.id("SELECT email FROM users")
    let signedIn = owner.post("/sign-in", ["email": email, "password": TestApp.password])
    let page = owner.get(signedIn.location)
    #expect(page.page.first("//form[@id='contact-form']//input[@name='form_key']")?["value"] == form)
  }
}
