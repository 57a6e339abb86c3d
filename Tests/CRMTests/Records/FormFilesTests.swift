import Base
@testable import Admin
import CRM
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Files sent with a record's form, for a field that contains some of its files.
@Suite struct FormFilesTests {
  let office: TestApp
  let owner: TestClient
  private static let path = "/admin/crm/specimens"

  init() throws {
    var limits = MediaLibrary.Limits()
    (limits.file, limits.total) = (1_000, 3_000)
    office = try TestApp(mediaLimits: limits, features: [.specimens])
    owner = try office.visitor(.owner)
  }

  private typealias File = TestClient.File

  private static func paper(_ name: String, _ size: Int = 10) -> File {
    var file = File(name, [UInt8](repeating: UInt8(ascii: "x"), count: size))
    file.field = "papers_file"
    return file
  }

  @discardableResult
  private func post(_ fields: [(String, String)], _ files: [File] = [], to path: String = path) -> Response {
    owner.get(path == Self.path ? path + "/new" : path.contains("/fields/") ? path : path + "/edit")
    return owner.post(path, fields, files: files)
  }

  private func made(_ response: Response) throws -> String {
    try #require(response.status == 303, "\(response.page.all("//*[@class='problems']").map(\.text))")
    return response.location
  }

  /// A file uploaded in chunks, as scripts send it.
  private func sent(_ name: String, _ text: String, by client: TestClient? = nil) throws -> String {
    let client = client ?? owner
    let bytes = Array(text.utf8)
    let begun = client.post("/admin/crm/uploads", ["name": name, "size": String(bytes.count)])
    let id = try #require(begun.text.firstMatch(of: #/"id":"([^"]+)"/#)?.output.1)
    client.post(
      "/admin/crm/uploads/\(id)/bytes?offset=0", streamed: bytes, type: "application/octet-stream",
      headers: ["X-CSRF-Token": client.lastToken])
    return String(id)
  }

  /// Names of the field's files on the record's page.
  private func papers(_ record: String) -> [String] {
    owner.get(record).page.all("//dd//a[starts-with(@href, '/admin/crm/files/')]").map(\.text)
  }

