import Synchronization

/// The listeners for commits.
final class CommitObserver: Sendable {
  private let observer = Mutex<Observer?>(nil)

  /// In a type of its own: a bare function in generic storage is wrapped again on each access, until calling it
  /// overflows the stack.
  private struct Observer {
    let hear: @Sendable () -> Void
  }

  func observe(_ hear: @escaping @Sendable () -> Void) { observer.withLock { $0 = Observer(hear: hear) } }

  func hear() { observer.withLock { $0 }?.hear() }
}
