import Base
import Foundation
import Store
import Synchronization
import Testing

@testable import Admin
@testable import CRM

/// The queue of jobs: what is done when, how often, and by whom. The clock is the test's, and no thread but the test's does a job.
@Suite struct JobQueueTests {
  /// A kind whose handler is the test's, and its queue. `@unchecked Sendable`: a test uses it from one thread.
  private final class Bench: @unchecked Sendable {
    let app: TestApp
    let kind: JobKind
    private let handler: Mutex<@Sendable (JobRun) throws -> JobResult>

    init(_ lane: JobKind.Lane = .short, attempts: Int = 3, schedule: JobSchedule? = nil) throws {
      let slot = Slot()
      kind = JobKind(
        "fixture", "Fixture", lane: lane, retry: RetryPolicy(attempts: attempts, first: 100, longest: 300), schedule: { _ in schedule }
      ) { try slot.run($0) }
      app = try TestApp(features: [Feature(name: "fixture", jobs: [kind])])
      handler = Mutex { _ in JobResult(Message("Done.")) }
      slot.bench = self
    }

    func when(_ body: @escaping @Sendable (JobRun) throws -> JobResult) { handler.withLock { $0 = body } }

    fileprivate func run(_ run: JobRun) throws -> JobResult { try handler.withLock { $0 }(run) }

    @discardableResult
    func enqueue(_ text: String = "", key: String? = nil, after seconds: Int = 0, priority: JobKind.Priority = .normal) throws -> RecordID {
      let now = app.now
      return try app.store.write { [kind] db in
        try Jobs.enqueue(kind, .string(text), key: key, at: now.adding(seconds: seconds), priority: priority, now: now, in: db)
      }
    }

    /// Another process with the same database.
    var worker: JobWorker { JobWorker(services: app.services, jitter: { 1 }) }

    @discardableResult
    func performDue() throws -> Int { try worker.performDue() }

    func column(_ name: String, of id: RecordID) throws -> String? {
      try app.store.read { try $0.text("SELECT \(raw: name) FROM jobs WHERE id = \(id)") }
    }

    func statuses() throws -> [String] {
      try app.store.read { try $0.all("SELECT status FROM jobs WHERE kind = 'fixture' ORDER BY seq") { $0.text(0) } }
    }
  }

  /// `@unchecked Sendable`: set once, before anything runs.
  private final class Slot: @unchecked Sendable {
    weak var bench: Bench?

    func run(_ run: JobRun) throws -> JobResult { try bench?.run(run) ?? JobResult(Message("Nobody’s.")) }
  }

  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  @Test func `a job gets its arguments, runs once and leaves its result`() throws {
    let bench = try Bench()
    let seen = Lines()
    bench.when { run in
      seen.add(run.arguments.text)
      return JobResult(Message("{n} sent.", ["n": "3"]), lines: ["one", "two"], data: .int(3))
    }
    let id = try bench.enqueue("νίκη & <co>")
    #expect(try bench.performDue() == 1)
    #expect(try bench.performDue() == 0)
    #expect(seen.all == [JSON.string("νίκη & <co>").text])
    let result = try #require(try bench.column("result", of: id).flatMap { JobResult($0) })
    #expect(result == JobResult(Message("{n} sent.", ["n": "3"]), lines: ["one", "two"], data: .int(3)))
    #expect(try bench.statuses() == ["done"])
  }

