import Base
import Foundation
import Store
import Synchronization
import Testing

@testable import Admin
@testable import CRM

/// A worker that is gone (killed, unplugged, too slow): its job is taken over, and what it does happens once.
@Suite struct JobTakeoverTests {
  private struct Killed: Error {}

  /// Adds 10 numbers to a table, one per step, remembering in its state which one is next. `dies` is asked after each step.
  private static func counting(_ dies: @escaping @Sendable (Int, JobRun) throws -> Void) -> JobKind {
    JobKind("counting", "Counting", retry: RetryPolicy(attempts: 4)) { run in
      for number in (run.state.int ?? 0)..<10 {
        try run.step { db in
          try db.run("INSERT INTO effects (number) VALUES (\(number))")
          try run.keep(.int(number + 1), in: db)
        }
        try dies(number, run)
      }
      return JobResult(Message("Counted."))
    }
  }

  private static let effects = Migration("2099-01-01-effects", "CREATE TABLE effects (number INTEGER NOT NULL)")

  private func app(_ kind: JobKind) throws -> TestApp {
    try TestApp(features: [Feature(name: "fixture", migrations: [Self.effects], jobs: [kind])])
  }

  private func worker(_ app: TestApp) -> JobWorker { JobWorker(services: app.services, jitter: { 1 }) }

  private func numbers(_ app: TestApp) throws -> [Int] {
    try app.store.read { try $0.all("SELECT number FROM effects ORDER BY number") { $0.int(0) } }
  }

  /// As `kill -9` does: the run is never heard of again, and its lease stays.
  private func abandon(_ run: JobRun) { #expect(throws: Killed.self) { _ = try run.claim.kind.run(run) } }

  @Test(arguments: [0, 4, 9]) func `a job goes on after the step at which its process was killed`(last: Int) throws {
    let deaths = Mutex(0)
    let kind = Self.counting { number, _ in
      if number == last,
        deaths.withLock({
          $0 += 1; return $0 == 1
        })
      {
        throw Killed()
      }
    }
    let app = try app(kind)
    try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) }
    abandon(try #require(try worker(app).claim(.short)))
    #expect(try numbers(app) == Array(0...last))
    #expect(try worker(app).claim(.short) == nil, "its lease holds")
    app.wait(seconds: JobQueue.lease)
    #expect(try worker(app).performDue() == 1)
    #expect(try numbers(app) == Array(0..<10))
    #expect(try app.id("SELECT status FROM jobs WHERE kind = 'counting'") == "done")
  }

  @Test func `a run that has lost its lease writes nothing more`() throws {
    let other = Mutex<Int?>(nil)
    let app = try app(
      Self.counting { number, run in
        guard number == 3, run.attempt == 1 else { return }
        // It was away for longer than its lease, and another worker has done all.
        let services = run.services
        other.withLock { $0 = try? JobWorker(services: services).performDue() }
      })
    let kind = try #require(app.composition.jobs["counting"])
    try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) }
    let run = try #require(try worker(app).claim(.short))
    app.wait(seconds: JobQueue.lease + 1)
    // Its first steps renew the lease again, since nobody has taken the job yet.
    try app.store.write { _ = try $0.run("UPDATE jobs SET leased_until = \(app.now.adding(seconds: 1_000))") }
    try app.store.write { db in
      _ = try db.run("CREATE TRIGGER late AFTER INSERT ON effects WHEN NEW.number = 3 BEGIN UPDATE jobs SET leased_until = '2000'; END")
    }
    try worker(app).perform(run)
    #expect(other.withLock { $0 } == 1)
    #expect(try numbers(app) == Array(0..<10))
    #expect(try app.id("SELECT status || attempts FROM jobs WHERE kind = 'counting'") == "done2")
  }

  @Test func `of two workers that look at once, one gets the job`() throws {
    let kind = Self.counting { _, _ in }
    let app = try app(kind)
    let count = 40
    try app.store.write { db in for _ in 0..<count { try Jobs.enqueue(kind, now: app.now, in: db) } }
    let claimed = Mutex<[String]>([])
    let worker = worker(app)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      while let run = try? worker.claim(.short) { claimed.withLock { $0.append(run.id.text) } }
    }
    #expect(claimed.withLock { $0.count } == count)
    #expect(claimed.withLock { Set($0).count } == count)
  }

  @Test func `a job that takes its process down each time is given up`() throws {
    let kind = Self.counting { _, _ in throw Killed() }
    let app = try app(kind)
    try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) }
    for _ in 1...4 {
      abandon(try #require(try worker(app).claim(.short)))
      app.wait(seconds: JobQueue.lease)
    }
    #expect(try worker(app).claim(.short) == nil)
    #expect(try app.id("SELECT status || failure FROM jobs WHERE kind = 'counting'").contains("Roost stopped while this was running."))
  }

  @Test func `an abandoned job that was to be cancelled isn’t begun again`() throws {
    let kind = Self.counting { _, _ in throw Killed() }
    let app = try app(kind)
    let id = try app.store.write { try Jobs.enqueue(kind, now: app.now, in: $0) }
    abandon(try #require(try worker(app).claim(.short)))
    #expect(try app.store.write { try Jobs.cancel(id, now: app.now, in: $0) })
    app.wait(seconds: JobQueue.lease)
    #expect(try worker(app).performDue() == 0)
    #expect(try app.id("SELECT status FROM jobs WHERE kind = 'counting'") == "cancelled")
  }

  @Test func `a job that the program’s end interrupts waits, and that was no attempt`() throws {
    let isStopping = Mutex(false)
    let app = try app(Self.counting { number, _ in if number == 5 { isStopping.withLock { $0 = true } } })
    let kind = try #require(app.composition.jobs["counting"])
    try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) }
    var first = worker(app)
    first.isStopping = { isStopping.withLock { $0 } }
    try first.perform(try #require(try first.claim(.short)))
    #expect(try app.id("SELECT status || attempts FROM jobs WHERE kind = 'counting'") == "waiting0")
    #expect(try numbers(app) == Array(0...5))
    try worker(app).performDue()
    #expect(try numbers(app) == Array(0..<10))
  }

  @Test func `the program’s threads do what is asked for, and stop with it`() throws {
    let done = DispatchSemaphore(value: 0)
    let kind = JobKind("signal", "Signal") { _ in
      done.signal()
      return JobResult(Message("Done."))
    }
    let app = try app(kind)
    try app.services.start()
    for _ in 0..<5 { try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) } }
    for _ in 0..<5 { #expect(done.wait(timeout: .now() + 60) == .success) }
    app.services.stop()
  }

  @Test func `a job that doesn’t stop in time is given back, and can’t write any more`() throws {
    let (began, mayGoOn, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let kind = JobKind("stuck", "Stuck") { run in
      began.signal()
      mayGoOn.wait()
      defer { ended.signal() }
      try run.step { _ in Issue.record("it wrote") }
      return JobResult(Message("Done."))
    }
    let app = try app(kind)
    let runner = JobRunner(app.services)
    runner.start()
    try app.store.write { _ = try Jobs.enqueue(kind, now: app.now, in: $0) }
    #expect(began.wait(timeout: .now() + 60) == .success)
    runner.stop(within: 0)
    #expect(try app.id("SELECT status || attempts FROM jobs WHERE kind = 'stuck'") == "waiting0")
    mayGoOn.signal()
    #expect(ended.wait(timeout: .now() + 60) == .success)
  }
}
