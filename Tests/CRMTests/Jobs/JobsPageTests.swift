import Base
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// The tab of jobs.
@Suite struct JobsPageTests {
  private let path = "/admin/settings/crm/jobs"
  private static let export = JobKind("export", "Export", retry: RetryPolicy(attempts: 2, first: 600)) { run in
    switch run.arguments.string {
    case "fails": throw JobFailure(Message("The folder {name} is full.", ["name": "/srv/exports"]))
    case "finds": return JobResult(Message("{n} problem found", "{n} problems found", count: 2), lines: ["one <problem>", "another"])
    default: return JobResult(Message("No problems found."))
    }
  }

  private func app() throws -> TestApp { try TestApp(features: [Feature(name: "fixture", jobs: [Self.export])]) }

  @discardableResult
  private func enqueue(_ app: TestApp, _ text: String = "", after seconds: Int = 0) throws -> RecordID {
    let user = RecordID(try app.id("SELECT id FROM users LIMIT 1"))
    return try app.store.write { db in
      try Jobs.enqueue(Self.export, .string(text), at: app.now.adding(seconds: seconds), by: user, now: app.now, in: db)
    }
  }

  private func worker(_ app: TestApp) -> JobWorker { JobWorker(services: app.services, jitter: { 1 }) }

  @Test func `the page as it was looked at`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    assertSnapshot(of: owner.get(path), named: "jobs/empty")
    try app.keepHouse()
    for text in ["", "finds", "fails"] { try enqueue(app, text) }
    try worker(app).performDue()
    app.wait(seconds: 600)
    try worker(app).performDue()
    for text in ["fails", "fails later"] { try enqueue(app, text) }
    try worker(app).performDue()
    let cancelled = try enqueue(app)
    owner.post("\(path)/\(cancelled.text)/cancel", [:])
    try enqueue(app)
    let running = try #require(try worker(app).claim(.short))
    try running.report(3, of: 12, Message("Copying files"))
    try enqueue(app, after: 3_600)
    owner.get(path)
    assertSnapshot(of: owner.get(path), named: "jobs/jobs")
  }

  @Test func `a job is cancelled, retried and started at once from the page`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    func status(_ id: RecordID) throws -> String { try app.id("SELECT status FROM jobs WHERE id = \(id)") }
    let id = try enqueue(app, after: 3_600)
    let forms = { owner.get(path).page.all("//section[@id='jobs-waiting']//form").compactMap { $0["action"] } }
    #expect(forms() == ["\(path)/\(id.text)/retry", "\(path)/\(id.text)/cancel"])
    #expect(owner.post("\(path)/\(id.text)/cancel", [:]).location == path)
    #expect(try status(id) == "cancelled")
    #expect(owner.get(path).text.contains("The job will stop."))
    owner.post("\(path)/\(id.text)/retry", [:])
    #expect(try status(id) == "waiting")
    try worker(app).performDue()
    #expect(try status(id) == "done")
    for act in ["cancel", "retry"] {
      #expect(owner.post("\(path)/\(id.text)/\(act)", [:]).status == 303)
      #expect(try status(id) == "done")
    }
    let later = try enqueue(app, after: 3_600)
    owner.post("\(path)/\(later.text)/retry", [:])
    try worker(app).performDue()
    #expect(try status(later) == "done")
  }

  @Test func `recurring jobs can be asked for, once however often, and no others`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    owner.get(path)
    for _ in 0..<3 { #expect(owner.post("\(path)/recurring/housekeeping", [:]).status == 303) }
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM jobs WHERE kind = 'housekeeping'") } == 1)
    #expect(try app.id("SELECT u.name FROM jobs JOIN users u ON u.id = requested_by") == "Olga Owner")
    for name in ["export", "nothing", ""] { #expect(owner.post("\(path)/recurring/\(name)", [:]).status == 404) }
  }

  @Test func `it is for those who look after the installation`() throws {
    let app = try app()
    _ = try app.visitor(.owner)
    let id = try enqueue(app, after: 3_600)
    for (role, status) in [(Role.owner, 200), (.admin, 200), (.manager, 404), (.factory, 404), (.member, 404)] {
      let visitor = try app.visitor(role, name: "Somebody Else")
      visitor.get("/account")
      #expect(visitor.get(path).status == status, "\(role)")
      guard status == 404 else { continue }
      #expect(visitor.post("\(path)/\(id.text)/cancel", [:]).status == 404)
      #expect(visitor.post("\(path)/\(id.text)/retry", [:]).status == 404)
      #expect(visitor.post("\(path)/recurring/backup", [:]).status == 404)
    }
    #expect(try app.id("SELECT status FROM jobs WHERE id = \(id)") == "waiting")
  }

  @Test func `many jobs come in pages`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    for number in 0..<120 { try enqueue(app, after: 60 + number) }
    let page = owner.get(path).page
    #expect(page.all("//section[@id='jobs-waiting']//li").count == 10)
    var address = page.first("//section[@id='jobs-waiting']//p/a")?["href"]
    var counts: [Int] = []
    var seen: Set<String> = []
    while let next = address, counts.count < 9 {
      let page = owner.get(next).page
      let lines = page.all("//section[@id='jobs-waiting']//li").compactMap { $0["id"] }
      counts.append(lines.count)
      seen.formUnion(lines)
      address = page.first("//a[@rel='next']")?["href"]
    }
    #expect(counts == [50, 50, 20])
    #expect(seen.count == 120)
  }
}
