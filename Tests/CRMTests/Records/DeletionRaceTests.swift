import Base
import Foundation
import Imaging
import Synchronization
import TestKit
import Testing
import Web

@testable import Admin
@testable import CRM
@testable import Store

/// A record is deleted permanently between a handler's read and its write.
@Suite struct DeletionRaceTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  /// Every URL that a record's pages post to, below the record; `{comment}` and the like are replaced by ids of the
  /// record's own.
  private static let acts = [
    "", "/trash", "/restore", "/delete", "/notes", "/notes/{note}", "/notes/{note}/delete", "/notes/{note}/undo",
    "/events/{entry}/revert", "/fields/{field}",
    "/comments", "/comments?answer", "/comments/{comment}", "/comments/{comment}/delete", "/comments/{comment}/undelete",
    "/interactions", "/interactions/{interaction}", "/interactions/{interaction}/delete", "/interactions/{interaction}/restore",
    "/files", "/files/{file}/link", "/files/{file}/remove", "/files/{file}", "/files/{file}/undo", "/files/{file}/move", "/images",
    "/images/{image}/link", "/images/{image}/remove", "/images/{image}", "/images/{image}/undo",
    "/images/{image}/move",
    "/images/{image}/avatar", "/avatar/clear",
  ]

  /// Those of contacts alone.
  private static let actsOfContacts = ["/allow-login", "/remove-login", "/consent", "/archive"]

  @Test func `no act on a record is left out of these tests`() throws {
    let known = Set((Self.acts + Self.actsOfContacts).map { $0.replacing("?answer", with: "").replacing("{image}", with: "{file}") })
    let posted = office.composition.routes.filter {
      $0.method == .post && $0.pattern.hasPrefix("/admin/crm/co") && $0.pattern.contains("/{id}")
    }.compactMap { route in
      route.pattern.split(separator: "/{id}", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init)
    }
    #expect(Set(posted) == known)
  }

  @Test(arguments: actsOfContacts) func `nor is anything done to a contact that is gone`(act: String) throws {
    try `who is too late is told that nothing is there`(list: "contacts", act: act)
  }

  @Test(arguments: ["contacts", "companies"], acts) func `who is too late is told that nothing is there`(list: String, act: String) throws {
    #expect([204, 303].contains(try Scene(self, list, act).post().status), "nothing is in its way otherwise")
    let scene = try Scene(self, list, act)
    let answer = try whileItWaits(scene.post) { db in
      let id = try #require(RecordID(String(scene.record.split(separator: "/").last ?? "")))
      try db.run("UPDATE \(raw: list) SET status_before = 'active', status = 'trashed' WHERE id = \(id) AND status <> 'trashed'")
      _ = try FileStore.purge(id, in: db)
      try db.run("DELETE FROM \(raw: list) WHERE id = \(id)")
    }
    #expect(answer.status == 404, "\(answer.status): \(answer.text.prefix(1_000))")
    #expect(
      try office.store.read { try $0.value("SELECT count(*) FROM \(raw: list)") } == (act == "/delete" ? 0 : 1),
      "only the first scene's is left")
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test(arguments: [
    "/files/{file}/link", "/files/{file}/remove", "/files/{file}", "/files/{file}/move", "/images/{image}/avatar", "/images/{image}/link",
  ])
  func `a file that is deleted for good meanwhile is not there either`(act: String) throws {
    let scene = try Scene(self, "contacts", act)
    let answer = try whileItWaits(scene.post) { db in
      try db.run("DELETE FROM files WHERE id = \(scene.file)")
    }
    #expect(answer.status == 404, "\(answer.status)")
  }

  @Test(arguments: ["/trash", "/restore", "/delete"]) func `nor is one of the library`(act: String) throws {
    let scene = try Scene(self, "contacts", "/files/{file}/remove")
    let file = "/admin/crm/files/" + scene.file
    if act != "/trash" { owner.post(file + "/trash", [:]) }
    let answer = try whileItWaits({ owner.post(file + act, [:]) }) { db in try db.run("DELETE FROM files WHERE id = \(scene.file)") }
    #expect(answer.status == 404, "\(answer.status)")
  }

  /// A request that has read everything and waits for its write transaction when `change` happens.
  private func whileItWaits(_ request: () -> Response, _ change: @escaping (Database) throws -> Void) throws -> Response {
    let store = office.store
    let (begun, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let failure = Mutex<String?>(nil)
    let isAnswered = Atomic(false)
    nonisolated(unsafe) let change = change
    Thread.detachNewThread {
      do {
        try store.write { db in
          begun.signal()
          while !store.isWriterWanted, !isAnswered.load(ordering: .sequentiallyConsistent) { usleep(100) }
          try change(db)
        }
      } catch {
        failure.withLock { $0 = "\(error)" }
      }
      ended.signal()
    }
    begun.wait()
    let answer = request()
    isAnswered.store(true, ordering: .sequentiallyConsistent)
    ended.wait()
    try #require(failure.withLock { $0 } == nil)
    return answer
  }

  /// A record with everything that the acts need, and one act about to run.
  private struct Scene {
    let record: String
    let file: String
    private let path: String
    private let fields: [(String, String)]
    private let upload: TestClient.File?
    private let owner: TestClient
    private static let name = "Race"

    init(_ tests: DeletionRaceTests, _ list: String, _ act: String) throws {
      let owner = tests.owner
      let store = tests.office.store
      self.owner = owner
      owner.get("/admin/crm/\(list)/new")
      let made = owner.post("/admin/crm/\(list)", ["name": "Before", "status": "active"]).location
      record = made
      func value(_ sql: SQL) throws -> String { try store.read { try $0.text(sql) } ?? "" }
      let id = String(made.split(separator: "/").last ?? "")
      func version() throws -> String { try value("SELECT version FROM \(raw: list) WHERE id = \(id)") }
      owner.post(made, ["name": Self.name, "status": "active", "version": try version()])
      var (comment, interaction, image, kept) = ("", "", "", "")
      if act.contains("omment") || act.contains("answer") {
        owner.post(made + "/comments", ["body": "said"])
        comment = try value("SELECT id FROM comments WHERE record_id = \(id)")
        if act.hasSuffix("undelete") { owner.post(made + "/comments/\(comment)/delete", [:]) }
      }
      if act.contains("{interaction}") {
        owner.post(made + "/interactions", ["type": "note", "body": "words"])
        interaction = try value("SELECT id FROM interactions WHERE record_id = \(id)")
        if act.hasSuffix("restore") { owner.post(made + "/interactions/\(interaction)/delete", [:]) }
      }
      var note = ""
      if act.contains("{note}") {
        owner.post(made + "/notes", ["note": "said"])
        note = try value("SELECT json_extract(notes, '$[0].id') FROM \(raw: list) WHERE id = \(id)")
        if act.hasSuffix("undo") { owner.post(made + "/notes/\(note)/delete", [:]) }
      }
      let picture = try Self.picture()
      if act.contains("{file}") {
        // Only pictures move to the images.
        owner.post(made + "/files", files: [act.hasSuffix("/move") ? picture : .init("a.txt", "content of \(id)")])
        kept = try value("SELECT id FROM files ORDER BY seq DESC LIMIT 1")
        if act.hasSuffix("link") { owner.post(made + "/files/\(kept)/remove", [:]) }
      }
      if act.contains("{image}") || act.contains("avatar") {
        owner.post(made + "/images", files: [picture])
        image = try value("SELECT id FROM files WHERE name = 'p.jpg' ORDER BY seq DESC LIMIT 1")
        if act.hasSuffix("link") { owner.post(made + "/images/\(image)/remove", [:]) }
        if act.hasSuffix("clear") { owner.post(made + "/images/\(image)/avatar", [:]) }
      }
      file = kept.isEmpty ? image : kept
      if act.hasSuffix("}/undo"), !file.isEmpty {
        owner.post("\(made)/\(kept.isEmpty ? "images" : "files")/\(file)", ["name": "renamed", "version": "1"])
      }
      if act == "/restore" || act == "/delete" { owner.post(made + "/trash", [:]) }
      let entry = try value("SELECT seq FROM activity WHERE record_id = \(id) AND before IS NOT NULL ORDER BY seq DESC LIMIT 1")
      path =
        made
        + act.replacing("?answer", with: "").replacing("{comment}", with: comment).replacing("{note}", with: note)
        .replacing("/undo", with: "/undo?entry=\(entry)&version=2").replacing(
          "/move", with: "/move?to=\(act.contains("image") ? "files" : "images")"
        ).replacing("{interaction}", with: interaction)
        .replacing("{file}", with: kept).replacing("{image}", with: image).replacing("{entry}", with: entry).replacing(
          "{field}", with: "city")
      upload = act == "/files" ? .init("b.txt", "more of \(id)") : act == "/images" ? picture : nil
      fields =
        switch act {
        case "": [("name", "After"), ("status", "active"), ("version", try version())]
        case "/delete": [("confirm", Self.name)]
        case "/fields/{field}": [("city", "Oslo"), ("version", try version())]
        case "/notes": [("note", "a note")]
        case "/files/{file}", "/images/{image}": [("name", "new name"), ("version", "1")]
        case "/notes/{note}": [("note", "new words"), ("version", "1")]
        case "/comments", "/comments/{comment}": [("body", "new words"), ("version", "1")]
        case "/comments?answer": [("body", "an answer"), ("parent", comment)]
        case "/interactions", "/interactions/{interaction}":
          [("type", "note"), ("body", "new words"), ("version", "1"), ("occurred_at", "2026-01-01T10:00"), ("zone", "UTC")]
        default: []
        }
    }

    func post() -> Response {
      if let upload { return owner.post(path, files: [upload]) }
      return owner.post(path, fields + [("csrf_token", owner.lastToken)])
    }

    private static func picture() throws -> TestClient.File {
      let path = NSTemporaryDirectory() + "picture-\(UInt64.random(in: .min ... .max))"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Imaging.draw(seed: 1, width: 40, height: 30, as: .jpeg, to: path)
      return TestClient.File("p.jpg", [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    }
  }
}
