import Dispatch
import Synchronization

/// Copies the write-ahead log into the database file when it has become long, beside the writes.
///
/// Left to itself SQLite does this on the thread of the write that makes the log too long: that one, and all who wait behind it, would stand still
/// for tens of milliseconds, which is one write in a hundred where each touches the pages of many indexes.
final class Checkpointer: Sendable {
  /// How long the log may become, in pages (16 MiB). A longer one is slower to look things up in; in a shorter one fewer changes meet on a page
  /// that then has to be copied once only.
  static let pagesBetween = 4000
  /// How long the last step waits for those who still read what the log had before, in seconds. Nobody writes meanwhile.
  private static let patience = 0.02
  /// How long it waits for its turn, in seconds.
  private static let turnTimeout = 60.0

  private let writer: Writer
  private let open: @Sendable () throws(StoreError) -> Database
  let queue = DispatchQueue(label: "checkpoints")
  private let isUnderWay = Atomic(false)
  /// The length of the log at which it is copied next.
  private let due = Atomic(pagesBetween)

  init(_ writer: Writer, open: @escaping @Sendable () throws(StoreError) -> Database) {
    self.writer = writer
    self.open = open
  }

  /// Called after each commit.
  func logHas(_ pages: Int) {
    guard pages >= due.load(ordering: .relaxed), !isUnderWay.exchange(true, ordering: .acquiring) else { return }
    queue.async { [self] in
      // Somebody reads for long, or the disk is full: the log stays as it is, nothing is lost, and it is tried again when it has grown.
      let isDone = (try? checkpoint()) ?? false
      due.store(isDone ? Self.pagesBetween : pages + Self.pagesBetween, ordering: .relaxed)
      isUnderWay.store(false, ordering: .releasing)
    }
  }

  /// Waits for the one that is under way.
  func finish() { queue.sync {} }

  /// Copies it while others write, as far as nobody reads an older state, and then, while nobody writes, what has been added: only a log that has
  /// been copied to its end begins anew.
  private func checkpoint() throws -> Bool {
    _ = try open().checkpoint(.passive)
    return try writer.write(.alone, within: Self.turnTimeout) { database in
      try writer.patience.wait(until: BusyWait.now + Self.patience) { try database.checkpoint(.restart) }
    }
  }
}
