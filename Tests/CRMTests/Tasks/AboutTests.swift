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

/// Tasks are about records of any type, whose names are hidden from users without access.
@Suite struct AboutTests {
  private static let tasks = "/admin/crm/tasks"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
  }

  private func record(_ name: String, in list: String, _ fields: [(String, String)] = []) throws -> String {
    owner.get("/admin/crm/\(list)/new")
    let all = [(list == "tasks" ? "title" : "name", name), ("status", list == "tasks" ? "open" : "active")] + fields
    let response = owner.post("/admin/crm/\(list)", all + [("csrf_token", owner.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return String(response.location.split(separator: "/").last ?? "")
  }

  private func about(_ task: String, by visitor: TestClient? = nil) -> [String] {
    (visitor ?? owner).get(Self.tasks + "/" + task).page.all("//section[@aria-labelledby='task']//a[@class='chip']").map(\.text).sorted()
  }

  @Test(arguments: ["contacts", "companies", "specimens", "tasks"])
  func `a task is about a record of any type, picked or typed, and the record shows it`(list: String) throws {
    let subject = try record("The subject", in: list)
    let json = owner.get(Self.tasks + "/about.json?q=subj").text
    #expect(json.contains("\"id\":\"\(subject)\"") && json.contains("\"name\":\"The subject\""))
    let (picked, typed) = (
      try record("Picked", in: "tasks", [("about", subject)]), try record("Typed", in: "tasks", [("about", "the subject")])
    )
    for task in [picked, typed] { #expect(about(task) == ["The subject"]) }
    let page = owner.get("/admin/crm/\(list)/\(subject)").page
    #expect(page.all("//section[@aria-labelledby='tasks']//li//a").map(\.text).sorted() == ["Picked", "Typed"])
    #expect(owner.get(Self.tasks + "?about=\(subject)").page.all("//a[@class='row-link']").count == 2)
    #expect(owner.get(Self.tasks + "?about=\(subject)").text.contains("The subject"))
    #expect(owner.get(Self.tasks).page.all("//td[contains(@class, 'c-about')]").map(\.text).contains("The subject"))
    #expect(owner.get(Self.tasks + "/\(picked)/events").text.contains("The subject"))
    // Changed elsewhere in the form, it stays.
    owner.get(Self.tasks + "/\(picked)/edit")
    let boxes = owner.get(Self.tasks + "/\(picked)/edit").page.all("//input[@name='about' and @type='checkbox']").compactMap { $0["value"] }
    #expect(boxes == [subject])
    let fields = [("title", "Changed"), ("status", "open"), ("about", subject), ("about", ""), ("version", "1")]
    #expect(owner.post(Self.tasks + "/" + picked, fields + [("csrf_token", owner.lastToken)]).status == 303)
    #expect(about(picked) == ["The subject"])
    #expect(owner.get(Self.tasks + "/\(picked)/events").page.first("//dl[@class='diff']")?.text.contains("About") == false)
  }

  @Test func `a task is not about itself, and a name that several records of any types have is asked for`() throws {
    let task = try record("Twin", in: "tasks")
    owner.get(Self.tasks + "/\(task)/edit")
    for text in [task, "Twin"] {
      let fields = [("title", "Twin"), ("status", "open"), ("about", text), ("version", "1")]
      #expect(owner.post(Self.tasks + "/" + task, fields + [("csrf_token", owner.lastToken)]).status == 422)
    }
    _ = try record("Twin", in: "specimens")
    owner.get(Self.tasks + "/new")
    let response = owner.post(Self.tasks, [("title", "X"), ("about", "twin"), ("csrf_token", owner.lastToken)])
    #expect(response.page.first("//p[@id='f-about-error']")?.text == "There are several named “twin”. Pick one from the list.")
  }

  @Test(arguments: [true, false])
  func `what was exported comes back, whatever the types`(isEmpty: Bool) throws {
    let ids = try ["contacts", "companies", "specimens", "tasks"].map { try record("Subject of \($0)", in: $0) }
    let task = try record("All", in: "tasks", ids.map { ("about", $0) })
    let export = owner.get(Self.tasks + "/export.csv?columns=all&sort=title").text
    for id in ids { #expect(export.contains(id)) }
    let file = NSTemporaryDirectory() + "about-\(UInt64.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(export.utf8).write(to: URL(fileURLWithPath: file))
    if isEmpty { try office.store.write { try $0.run("DELETE FROM tasks WHERE id = \(task)") } }
    let now = office.now
    let importer = Importer(office.composition, store: office.store, clock: Clock { now })
    var problems: [String] = []
    let outcome = try importer.run(
      "tasks", path: file, options: Importer.Options(), skipped: { problems.append($0.reason) }, progress: { _ in }
    )
    #expect(problems.isEmpty && outcome.written == 2)
    #expect(owner.get(Self.tasks + "/export.csv?columns=all&sort=title").text == export)
    #expect(about(task).count == 4)
  }

  @Test func `a name that is out of reach is shown nowhere: not by tasks, and not by references`() throws {
    let fred = try office.visitor(.factory, name: "Fred Factory")
    let freds = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
    let secret = try record("Secret Sam", in: "contacts")
    let own = try record("Own Olga", in: "contacts", [("owner", freds)])
    let task = try record("Call", in: "tasks", [("about", secret), ("about", own), ("assignee", freds)])
    let specimens = try [secret, own].map { try record("S", in: "specimens", [("contact_id", $0), ("owner", freds)]) }
    // A user with access to all of them sees both.
    #expect(about(task) == ["Own Olga", "Secret Sam"])
    #expect(owner.get("/admin/crm/specimens").text.contains("Secret Sam"))
    #expect(owner.get("/admin/crm/specimens/\(specimens[0])").text.contains("Secret Sam"))
    #expect(about(task, by: fred) == ["Own Olga"])
    for address in [
      "tasks", "tasks/\(task)", "tasks?view=cards", "tasks?about=\(secret)", "tasks/export.csv", "specimens", "specimens?view=cards",
      "specimens/\(specimens[0])", "specimens/\(specimens[1])", "specimens?filter=contact%20is%20\(secret)", "specimens/export.csv",
      "specimens?sort=contact",
    ] {
      let response = fred.get("/admin/crm/" + address)
      #expect(response.status == 200, "\(address)")
      #expect(!response.text.contains("Secret"), "\(address)")
    }
    #expect(fred.get("/admin/crm/tasks").text.contains("Own Olga"))
    #expect(fred.get("/admin/crm/specimens").text.contains("Own Olga"))
    #expect(fred.get("/admin/crm/specimens/\(specimens[1])").text.contains("Own Olga"))
    #expect(!fred.get("/admin/crm/specimens").text.contains("/admin/crm/contacts/\(secret)"), "nor is it a link")
  }
}
