package import Base
import Synchronization

/// So many requests per key in a minute. Each key has minutes of its own, which begin with its first request.
package final class RateLimit: Sendable {
  /// What is left after a request.
  package struct Standing: Sendable, Equatable {
    package let isAllowed: Bool
    package let remaining: Int
    /// Until all of them are free again.
    package let seconds: Int
  }

  private struct Window {
    var end: Timestamp
    var used: Int
  }

  package static let window = 60
  /// Requests in a minute.
  package let most: Int
  private let clock: Clock
  private let capacity: Int
  private let windows = Mutex<[String: Window]>([:])

  /// Remembers at most `capacity` keys, and forgets all of them at once when there are more.
  package init(_ most: Int, clock: Clock, capacity: Int = 10_000) {
    self.most = most
    self.clock = clock
    self.capacity = capacity
  }

  /// Counts a request.
  package func take(_ key: String) -> Standing {
    let now = clock.now()
    return windows.withLock { windows in
      var window = windows[key] ?? Window(end: now, used: 0)
      if window.end <= now { window = Window(end: now.adding(seconds: Self.window), used: 0) }
      let isAllowed = window.used < most
      if isAllowed { window.used += 1 }
      if windows[key] == nil, windows.count >= capacity { windows.removeAll() }
      windows[key] = window
      let seconds = Int((window.end.milliseconds - now.milliseconds + 999) / 1000)
      return Standing(isAllowed: isAllowed, remaining: most - window.used, seconds: max(1, seconds))
    }
  }
}
