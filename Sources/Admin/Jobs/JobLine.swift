import Base
import Store

/// A job as its page shows it.
struct JobLine: Sendable {
  /// What a part of the page lists.
  enum Part: String, CaseIterable, Sendable {
    case running, waiting, failed, finished

    /// Finished jobs that people or features asked for; those that come by themselves are known by their last result (`JobLine.last`).
    fileprivate func condition(_ recurring: [String]) -> SQL {
      switch self {
      case .running, .waiting, .failed: "status = \(rawValue)"
      case .finished: "finished_at IS NOT NULL AND status <> 'failed' AND NOT (requested_by IS NULL AND kind IN \(SQL.list(recurring)))"
      }
    }

    fileprivate var order: SQL {
      switch self {
      case .running: "started_at, seq"
      case .waiting: "run_at, seq"
      case .failed, .finished: "finished_at DESC, seq DESC"
      }
    }
  }

  let id: RecordID
  let kind: String
  let status: String
  let runAt: String
  let attempts: Int
  let progress: (done: Int, total: Int)?
  let step: Message?
  let result: JobResult?
  let failure: Message?
  let requester: String?
  let startedAt: String?
  let isCancelling: Bool
  let finishedAt: String?

  private static let columns = """
    id, kind, status, run_at, attempts, steps_done, steps_total, progress, result, failure,
    (SELECT name FROM users WHERE id = requested_by), started_at, cancel_requested_at IS NOT NULL, finished_at
    """

  private init(_ row: borrowing Row) {
    (id, kind, status, runAt, attempts) = (row.recordID(0), row.text(1), row.text(2), row.text(3), row.int(4))
    progress = row.isNull(6) ? nil : (row.int(5), row.int(6))
    (step, result, failure) = (Message(stored: row.text(7)), JobResult(row.text(8)), Message(stored: row.text(9)))
    (requester, startedAt, isCancelling, finishedAt) = (row.textOrNil(10), row.textOrNil(11), row.bool(12), row.textOrNil(13))
  }

  /// So many of a part, after so many others.
  static func all(_ part: Part, recurring: [String], limit: Int, offset: Int = 0, in db: Database) throws -> [JobLine] {
    try db.all(
      """
      SELECT \(raw: columns) FROM jobs WHERE \(part.condition(recurring)) ORDER BY \(part.order) LIMIT \(limit) OFFSET \(offset)
      """
    ) { JobLine($0) }
  }

  /// The last of a kind that has come to its end.
  static func last(_ kind: JobKind, in db: Database) throws -> JobLine? {
    try db.first(
      """
      SELECT \(raw: columns) FROM jobs
      WHERE kind = \(kind.name) AND finished_at IS NOT NULL AND status <> 'cancelled' ORDER BY finished_at DESC LIMIT 1
      """
    ) { JobLine($0) }
  }

  /// One of a kind that runs, or is about to.
  static func underWay(_ kind: JobKind, now: Timestamp, in db: Database) throws -> JobLine? {
    try db.first(
      """
      SELECT \(raw: columns) FROM jobs
      WHERE kind = \(kind.name) AND (status = 'running' OR status = 'waiting' AND run_at <= \(now)) ORDER BY status LIMIT 1
      """
    ) { JobLine($0) }
  }
}
