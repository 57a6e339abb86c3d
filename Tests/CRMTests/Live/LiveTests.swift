import Base
import Foundation
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Live updates on open pages.
@Suite struct LiveTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func contact(_ name: String) throws -> String {
    owner.get("/admin/crm/contacts/new")
    let response = owner.post("/admin/crm/contacts", ["name": name, "status": "active"])
    try #require(response.status == 303)
    return response.location
  }

  /// Reads a stream as the server does. `@unchecked Sendable`: one thread reads.
  private final class Ear: @unchecked Sendable {
    let stream: EventStream
    private(set) var text = ""

    init(_ response: Response) throws {
      guard case .events(let stream) = response.body else { throw Deaf() }
      self.stream = stream
    }

    struct Deaf: Error {}

    /// What has arrived once it contains the expected text, or after a minute.
    func hear(_ awaited: String = "\n\n") -> String {
      for _ in 0..<12_000 {
        while case .bytes(let bytes) = stream.next(atMost: 1 << 20, sleep: {}) { text += String(decoding: bytes, as: UTF8.self) }
        if text.contains(awaited) { break }
        usleep(5_000)
      }
      return text
    }

    var isEnded: Bool {
      for _ in 0..<12_000 {
        if case .end = stream.next(atMost: 1 << 20, sleep: {}) { return true }
        usleep(5_000)
      }
      return false
    }

    /// The ids of all events so far.
    var numbers: [Int] { text.matches(of: #/id: ([0-9]+)\ndata/#).compactMap { Int($0.output.1) } }
  }

  private func listen(_ visitor: TestClient, since: Int? = nil) throws -> Ear {
    try Ear(visitor.get("/admin/crm/live" + (since.map { "?since=\($0)" } ?? "")))
  }

  @Test func `who looks after the installation hears that jobs have come further, and nobody else`() throws {
    let (hears, deaf) = (try listen(owner), try listen(try office.visitor(.manager, name: "Max Manager")))
    try office.keepHouse()
    #expect(hears.hear("event: jobs").contains("event: jobs\ndata: {}\n\n"))
    let ann = try contact("Ann Archer")
    #expect(!deaf.hear(ann.split(separator: "/").last.map { String($0) } ?? "").contains("event: jobs"))
  }

  @Test func `a change is heard, with who did what to which record and nothing more`() throws {
    let ear = try listen(owner)
    let ann = try contact("Ann Archer")
    let heard = ear.hear("Ann Archer")
    #expect(heard.contains(#""action":"contact.created""#))
    #expect(heard.contains(String(ann.split(separator: "/").last ?? "")))
    #expect(heard.contains(#""actor":"Olga Owner""#))
    #expect(!heard.contains("before"))
  }

  @Test func `what was missed is heard first`() throws {
    _ = try contact("Before")
    let place = office.services.live.latest
    _ = try contact("Missed")
    let ear = try listen(owner, since: place)
    #expect(ear.hear("Missed").contains("Missed"))
    #expect(!ear.text.contains("Before"))
    owner.headers = ["Last-Event-ID": "\(office.services.live.latest)"]
    let again = try listen(owner, since: 0)
    _ = try contact("After")
    #expect(!again.hear("After").contains("Missed"), "the browser's own word goes before the address")
  }

  @Test func `who has missed too much is told to look anew`() throws {
    let place = office.services.live.latest
    let id = RecordID.make(at: office.now)
    try office.store.write { db in
      for _ in 0..<700 {
        try Activity.record(
          "contact.updated", type: "contact", id: id, name: "X",
          ActContext(db: db, principal: .program(), now: office.now, types: crm.records.all))
      }
    }
    let ear = try listen(owner, since: place)
    #expect(ear.hear("\"seq\":\(place + 700)").contains("event: reload"))
    #expect(ear.numbers.count <= 500)
  }

  @Test func `what was undone is never heard of`() throws {
    let ear = try listen(owner)
    struct Undone: Error {}
    #expect(throws: Undone.self) {
      try office.store.write { db in
        try Activity.record(
          "contact.created", type: "contact", id: .make(at: office.now), name: "Ghost",
          ActContext(db: db, principal: .program(), now: office.now, types: crm.records.all))
        throw Undone()
      }
    }
    _ = try contact("Real")
    #expect(!ear.hear("Real").contains("Ghost"))
  }

  @Test func `nobody hears of what they may not see`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
    let ear = try listen(factory)
    let secret = try contact("Secret")
    let own = try contact("Shared")
    try office.store.write { db in _ = try db.run("UPDATE contacts SET owner_id = \(fred) WHERE name = 'Shared'") }
    owner.get(secret)
    owner.post(secret + "/notes", ["note": "x"])
    owner.get(own)
    owner.post(own + "/notes", ["note": "y"])
    #expect(!ear.hear("note_added").contains("Secret"))
    #expect(ear.text.contains("Shared"))
    #expect(try office.visitor(.member).get("/admin/crm/live").status == 404)
    #expect(TestClient(office).get("/admin/crm/live").status == 303)
  }

  @Test func `a stream ends with its session`() throws {
    let ear = try listen(owner)
    _ = ear.hear()
    owner.get("/account")
    owner.post("/sign-out", [:])
    try office.services.live.checkSessions()
    #expect(ear.isEnded)
  }

  @Test(arguments: ["sign-out", "other", "password", "sign-in"])
  func `a stream ends at once when its session is ended, and hears nothing more`(ending: String) throws {
    let thief = owner.thief()
    let ear = try listen(thief)
    _ = ear.hear()
    owner.get("/account")
    let other = TestClient(office)
    other.get("/sign-in")
    other.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password])
    other.get("/account")
    switch ending {
    case "sign-out": owner.post("/sign-out", [:])
    case "other": other.post("/account/sessions/sign-out-others", [:])
    case "sign-in": owner.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password])
    default: owner.post("/account/password", ["password": TestApp.password, "new_password": "a few new words"])
    }
    // Without reading the sessions from here on.
    #expect(ear.isEnded)
    #expect(office.services.live.count == 0)
    _ = try office.visitor(.admin, name: "Anna Admin")
    try office.store.write { db in
      try Activity.record(
        "contact.created", type: "contact", id: .make(at: office.now), name: "Late",
        ActContext(db: db, principal: .program(), now: office.now, types: crm.records.all))
    }
    #expect(!ear.text.contains("Late"))
    #expect(thief.get("/admin/crm/live").location.hasPrefix("/sign-in"))
  }

  @Test func `nor does anybody hear of anything whose session has expired by itself, or was ended by another process`() throws {
    for ending in ["idle", "elsewhere", "disabled"] {
      let reader = try office.visitor(.manager, name: "Mary Manager")
      let ear = try listen(reader)
      _ = ear.hear()
      switch ending {
      case "idle": office.wait(seconds: 14 * 24 * 3600 + 1)
      case "elsewhere": try office.store.write { _ = try $0.run("UPDATE sessions SET ended_at = created_at") }
      default: try office.store.write { _ = try $0.run("UPDATE users SET status = 'inactive' WHERE name = 'Mary Manager'") }
      }
      try office.store.write { db in
        try Activity.record(
          "contact.created", type: "contact", id: .make(at: office.now), name: "Late",
          ActContext(db: db, principal: .program(), now: office.now, types: crm.records.all))
      }
      #expect(ear.isEnded, "\(ending)")
      #expect(!ear.text.contains("Late"), "\(ending)")
    }
  }

  @Test func `one person listens with so many windows and no more`() throws {
    let ears = try (0..<30).map { _ in try listen(owner) }
    #expect(ears[0].isEnded && ears[5].isEnded)
    ears[0].stream.detach()
    _ = try contact("Heard by the rest")
    #expect(ears[29].hear("Heard by").contains("Heard by the rest"))
  }

  @Test func `a stream ends when its reader may see something else by now`() throws {
    let ear = try listen(try office.visitor(.manager, name: "Mary Manager"))
    _ = ear.hear()
    try office.services.live.checkSessions()
    #expect(office.services.live.count == 1)
    try office.store.write { db in
      _ = try db.run(
        "UPDATE user_roles SET role_id = \(Role.factory.id) WHERE user_id = (SELECT id FROM users WHERE name = 'Mary Manager')")
    }
    try office.services.live.checkSessions()
    #expect(ear.isEnded)
  }

  @Test func `a reader who leaves is forgotten`() throws {
    let ear = try listen(owner)
    #expect(office.services.live.count == 1)
    ear.stream.detach()
    #expect(office.services.live.count == 0)
  }

  @Test(arguments: ["-1", "nonsense", "99999999999999999999", "999999999"])
  func `a place that is none is now`(since: String) throws {
    _ = try contact("Before")
    let ear = try Ear(owner.get("/admin/crm/live?since=\(since)"))
    _ = try contact("After")
    #expect(ear.hear("After").contains("After"))
    #expect(since == "-1" || !ear.text.contains("Before"))
  }

  @Test func `with many who write at once each entry is heard once, in order`() throws {
    let place = office.services.live.latest
    let ears = try (0..<3).map { _ in try listen(owner) }
    let store = office.store
    let now = office.now
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      for n in 0..<50 {
        _ = try? store.write { db in
          try Activity.record(
            "contact.updated", type: "contact", id: .make(at: now), name: "\(writer)-\(n)",
            ActContext(db: db, principal: .program(), now: now, types: crm.records.all))
        }
      }
    }
    let late = try listen(owner, since: place)
    for ear in ears + [late] {
      _ = ear.hear("\"seq\":\(place + 400)")
      #expect(ear.numbers == Array(place + 1...place + 400))
    }
  }

  @Test func `a page says from where it listens`() throws {
    _ = try contact("Ann")
    let page = owner.get("/admin/crm/contacts")
    #expect(page.page.first("//body")?["data-live-since"] == String(office.services.live.latest))
    #expect(try office.visitor(.member).get("/account").page.first("//body")?["data-live-since"] == nil)
  }
}
