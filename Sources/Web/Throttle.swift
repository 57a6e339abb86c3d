package import Base
import Crypto
import Synchronization

/// Slows down who guesses: after some free tries each further one has to wait, twice as long every time. It never locks anybody out for good.
///
/// Keys are the caller's, `account:kevin@example.com` or `address:192.0.2.7`; which rule goes for a key is decided by how it begins. A try that is
/// allowed counts as under way until `failed` or `succeeded` is called, so that many at once get no further than one after the other.
package final class Throttle: Sendable {
  /// How long to wait before the next try.
  package struct Wait: Sendable, Comparable {
    /// Whole seconds, 1 or more.
    package let seconds: Int

    /// Whether `a` is the shorter one.
    package static func < (a: Wait, b: Wait) -> Bool { a.seconds < b.seconds }
  }

  /// What goes for one kind of key.
  package struct Rule: Sendable {
    /// How the keys of this kind begin; empty for all.
    package var prefix: String
    /// Tries that may fail before the first wait.
    package var freeTries: Int
    /// Seconds to which waits grow and no further, at most a quarter of an hour.
    package var longestWait: Int
    /// Whether success clears the record. For an address it must not: an attacker may well have one account that works.
    package var isClearedBySuccess: Bool

    /// A rule for keys that begin with `prefix`.
    package init(prefix: String, freeTries: Int, longestWait: Int = 900, isClearedBySuccess: Bool) {
      self.prefix = prefix
      self.freeTries = freeTries
      self.longestWait = longestWait
      self.isClearedBySuccess = isClearedBySuccess
    }

    /// 20 tries per address, since an office shares one, and 5 for anything else.
    package static let usual = [
      Rule(prefix: "address:", freeTries: 20, isClearedBySuccess: false), Rule(prefix: "", freeTries: 5, isClearedBySuccess: true),
    ]
  }

  private let clock: Clock
  private let rules: [Rule]
  private let records: Mutex<ThrottleRecords>

  /// A throttle that remembers at most `capacity` keys and forgets the longest unused first.
  package init(clock: Clock, rules: [Rule] = Rule.usual, capacity: Int = 10_000) {
    self.clock = clock
    self.rules = rules
    records = Mutex(ThrottleRecords(capacity: capacity))
  }

  /// `nil` when the key may try now, else how long it has to wait.
  package func mayTry(_ key: String) -> Wait? { mayTry([key]) }

  /// `nil` when all of the keys may try now, else the longest of their waits; then none of them counts as trying.
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

  /// The try came to nothing.
  package func failed(_ key: String) {
    let freeTries = rule(for: key).freeTries
    let now = clock.now()
    change(key, now) { $0.fail(now, freeTries: freeTries) }
  }

  /// The try was a good one.
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

  /// Keys hold what visitors type, of any length: a long one is remembered by its digest.
  private static func bounded(_ key: String) -> String { key.utf8.count <= 100 ? key : Digest.hash(key) }
}
