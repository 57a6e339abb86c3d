import Base
import Foundation
import Store
import Synchronization
import Testing

@testable import Admin
@testable import CRM

/// Recurring jobs: made by the queue itself, one for each due time.
@Suite struct JobScheduleTests {
  @Test func `due times are the same whenever one looks`() throws {
    func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text + "Z")) }
    for (schedule, now, latest, next) in [
      (JobSchedule.every(hours: 1), "2026-11-27T05:21:53", "2026-11-27T05:00:00", "2026-11-27T06:00:00"),
      (.every(hours: 1), "2026-11-27T05:00:00", "2026-11-27T05:00:00", "2026-11-27T06:00:00"),
      (.every(hours: 6), "2026-11-27T05:21:53", "2026-11-27T00:00:00", "2026-11-27T06:00:00"),
      (.every(days: 1, at: 2), "2026-11-27T01:59:59", "2026-11-26T02:00:00", "2026-11-27T02:00:00"),
      (.every(days: 1, at: 2), "2026-12-31T23:00:00", "2026-12-31T02:00:00", "2027-01-01T02:00:00"),
      (.weekly(at: 3), "2026-11-27T05:21:53", "2026-11-22T03:00:00", "2026-11-29T03:00:00"),
      (.weekly(at: 3), "1969-12-31T05:00:00", "1969-12-28T03:00:00", "1970-01-04T03:00:00"),
    ] {
      #expect(schedule.latest(try time(now)) == (try time(latest)))
      #expect(schedule.next(after: try time(now)) == (try time(next)))
    }
  }

  private final class Setting: Sendable {
    private let value = Mutex<JobSchedule?>(.every(hours: 1))
    func set(_ schedule: JobSchedule?) { value.withLock { $0 = schedule } }
    var schedule: JobSchedule? { value.withLock { $0 } }
  }

  private func app(_ setting: Setting) throws -> TestApp {
    let kind = JobKind("recurring", "Recurring", schedule: { _ in setting.schedule }) { _ in JobResult(Message("Done.")) }
    return try TestApp(features: [Feature(name: "fixture", jobs: [kind])])
  }

  private func look(_ app: TestApp) throws { try JobSchedule.enqueueDue(app.composition.jobs.all, now: app.now, in: app.store) }

  private func count(_ app: TestApp) throws -> Int {
    try app.store.read { try $0.value("SELECT count(*) FROM jobs WHERE kind = 'recurring'") } ?? 0
  }

  private func perform(_ app: TestApp) throws { try JobWorker(services: app.services).performDue() }

  @Test func `each due time makes one job, whoever looks and however often`() throws {
    let app = try app(Setting())
    try look(app)
    #expect(try count(app) == 0, "the first is due at the next full hour")
    for hour in 1...3 {
      app.wait(seconds: 3600)
      // Several processes at once, each with its own look.
      let (kinds, now, store) = (app.composition.jobs.all, app.now, app.store)
      DispatchQueue.concurrentPerform(iterations: 8) { _ in for _ in 0..<5 { try? JobSchedule.enqueueDue(kinds, now: now, in: store) } }
      #expect(try count(app) == hour)
      try perform(app)
      try look(app)
      #expect(try count(app) == hour)
    }
  }

  @Test func `due times that passed while nothing ran are made up for once`() throws {
    let app = try app(Setting())
    try look(app)
    app.wait(seconds: 10 * 3600)
    try look(app)
    try perform(app)
    try look(app)
    #expect(try count(app) == 1)
  }

  @Test func `a job that still waits stands for the next due time too`() throws {
    let app = try app(Setting())
    try look(app)
    for _ in 1...3 {
      app.wait(seconds: 3600)
      try look(app)
    }
    #expect(try count(app) == 1)
  }

  @Test func `a kind that is switched off makes none, and one switched on starts with its next due time`() throws {
    let setting = Setting()
    let app = try app(setting)
    try look(app)
    setting.set(nil)
    app.wait(seconds: 5 * 3600)
    try look(app)
    #expect(try count(app) == 0)
    setting.set(.every(hours: 1))
    try look(app)
    #expect(try count(app) == 0)
    app.wait(seconds: 3600)
    try look(app)
    #expect(try count(app) == 1)
  }

  @Test func `housekeeping runs by itself and removes what is old`() throws {
    let app = try TestApp()
    let kind = JobKind("other", "Other") { _ in JobResult(Message("Done.")) }
    let old = try app.store.write { try Jobs.enqueue(kind, now: app.now, in: $0) }
    #expect(try app.store.write { try Jobs.cancel(old, now: app.now, in: $0) })
    try look(app)
    app.wait(seconds: 29 * 24 * 3600)
    try perform(app)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM jobs WHERE id = \(old)") } == 1)
    app.wait(seconds: 2 * 24 * 3600)
    try perform(app)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM jobs WHERE id = \(old)") } == 0)
  }
}
