import Base
@testable import Admin
import CRM
import Foundation
import Imaging
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

/// Files and images: upload, download, deletion.
@Suite struct MediaTests {
  let office: TestApp
  let owner: TestClient
  private let queries: QueryCounter

  init() throws {
    let queries = QueryCounter()
    self.queries = queries
    office = try TestApp(trace: { _ in queries.add() })
    owner = try office.visitor(.owner)
  }

  private func record(_ list: String = "contacts", _ name: String = "Ann Archer") throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let response = owner.post("/admin/crm/\(list)", ["name": name, "status": "active"])
    try #require(response.status == 303, "\(response.text)")
    owner.get(response.location)
    return response.location
  }

  private func id(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

  private func value(_ sql: SQL) throws -> String? { try office.store.read { try $0.text(sql) } }
  private func count(_ sql: SQL) throws -> Int? { try office.store.read { try $0.value(sql) } }
  private func main(_ response: Response) -> String { response.page.first("//main")?.text ?? "" }
  private func file(_ name: String) throws -> String {
    "/admin/crm/files/" + (try #require(try value("SELECT id FROM files WHERE name = \(name) ORDER BY seq DESC LIMIT 1")))
  }

  private func picture(_ name: String = "photo.jpg", seed: UInt64 = 1) throws -> TestClient.File {
    let path = NSTemporaryDirectory() + "picture-\(UInt64.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Imaging.draw(seed: seed, width: 400, height: 300, as: .jpeg, to: path)
    return TestClient.File(name, [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
  }

  private var blobs: Int {
    let enumerator = FileManager.default.enumerator(atPath: office.mediaFolder)
    return (enumerator?.allObjects as? [String] ?? []).filter { $0.utf8.count == 65 && !$0.contains("incoming") }.count
  }

  private var incoming: [String] { (try? FileManager.default.contentsOfDirectory(atPath: office.mediaFolder + "/incoming")) ?? [] }

  // MARK: Upload and download

  @Test func `a file is there as it was, under its name`() throws {
    let ann = try record()
    let response = owner.post(ann + "/files", files: [.init("Προσφορά 1.txt", "hello there")])
    #expect(response.status == 303, "\(response.text)")
    #expect(response.location == ann + "/files")
    let page = owner.get(ann + "/files")
    for text in ["Προσφορά 1.txt", "11 bytes", "Olga Owner", "File added."] { #expect(main(page).contains(text), "\(text)") }
    let sent = owner.get(try file("Προσφορά 1.txt"))
    #expect(sent.text == "hello there")
    #expect(sent.headers["Content-Type"] == "text/plain")
    #expect(sent.headers["Content-Disposition"]?.hasPrefix("attachment; ") == true)
    #expect(sent.headers["X-Content-Type-Options"] == "nosniff")
    #expect(sent.headers["Content-Security-Policy"]?.contains("sandbox") == true)
    #expect(main(owner.get(ann + "/events")).contains("Added a file"))
    #expect(incoming.isEmpty)
  }

  @Test func `parts of a file are sent to who asks for them`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("a.txt", "0123456789")])
    owner.headers = ["Range": "bytes=3-5"]
    let part = owner.get(try file("a.txt"))
    #expect(part.status == 206)
    #expect(part.text == "345")
    #expect(part.headers["Content-Range"] == "bytes 3-5/10")
    owner.headers = ["Range": "bytes=50-"]
    #expect(owner.get(try file("a.txt")).status == 416)
  }

  @Test func `the same content twice is two files and lies there once`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("a.txt", "same"), .init("b.txt", "same")])
    #expect(try count("SELECT count(*) FROM files") == 2)
    #expect(blobs == 1)
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  @Test(arguments: [
    ("photo.png", "<html><script>alert(1)</script></html>", "text/html"),
    ("photo.jpg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "image/svg+xml"),
    ("page.html", "<!DOCTYPE html><script>alert(1)</script>", "text/html"),
  ])
  func `what a browser could run is never shown, whatever it is called`(name: String, content: String, type: String) throws {
    let ann = try record()
    let refused = owner.post(ann + "/images", files: [.init(name, content)])
    #expect(refused.status == 422)
    #expect(main(refused).contains("“\(name)” isn’t a JPEG, PNG, GIF or WebP image"))
    #expect(try count("SELECT count(*) FROM files") == 0)
    #expect(incoming.isEmpty && blobs == 0)
    owner.post(ann + "/files", files: [.init(name, content)])
    #expect(try value("SELECT type FROM files") == type)
    let sent = owner.get(try file(name))
    #expect(sent.headers["Content-Type"] == "application/octet-stream", "no page of ours can run it either")
    #expect(sent.headers["Content-Disposition"]?.hasPrefix("attachment; ") == true)
    #expect(sent.headers["Content-Security-Policy"]?.contains("sandbox") == true)
    #expect(owner.get(try file(name) + "/thumbnail/96").status == 404)
  }

  @Test(arguments: [
    ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\secret.txt", "secret.txt"), ("..", "file"), ("", "file"),
    ("a\u{202E}gpj.exe", "agpj.exe"),
    ("  spaced  .txt ", "spaced  .txt"), (String(repeating: "x", count: 400) + ".pdf", String(repeating: "x", count: 251) + ".pdf"),
  ])
  func `a name is a name and no way to anywhere`(sent: String, kept: String) throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init(sent, "x")])
    #expect(try value("SELECT name FROM files") == kept)
  }

  @Test func `a bomb is refused and a damaged picture too`() throws {
    let ann = try record()
    var bomb = [UInt8]("\u{89}PNG\r\n\u{1A}\n".unicodeScalars.map { UInt8($0.value) })
    bomb += [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0] + [UInt8](repeating: 0, count: 40)
    let response = owner.post(
      ann + "/images",
      files: [.init("bomb.png", bomb), .init("broken.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8)), try picture()])
    #expect(response.status == 422)
    #expect(main(response).contains("“bomb.png” has too many pixels"))
    #expect(main(response).contains("“broken.jpg” is damaged"))
    #expect(try value("SELECT group_concat(name) FROM files") == "photo.jpg", "the good one is in")
    #expect(owner.post(ann + "/files", files: [.init("bomb.png", bomb)]).status == 422)
  }

  @Test func `pictures have small copies`() throws {
    let ann = try record()
    owner.post(ann + "/images", files: [try picture()])
    let path = try file("photo.jpg")
    #expect(owner.get(path).headers["Content-Disposition"]?.hasPrefix("inline; ") == true)
    #expect(owner.get(path + "?save").headers["Content-Disposition"]?.hasPrefix("attachment; ") == true)
    let small = owner.get(path + "/thumbnail/96")
    #expect(small.headers["Content-Type"] == "image/jpeg")
    #expect((small.fileBytes?.count ?? 0) > 100)
    for other in ["97", "x", "480000", "-1"] { #expect(owner.get(path + "/thumbnail/" + other).status == 404) }
    #expect(owner.get(ann + "/images").page.all("//img[@class='']").isEmpty)
  }

  @Test func `nothing chosen, an empty file, too much: each is said`() throws {
    var limits = MediaLibrary.Limits()
    limits.file = 1_000
    limits.total = 1_500
    let office = try TestApp(mediaLimits: limits)
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    let ann = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(ann)
    #expect(main(owner.post(ann + "/files", files: [])).contains("Choose a file first."))
    #expect(main(owner.post(ann + "/files", files: [.init("", "")])).contains("Choose a file first."))
    #expect(main(owner.post(ann + "/files", files: [.init("a.txt", "")])).contains("“a.txt” is empty."))
    #expect(main(owner.post(ann + "/files", files: [.init("a.txt", [UInt8](repeating: 65, count: 1_001))])).contains("is too large"))
    #expect(owner.post(ann + "/files", files: [.init("a.txt", [UInt8](repeating: 65, count: 1_000))]).status == 303)
    owner.get(ann)
    #expect(main(owner.post(ann + "/files", files: [.init("b.txt", [UInt8](repeating: 66, count: 900))])).contains("Not enough storage"))
    let token = owner.lastToken
    #expect(owner.post("/admin/crm/uploads", ["name": "c", "size": "1001"], token: token).status == 413)
    #expect(owner.post("/admin/crm/uploads", ["name": "c", "size": "900"], token: token).status == 507)
    #expect(owner.post("/admin/crm/uploads", ["name": "c", "size": "0"], token: token).status == 422)
    #expect(owner.post("/admin/crm/uploads", ["name": "c", "size": "-4"], token: token).status == 400)
  }

  @Test func `many uploads at once to a new record make one folder`() throws {
    let ann = try record()
    // Each thread has one of its own.
    nonisolated(unsafe) let windows = (0..<50).map { _ in owner.copy() }
    DispatchQueue.concurrentPerform(iterations: 50) { n in
      _ = windows[n].post(ann + "/files", files: [.init("\(n).txt", "content \(n)")])
    }
    #expect(try count("SELECT count(*) FROM files") == 50)
    #expect(try count("SELECT count(*) FROM folders") == 1)
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  @Test func `without the form's token nothing comes in`() throws {
    let ann = try record()
    #expect(owner.post(ann + "/files", files: [.init("a.txt", "x")], token: "forged").status == 403)
    #expect(try count("SELECT count(*) FROM files") == 0)
    #expect(incoming.isEmpty, "\(incoming)")
  }

  @Test func `files that were sent after the session ended wait for their sender`() throws {
    let ann = try record()
    owner.get(ann + "/files")
    office.wait(seconds: 40 * 24 * 3600)
    #expect(owner.post(ann + "/files", files: [.init("late.txt", "kept")]).location.hasPrefix("/sign-in"))
    owner.get("/sign-in")
    let email = try #require(try value("SELECT email FROM users"))
    let page = owner.get(owner.post("/sign-in", ["email": email, "password": TestApp.password]).location)
    let upload = try #require(page.page.first("//input[@name='upload']")?["value"])
    #expect(main(page).contains("late.txt"))
    #expect(owner.post(ann + "/files", files: [], token: nil, upload: upload).status == 303)
    #expect(owner.get(try file("late.txt")).text == "kept")
  }

  @Test func `only who has signed in once may fill the disk`() throws {
    func plan(_ cookie: String?) -> Plan {
      var request = Request(
        id: "1", method: .post, path: ["admin", "crm", "uploads", "x", "bytes"], target: "/admin/crm/uploads/x/bytes", received: office.now)
      if let cookie { request.headers.set("Cookie", "roost_session=" + cookie) }
      return office.pipeline.plan(for: request)
    }
    for stranger in [nil, "short", String(repeating: "x", count: 43)] {
      guard case .runOnWorker(let limit, .write) = plan(stranger) else {
        Issue.record("a stranger's body is streamed to disk")
        continue
      }
      #expect(limit <= 1 << 20)
    }
    guard case .runWithFile = plan(owner.cookie("roost_session")) else {
      Issue.record("a visitor's body is not")
      return
    }
  }

  @Test func `who has no right to bring files fills no disk either, with a session or after it`() throws {
    let ann = try record()
    let member = try office.visitor(.member)
    member.get("/account")
    var request = Request(id: "1", method: .post, path: ["admin", "crm", "files"], target: "/admin/crm/files", received: office.now)
    request.headers.set("Cookie", "roost_session=" + (member.cookie("roost_session") ?? ""))
    guard case .runOnWorker(let limit, .write) = office.pipeline.plan(for: request), limit <= 1 << 20 else {
      Issue.record("their body is streamed to disk")
      return
    }
    try office.store.write { try $0.run("UPDATE sessions SET ended_at = created_at") }
    #expect(member.post(ann + "/files", files: [.init("a.txt", "x")]).location == "/sign-in")
    try office.disableEverybody()
    #expect(owner.post(ann + "/files", files: [.init("a.txt", "x")]).status != 200)
    #expect(try count("SELECT (SELECT count(*) FROM uploads) + (SELECT count(*) FROM kept_forms)") == 0)
    #expect(incoming.isEmpty)
  }

  @Test func `what waits takes room as what is there does`() throws {
    var limits = MediaLibrary.Limits()
    (limits.file, limits.total) = (1_000, 2_500)
    let office = try TestApp(mediaLimits: limits)
    let owner = try office.visitor(.owner)
    func waiting() throws -> Int? { try office.store.read { try $0.value("SELECT coalesce(sum(size), 0) FROM uploads") } }
    owner.get("/admin/crm/contacts/new")
    let ann = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(ann)
    let large = TestClient.File("large.txt", String(repeating: "x", count: 900))
    // An interaction without text comes back with its file pending.
    for _ in 0..<4 { #expect(owner.post(ann + "/interactions", [("type", "nothing")], files: [large]).status == 422) }
    #expect(try waiting() == 1_800)
    let page = owner.post(ann + "/interactions", [("type", "nothing")], files: [large])
    #expect(page.text.contains("Not enough storage for “large.txt”"))
    #expect(owner.post("/admin/crm/uploads", ["name": "more", "size": "800"]).status == 507)
    // An announced upload takes no space; its content does.
    let announced = try (0..<3).map { _ in
      let response = owner.post("/admin/crm/uploads", ["name": "more", "size": "600"])
      return try #require(try JSON(parsing: response.text)["id"]?.string, "\(response.text)")
    }
    let bytes = [UInt8](repeating: 120, count: 600)
    let answers = announced.map {
      owner.post(
        "/admin/crm/uploads/\($0)/bytes?offset=0", streamed: bytes, type: "application/octet-stream",
        headers: ["X-CSRF-Token": owner.lastToken]
      ).status
    }
    #expect(answers == [200, 507, 507])
    try office.store.write { try $0.run("UPDATE sessions SET ended_at = created_at") }
    for _ in 0..<4 { #expect(owner.post(ann + "/files", files: [large]).location == "/sign-in") }
    #expect(owner.get("/sign-in").text.contains("There was no room for large.txt"))
    #expect(office.services.media.bytesOnTheirWay == 2_400)
  }

  @Test func `one upload is taken once, however often a form names it`() throws {
    let ann = try record()
    let upload = try begin(3)
    _ = try send(upload, 0, [1, 2, 3])
    owner.get("/admin/crm/files")
    let twice = [("csrf_token", owner.lastToken), ("upload", upload), ("upload", upload)]
    #expect(owner.post("/admin/crm/files", twice).status == 303)
    #expect(try count("SELECT count(*) FROM files") == 1)
    #expect(owner.post("/admin/crm/files", twice).status == 422)
    owner.get(ann)
    #expect(owner.post(ann + "/files", twice).status == 422)
    #expect(try send(upload, 0, [9, 9, 9]).0 == 404)
    #expect(incoming.isEmpty)
  }

  @Test func `as many files as a form names are taken`() throws {
    let ann = try record()
    let uploads = try (0..<120).map { number in
      let upload = try begin(3, "\(number).txt")
      _ = try send(upload, 0, [1, 2, UInt8(number)])
      return upload
    }
    owner.get(ann)
    let response = owner.post(ann + "/files", [("csrf_token", owner.lastToken)] + uploads.map { ("upload", $0) })
    #expect(response.status == 303)
    #expect(try count("SELECT count(*) FROM files") == 120)
    #expect(incoming.isEmpty)
  }

  /// Unreferenced content removed: a file that arrives before its row could be removed immediately.
  @Test func `a file is made when its row is there`() throws {
    _ = try record()
    let folder = office.mediaFolder + "/incoming"
    let seen = Mutex<[Int]>([])
    office.store.afterWrite {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      seen.withLock { $0.append(names.count) }
    }
    _ = try begin(5)
    #expect(seen.withLock { $0 } == [0])
    #expect(incoming.count == 1)
  }

  @Test func `a piece is no larger than was agreed`() throws {
    var request = Request(
      id: "1", method: .post, path: ["admin", "crm", "uploads", "x", "bytes"], target: "/admin/crm/uploads/x/bytes", received: office.now)
    request.headers.set("Cookie", "roost_session=" + (owner.cookie("roost_session") ?? ""))
    guard case .runWithFile(let limit) = office.pipeline.plan(for: request) else {
      Issue.record("it is not streamed to disk")
      return
    }
    _ = try record()
    let upload = owner.post("/admin/crm/uploads", ["name": "a", "size": "100000000"])
    #expect(try JSON(parsing: upload.text)["piece"]?.int == limit)
  }

  @Test func `nothing comes to an upload that was cancelled`() throws {
    _ = try record()
    let upload = try begin(3)
    #expect(incoming == [upload + ".part"])
    #expect(owner.post("/admin/crm/uploads/\(upload)/cancel", [:]).status == 204)
    #expect(try send(upload, 0, [1, 2, 3]).0 == 404)
    #expect(incoming.isEmpty)
  }

  @Test func `a small copy is made once, however many ask for it`() throws {
    let inspector = CountingInspector()
    let office = try TestApp(inspector: inspector)
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/files")
    owner.post("/admin/crm/files", files: [try picture()])
    let path = "/admin/crm/files/" + (try office.id("SELECT id FROM files")) + "/thumbnail/96"
    // Each thread has one of its own.
    nonisolated(unsafe) let windows = (0..<12).map { _ in owner.copy() }
    DispatchQueue.concurrentPerform(iterations: 12) { n in
      #expect(windows[n].get(path).status == 200)
    }
    #expect(inspector.thumbnails.load(ordering: .relaxed) == 1)
  }

  @Test func `a script whose session has ended is told so, and takes no form's place`() throws {
    let ann = try record()
    office.wait(seconds: 40 * 24 * 3600)
    owner.headers = ["Accept": "application/json"]
    #expect(owner.post("/admin/crm/uploads", ["name": "a", "size": "5"]).status == 401)
    #expect(try count("SELECT count(*) FROM kept_forms") == 0)
    owner.headers = ["Accept": "text/html"]
    #expect(owner.post(ann + "/notes", ["note": "kept"]).status == 303)
    #expect(try count("SELECT count(*) FROM kept_forms") == 1)
  }

  @Test func `the demo office has pictures and papers`() throws {
    let media = office.services.media
    try DemoOffice(contacts: 30, seed: 42).load(into: office.store, media: media, by: nil, named: "Demo", now: office.now)
    #expect(try count("SELECT count(*) FROM files WHERE type LIKE 'image/%'") == 5)
    #expect(try count("SELECT count(*) FROM files WHERE type LIKE 'text/%'") == 7)
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
    #expect(incoming.isEmpty)
  }

  // MARK: Chunked uploads

  private func begin(_ size: Int, _ name: String = "big.bin") throws -> String {
    let response = owner.post("/admin/crm/uploads", ["name": name, "size": String(size)])
    try #require(response.status == 201, "\(response.text)")
    return try #require(try JSON(parsing: response.text)["id"]?.string)
  }

  private func send(_ upload: String, _ offset: Int, _ bytes: [UInt8], by visitor: TestClient? = nil, token: String? = nil) throws -> (
    Int, Int?
  ) {
    let visitor = visitor ?? owner
    let response = visitor.post(
      "/admin/crm/uploads/\(upload)/bytes?offset=\(offset)", streamed: bytes, type: "application/octet-stream",
      headers: ["X-CSRF-Token": token ?? visitor.lastToken])
    return (response.status, try? JSON(parsing: response.text)["offset"]?.int)
  }

  @Test func `a file that comes in pieces goes on where it broke off`() throws {
    let ann = try record()
    let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let upload = try begin(10_000)
    #expect(try send(upload, 0, Array(content[..<4_000])) == (200, 4_000))
    #expect(try send(upload, 0, Array(content[..<4_000])) == (409, 4_000), "twice")
    #expect(try send(upload, 9_000, Array(content[9_000...])) == (409, 4_000), "too early")
    #expect(try send(upload, 4_000, content) == (409, 4_000), "more than was said")
    #expect(owner.post(ann + "/files", files: [], upload: upload).status == 422, "not whole yet")
    #expect(try JSON(parsing: owner.get("/admin/crm/uploads/\(upload)").text)["offset"]?.int == 4_000)
    #expect(try send(upload, 4_000, Array(content[4_000...])) == (200, 10_000))
    owner.get(ann)
    #expect(owner.post(ann + "/files", files: [], upload: upload).status == 303)
    #expect(owner.get(try file("big.bin")).fileBytes == content)
    #expect(try count("SELECT count(*) FROM uploads") == 0)
    #expect(incoming.isEmpty)
  }

  @Test func `an upload is its sender's alone`() throws {
    let upload = try {
      _ = try record(); return try begin(10)
    }()
    let other = try office.visitor(.admin)
    other.get("/admin/crm")
    let ann = try record("contacts", "Bob")
    other.get(ann)
    #expect(try send(upload, 0, [1, 2], by: other).0 == 404)
    #expect(other.get("/admin/crm/uploads/\(upload)").status == 404)
    #expect(other.post(ann + "/files", files: [], upload: upload).status == 422)
    #expect(try send(upload, 0, [1, 2], token: "forged").0 == 403)
    owner.get(ann)
    #expect(owner.post("/admin/crm/uploads/\(upload)/cancel", [:]).status == 204)
    #expect(owner.get("/admin/crm/uploads/\(upload)").status == 404)
  }

  @Test func `what nobody came back for is swept away`() throws {
    _ = try record()
    let old = try begin(10)
    _ = try send(old, 0, [1, 2, 3])
    office.wait(seconds: 23 * 3_600)
    let young = try begin(10)
    _ = try send(young, 0, [1, 2, 3])
    office.wait(seconds: 2 * 3_600)
    try office.keepHouse()
    #expect(incoming == [young + ".part"])
  }

  @Test func `what a script sends after the session ended is not taken for something typed`() throws {
    let ann = try record()
    owner.get(ann + "/comments")
    office.wait(seconds: 40 * 24 * 3600)
    owner.post(ann + "/comments", ["body": "Kept words"])
    #expect(owner.post("/admin/crm/uploads", ["name": "a.txt", "size": "10"]).status == 401)
    owner.get("/sign-in")
    let email = try #require(try value("SELECT email FROM users"))
    let page = owner.get(owner.post("/sign-in", ["email": email, "password": TestApp.password]).location)
    #expect(page.text.contains("Kept words</textarea>"))
    #expect(try count("SELECT count(*) FROM uploads") == 0)
  }

  // MARK: Deletion

  @Test func `a file that is only here goes to the trash, and comes back`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("a.txt", "x")])
    owner.get(ann + "/files")
    let act = ann + "/files/" + id(of: try file("a.txt"))
    #expect(owner.post(act + "/remove", [:]).status == 303)
    #expect(try count("SELECT count(*) FROM files WHERE trashed_at IS NOT NULL") == 1)
    let page = owner.get(ann + "/files")
    #expect(page.text.contains(act + "/link"), "the flash offers undo")
    #expect(main(owner.get("/admin/crm/files?show=trash")).contains("a.txt"))
    owner.post(act + "/link", [:])
    #expect(main(owner.get(ann + "/files")).contains("a.txt"))
  }

  @Test func `a file that is linked elsewhere moves there, and a link is only dropped`() throws {
    let ann = try record()
    let bob = try record("contacts", "Bob")
    owner.post(ann + "/files", files: [.init("a.txt", "x")])
    let file = id(of: try file("a.txt"))
    owner.get(bob)
    #expect(owner.post(bob + "/files/\(file)/link", [:]).status == 303)
    #expect(main(owner.get(bob + "/files")).contains("a.txt"))
    owner.post(bob + "/files/\(file)/link", [:])
    #expect(main(owner.get(bob + "/files")).contains("is already here"))
    owner.post(ann + "/files/\(file)/remove", [:])
    #expect(!owner.get(ann + "/files").page.all("//ul[@class='file-list']/li").contains { $0.text.contains("a.txt") })
    #expect(main(owner.get(bob + "/files")).contains("a.txt"))
    #expect(try count("SELECT count(*) FROM files WHERE trashed_at IS NULL") == 1)
    owner.post(ann + "/files/\(file)/link", [:])
    #expect(main(owner.get(ann + "/files")).contains("a.txt"))
    owner.post(ann + "/files/\(file)/remove", [:])
    #expect(try count("SELECT count(*) FROM file_links") == 0)
    #expect(try count("SELECT count(*) FROM files WHERE trashed_at IS NULL") == 1)
    #expect(owner.post(ann + "/files/\(file)/remove", [:]).status == 404, "it isn't here")
  }

  @Test func `a record that is deleted for good takes its files along, save those that are linked elsewhere`() throws {
    let ann = try record()
    let bob = try record("contacts", "Bob")
    owner.post(ann + "/files", files: [.init("own.txt", "own"), .init("shared.txt", "shared")])
    owner.get(ann)
    owner.post(ann + "/images", files: [try picture()])
    let shared = id(of: try file("shared.txt"))
    owner.get(bob)
    owner.post(bob + "/files/\(shared)/link", [:])
    owner.get(ann)
    owner.post(ann + "/images/\(id(of: try file("photo.jpg")))/avatar", [:])
    owner.post(ann + "/trash", [:])
    owner.get(ann + "/delete")
    #expect(owner.post(ann + "/delete", ["confirm": "Ann Archer"]).status == 303)
    #expect(try value("SELECT group_concat(name) FROM files") == "shared.txt")
    #expect(main(owner.get(bob + "/files")).contains("shared.txt"))
    #expect(blobs == 1)
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
  }

  @Test(arguments: ["", "conte", "content of a and more", "CONTENT OF a", nil])
  func `a damaged file is named by the check, not sent, and healed by bringing it again`(damage: String?) throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("offer.txt", "content of a"), .init("b.txt", "b")])
    let checksum = try #require(try value("SELECT checksum FROM files WHERE name = 'offer.txt'"))
    let path = office.mediaFolder + "/" + checksum.prefix(2) + "/" + checksum.dropFirst(2)
    try FileManager.default.removeItem(atPath: path)
    if let damage { try Data(damage.utf8).write(to: URL(fileURLWithPath: path)) }
    let problems = try crm.check(office.store, mediaFolder: office.mediaFolder)
    #expect(problems.count == 1)
    #expect(
      problems.first?.hasPrefix("the file “offer.txt” is ") == true
        && problems.first?.contains("upload it again, or restore \(path)") == true)
    var quick = Composition.CheckOptions()
    quick.isQuick = true
    let hasSize = damage?.utf8.count == 12
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder, options: quick).isEmpty == hasSize)
    if !hasSize {
      let answer = owner.get(try file("offer.txt"))
      #expect(answer.status == (damage == nil ? 404 : 500))
      #expect(answer.fileBytes == nil)
      if damage != nil { #expect(main(answer).contains("This file is damaged")) }
    }
    owner.post(ann + "/files", files: [.init("again.txt", "content of a")])
    #expect(try crm.check(office.store, mediaFolder: office.mediaFolder).isEmpty)
    #expect(owner.get(try file("offer.txt")).text == "content of a")
  }

  @Test func `what nobody names, what is no file of the library and a folder that is gone are found`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("offer.txt", "content of a")])
    let checksum = try #require(try value("SELECT checksum FROM files"))
    let home = office.mediaFolder + "/" + checksum.prefix(2)
    for name in [String(repeating: "0", count: 62), "notes.bak"] {
      #expect(FileManager.default.createFile(atPath: home + "/" + name, contents: Data("x".utf8)))
    }
    let problems = try crm.check(office.store, mediaFolder: office.mediaFolder)
    #expect(problems.count == 2)
    #expect(
      problems.contains { $0.contains("nothing names the content") }
        && problems.contains { $0.contains("notes.bak doesn’t belong to the library") })
    try FileManager.default.removeItem(atPath: office.mediaFolder)
    let gone = try crm.check(office.store, mediaFolder: office.mediaFolder)
    #expect(gone.count == 1 && gone[0].contains("is missing, and with it the contents of 1 file:"))
    #expect(!FileManager.default.fileExists(atPath: office.mediaFolder), "looking makes nothing")
  }

  @Test func `from the trash of the library a file goes for good, by who may`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("a.txt", "x")])
    let path = try file("a.txt")
    owner.get(ann)
    owner.post(path + "/delete", [:])
    #expect(try count("SELECT count(*) FROM files") == 1, "not from outside the trash")
    owner.post(path + "/trash", [:])
    #expect(main(owner.get(ann + "/events")).contains("Removed a file"), "its record's history knows")
    owner.get("/admin/crm/files")
    owner.post(path + "/restore", [:])
    #expect(main(owner.get(ann + "/events")).contains("Restored a file"))
    owner.get("/admin/crm/files")
    owner.post(path + "/trash", [:])
    let manager = try office.visitor(.manager)
    manager.get("/admin/crm/files?show=trash")
    #expect(manager.post(path + "/delete", [:]).status == 403)
    #expect(owner.post(path + "/delete", [:]).status == 303)
    #expect(try count("SELECT count(*) FROM files") == 0)
    #expect(blobs == 0)
    #expect(owner.get(path).status == 404)
    #expect(main(owner.get(ann + "/events")).contains("Deleted a file permanently"))
  }

  // MARK: Profile pictures

  @Test func `only a picture of its own stands for a record`() throws {
    let ann = try record()
    let bob = try record("contacts", "Bob")
    owner.post(ann + "/images", files: [try picture()])
    owner.get(ann)
    owner.post(ann + "/files", files: [try picture("other.jpg", seed: 2)])
    let photo = id(of: try file("photo.jpg"))
    let other = id(of: try file("other.jpg"))
    owner.get(bob)
    #expect(owner.post(bob + "/images/\(photo)/avatar", [:]).status == 404, "another's")
    #expect(owner.post(ann + "/images/\(other)/avatar", [:]).status == 404, "not among the images")
    #expect(owner.post(ann + "/images/019ac21b-e398-77c6-bb9f-3228744a32bb/avatar", [:]).status == 404)
    #expect(owner.post(ann + "/images/\(photo)/avatar", [:]).status == 303)
    #expect(owner.get(ann).page.first("//img[contains(@class, 'avatar')]")?["src"] == "/admin/crm/files/\(photo)/thumbnail/96")
    let form = owner.get(ann + "/edit")
    let version = try #require(form.page.first("//input[@name='version']")?["value"])
    #expect(owner.post(ann, ["name": "Ann", "status": "active", "version": version, "avatar_id": other]).status == 422, "no form sets it")
    owner.post(ann + "/trash", [:])
    owner.post(ann + "/avatar/clear", [:])
    owner.post(ann + "/images/\(photo)/avatar", [:])
    #expect(try value("SELECT avatar_id FROM contacts WHERE name = 'Ann Archer'") == nil, "nothing is set on a record in the trash")
  }

  @Test func `removing the picture takes it off`() throws {
    let ann = try record()
    owner.post(ann + "/images", files: [try picture()])
    let photo = id(of: try file("photo.jpg"))
    owner.get(ann)
    owner.post(ann + "/images/\(photo)/avatar", [:])
    owner.post(ann + "/images/\(photo)/remove", [:])
    #expect(try value("SELECT avatar_id FROM contacts") == nil)
    #expect(owner.get(ann).page.first("//img[contains(@class, 'avatar')]") == nil)
  }

  // MARK: Access

  @Test func `who may not see a record sees no file of it`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try #require(try value("SELECT id FROM users WHERE name = 'Fred Factory'"))
    let ann = try record()
    let bob = try record("contacts", "Bob")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = \(fred) WHERE name = 'Ann Archer'") }
    owner.post(ann + "/files", files: [.init("ann.txt", "x")])
    owner.get(bob)
    owner.post(bob + "/files", files: [.init("bob.txt", "y")])
    #expect(factory.get(try file("ann.txt")).status == 200)
    #expect(factory.get(try file("bob.txt")).status == 404)
    #expect(factory.get("/admin/crm/files").status == 403)
    #expect(factory.get(ann + "/files").page.first("//form[@data-upload]") == nil)
    #expect(!factory.get("/admin/crm").text.contains("href=\"/admin/crm/files\""))
    owner.get(bob)
    owner.post(ann + "/files/\(id(of: try file("bob.txt")))/link", [:])
    #expect(factory.get(try file("bob.txt")).status == 200, "linked to what they may see")
    #expect(TestClient(office).get(try file("ann.txt")).status == 303)
  }

  @Test func `a record in the trash takes no files, and they wait`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("old.txt", "x")])
    owner.get(ann)
    owner.post(ann + "/trash", [:])
    owner.get(ann)
    #expect(owner.get(ann + "/files").page.first("//form[contains(@action, '/remove')]") == nil)
    owner.post(ann + "/files/\(id(of: try file("old.txt")))/remove", [:])
    #expect(try count("SELECT count(*) FROM files WHERE trashed_at IS NULL") == 1)
    owner.get(ann)
    let response = owner.post(ann + "/files", files: [.init("a.txt", "x")])
    #expect(response.status == 422)
    #expect(main(response).contains("is in the trash. Restore it first; the files wait here."))
    let upload = try #require(response.page.first("//input[@name='upload']")?["value"])
    owner.post(ann + "/restore", [:])
    #expect(owner.post(ann + "/files", files: [], upload: upload).status == 303)
    #expect(owner.get(try file("a.txt")).text == "x")
  }

  // MARK: With interactions

  @Test func `files come along with an interaction, and stay when the form has to come back`() throws {
    let ann = try record()
    let failed = owner.post(ann + "/interactions", [("type", "note"), ("body", "x"), ("zone", "Mars")], files: [.init("a.txt", "hello")])
    #expect(failed.status == 422)
    let upload = try #require(failed.page.first("//input[@name='upload']")?["value"])
    #expect(
      owner.post(ann + "/interactions", [("type", "note"), ("body", "x"), ("upload", upload)], files: [.init("b.txt", "there")]).status
        == 303)
    let page = owner.get(ann + "/interactions")
    #expect(page.page.all("//ul[@class='attached']//a").map { $0["href"] ?? "" } == [try file("a.txt"), try file("b.txt")])
    #expect(main(owner.get(ann + "/files")).contains("a.txt"))
    let path = ann + "/interactions/" + (try #require(try value("SELECT id FROM interactions")))
    let form = owner.get(path + "/edit")
    #expect(form.page.all("//input[@name='attachment']").count == 2)
    let kept = id(of: try file("a.txt"))
    #expect(
      owner.post(
        path, [("type", "note"), ("body", "y"), ("version", "1"), ("occurred_at", "2026-01-01T10:00"), ("attachment", kept)], files: []
      ).status == 303)
    #expect(owner.get(ann + "/interactions").page.all("//ul[@class='attached']//a").count == 1)
    #expect(
      try value("SELECT changes FROM activity WHERE action = 'interaction.updated'")?
        .contains(#"{"field":"file","before":"a.txt\nb.txt","after":"a.txt"}"#) == true)
    #expect(main(owner.get(ann + "/files")).contains("b.txt"), "it stays with the record")
    let forged = owner.post(
      ann + "/interactions", [("type", "note"), ("body", "x"), ("upload", "019ac21b-e398-77c6-bb9f-3228744a32bb")], files: [])
    #expect(forged.status == 422)
    #expect(main(forged).contains("is no longer there. Send it again."))
  }

  @Test func `files that don't fit together hold the interaction back, and none is lost without a word`() throws {
    var limits = MediaLibrary.Limits()
    limits.total = 1_500
    let office = try TestApp(mediaLimits: limits)
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    let ann = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(ann)
    let response = owner.post(
      ann + "/interactions", [("type", "note"), ("body", "Kept words")],
      files: [.init("a.txt", [UInt8](repeating: 65, count: 1_000)), .init("b.txt", [UInt8](repeating: 66, count: 1_000))])
    #expect(response.status == 422)
    #expect(main(response).contains("Not enough storage for “b.txt”"))
    #expect(response.text.contains("Kept words</textarea>"))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM interactions") } == 0)
  }

  @Test func `however many files, it takes the same few queries`() throws {
    let ann = try record()
    owner.post(ann + "/files", files: [.init("a.txt", "a")])
    owner.get(ann)
    owner.post(ann + "/interactions", [("type", "note"), ("body", "x")], files: [.init("i.txt", "i")])
    func cost(_ tab: String) -> Int {
      owner.get(ann + tab)
      let before = queries.count
      owner.get(ann + tab)
      return queries.count - before
    }
    let tabs = ["/files", "/images", "/interactions"]
    let few = tabs.map(cost)
    owner.post(ann + "/files", files: (0..<40).map { .init("\($0).txt", "n\($0)") })
    for n in 0..<5 {
      owner.get(ann)
      owner.post(ann + "/interactions", [("type", "note"), ("body", "\(n)")], files: [.init("i\(n).txt", "i\(n)")])
    }
    #expect(tabs.map(cost) == few)
    #expect(few.allSatisfy { $0 <= 11 }, "\(few)")
  }

  // MARK: The library

  @Test func `shared folders hold what belongs to everybody`() throws {
    _ = try record()
    owner.get("/admin/crm/files")
    #expect(owner.post("/admin/crm/folders", ["name": ""]).status == 422)
    let made = owner.post("/admin/crm/folders", ["name": "Price lists"])
    #expect(made.status == 303)
    #expect(owner.post("/admin/crm/folders", ["name": "Price lists"]).status == 422)
    owner.get("/admin/crm/files")
    let folder = try #require(try value("SELECT id FROM folders WHERE name = 'Price lists'"))
    #expect(owner.post("/admin/crm/files", [("folder", folder)], files: [.init("2026.csv", "a,b\n")]).status == 303)
    #expect(main(owner.get(made.location)).contains("2026.csv"))
    owner.post("/admin/crm/folders/\(folder)/remove", [:])
    #expect(main(owner.get("/admin/crm/files")).contains("isn’t empty"))
    #expect(main(owner.get("/admin/crm/files?q=CSV")).contains("2026.csv"))
    #expect(!main(owner.get("/admin/crm/files?q=nothing")).contains("2026.csv"))
    #expect(owner.get("/admin/crm/files?folder=019ac21b-e398-77c6-bb9f-3228744a32bb").status == 404)
  }

  @Test func `the library says what has not come in whole, and makes no folder for nothing`() throws {
    _ = try record()
    let upload = try begin(10)
    _ = try send(upload, 0, [1, 2, 3])
    let response = owner.post("/admin/crm/files", files: [.init("good.txt", "x")], upload: upload)
    #expect(response.status == 422)
    #expect(main(response).contains("“big.bin” was only partly uploaded. Send it again."))
    #expect(try value("SELECT group_concat(name) FROM files") == "good.txt", "the good one is in")
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/files")
    #expect(owner.post("/admin/crm/files", files: []).status == 422)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM folders") } == 0)
  }

  @Test func `pages of files`() throws {
    let ann = try record()
    assertSnapshot(of: owner.get(ann + "/files"), named: "media/files-empty")
    assertSnapshot(of: owner.get(ann + "/images"), named: "media/images-empty")
    owner.post(ann + "/files", files: [.init("Price <list>.csv", "a,b\n"), .init("letter.pdf", "%PDF-1.7\n")])
    owner.get(ann + "/files")
    assertSnapshot(of: owner.get(ann + "/files"), named: "media/files")
    assertSnapshot(of: owner.post(ann + "/images", files: [.init("page.html", "<html>"), try picture()]), named: "media/images-refused")
    owner.get(ann)
    owner.post(ann + "/images/\(id(of: try file("photo.jpg")))/avatar", [:])
    owner.get(ann + "/images")
    assertSnapshot(of: owner.get(ann + "/images"), named: "media/images")
    assertSnapshot(of: owner.get(ann + "/files/pick?q=p"), named: "media/pick")
    assertSnapshot(of: owner.get(ann + "/files/pick?q=zzz"), named: "media/pick-nothing")
    assertSnapshot(of: owner.get("/admin/crm/files"), named: "media/library")
    assertSnapshot(of: owner.get("/admin/crm/files?show=trash"), named: "media/library-trash-empty")
    owner.post(try file("letter.pdf") + "/trash", [:])
    owner.get("/admin/crm/files")
    assertSnapshot(of: owner.get("/admin/crm/files?show=trash"), named: "media/library-trash")
  }
}

/// Counts its calls.
private final class CountingInspector: FileInspector {
  let thumbnails = Atomic(0)
  private let direct = DirectInspector()

  func facts(of path: String, name: String) -> FileFacts { direct.facts(of: path, name: name) }

  func thumbnail(of path: String, side: Int, to target: String) -> Bool {
    thumbnails.add(1, ordering: .relaxed)
    return direct.thumbnail(of: path, side: side, to: target)
  }

  func drawing(of path: String, width: Int, height: Int, to target: String) -> Bool {
    direct.drawing(of: path, width: width, height: height, to: target)
  }
}
