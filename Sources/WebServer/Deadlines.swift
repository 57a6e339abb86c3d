import CMicroHTTPD
import Glibc
import Synchronization

/// Absolute deadlines of connections, by file descriptor. The library's own timeout is reset by every byte, so a client that sends one now and
/// then would stay for ever; here it is cut when its time is over. A descriptor is dropped from the table before it is closed, under the same
/// lock under which it is shut down, so a new connection never suffers for an old one.
final class Deadlines: Sendable {
  private let expiries = Mutex<[Int32: Double]>([:])
  private let isRunning = Mutex(true)

  /// Seconds since some fixed moment.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  func set(_ descriptor: Int32, after seconds: Double) {
    set(descriptor, at: Self.now + seconds)
  }

  /// At a moment in the seconds of `now`.
  func set(_ descriptor: Int32, at expiry: Double) {
    expiries.withLock { $0[descriptor] = expiry }
  }

  /// No deadline, but the descriptor is open.
  func clear(_ descriptor: Int32) {
    expiries.withLock { $0[descriptor] = .infinity }
  }

  func remove(_ descriptor: Int32) {
    expiries.withLock { _ = $0.removeValue(forKey: descriptor) }
  }

  /// Cuts what is overdue; the library then sees the connection's end and closes it.
  func sweep() {
    let now = Self.now
    expiries.withLock { expiries in
      for (descriptor, expiry) in expiries where expiry < now {
        shutdown(descriptor, Int32(SHUT_RDWR))
        expiries[descriptor] = .infinity
      }
      nudge(expiries.keys)
    }
  }

  /// Wakes the library for connections whose peer has left. The kernel tells of that once; when it comes along with a request's last bytes so
  /// far, the library reads those and goes on waiting for more, with the half-done upload on disk. Shutting down our reading side tells it
  /// again. What was received can still be read, and answers still be sent to a peer that has only ceased to send.
  private func nudge(_ descriptors: some Collection<Int32>) {
    /// POLLRDHUP, which Glibc keeps for programs of its own dialect.
    let peerLeft: Int16 = 0x2000
    var states = descriptors.map { pollfd(fd: $0, events: peerLeft, revents: 0) }
    guard poll(&states, nfds_t(states.count), 0) > 0 else { return }
    for state in states where state.revents != 0 { shutdown(state.fd, Int32(SHUT_RD)) }
  }

  func stop() { isRunning.withLock { $0 = false } }

  /// Sweeps four times a second until stopped; does something else every so many seconds.
  func run(every seconds: Double, _ beat: () -> Void) {
    var next = Self.now + seconds
    while isRunning.withLock({ $0 }) {
      usleep(250_000)
      sweep()
      if Self.now >= next {
        next = Self.now + seconds
        beat()
      }
    }
  }
}
