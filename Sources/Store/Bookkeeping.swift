import Dispatch
import Synchronization

/// Small writes that nobody waits for, batched on a thread of their own. A write that can't be done in time is dropped.
final class Bookkeeping: Sendable {
  /// In a type of its own, as in `CommitObserver`.
  private struct Note {
    let write: @Sendable (Database) throws -> Void
  }

  private struct State {
    var waiting: [String: Note] = [:]
    /// Whether a run is scheduled or in progress.
    var isUnderWay = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "bookkeeping")
  private static let isOnQueue = DispatchSpecificKey<ObjectIdentifier>()

  init() { queue.setSpecific(key: Self.isOnQueue, value: ObjectIdentifier(self)) }

  /// `write` runs a body in a transaction.
  func add(
    _ key: String, _ body: @escaping @Sendable (Database) throws -> Void,
    _ write: @escaping @Sendable ((Database) throws -> Void) throws -> Void
  ) {
    let starts = state.withLock { state in
      if state.waiting[key] == nil { state.waiting[key] = Note(write: body) }
      defer { state.isUnderWay = true }
      return !state.isUnderWay
    }
    if starts { queue.async { [self] in writeAll(write) } }
  }

  /// Until none is left: more can arrive during a run.
  private func writeAll(_ write: ((Database) throws -> Void) throws -> Void) {
    while true {
      let notes = state.withLock { $0.waiting }
      try? write { database in
        // A failing write is dropped without affecting the others.
        for note in notes.values where database.isInTransaction { try? database.savepoint { try note.write(database) } }
      }
      let isDone = state.withLock { state in
        // Only now: a write that is waiting for the database doesn't have to be queued a second time.
        for key in notes.keys { state.waiting[key] = nil }
        state.isUnderWay = !state.waiting.isEmpty
        return state.waiting.isEmpty
      }
      if isDone { return }
    }
  }

  /// Waits for writes in progress. The store can also be released by a commit observer, on this very queue: then there
  /// is nothing to wait for.
  func finish() {
    if DispatchQueue.getSpecific(key: Self.isOnQueue) != ObjectIdentifier(self) { queue.sync {} }
  }
}
