#if canImport(Glibc)
  import Glibc
#endif

/// A moment in UTC, in whole milliseconds since 1970. Stored and compared as fixed-width text, `2026-11-20T22:03:18.123Z`.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
  package let milliseconds: Int64

  /// The moment that many milliseconds after 1970-01-01T00:00:00Z.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whether `a` is earlier than `b`.
  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// The moment that many seconds later (earlier if negative).
  package func adding(seconds: Int) -> Timestamp { Timestamp(milliseconds: milliseconds + Int64(seconds) * 1000) }
}

/// The source of "now", so that tests can fix it.
package struct Clock: Sendable {
  /// The current moment.
  package let now: @Sendable () -> Timestamp

  /// A clock that calls `now` each time.
  package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// The system clock.
  package static let system = Clock {
    var t = timespec()
    clock_gettime(CLOCK_REALTIME, &t)
    return Timestamp(milliseconds: Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000)
  }
}
