#if canImport(Glibc)
  import Glibc
#endif

/// A mutex with an owner and a condition to wait for; `Synchronization.Mutex` has neither.
///
/// Sendable because pthread mutexes and conditions are meant for sharing; both keep their address for life.
final class Lock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ERRORCHECK))
    pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Acquires the lock. Locking twice on one thread, which would deadlock, is a programming error.
  func lock(_ complaint: @autoclosure () -> String = "the lock is already held by this thread") {
    precondition(pthread_mutex_lock(mutex) == 0, complaint())
  }

  func unlock() { pthread_mutex_unlock(mutex) }

  /// Releases the lock, waits for a wake-up, reacquires it.
  func wait() { pthread_cond_wait(condition, mutex) }

  func wakeOne() { pthread_cond_signal(condition) }

  func wakeAll() { pthread_cond_broadcast(condition) }
}
