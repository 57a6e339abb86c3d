import Base

/// The state of one key.
struct ThrottleRecord {
  /// The number of seconds without a failure that removes one failure.
  private static let decay: Int64 = 15 * 60 * 1000
  /// The maximum number of counted failures above the free ones. At this many the wait is the longest; counting more
  /// would only slow down the recovery.
  private static let mostOver = 10
  /// A pending attempt without an outcome expires after this time.
  private static let forgotten: Int64 = 30 * 1000

  private var failures = 0
  private var failedAt: Timestamp
  /// The decay has been applied up to this moment.
  private var decayedAt: Timestamp
  private var underWay = 0
  private var begunAt: Timestamp

  init(_ now: Timestamp) {
    failedAt = now
    decayedAt = now
    begunAt = now
  }

  /// Applies the decay.
  mutating func age(until now: Timestamp) {
    let periods = max(0, now.milliseconds - decayedAt.milliseconds) / Self.decay
    failures = max(0, failures - Int(periods))
    decayedAt = Timestamp(milliseconds: decayedAt.milliseconds + periods * Self.decay)
    if now.milliseconds - begunAt.milliseconds > Self.forgotten { underWay = 0 }
  }

  /// Whole seconds until the next attempt, `nil` for none: 1, 2, 4 … after the free attempts.
  func wait(_ rule: Throttle.Rule, at now: Timestamp) -> Int? {
    let over = failures + underWay - rule.freeTries
    guard over >= 0 else { return nil }
    let length = min(Int64(rule.longestWait) * 1000, 1000 << Int64(min(over, Self.mostOver)))
    let last = underWay > 0 ? max(begunAt, failedAt) : failedAt
    // A clock that was set back must not extend the wait.
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
