package import Base
package import Store
import Templating

/// What people and features ask of the queue of jobs.
package enum Jobs {
  /// Asks for a job, in the transaction of whatever needs it: both happen or neither. `key` names what it does: while a job of the same kind and
  /// key waits, that one is meant (due at the earlier of both times, with the higher priority), and none starts while another with the key runs. `at`
  /// is the earliest time; now without one.
  @discardableResult
  package static func enqueue(
    _ kind: JobKind, _ arguments: JSON = .object([]), key: String? = nil, at time: Timestamp? = nil, priority: JobKind.Priority = .normal,
    by user: RecordID? = nil, now: Timestamp, in db: Database
  ) throws -> RecordID {
    let id = try db.text(
      """
      INSERT INTO jobs (id, kind, lane, priority, arguments, unique_key, run_at, requested_by, created_at)
      VALUES (\(RecordID.make(at: now)), \(kind.name), \(kind.lane.rawValue), \(priority.rawValue), \(arguments.text), \(key), \(time ?? now), \(user), \(now))
      ON CONFLICT (kind, unique_key) WHERE status = 'waiting' AND unique_key IS NOT NULL DO UPDATE SET
        run_at = min(run_at, excluded.run_at), priority = max(priority, excluded.priority)
      RETURNING id
      """)
    guard let id = id.flatMap({ RecordID($0) }) else { throw StoreError("a job was not stored") }
    return id
  }

  /// Asks that a job be ended: one that waits is, a running one as soon as its handler looks. `false` if it has ended already.
  static func cancel(_ id: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE jobs SET cancel_requested_at = \(now), status = CASE status WHEN 'waiting' THEN 'cancelled' ELSE status END,
        finished_at = CASE status WHEN 'waiting' THEN \(now) END
      WHERE id = \(id) AND status IN ('waiting', 'running')
      """) == 1
  }

  /// Lets a job that failed or was cancelled start again, with what its steps have left; one that rests after a failure does so now. `false` if there is
  /// nothing to repeat, or another one with its key waits.
  static func retry(_ id: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE jobs SET status = 'waiting', run_at = \(now), attempts = 0, finished_at = NULL, cancel_requested_at = NULL
      WHERE id = \(id) AND (status IN ('failed', 'cancelled') OR status = 'waiting' AND run_at > \(now)) AND NOT EXISTS (
        SELECT 1 FROM jobs other
        WHERE other.kind = jobs.kind AND other.unique_key = jobs.unique_key AND other.status = 'waiting' AND other.id <> jobs.id)
      """) == 1
  }
}

extension ActContext {
  /// Asks for a job in this act's transaction, by whom it acts for.
  @discardableResult
  package func enqueue(
    _ kind: JobKind, _ arguments: JSON = .object([]), key: String? = nil, at time: Timestamp? = nil, priority: JobKind.Priority = .normal
  ) throws -> RecordID {
    try Jobs.enqueue(kind, arguments, key: key, at: time, priority: priority, by: actor.id.flatMap { RecordID($0) }, now: now, in: db)
  }
}

extension Jobs {
  /// What runs, waits and has failed, one per line, for a terminal.
  package static func list(in db: Database) throws -> [String] {
    let most = 100
    return try [JobLine.Part.running, .waiting, .failed].flatMap { part in
      try JobLine.all(part, recurring: [], limit: most, in: db).map { job in
        let progress = job.progress.map { "\($0.done) of \($0.total)" } ?? ""
        return [job.status, job.finishedAt ?? job.startedAt ?? job.runAt, job.kind, progress, job.failure?.text(in: .english) ?? ""]
          .joined(separator: "\t")
      }
    }
  }
}
