import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import Templating
import Testing
import Web
import XML

/// Tasks: a record type like any other, that can be completed and appears where it is due.
@Suite struct TaskTests {
  let office: TestApp
  let owner: TestClient
  static let list = "/admin/crm/tasks"

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  /// The day in UTC, some days from now.
  private func day(_ days: Int) -> String { Day(office.now.civil).adding(days: days).text }

  private func record(_ name: String, in list: String = "contacts") throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let location = owner.post("/admin/crm/\(list)", ["name": name]).location
    return try #require(location.split(separator: "/").last.map(String.init))
  }

  private func make(
    _ title: String, due: String = "", at time: String = "", about: [String] = [], assignee: String? = nil, by visitor: TestClient? = nil
  ) throws -> String {
    let visitor = visitor ?? owner
    let page = visitor.get(Self.list + "/new").page
    let me = page.first("//select[@name='assignee']/option[@selected]")?["value"] ?? ""
    let fields = [("title", title), ("due_on", due), ("due_time", time), ("status", "open"), ("assignee", assignee ?? me)]
    let response = visitor.post(Self.list, fields + about.map { ("about", $0) } + [("csrf_token", visitor.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func names(_ address: String) -> [String] { owner.get(address).page.all("//a[@class='row-link']").map(\.text) }

  private func lines(_ address: String, _ section: String, by visitor: TestClient? = nil) -> [String] {
    (visitor ?? owner).get(address).page.all("//section[@aria-labelledby='\(section)']//li//a").map(\.text)
  }

  private func completion(_ task: String) throws -> String? {
    let id = String(task.split(separator: "/").last ?? "")
    return try office.store.read { db in
      try db.text(
        "SELECT done_at || ' ' || (SELECT name FROM users WHERE users.id = done_by) FROM tasks WHERE id = \(id)")
    }
  }

  @Test func `a task is made about several records, by id or by name, and belongs to who makes it`() throws {
    let (anna, acme) = (try record("Anna"), try record("Acme, Inc.", in: "companies"))
    let task = try make("Send the offer", due: day(1), at: "9:30", about: [anna, "acme, inc.", ""])
    let page = owner.get(task).page
    #expect(page.all("//section[@aria-labelledby='task']//a[@class='chip']").map(\.text).sorted() == ["Acme, Inc.", "Anna"])
    #expect(page.first("//section[@aria-labelledby='task']//dd")?.text.contains("09:30") == true)
    #expect(try office.store.read { try $0.text("SELECT users.name FROM tasks JOIN users ON users.id = tasks.owner_id") } == "Olga Owner")
    // Saved unchanged, nothing changes.
    let form = owner.get(task + "/edit").page
    let boxes = form.all("//input[@name='about' and @type='checkbox']").compactMap { $0["value"] }
    #expect(Set(boxes) == [anna, acme])
    let id = try #require(form.first("//select[@name='assignee']/option[@selected]")?["value"])
    func save(_ about: [String]) -> Response {
      owner.get(task + "/edit")
      return owner.post(
        task,
        [("title", "Send the offer"), ("due_on", day(1)), ("due_time", "09:30"), ("status", "open"), ("assignee", id), ("version", "1")]
          + about.map { ("about", $0) } + [("csrf_token", owner.lastToken)])
    }
    #expect(save(boxes + [""]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT version FROM tasks") } == 1)
    #expect(save([anna, ""]).status == 303)
    let events = owner.get(task + "/events").text
    #expect(events.contains("Acme, Inc."))
    let entry = try #require(events.firstMatch(of: #/events/(\d+)/revert/#)?.output.1)
    #expect(owner.post("\(task)/events/\(entry)/revert", [:]).status == 303)
    #expect(owner.get(task).page.all("//section[@aria-labelledby='task']//a[@class='chip']").count == 2)
  }

  @Test(arguments: [
    (["Nobody"], "No match for “Nobody”. Pick one from the list."),
    (["Twin"], "There are several named “Twin”. Pick one from the list."),
    (["019ac21b-e398-77c6-bb9f-3228744a32bb"], "This record no longer exists. Choose another."),
  ])
  func `what a task can't be about stays in the form with what is wrong`(about: [String], message: String) throws {
    _ = try record("Twin")
    _ = try record("Twin", in: "companies")
    owner.get(Self.list + "/new")
    let response = owner.post(Self.list, [("title", "Call")] + about.map { ("about", $0) } + [("csrf_token", owner.lastToken)])
    #expect(response.status == 422)
    #expect(response.page.first("//p[@id='f-about-error']")?.text == message)
    #expect(response.page.all("//input[@name='about']").contains { $0["value"] == about[0] })
  }

  @Test func `one click ticks a task off, another opens it again, and each can be undone`() throws {
    let task = try make("Call back")
    #expect(try completion(task) == nil)
    owner.get(task)
    #expect(owner.post(task + "/done", [:]).location == task)
    #expect(try completion(task) == "\(office.now.text) Olga Owner")
    let undo = try #require(owner.get(task).page.first("//div[@data-flash]//form")?["action"])
    #expect(undo == task + "/reopen")
    // Completing twice is the same as once.
    #expect(owner.post(task + "/done", [:]).status == 303)
    #expect(owner.get(task).text.contains("is already done"))
    #expect(owner.post(undo, [:]).status == 303)
    #expect(try completion(task) == nil)
    #expect(owner.get(task).page.first("//div[@data-flash]//form")?["action"] == task + "/done")
    let actions = try office.store.read { try $0.all("SELECT action FROM activity WHERE record_type = 'task' ORDER BY seq") { $0.text(0) } }
    #expect(actions == ["task.created", "task.done", "task.reopened"])
    // The form completes it too, and undo works as for any change.
    owner.get(task + "/edit")
    #expect(owner.post(task, ["title": "Call back", "status": "done", "version": "3"]).status == 303)
    #expect(try completion(task) != nil)
    let entry = try office.id("SELECT max(seq) FROM activity")
    #expect(owner.post("\(task)/events/\(entry)/revert", [:]).status == 303)
    #expect(try completion(task) == nil)
    // A task in the trash is restored first.
    owner.post(task + "/trash", [:])
    owner.post(task + "/done", [:])
    #expect(try completion(task) == nil)
  }

  @Test(arguments: ["", "&view=cards"])
  func `the list ticks off in its rows and cards and comes back to where it was`(view: String) throws {
    let task = try make("Sweep")
    let address = Self.list + "?status=open" + view
    let page = owner.get(address).page
    let button = try #require(page.first("//button[@form='row-form']"))
    #expect(button["formaction"] == task + "/done")
    let back = try #require(page.first("//form[@id='row-form']/input[@name='return_to']")?["value"])
    #expect(back == address)
    #expect(owner.post(task + "/done", ["return_to": back]).location == address)
    #expect(names(address).isEmpty)
    #expect(owner.get(Self.list + "?status=done" + view).page.first("//button[@form='row-form']")?["formaction"] == task + "/reopen")
    #expect(owner.post(task + "/reopen", ["return_to": "https://elsewhere.example/"]).location == task)
  }

  @Test func `a list sorts by day with the others last, and finds what is due, what is mine and what is about a record`() throws {
    let anna = try record("Anna")
    let manager = try office.visitor(.manager, name: "Mara Manager")
    _ = try make("Someday")
    _ = try make("Tomorrow", due: day(1), about: [anna])
    _ = try make("Late", due: day(-2))
    _ = try make("Today", due: day(0))
    let theirs = try make("Theirs", due: day(-1), by: manager)
    #expect(names(Self.list) == ["Late", "Theirs", "Today", "Tomorrow", "Someday"])
    #expect(names(Self.list + "?sort=-due_on") == ["Tomorrow", "Today", "Theirs", "Late", "Someday"])
    #expect(names(Self.list + "?filter=due") == ["Late", "Theirs", "Today"])
    #expect(names(Self.list + "?filter=mine") == ["Late", "Today", "Tomorrow", "Someday"])
    #expect(names(Self.list + "?about=" + anna) == ["Tomorrow"])
    #expect(names(Self.list + "?q=tomor") == ["Tomorrow"])
    owner.get(theirs)
    owner.post(theirs + "/done", [:])
    #expect(names(Self.list + "?filter=due") == ["Late", "Today"])
    let export = owner.get(Self.list + "/export.csv?filter=due").text
    #expect(export.hasPrefix("id,title,done,due_on") && export.contains("Late,,\(day(-2))"))
  }

  @Test func `the overview and the inbox show what is due to whom it is due, by the day of their zone`() throws {
    let manager = try office.visitor(.manager, name: "Mara Manager")
    _ = try make("Late", due: day(-1))
    _ = try make("Today", due: day(0), at: "23:59")
    _ = try make("Tomorrow", due: day(1))
    _ = try record("Anna")
    #expect(lines("/admin/crm", "h-tasks-due") == ["Late", "Today"])
    #expect(owner.get("/admin/crm").page.all("//section[@id='tasks-due']//span[@class='badge danger']").count == 1)
    #expect(lines("/admin/crm", "h-tasks-due", by: manager).isEmpty)
    #expect(owner.get("/admin/inbox").text.contains("You have 2 tasks due"))
    #expect(manager.get("/admin/inbox").page.first("//p[@class='notice info']") == nil)
    let href = try #require(owner.get("/admin/inbox").page.first("//p[@class='notice info']//a")?["href"])
    #expect(names(href) == ["Late", "Today"])
    // Far enough to the east it is tomorrow, and what was due today is overdue.
    try office.store.write { try $0.run("UPDATE users SET time_zone = 'Pacific/Kiritimati'") }
    #expect(lines("/admin/crm", "h-tasks-due") == ["Late", "Today", "Tomorrow"])
    #expect(owner.get("/admin/crm").page.all("//section[@id='tasks-due']//span[@class='badge danger']").count == 2)
    try office.store.write { try $0.run("UPDATE users SET time_zone = 'Pacific/Pago_Pago'") }
    // Completed from there, and gone.
    try office.store.write { try $0.run("UPDATE users SET time_zone = 'UTC'") }
    let form = try #require(owner.get("/admin/crm").page.first("//section[@id='tasks-due']//form"))
    #expect(owner.post(form["action"] ?? "", ["return_to": "/admin/crm"]).location == "/admin/crm")
    #expect(lines("/admin/crm", "h-tasks-due") == ["Today"])
  }

  @Test(arguments: ["contacts", "companies"])
  func `a record shows its open tasks and begins one about itself`(list: String) throws {
    let id = try record("Anna", in: list)
    let path = "/admin/crm/\(list)/\(id)"
    let new = try #require(owner.get(path).page.first("//section[@aria-labelledby='tasks']//a[@class='button']")?["href"])
    let boxes = owner.get(new).page.all("//input[@name='about' and @type='checkbox']")
    #expect(boxes.compactMap { $0["value"] } == [id])
    _ = try make("Someday", about: [id])
    let soon = try make("Soon", due: day(1), about: [id])
    _ = try make("Other", due: day(1))
    #expect(lines(path, "tasks") == ["Soon", "Someday"])
    owner.get(path)
    #expect(owner.post(soon + "/done", ["return_to": path]).location == path)
    #expect(lines(path, "tasks") == ["Someday"])
    // A permanently deleted record removed from its tasks.
    owner.post(path + "/trash", [:])
    owner.post(path + "/delete", ["confirm": "Anna"])
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM task_records") } == 0)
    #expect(owner.get(soon).status == 200)
  }

  @Test func `who sees only their own sees what is theirs to do, and changes nothing`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
    let anna = try record("Anna")
    let theirs = try make("Oil the press", due: day(0), about: [anna], assignee: fred)
    let other = try make("Secret", due: day(0))
    #expect(factory.get(Self.list).page.all("//a[@class='row-link']").map(\.text) == ["Oil the press"])
    #expect(factory.get(Self.list).page.first("//button[@form='row-form']") == nil)
    #expect(factory.get(other).status == 404)
    // A contact that is out of reach is no link.
    #expect(factory.get(theirs).page.all("//section[@aria-labelledby='task']//a").isEmpty)
    #expect(factory.post(theirs + "/done", [:]).status == 403)
    #expect(lines("/admin/crm", "h-tasks-due", by: factory) == ["Oil the press"])
    #expect(factory.get("/admin/crm").page.first("//section[@id='tasks-due']//form") == nil)
    let member = try office.visitor(.member, name: "Mia Member")
    #expect(member.get(theirs).status == 404 && member.get(Self.list).status == 404)
  }

  @Test(arguments: [false, true])
  func `what was exported comes back as it was, here and where there were no tasks`(isEmpty: Bool) throws {
    let (anna, acme) = (try record("Anna"), try record("Acme", in: "companies"))
    let first = try make("Send, the \"offer\"", due: day(1), at: "09:30", about: [anna, acme])
    _ = try make("=Someday")
    owner.post(first + "/done", [:])
    let export = owner.get(Self.list + "/export.csv?columns=all&sort=title").text
    let file = NSTemporaryDirectory() + "tasks-\(UInt64.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(export.utf8).write(to: URL(fileURLWithPath: file))
    if isEmpty { try office.store.write { try $0.run("DELETE FROM tasks") } }
    let now = office.now
    let languages = try Languages(folder: TestApp.resources + "/Templates/languages").available
    let importer = Importer(crm, store: office.store, clock: Clock { now }, languages: languages)
    var problems: [String] = []
    let outcome = try importer.run(
      "tasks", path: file, options: Importer.Options(), skipped: { problems.append($0.reason) }, progress: { _ in }
    )
    #expect(problems.isEmpty)
    #expect(isEmpty ? outcome.created == 2 : outcome.unchanged == 2)
    #expect(owner.get(Self.list + "/export.csv?columns=all&sort=title").text == export)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM tasks WHERE (status = 'done') = (done_at IS NOT NULL)") } == 2)
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `every query of what is due goes through an index`() throws {
    let user = try office.id("SELECT id FROM users")
    let plan = try office.store.read { db in
      try db.all(
        """
        EXPLAIN QUERY PLAN SELECT name FROM tasks WHERE owner_id = \(user) AND status = 'open' AND due_on <> '' AND due_on <= \(day(0))
        ORDER BY due_on, due_time, seq LIMIT 11
        """
      ) { $0.text(3) }
    }
    #expect(plan.count == 1 && plan[0].contains("USING INDEX tasks_due (owner_id=? AND due_on"))
  }
}
