import Dispatch
import Synchronization

/// Copies a long write-ahead log into the database file, concurrently with writes.
///
/// By default SQLite does this on the thread of the write that makes the log too long: that write, and all queued after
/// it, would wait for tens of milliseconds, which is one write in a hundred if each touches the pages of many indexes.
final class Checkpointer: Sendable {
  /// The log size that triggers a checkpoint, in pages (16 MiB). A longer log slows down lookups; in a shorter one
  /// fewer changes share a page that is then copied only once.
  static let pagesBetween = 4000
  /// How long the final step waits for readers of the old log, in seconds. Writes are blocked during that time.
  private static let timeout = 0.02
  /// How long it waits for the write lock, in seconds.
  private static let turnTimeout = 60.0

  private let writer: Writer
  private let open: @Sendable () throws(StoreError) -> Database
  let queue = DispatchQueue(label: "checkpoints")
  private let isUnderWay = Atomic(false)
  /// The log size at which the next checkpoint starts.
  private let due = Atomic(pagesBetween)

  init(_ writer: Writer, open: @escaping @Sendable () throws(StoreError) -> Database) {
    self.writer = writer
    self.open = open
  }

  /// Called after each commit.
  func logHas(_ pages: Int) {
    guard pages >= due.load(ordering: .relaxed), !isUnderWay.exchange(true, ordering: .acquiring) else { return }
    queue.async { [self] in
      // There is a long-running reader, or the disk is full: the log stays as it is, nothing is lost, and the next
      // attempt follows when it has grown.
      let isDone = (try? checkpoint()) ?? false
      due.store(isDone ? Self.pagesBetween : pages + Self.pagesBetween, ordering: .relaxed)
      isUnderWay.store(false, ordering: .releasing)
    }
  }

  /// Waits for a checkpoint in progress.
  func finish() { queue.sync {} }

  /// Copies concurrently with writes as far as no reader needs the older state, and then the rest while writes are
  /// blocked: SQLite restarts the log only if it has been copied completely.
  private func checkpoint() throws -> Bool {
    _ = try open().checkpoint(.passive)
    return try writer.write(.alone, within: Self.turnTimeout) { database in
      try writer.busyWait.wait(until: BusyWait.now + Self.timeout) { try database.checkpoint(.restart) }
    }
  }
}
