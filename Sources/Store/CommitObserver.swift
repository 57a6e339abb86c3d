import Synchronization

/// The listeners for commits, in the order in which they came.
final class CommitObserver: Sendable {
  private let observers = Mutex<[Observer]>([])

  /// In a type of its own: a bare function in generic storage is wrapped again on each access, until calling it
  /// overflows the stack.
  private struct Observer {
    let hear: @Sendable () -> Void
  }

  func observe(_ hear: @escaping @Sendable () -> Void) { observers.withLock { $0.append(Observer(hear: hear)) } }

  func hear() { for observer in observers.withLock({ $0 }) { observer.hear() } }
}
