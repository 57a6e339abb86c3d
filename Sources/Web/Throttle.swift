package import Base
import Crypto
import Synchronization

/// Slows down guessing: after some free attempts each further one has to wait, twice as long every time. It never locks
/// anybody out permanently.
///
/// Keys are the caller's, `account:kevin@example.com` or `address:192.0.2.7`; a key's prefix selects its rule. An
/// allowed attempt counts as pending until `failed` or `succeeded` is called, so that concurrent attempts gain nothing
/// over sequential ones.
package final class Throttle: Sendable {
  /// How long to wait before the next attempt.
  package struct Wait: Sendable, Comparable {
    /// Whole seconds, 1 or more.
    package let seconds: Int

    /// Whether `a` is shorter.
    package static func < (a: Wait, b: Wait) -> Bool { a.seconds < b.seconds }
  }

  /// The rule for one kind of key.
  package struct Rule: Sendable {
    /// The prefix of keys of this kind; empty for all.
    package var prefix: String
    /// Failures before the first wait.
    package var freeTries: Int
    /// The maximum wait in seconds, at most a quarter of an hour.
    package var longestWait: Int
    /// Whether success clears the record. Not for an address: an attacker could own one valid account.
    package var isClearedBySuccess: Bool

    /// A rule for keys that begin with `prefix`.
    package init(prefix: String, freeTries: Int, longestWait: Int = 900, isClearedBySuccess: Bool) {
      self.prefix = prefix
      self.freeTries = freeTries
      self.longestWait = longestWait
      self.isClearedBySuccess = isClearedBySuccess
    }

    /// 20 attempts per address, since an office shares one, and 5 for anything else.
    package static let usual = [
      Rule(prefix: "address:", freeTries: 20, isClearedBySuccess: false), Rule(prefix: "", freeTries: 5, isClearedBySuccess: true),
    ]
  }

  private let clock: Clock
  private let rules: [Rule]
  private let records: Mutex<ThrottleRecords>

  /// A throttle that remembers at most `capacity` keys and drops the least recently used ones.
  package init(clock: Clock, rules: [Rule] = Rule.usual, capacity: Int = 10_000) {
    self.clock = clock
    self.rules = rules
    records = Mutex(ThrottleRecords(capacity: capacity))
  }

  /// `nil` if the key is allowed an attempt now, or else how long it has to wait.
  package func mayTry(_ key: String) -> Wait? { mayTry([key]) }

  /// `nil` if all of the keys are allowed an attempt now, or else the longest of their waits; then no attempt is
  /// counted.
  package func mayTry(_ keys: [String]) -> Wait? {
    let now = clock.now()
    let entries = keys.map { (key: Self.bounded($0), rule: rule(for: $0)) }
    return records.withLock { records in
      let present = entries.map { entry in
        var record = records[entry.key] ?? ThrottleRecord(now)
        record.age(until: now)
        return record
      }
      if let seconds = zip(present, entries).compactMap({ $0.wait($1.rule, at: now) }).max() {
        return Wait(seconds: seconds)
      }
      for (var record, entry) in zip(present, entries) {
        record.begin(now)
        records[entry.key] = record
      }
      return nil
    }
  }

  /// The attempt failed.
  package func failed(_ key: String) {
    let freeTries = rule(for: key).freeTries
    let now = clock.now()
    change(key, now) { $0.fail(now, freeTries: freeTries) }
  }

  /// The attempt succeeded.
  package func succeeded(_ key: String) {
    if rule(for: key).isClearedBySuccess {
      records.withLock { $0[Self.bounded(key)] = nil }
    } else {
      change(key, clock.now()) { $0.succeed() }
    }
  }

  private func change(_ key: String, _ now: Timestamp, _ change: (inout ThrottleRecord) -> Void) {
    let key = Self.bounded(key)
    records.withLock { records in
      var record = records[key] ?? ThrottleRecord(now)
      record.age(until: now)
      change(&record)
      records[key] = record
    }
  }

  private func rule(for key: String) -> Rule {
    rules.first { key.hasPrefix($0.prefix) } ?? Rule(prefix: "", freeTries: 5, isClearedBySuccess: true)
  }

  /// Keys contain user input of any length: a long one is stored as its digest.
  private static func bounded(_ key: String) -> String { key.utf8.count <= 100 ? key : Digest.hash(key) }
}
