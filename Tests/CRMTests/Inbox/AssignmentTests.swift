import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import Templating
import TestKit
import Testing
import Web
import XML

/// Users find records assigned to them in the inbox, however they were assigned and whatever their type.
@Suite struct AssignmentTests {
  let office: TestApp
  let owner: TestClient
  let mary: TestClient
  let marysID: String

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    mary = try office.visitor(.manager, name: "Mary Manager")
    marysID = try office.id("SELECT id FROM users WHERE name = 'Mary Manager'")
  }

  private func task(_ title: String, for assignee: String, by visitor: TestClient? = nil) throws -> String {
    let visitor = visitor ?? owner
    visitor.get("/admin/crm/tasks/new")
    let response = visitor.post("/admin/crm/tasks", ["title": title, "status": "open", "assignee": assignee])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func lines(_ visitor: TestClient) -> [String] {
    visitor.get("/admin/inbox").page.all("//li[contains(@class, 'inbox-line')]//a").map(\.text)
  }

  private func unread(_ visitor: TestClient) -> String? { visitor.get("/account").page.first("//span[@class='bell-count']")?.text }

  private func assign(_ task: String, to user: String, by visitor: TestClient? = nil) throws {
    let visitor = visitor ?? owner
    let version = visitor.get(task + "/fields/assignee").page.first("//input[@name='version']")?["value"] ?? ""
    let response = visitor.post(task + "/fields/assignee", [("assignee", user), ("version", version), ("csrf_token", visitor.lastToken)])
    try #require(response.status == 303, "\(response.text)")
  }

  @Test func `who is given a task finds it, opens it and has read it`() throws {
    let task = try task("Call Ann", for: marysID)
    #expect(lines(mary) == ["Olga Owner assigned “Call Ann” to you"])
    #expect(lines(owner).isEmpty)
    #expect(unread(mary) == "1")
    let href = try #require(mary.get("/admin/inbox").page.first("//li//a[contains(@href, '/admin/inbox/')]")?["href"])
    #expect(owner.get(href).status == 404, "another's")
    #expect(mary.get(href).location == task)
    #expect(unread(mary) == nil)
    #expect(lines(mary).count == 1, "it stays, read")
  }

  @Test func `nobody is told of what they take on themselves, nor again of what they have`() throws {
    let own = try task("Hers", for: marysID, by: mary)
    #expect(lines(mary).isEmpty)
    let nobodys = try task("Nobody’s", for: "")
    try assign(nobodys, to: marysID, by: mary)
    #expect(lines(mary).isEmpty)
    owner.get(own + "/edit")
    let fields: KeyValuePairs = ["title": "Hers, renamed", "status": "open", "assignee": marysID, "version": "1"]
    #expect(owner.post(own, fields).status == 303)
    #expect(lines(mary).isEmpty, "it was hers before")
  }

  @Test func `a task that is handed on is the next one's, and is told anew when it comes back`() throws {
    let john = try office.visitor(.manager, name: "John Manager")
    let johnsID = try office.id("SELECT id FROM users WHERE name = 'John Manager'")
    let task = try task("Call Ann", for: marysID)
    try assign(task, to: johnsID)
    #expect(lines(mary).isEmpty && unread(mary) == nil, "not read, and no longer true")
    #expect(lines(john) == ["Olga Owner assigned “Call Ann” to you"])
    john.post("/admin/inbox/read", [:])
    try assign(task, to: marysID, by: john)
    #expect(lines(mary) == ["John Manager assigned “Call Ann” to you"])
    try assign(task, to: johnsID)
    #expect(lines(john).count == 1 && unread(john) == "1")
  }

  @Test func `what is in the trash, deleted or out of reach is told to nobody`() throws {
    let first = try task("First", for: marysID)
    _ = try task("Second", for: marysID)
    owner.get(first)
    owner.post(first + "/trash", [:])
    #expect(lines(mary) == ["Olga Owner assigned “Second” to you"])
    owner.post(first + "/restore", [:])
    #expect(unread(mary) == "2")
    owner.post(first + "/trash", [:])
    owner.get(first + "/delete")
    #expect(owner.post(first + "/delete", ["confirm": "First"]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM notifications") } == 1)
    try office.store.write { try $0.run("UPDATE user_roles SET role_id = \(Role.member.id) WHERE user_id = \(marysID)") }
    #expect(lines(mary).isEmpty && unread(mary) == nil)
  }

  @Test func `who sees only their own is told of what becomes theirs`() throws {
    let fred = try office.visitor(.factory, name: "Fred Factory")
    let task = try task("Oil the press", for: "")
    try assign(task, to: try office.id("SELECT id FROM users WHERE name = 'Fred Factory'"))
    #expect(lines(fred) == ["Olga Owner assigned “Oil the press” to you"])
    try assign(task, to: marysID)
    #expect(lines(fred).isEmpty)
  }

  @Test(arguments: ["tasks", "specimens"], [true, false])
  func `a file that names somebody tells them, in an empty list and beside others, and takes it back`(list: String, isEmpty: Bool) throws {
    let (name, field) = list == "tasks" ? ("title", "assignee") : ("name", "owner")
    if !isEmpty {
      owner.get("/admin/crm/\(list)/new")
      #expect(owner.post("/admin/crm/\(list)", [name: "There already", "status": list == "tasks" ? "open" : "active"]).status == 303)
    }
    let email = try office.id("SELECT email FROM users WHERE id = \(marysID)")
    let file = NSTemporaryDirectory() + "assigned-\(UInt64.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data("id,\(name),\(field)\nx1,Hers,\(email)\nx2,Nobody’s,\n".utf8).write(to: URL(fileURLWithPath: file))
    let languages = try Languages(folder: TestApp.resources + "/Templates/languages").available
    let now = office.now
    let importer = Importer(office.composition, store: office.store, clock: Clock { now }, languages: languages)
    var problems: [String] = []
    let outcome = try importer.run(
      list, path: file, options: Importer.Options(), skipped: { problems.append($0.reason) }, progress: { _ in })
    #expect(outcome.created == 2 && problems.isEmpty)
    #expect(lines(mary) == ["Roost assigned “Hers” to you"])
    let undone = try importer.undo(try #require(outcome.batch), report: { _ in }, progress: { _ in })
    #expect(undone.deleted == 2 && undone.trashed == 0, "to be told of a record is nothing that keeps it")
    #expect(lines(mary).isEmpty)
  }

  @Test func `an open page hears that somebody may have been told, and of other changes that nobody was`() throws {
    _ = try task("Call Ann", for: marysID)
    office.wait(seconds: 1)
    _ = try task("Nobody’s", for: "")
    let events = try office.store.read { db in try LiveEvent.after(0, limit: 10, in: db) }
    #expect(events.map(\.notifies) == [true, false])
    #expect(String(decoding: events[0].bytes(office.composition.records), as: UTF8.self).contains("\"notifies\":true"))
  }

  @Test func `the inbox with an assignment`() throws {
    _ = try task("Call Ann", for: marysID)
    assertSnapshot(of: mary.get("/admin/inbox"), named: "inbox/assigned")
  }
}
