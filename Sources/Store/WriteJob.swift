import Dispatch

/// A write that a caller waits for.
///
/// Sendable because its state is accessed by one thread at a time: by its caller before it is queued and after
/// `finished`, by the thread that leads the writer in between.
final class WriteJob: @unchecked Sendable {
  enum Kind {
    /// Inside a transaction, possibly shared. It can run a second time if the first was rolled back because of another
    /// job, so it must have no effect outside the database.
    case shared
    /// Also inside a transaction; on a full disk it can use the disk reserve.
    case essential
    /// Alone, outside any transaction.
    case alone
  }

  let kind: Kind
  /// Cleared when the job is done: it belongs to a call that then returns.
  private var body: ((Database) throws -> Void)?
  /// In the seconds of `BusyWait.now`.
  let deadline: Double
  private(set) var outcome: Result<Void, any Error>?
  /// Signalled when the job is done, or when its caller is to lead.
  let signal = DispatchSemaphore(value: 0)
  var leads = false

  init(_ kind: Kind, within seconds: Double, _ body: @escaping (Database) throws -> Void) {
    self.kind = kind
    self.body = body
    deadline = BusyWait.now + seconds
  }

  func run(_ database: Database) throws { try body?(database) }

  /// Its outcome.
  func settle(_ outcome: Result<Void, any Error>) {
    self.outcome = outcome
    body = nil
  }
}
