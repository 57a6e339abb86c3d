import Glibc
import Synchronization

/// The thread that checks deadlines four times a second.
final class Deadlines: Sendable {
  private let isStopped = Atomic(false)

  /// Monotonic seconds.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Sweeps until stopped; calls `every` at an interval in seconds.
  func run(_ connections: OpenConnections, every seconds: Double, _ beat: () -> Void) {
    var next = Self.now + seconds
    while !isStopped.load(ordering: .relaxed) {
      usleep(250_000)
      connections.sweep()
      if Self.now >= next {
        next = Self.now + seconds
        beat()
      }
    }
  }
}
