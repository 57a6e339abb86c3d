@testable import Admin
import CRM
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// What users see while the database can't be written: during another program's long write, or on a full disk.
@Suite struct BusyTests {
  private let office: TestApp
  private let visitor: TestClient

  init() throws {
    office = try TestApp(writeTimeout: 0.1)
    visitor = try office.visitor()
  }

  /// Runs `body` while another program has the write lock.
  private func whileLocked(_ body: () throws -> Void) throws {
    let other = try Store(path: office.store.path)
    try other.write { _ in try body() }
  }

  private func text(_ response: Response) -> String {
    String(decoding: response.bodyBytes ?? [], as: UTF8.self)
  }

  @Test func `pages are read, whoever writes`() throws {
    // Long enough for `seen_at` to be updated again.
    office.wait(seconds: 3_600)
    try whileLocked {
      for path in [
        "/healthz", "/admin/crm", "/admin/crm/contacts", "/admin/crm/companies?q=a", "/account", "/admin/inbox", "/admin/crm/files",
      ] {
        #expect(visitor.get(path).status == 200, "\(path)")
      }
      #expect(
        office.pipeline.respond(to: Request(id: "1", method: .get, path: ["sign-in"], target: "/sign-in", received: office.now)).status
          == 200)
    }
  }

  @Test func `what was typed comes back with the answer, and is sent again from there`() throws {
    visitor.get("/admin/crm/contacts/new")
    var answer = Response(status: 0)
    try whileLocked {
      answer = visitor.post(
        "/admin/crm/contacts", ["name": "Ada “the first” Lovelace & <sons>", "job_title": "Analyst\u{2019}s analyst", "note": "Two\nlines"])
    }
    #expect(answer.status == 503)
    #expect(answer.headers["Retry-After"] != nil)
    let document = HTMLDocument(text(answer))
    _ = try #require(document.first("//form[@action='/admin/crm/contacts' and @method='post']"))
    var pairs: [(String, String)] = []
    for input in document.all("//form[@action='/admin/crm/contacts' and @method='post']//input") {
      pairs.append((input["name"] ?? "", input["value"] ?? ""))
    }
    #expect(pairs.contains { $0 == ("name", "Ada “the first” Lovelace & <sons>") })
    #expect(pairs.contains { $0.0 == "note" && $0.1.contains("Two\nlines") })
    #expect(visitor.post("/admin/crm/contacts", pairs).status == 303)
    #expect(
      try office.store.read { try $0.text("SELECT name FROM contacts WHERE name LIKE 'Ada%'") } == "Ada “the first” Lovelace & <sons>")
  }

  @Test(arguments: ["signed out elsewhere", "cookie lost"])
  func `what was typed outlives a session that ended and a database that is busy`(how: String) throws {
    visitor.get("/admin/crm/contacts/new")
    if how == "cookie lost" {
      visitor.forgetCookies()
    } else {
      try office.store.write { try $0.run("UPDATE sessions SET ended_at = created_at") }
    }
    var answer = Response(status: 0)
    try whileLocked { answer = visitor.post("/admin/crm/contacts", ["name": "Ada Lovelace", "job_title": "Analyst"]) }
    #expect(answer.status == 503)
    let document = HTMLDocument(text(answer))
    let again = document.all("//form[@action='/admin/crm/contacts' and @method='post']//input").map {
      ($0["name"] ?? "", $0["value"] ?? "")
    }
    #expect(visitor.post("/admin/crm/contacts", again).headers["Location"] == "/sign-in")
    visitor.get("/sign-in")
    let email = try #require(try office.store.read { try $0.text("SELECT email FROM users") })
    let back = try #require(visitor.post("/sign-in", ["email": email, "password": TestApp.password]).headers["Location"])
    #expect(text(visitor.get(back)).contains("Ada Lovelace"))
  }

  @Test func `who can't be signed in just now keeps their address on the page, and not the password`() throws {
    let email = try #require(try office.store.read { try $0.text("SELECT email FROM users") })
    let guest = try office.visitor(nil)
    guest.get("/sign-in")
    try whileLocked {
      let answer = guest.post("/sign-in", ["email": email, "password": TestApp.password])
      #expect(answer.status == 503)
      #expect(text(answer).contains(email))
      #expect(!text(answer).contains(TestApp.password))
    }
    #expect(guest.post("/sign-in", ["email": email, "password": TestApp.password]).status == 303)
  }

  @Test func `a script is told in JSON`() throws {
    visitor.get("/admin/crm/files")
    visitor.headers["Accept"] = "application/json"
    try whileLocked {
      let answer = visitor.post("/admin/crm/uploads", ["name": "plan.pdf", "size": "100"])
      #expect(answer.status == 503)
      #expect(text(answer).hasPrefix(#"{"error":"Roost is busy."#))
    }
  }

  @Test func `a password is never sent back`() throws {
    try whileLocked {
      visitor.get("/account")
      let answer = visitor.post("/account/password", ["password": TestApp.password, "new_password": "a brand new password"])
      #expect(answer.status == 503)
      #expect(!text(answer).contains("brand new password"))
    }
  }

  @Test func `every act is refused in words and none is half done`() throws {
    visitor.get("/admin/crm/contacts/new")
    let made = visitor.post("/admin/crm/contacts", ["name": "Ada Lovelace"])
    let path = try #require(made.headers["Location"])
    try whileLocked {
      let acts: [(String, [(String, String)])] = [
        ("/trash", []), ("/notes", [("note", "A note")]), ("/comments", [("body", "A comment")]),
        ("/interactions", [("type", "call"), ("subject", "Rang")]),
      ]
      for (act, fields) in acts {
        let answer = visitor.post(path + act, fields + [("csrf_token", visitor.lastToken)])
        #expect(answer.status == 503, "\(act)")
        for (_, value) in fields { #expect(text(answer).contains(value), "\(act)") }
      }
    }
    #expect(visitor.get(path).status == 200)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts WHERE status = 'active'") } == 1)
  }

  @Test func `on a full disk it is said that it is full, and what was typed comes back`() throws {
    visitor.get("/admin/crm/contacts/new")
    try office.store.write { db in
      // Free space inside the file would count.
      let free = try db.value("PRAGMA freelist_count") ?? 0
      try db.run("CREATE TABLE filler AS SELECT zeroblob(\(free * 4_096)) AS bytes")
      let pages = try #require(try db.value("PRAGMA page_count"))
      _ = try db.value(SQL(raw: "PRAGMA max_page_count = \(pages)"))
    }
    let note = String(repeating: "So much to say. ", count: 600)
    let answer = visitor.post("/admin/crm/contacts", ["name": "Ada Lovelace", "note": note])
    #expect(answer.status == 507)
    #expect(text(answer).contains("The disk is full"))
    #expect(text(answer).contains(note.prefix(1_000)))
  }

  @Test func `the pages look as they did`() throws {
    visitor.get("/admin/crm/contacts/new")
    try whileLocked {
      assertSnapshot(
        of: visitor.post("/admin/crm/contacts", ["name": "Ada Lovelace", "job_title": "Analyst", "version": "1"]), named: "errors/busy")
    }
  }
}
