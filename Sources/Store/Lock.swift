#if canImport(Glibc)
  import Glibc
#endif

/// A mutex that knows its holder and can be waited on; `Synchronization.Mutex` can do neither.
///
/// Sendable because pthread mutexes and conditions are made for being shared; both stay at one address for life.
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

  /// Waits for the lock. Taking it twice on one thread, which would wait for ever, is a programming error.
  func lock(_ complaint: @autoclosure () -> String = "the lock is held by this thread already") {
    precondition(pthread_mutex_lock(mutex) == 0, complaint())
  }

  func unlock() { pthread_mutex_unlock(mutex) }

  /// Lets go of the lock, waits for a wake-up, takes the lock again.
  func wait() { pthread_cond_wait(condition, mutex) }

  func wakeOne() { pthread_cond_signal(condition) }

  func wakeAll() { pthread_cond_broadcast(condition) }
}