  @Test func `an act that fails asks for nothing`() throws {
    let bench = try Bench()
    struct Failed: Error {}
    #expect(throws: Failed.self) {
      let _: Void = try bench.app.store.write { db in
        try Jobs.enqueue(bench.kind, now: bench.app.now, in: db)
        throw Failed()
      }
    }
    #expect(try bench.statuses() == [])
  }

  @Test func `what is due first, and what matters more, is done first`() throws {
    let bench = try Bench()
    let seen = Lines()
    bench.when { run in
      seen.add(run.arguments.string ?? "")
      return JobResult(Message("Done."))
    }
    try bench.enqueue("later", after: 60)
    try bench.enqueue("low", priority: .low)
    try bench.enqueue("first")
    try bench.enqueue("second")
    try bench.enqueue("high", priority: .high)
    try bench.performDue()
    #expect(seen.all == ["high", "first", "second", "low"])
    bench.app.wait(seconds: 59)
    #expect(try bench.performDue() == 0)
    bench.app.wait(seconds: 1)
    #expect(try bench.performDue() == 1)
    #expect(seen.all.last == "later")
  }

  @Test func `one job waits for a key, at the earlier time, and one runs`() throws {
    let bench = try Bench()
    let first = try bench.enqueue("a", key: "k", after: 100)
    #expect(try bench.enqueue("b", key: "k", after: 50, priority: .high) == first)
    #expect(try bench.enqueue("c", key: "k", after: 200) == first)
    #expect(try bench.enqueue("d", key: "other", after: 200) != first)
    #expect(try bench.column("run_at", of: first) == bench.app.now.adding(seconds: 50).text)
    bench.app.wait(seconds: 60)
    let run = try #require(try bench.worker.claim(.short))
    // While it runs another may wait, but not start.
    let second = try bench.enqueue(key: "k")
    #expect(second != first)
    #expect(try bench.worker.claim(.short) == nil)
    try bench.worker.perform(run)
    #expect(try #require(try bench.worker.claim(.short)).id == second)
  }

  @Test(arguments: [0, 1, 2]) func `a failed job is tried again after longer and longer rests, then given up`(number: Int) throws {
    struct Offline: Error, CustomStringConvertible { let description = "no route to host" }
    let attempts = [1, 3, 6][number]
    let bench = try Bench(attempts: attempts)
    bench.when { _ in throw Offline() }
    let id = try bench.enqueue()
    for attempt in 1...attempts {
      #expect(try bench.performDue() == 1, "attempt \(attempt)")
      guard attempt < attempts else { break }
      let rest = [100, 200, 300, 300, 300][attempt - 1]
      #expect(try bench.column("run_at", of: id) == bench.app.now.adding(seconds: rest).text)
      bench.app.wait(seconds: rest - 1)
      #expect(try bench.performDue() == 0)
      bench.app.wait(seconds: 1)
    }
    #expect(try bench.column("status", of: id) == "failed")
    #expect(try bench.column("failure", of: id)?.contains("no route to host") == true)
    bench.app.wait(seconds: 10_000)
    #expect(try bench.worker.claim(.short) == nil)
  }

  @Test func `rests grow up to the longest, and jitter takes at most half of one`() {
    let policy = RetryPolicy(attempts: 99, first: 10, longest: 3_600)
    #expect((1...5).map { policy.rest(after: $0, jitter: 1) } == [10, 20, 40, 80, 160])
    #expect((1...5).map { policy.rest(after: $0, jitter: 0) } == [5, 10, 20, 40, 80])
    #expect([10, 64, 10_000].map { policy.rest(after: $0, jitter: 1) } == [3_600, 3_600, 3_600])
  }

  @Test func `a failure that trying again can’t mend is final`() throws {
    let bench = try Bench()
    bench.when { _ in throw JobFailure(Message("There is no such address."), isFinal: true) }
    try bench.enqueue()
    try bench.performDue()
    #expect(try bench.statuses() == ["failed"])
  }

  @Test func `a failed or cancelled job can be started again by people`() throws {
    let bench = try Bench(attempts: 1)
    bench.when { _ in throw JobFailure(Message("Not now.")) }
    let id = try bench.enqueue(key: "k")
    try bench.performDue()
    bench.when { _ in JobResult(Message("Done.")) }
    #expect(try bench.app.store.write { try Jobs.retry(id, now: bench.app.now, in: $0) })
    #expect(try !bench.app.store.write { try Jobs.retry(id, now: bench.app.now, in: $0) }, "it waits already")
    try bench.performDue()
    #expect(try bench.statuses() == ["done"])
    #expect(try !bench.app.store.write { try Jobs.retry(id, now: bench.app.now, in: $0) }, "it is done")
    // Nor beside another that waits for the same.
    let other = try bench.enqueue(key: "k")
    #expect(try bench.app.store.write { try Jobs.cancel(other, now: bench.app.now, in: $0) })
    try bench.enqueue(key: "k", after: 100)
    #expect(try !bench.app.store.write { try Jobs.retry(other, now: bench.app.now, in: $0) })
  }

  @Test func `a job that rests after a failure gives way to one with its key that came since`() throws {
    let bench = try Bench()
    let run = try { () throws -> JobRun in
      try bench.enqueue(key: "k")
      return try #require(try bench.worker.claim(.short))
    }()
    try bench.enqueue(key: "k")
    bench.when { _ in throw JobFailure(Message("Not now.")) }
    try bench.worker.perform(run)
    #expect(try bench.statuses() == ["failed", "waiting"])
  }

  @Test func `a waiting job is cancelled at once, a running one when it looks`() throws {
    let bench = try Bench()
    let waiting = try bench.enqueue(after: 100)
    #expect(try bench.app.store.write { try Jobs.cancel(waiting, now: bench.app.now, in: $0) })
    #expect(try !bench.app.store.write { try Jobs.cancel(waiting, now: bench.app.now, in: $0) })
    let steps = Lines()
    bench.when { run in
      for number in 1...4 {
        try run.step { _ in steps.add("step \(number)") }
        if number == 2 { _ = try run.services.store.write { try Jobs.cancel(run.id, now: run.now, in: $0) } }
      }
      return JobResult(Message("Done."))
    }
    try bench.enqueue()
    try bench.performDue()
    #expect(steps.all == ["step 1", "step 2"])
    #expect(try bench.statuses() == ["cancelled", "cancelled"])
  }

  @Test func `work without steps can look for a cancellation too`() throws {
    let bench = try Bench()
    let looks = Lines()
    bench.when { run in
      for number in 1...9 {
        try run.check()
        looks.add("\(number)")
        if number == 2 { _ = try run.services.store.write { try Jobs.cancel(run.id, now: run.now, in: $0) } }
        bench.app.wait(seconds: 1)
      }
      return JobResult(Message("Done."))
    }
    try bench.enqueue()
    try bench.performDue()
    #expect(looks.all == ["1", "2"])
    #expect(try bench.statuses() == ["cancelled"])
  }

  @Test func `progress is stored once a second, and is gone at the end`() throws {
    let bench = try Bench()
    let seen = Lines()
    bench.when { run in
      for number in 1...6 {
        try run.report(number, of: 6, Message("Looking at {name}", ["name": "file \(number)"]))
        seen.add(try bench.column("steps_done || '/' || steps_total || ' ' || progress", of: run.id) ?? "-")
        if number.isMultiple(of: 3) { bench.app.wait(seconds: 1) }
      }
      return JobResult(Message("Done."))
    }
    let id = try bench.enqueue()
    try bench.performDue()
    #expect(seen.all.map { String($0.prefix(3)) } == ["1/6", "1/6", "1/6", "4/6", "4/6", "4/6"])
    #expect(seen.all[3].contains("file 4"))
    #expect(try bench.column("steps_done", of: id) == nil)
  }

  @Test func `a job whose kind nobody knows waits`() throws {
    let bench = try Bench()
    let id = try bench.enqueue()
    try bench.app.store.write { _ = try $0.run("UPDATE jobs SET kind = 'of a later version' WHERE id = \(id)") }
    #expect(try bench.performDue() == 0)
    #expect(try bench.column("status", of: id) == "waiting")
  }

  @Test func `long jobs have a lane of their own`() throws {
    let bench = try Bench(.long)
    try bench.enqueue()
    #expect(try bench.worker.claim(.short) == nil)
    #expect(try bench.worker.claim(.long) != nil)
  }
}
