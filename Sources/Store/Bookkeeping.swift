import Dispatch
import Synchronization

/// Small writes that nobody waits for, gathered and written on a thread of their own. What can't be written in time is lost.
final class Bookkeeping: Sendable {
  /// In a type of its own, as in `CommitObserver`.
  private struct Note {
    let write: @Sendable (Database) throws -> Void
  }

  private struct State {
    var waiting: [String: Note] = [:]
    /// Whether they will be looked at, or are being written.
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

  /// Until none waits: some may come while others are written.
  private func writeAll(_ write: ((Database) throws -> Void) throws -> Void) {
    while true {
      let notes = state.withLock { $0.waiting }
      try? write { database in
        // One that fails is lost without the others.
        for note in notes.values where database.isInTransaction { try? database.savepoint { try note.write(database) } }
      }
      let isDone = state.withLock { state in
        // Only now: one that waits for the database is not asked for again and again.
        for key in notes.keys { state.waiting[key] = nil }
        state.isUnderWay = !state.waiting.isEmpty
        return state.waiting.isEmpty
      }
      if isDone { return }
    }
  }

  /// Waits for what is under way. The store may also go with whoever hears of a commit, on this very queue: then there is nothing to wait for.
  func finish() {
    if DispatchQueue.getSpecific(key: Self.isOnQueue) != ObjectIdentifier(self) { queue.sync {} }
  }
}
