import Glibc

/// A few threads for slow work, with a bounded queue.
///
/// `@unchecked Sendable`: everything mutable is guarded by `mutex`.
final class WorkerPool: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [@Sendable () -> Void] = []
  private var isStopping = false
  private let limit: Int

  init(threads: Int, queue limit: Int) {
    self.limit = limit
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    for _ in 0..<threads { _ = Threads.start { [self] in run() } }
  }

  // The mutex and the condition live as long as the process: worker threads could still be using them when a pool is
  // released.

  /// `false` if the queue is full.
  func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isStopping, waiting.count < limit else { return false }
    waiting.append(work)
    pthread_cond_signal(condition)
    return true
  }

  func stop() {
    pthread_mutex_lock(mutex)
    isStopping = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  private func run() {
    while true {
      pthread_mutex_lock(mutex)
      while waiting.isEmpty, !isStopping { pthread_cond_wait(condition, mutex) }
      guard !waiting.isEmpty else {
        pthread_mutex_unlock(mutex)
        return
      }
      let work = waiting.removeFirst()
      pthread_mutex_unlock(mutex)
      work()
    }
  }
}
