import Dispatch
import Synchronization

/// Small writes that nobody waits for, gathered and written on a thread of their own. What can't be written in time is lost.
final class Bookkeeping: Sendable {
  /// In a type of its own, as in `CommitObserver`.
  private struct Note {
    let write: @Sendable (Database) throws -> Void
  }

  private let waiting = Mutex<[String: Note]>([:])
  private let queue = DispatchQueue(label: "bookkeeping")

  /// `write` runs a body in a transaction.
  func add(
    _ key: String, _ body: @escaping @Sendable (Database) throws -> Void,
    _ write: @escaping @Sendable ((Database) throws -> Void) throws -> Void
  ) {
    let isFirst = waiting.withLock { waiting in
      guard waiting[key] == nil else { return false }
      waiting[key] = Note(write: body)
      return waiting.count == 1
    }
    guard isFirst else { return }
    queue.async { [self] in
      let notes = waiting.withLock { $0 }
      try? write { database in
        // One that fails is lost without the others.
        for note in notes.values { try? note.write(database) }
      }
      // Only now: one that waits for the database is not asked for again and again.
      waiting.withLock { waiting in
        for key in notes.keys { waiting[key] = nil }
      }
    }
  }

  /// Waits for what is under way.
  func finish() { queue.sync {} }
}
