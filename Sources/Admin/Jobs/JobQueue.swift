import Base
import Store

/// The queue as workers see it. All of its state is in the database, so any number of processes can work on it: a job belongs to the run whose lease is
/// in its row, for as long as that is renewed. A lease that has run out is one whose worker is gone.
enum JobQueue {
  /// How long a lease lasts without being renewed, in seconds: how long a job rests after its worker was killed.
  static let lease = 60

  /// A job that was claimed.
  struct Claim: Sendable {
    let id: RecordID
    /// The run that has it.
    let lease: RecordID
    let kind: JobKind
    let arguments: JSON
    /// What earlier steps have stored.
    let state: JSON
    /// 1 for the first.
    let attempt: Int
  }

  /// Takes the job that is next, if any is due: one that a worker left behind, else by priority and time.
  static func claim(_ lane: JobKind.Lane, of kinds: JobKinds, now: Timestamp, from store: Store) throws -> Claim? {
    // Looking costs no turn to write.
    guard try store.read({ db in try next(lane, kinds, now: now, in: db) }) != nil else { return nil }
    return try store.write { db in
      while let (id, name, isAbandoned) = try next(lane, kinds, now: now, in: db), let kind = kinds[name] {
        if isAbandoned, try end(abandoned: id, kind, now: now, in: db) { continue }
        return try take(id, kind, now: now, in: db)
      }
      return nil
    }
  }

  private typealias Next = (id: RecordID, kind: String, isAbandoned: Bool)

  private static func next(_ lane: JobKind.Lane, _ kinds: JobKinds, now: Timestamp, in db: Database) throws -> Next? {
    let known = SQL.list(kinds.all.map(\.name))
    let abandoned = try db.first(
      "SELECT id, kind FROM jobs WHERE status = 'running' AND lane = \(lane.rawValue) AND leased_until <= \(now) AND kind IN \(known) LIMIT 1"
    ) { (id: $0.recordID(0), kind: $0.text(1), isAbandoned: true) }
    if let abandoned { return abandoned }
    // One look at the index for each, so that jobs for later cost nothing.
    for priority in JobKind.Priority.allCases.reversed() {
      let found = try db.first(
        """
        SELECT id, kind FROM jobs WHERE status = 'waiting' AND lane = \(lane.rawValue) AND priority = \(priority.rawValue) AND run_at <= \(now)
          AND kind IN \(known) AND NOT EXISTS (
            SELECT 1 FROM jobs other WHERE other.status = 'running' AND other.kind = jobs.kind AND other.unique_key = jobs.unique_key)
        ORDER BY run_at, seq LIMIT 1
        """
      ) { (id: $0.recordID(0), kind: $0.text(1), isAbandoned: false) }
      if let found { return found }
    }
    return nil
  }

  /// Ends a job that nobody works on any more and that must not be tried again: it was cancelled, or takes its process down each time.
  private static func end(abandoned id: RecordID, _ kind: JobKind, now: Timestamp, in db: Database) throws -> Bool {
    let reason = Message("Roost stopped while this was running.").json.text
    return try db.run(
      """
      UPDATE jobs SET status = CASE WHEN cancel_requested_at IS NULL THEN 'failed' ELSE 'cancelled' END, failure = \(reason),
        finished_at = \(now), leased_by = NULL, leased_until = NULL
      WHERE id = \(id) AND (cancel_requested_at IS NOT NULL OR attempts >= \(kind.retry.attempts))
      """) == 1
  }

  private static func take(_ id: RecordID, _ kind: JobKind, now: Timestamp, in db: Database) throws -> Claim? {
    let lease = RecordID.make(at: now)
    return try db.first(
      """
      UPDATE jobs SET status = 'running', leased_by = \(lease), leased_until = \(now.adding(seconds: Self.lease)), attempts = attempts + 1,
        started_at = \(now)
      WHERE id = \(id) RETURNING arguments, state, attempts
      """
    ) { row in
      Claim(
        id: id, lease: lease, kind: kind, arguments: (try? JSON(parsing: row.text(0))) ?? .null,
        state: (try? JSON(parsing: row.text(1))) ?? .null, attempt: row.int(2))
    }
  }

  /// Renews the lease; `true` if the job is to be cancelled. Throws if it is no longer this run's.
  static func renew(_ claim: Claim, now: Timestamp, in db: Database) throws -> Bool {
    let isCancelled = try db.value(
      """
      UPDATE jobs SET leased_until = \(now.adding(seconds: lease)) WHERE id = \(claim.id) AND leased_by = \(claim.lease)
      RETURNING cancel_requested_at IS NOT NULL
      """)
    guard let isCancelled else { throw JobInterruption.lost }
    return isCancelled == 1
  }

  /// Gives back what runs have that won't end by themselves.
  static func release(_ claims: [Claim], now: Timestamp, in store: Store) throws {
    try store.write(.essential) { db in for claim in claims { try end(claim, .released, now: now, in: db) } }
  }

  /// How a run ended.
  enum Ending {
    case done(JobResult)
    /// To be tried again then; `nil` if not at all.
    case failed(Message, again: Timestamp?)
    case cancelled
    /// Given back as if it had not begun.
    case released
  }

  /// Ends a run. What is no longer its own is left alone. One that is to wait again where another with its key waits by now has ended: that one does
  /// the same.
  static func end(_ claim: Claim, _ ending: Ending, now: Timestamp, in db: Database) throws {
    let waits =
      try db.value(
        """
        SELECT 1 FROM jobs mine, jobs other WHERE mine.id = \(claim.id) AND other.kind = mine.kind AND other.unique_key = mine.unique_key
          AND other.status = 'waiting'
        """) == 1
    let outcome: SQL =
      switch ending {
      case .done(let result): "status = 'done', result = \(result.json.text), failure = NULL, finished_at = \(now)"
      case .failed(let reason, let again?) where !waits: "status = 'waiting', failure = \(reason.json.text), run_at = \(again)"
      case .failed(let reason, _): "status = 'failed', failure = \(reason.json.text), finished_at = \(now)"
      case .released where !waits: "status = 'waiting', run_at = \(now), attempts = attempts - 1"
      case .cancelled, .released: "status = 'cancelled', finished_at = \(now)"
      }
    try db.run(
      """
      UPDATE jobs SET \(outcome), leased_by = NULL, leased_until = NULL, steps_done = NULL, steps_total = NULL, progress = NULL
      WHERE id = \(claim.id) AND leased_by = \(claim.lease)
      """)
  }
}

/// All kinds of jobs, by name.
package struct JobKinds: Sendable {
  let all: [JobKind]
  private let byName: [String: JobKind]

  init(_ kinds: [JobKind]) {
    all = kinds
    byName = Dictionary(kinds.map { ($0.name, $0) }) { first, _ in first }
  }

  subscript(_ name: String) -> JobKind? { byName[name] }
}
