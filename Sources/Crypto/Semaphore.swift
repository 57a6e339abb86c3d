#if canImport(Glibc)
  import Glibc
#endif

/// Lets so many threads through at once; the others wait.
///
/// Sendable because a POSIX semaphore is made for being shared; it stays at one address for life.
final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(places: Int) { sem_init(semaphore, 0, UInt32(max(1, places))) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func pass<T>(_ body: () throws -> T) rethrows -> T {
    // A signal may wake the wait; only a place ends it.
    while sem_wait(semaphore) != 0 {}
    defer { sem_post(semaphore) }
    return try body()
  }
}
