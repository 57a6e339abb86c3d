import Base

/// What is remembered of one key.
struct ThrottleRecord {
  /// Each of these that passes without a failure takes one failure away.
  private static let decay: Int64 = 15 * 60 * 1000
  /// Failures above the free ones that count. At this many the wait is the longest; not counting more keeps the way back short.
  private static let mostOver = 10
  /// After this long a try counts no more that never said how it ended.
  private static let forgotten: Int64 = 30 * 1000

  private var failures = 0
  private var failedAt: Timestamp
  /// Up to here the decay has been taken off.
  private var decayedAt: Timestamp
  private var underWay = 0
  private var begunAt: Timestamp

  init(_ now: Timestamp) {
    failedAt = now
    decayedAt = now
    begunAt = now
  }

  /// Takes away what time has healed.
  mutating func age(until now: Timestamp) {
    let periods = max(0, now.milliseconds - decayedAt.milliseconds) / Self.decay
    failures = max(0, failures - Int(periods))
    decayedAt = Timestamp(milliseconds: decayedAt.milliseconds + periods * Self.decay)
    if now.milliseconds - begunAt.milliseconds > Self.forgotten { underWay = 0 }
  }

  /// Whole seconds until the next try, `nil` for none: 1, 2, 4 … after the free tries.
  func wait(_ rule: Throttle.Rule, at now: Timestamp) -> Int? {
    let over = failures + underWay - rule.freeTries
    guard over >= 0 else { return nil }
    let length = min(Int64(rule.longestWait) * 1000, 1000 << Int64(min(over, Self.mostOver)))
    let last = underWay > 0 ? max(begunAt, failedAt) : failedAt
    // A clock that was set back must not make anybody wait longer.
    let left = min(length, last.milliseconds + length - now.milliseconds)
    return left > 0 ? Int((left + 999) / 1000) : nil
  }

  mutating func begin(_ now: Timestamp) {
    underWay += 1
    begunAt = now
  }

  mutating func fail(_ now: Timestamp, freeTries: Int) {
    underWay = max(0, underWay - 1)
    failures = min(failures + 1, freeTries + Self.mostOver)
    failedAt = now
    decayedAt = now
  }

  mutating func succeed() { underWay = max(0, underWay - 1) }
}