  private func uploads(_ page: Response) -> [String] {
    page.page.all("//input[@name='papers_upload'][@checked or @type='hidden']").map { $0["value"] ?? "" }
  }

  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }
  private func problems(_ page: Response) -> String { page.page.first("//*[@data-problems]")?.text ?? "" }

  // MARK: Accepted

  @Test func `without scripts the form brings files, and the record has them from its first version`() throws {
    let form = owner.get(Self.path + "/new")
    #expect(form.page.first("//form[@id='specimen-form']")?["enctype"] == "multipart/form-data")
    #expect(form.page.first("//input[@name='papers_file']")?["multiple"] != nil)
    let record = try made(post([("name", "A")], [Self.paper("a.txt"), Self.paper("b.txt")]))
    #expect(papers(record).sorted() == ["a.txt", "b.txt"])
    #expect(try count("SELECT version FROM specimens") == 1)
    #expect(try count("SELECT count(*) FROM activity WHERE action = 'file.added'") == 2)
    #expect(owner.get(record + "/files").page.all("//li[@class='file-row']").count == 2)
    #expect(try count("SELECT count(*) FROM uploads") == 0)
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  @Test func `what scripts have sent before is filed by the form, beside what was chosen`() throws {
    let record = try made(post([("name", "A")], [Self.paper("old.txt")]))
    let old = try office.id("SELECT id FROM files")
    owner.get(record + "/edit")
    let upload = try sent("new.txt", "new")
    #expect(post([("name", "A"), ("papers", old), ("papers_upload", upload), ("version", "1")], to: record).status == 303)
    #expect(papers(record).sorted() == ["new.txt", "old.txt"])
    owner.get(record)
    owner.post(record + "/events/\(try count("SELECT max(seq) FROM activity WHERE action = 'specimen.updated'") ?? 0)/revert", [:])
    #expect(papers(record) == ["old.txt"], "putting back leaves the file with the record")
    #expect(owner.get(record + "/files").page.all("//li[@class='file-row']").count == 2)
  }

  @Test func `a field that is changed where it stands takes files too`() throws {
    let record = try made(post([("name", "A")]))
    #expect(owner.get(record + "/fields/papers").page.first("//form[@data-inline-form]")?["enctype"] == "multipart/form-data")
    #expect(post([("version", "1")], [Self.paper("a.txt")], to: record + "/fields/papers").status == 303)
    #expect(papers(record) == ["a.txt"])
  }

  // MARK: Kept

  @Test(arguments: [
    [("name", "")], [("name", "A"), ("date", "soon")], [("name", "A"), ("contact", "No one found")],
    [("name", "A"), ("add_row", "reading")],
  ])
  func `a form that comes back has what was typed and what was sent`(fields: [(String, String)]) throws {
    let answer = post(fields + [("line", "Kept line")], [Self.paper("a.txt")])
    #expect(answer.status == (fields.contains { $0.0 == "add_row" } ? 200 : 422))
    #expect(answer.text.contains("value=\"Kept line\""))
    #expect(try count("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM specimens)") == 0)
    let waiting = uploads(answer)
    #expect(waiting.count == 1)
    let record = try made(owner.post(Self.path, [("name", "A"), ("papers_upload", waiting.first ?? "")], files: []))
    #expect(papers(record) == ["a.txt"])
  }

  @Test func `so does one that somebody else was faster than`() throws {
    let record = try made(post([("name", "A"), ("line", "One")]))
    #expect(post([("name", "A"), ("line", "Two"), ("version", "1")], to: record).status == 303)
    let answer = post([("name", "A"), ("line", "Three"), ("version", "1")], [Self.paper("a.txt")], to: record)
    #expect(answer.status == 409)
    #expect(try count("SELECT count(*) FROM files") == 0)
    let again = [("name", "A"), ("line", "Three"), ("version", "2")] + uploads(answer).map { ("papers_upload", $0) }
    #expect(owner.post(record, again, files: []).status == 303)
    #expect(papers(record) == ["a.txt"])
  }

  @Test func `so does one whose session has ended, and one of a record in the trash`() throws {
    let record = try made(post([("name", "A")]))
    owner.get(record + "/edit")
    office.wait(seconds: 40 * 24 * 3600)
    let late = [("name", "B"), ("line", "Kept line"), ("version", "1")]
    #expect(owner.post(record, late, files: [Self.paper("late.txt")]).location.hasPrefix("/sign-in"))
    owner.get("/sign-in")
    let email = try office.id("SELECT email FROM users")
    let page = owner.get(owner.post("/sign-in", ["email": email, "password": TestApp.password]).location)
    #expect(page.text.contains("value=\"Kept line\""))
    #expect(page.text.contains("late.txt"))
    let waiting = uploads(page).map { ("papers_upload", $0) }
    #expect(waiting.count == 1)
    owner.post(record + "/trash", [:])
    owner.get(record)
    let refused = owner.post(record, late + waiting, files: [Self.paper("more.txt")])
    #expect(refused.status == 422 && problems(refused).contains("is in the trash. Restore it first"))
    owner.post(record + "/restore", [:])
    let version = try count("SELECT version FROM specimens") ?? 0
    let last = uploads(refused).map { ("papers_upload", $0) } + late.filter { $0.0 != "version" } + [("version", "\(version)")]
    #expect(owner.post(record, last, files: []).status == 303)
    #expect(papers(record).sorted() == ["late.txt", "more.txt"])
  }

  // MARK: Refused

  private static let refusals: [(files: [File], problem: String)] = [
    ([paper("a.txt", 0)], "“a.txt” is empty."), ([paper("a.txt", 1_001)], "“a.txt” is too large: 1.0 KB at most."),
    (
      [paper("a.txt", 900), paper("b.txt", 900), paper("c.txt", 900), paper("d.txt", 900)],
      "Not enough storage for “d.txt”."
    ),
  ]

  @Test(arguments: refusals.indices) func `what the Files tab refuses a form refuses, in the same words, and writes nothing`(index: Int)
    throws
  {
    let (files, problem) = Self.refusals[index]
    let answer = post([("name", "A"), ("line", "Kept line")], files)
    #expect(answer.status == 422)
    #expect(problems(answer).contains(problem), "\(problems(answer))")
    #expect(answer.text.contains("value=\"Kept line\""))
    #expect(uploads(answer).count == files.count - 1, "the others wait")
    #expect(try count("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM specimens)") == 0)
  }

  @Test func `each refusal is told, and leads to where it stands`() throws {
    let answer = post([("name", "A")], [Self.paper("a.txt", 0), Self.paper("b.txt", 1_001)])
    let links = answer.page.all("//*[@data-problems]//a")
    #expect(links.count == 2)
    for link in links {
      let target = (link["href"] ?? "").dropFirst()
      #expect(answer.page.first("//*[@id='\(target)']") != nil, "\(target)")
    }
  }

  @Test func `an upload is its sender's alone, whole, and taken once`() throws {
    let other = try office.visitor(.owner, name: "Other")
    other.get(Self.path + "/new")
    owner.get(Self.path + "/new")
    let theirs = try sent("theirs.txt", "x", by: other)
    let (mine, begun) = (try sent("mine.txt", "x"), owner.post("/admin/crm/uploads", ["name": "half.txt", "size": "9"]))
    let half = String(try #require(begun.text.firstMatch(of: #/"id":"([^"]+)"/#)?.output.1))
    for (upload, problem) in [(theirs, "is no longer there. Send it again."), (half, "“half.txt” was only partly uploaded.")] {
      let answer = post([("name", "A"), ("papers_upload", upload)])
      #expect(answer.status == 422 && problems(answer).contains(problem), "\(problems(answer))")
    }
    #expect(papers(try made(post([("name", "A"), ("papers_upload", mine), ("papers_upload", mine)]))) == ["mine.txt"])
    #expect(post([("name", "B"), ("papers_upload", mine)]).status == 422)
  }

  @Test func `a field holds so many files and no more`() throws {
    let files = (0...FilesField.most).map { Self.paper("\($0).txt", 1) }
    let answer = post([("name", "A")], files)
    #expect(answer.status == 422 && problems(answer).contains("At most 50 files."))
    #expect(try count("SELECT count(*) FROM files") == 0)
    #expect(uploads(answer).count == files.count)
  }

  @Test func `only somebody who may change such records streams files to the disk`() throws {
    func plan(_ client: TestClient?) -> Plan {
      var request = Request(id: "1", method: .post, path: ["admin", "crm", "specimens"], target: Self.path, received: office.now)
      if let cookie = client?.cookie("roost_session") { request.headers.set("Cookie", "roost_session=" + cookie) }
      return office.pipeline.plan(for: request)
    }
    let member = try office.visitor(.member)
    for client in [nil, member] {
      guard case .runOnWorker(let limit, .write) = plan(client), limit <= 1 << 20 else {
        Issue.record("their body is streamed to disk")
        continue
      }
    }
    guard case .runWithFile = plan(owner) else {
      Issue.record("a visitor's body is not")
      return
    }
  }
}
