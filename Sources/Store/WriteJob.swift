import Dispatch

/// A write that somebody waits for.
///
/// Sendable because what varies is touched by one thread at a time: by its caller before it is handed in and after `finished`, by the thread that
/// leads the writer in between.
final class WriteJob: @unchecked Sendable {
  enum Kind {
    /// Inside a transaction that it may share with others. It may run a second time, when the first came to nothing because of another one, so it
    /// has no effect outside the database.
    case shared
    /// Inside such a transaction as well; on a full disk it gets the room that is kept for it.
    case essential
    /// Alone, outside any transaction.
    case alone
  }

  let kind: Kind
  /// Gone when the job is done: it belongs to a call that then returns.
  private var body: ((Database) throws -> Void)?
  /// In the seconds of `BusyWait.now`.
  let deadline: Double
  private(set) var outcome: Result<Void, any Error>?
  /// Signalled when the job is done, or its caller is to lead.
  let signal = DispatchSemaphore(value: 0)
  var leads = false

  init(_ kind: Kind, within seconds: Double, _ body: @escaping (Database) throws -> Void) {
    self.kind = kind
    self.body = body
    deadline = BusyWait.now + seconds
  }

  func run(_ database: Database) throws { try body?(database) }

  /// What became of it.
  func settle(_ outcome: Result<Void, any Error>) {
    self.outcome = outcome
    body = nil
  }
}
