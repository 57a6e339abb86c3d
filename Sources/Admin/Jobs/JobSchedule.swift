package import Base
import Store

/// When a recurring job is due: at fixed moments (UTC), the same for every process.
package struct JobSchedule: Sendable, Equatable {
  /// In seconds.
  private let period: Int
  /// The first moment after 1970-01-01T00:00:00Z, in seconds.
  private let offset: Int

  /// Every so many hours, from midnight.
  package static func every(hours: Int) -> JobSchedule { JobSchedule(period: max(1, hours) * 3600, offset: 0) }

  /// Every so many days, at that hour.
  package static func every(days: Int, at hour: Int) -> JobSchedule { JobSchedule(period: max(1, days) * 86_400, offset: hour * 3600) }

  /// On Sundays, at that hour. 1970-01-01 was a Thursday.
  package static func weekly(at hour: Int) -> JobSchedule { JobSchedule(period: 7 * 86_400, offset: 3 * 86_400 + hour * 3600) }

  /// The last due time that isn't later than this moment.
  func latest(_ now: Timestamp) -> Timestamp {
    let (period, offset) = (Int64(period) * 1000, Int64(offset) * 1000)
    let past = (now.milliseconds - offset) % period
    return Timestamp(milliseconds: now.milliseconds - (past < 0 ? past + period : past))
  }

  /// The first due time after this moment.
  package func next(after now: Timestamp) -> Timestamp { latest(now).adding(seconds: period) }

  /// Makes the jobs of all recurring kinds that have become due since the last look: one for each kind, however many due times have passed, and
  /// exactly one among all processes that look, since the due time is claimed in the same transaction. A kind that is new here, or switched on, starts
  /// with its next due time.
  static func enqueueDue(_ kinds: [JobKind], now: Timestamp, in store: Store) throws {
    let due = try store.read { db in try kinds.filter { try needsLook($0, now: now, in: db) } }
    if !due.isEmpty { try store.write { db in for kind in due { try enqueue(kind, now: now, in: db) } } }
  }

  private static func needsLook(_ kind: JobKind, now: Timestamp, in db: Database) throws -> Bool {
    let made = try db.text("SELECT slot_at FROM job_schedules WHERE kind = \(kind.name)")
    guard let schedule = try kind.schedule(db) else { return made != nil }
    return made.map { $0 < schedule.latest(now).text } ?? true
  }

  private static func enqueue(_ kind: JobKind, now: Timestamp, in db: Database) throws {
    guard let slot = try kind.schedule(db)?.latest(now) else {
      try db.run("DELETE FROM job_schedules WHERE kind = \(kind.name)")
      return
    }
    if try db.run("UPDATE job_schedules SET slot_at = \(slot) WHERE kind = \(kind.name) AND slot_at < \(slot)") == 1 {
      try Jobs.enqueue(kind, key: kind.name, priority: .low, now: now, in: db)
    } else {
      try db.run("INSERT INTO job_schedules (kind, slot_at) VALUES (\(kind.name), \(slot)) ON CONFLICT DO NOTHING")
    }
  }
}
