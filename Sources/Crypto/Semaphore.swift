#if canImport(Glibc)
  import Glibc
#endif

/// A counting semaphore: lets that many threads through at once; the others wait.
///
/// Sendable because a POSIX semaphore is meant for sharing; it keeps its address for life.
final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(places: Int) { sem_init(semaphore, 0, UInt32(max(1, places))) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func pass<T>(_ body: () throws -> T) rethrows -> T {
    // A signal can interrupt the wait.
    while sem_wait(semaphore) != 0 {}
    defer { sem_post(semaphore) }
    return try body()
  }
}
