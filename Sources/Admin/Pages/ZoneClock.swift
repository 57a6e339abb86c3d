package import Base
import Foundation
import Synchronization

/// Wall-clock time in an IANA zone. Foundation knows the rules; its answers are kept per zone and quarter hour, since lists ask for many.
package struct ZoneClock: Sendable {
  package let identifier: String

  /// An unknown zone reads as UTC.
  package init(_ identifier: String) { self.identifier = identifier }

  package func local(_ moment: Timestamp) -> Civil {
    moment.adding(seconds: offset(at: moment)).civil
  }

  /// Seconds east of UTC at that moment.
  package func offset(at moment: Timestamp) -> Int {
    if identifier == "UTC" || identifier.isEmpty { return 0 }
    let quarter = Int(moment.milliseconds.quotient(floored: 900_000))
    let key = Key(zone: identifier, quarter: quarter)
    if let known = Self.offsets.withLock({ $0[key] }) { return known }
    let zone = TimeZone(identifier: identifier) ?? .gmt
    let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(quarter) * 900))
    Self.offsets.withLock { offsets in
      if offsets.count >= Self.mostOffsets { offsets.removeAll(keepingCapacity: true) }
      offsets[key] = seconds
    }
    return seconds
  }

  /// The moment at which a clock on the wall of this zone shows that time, `nil` outside the years that have moments. An hour that comes twice
  /// is the first of the two; one that is left out goes on from before: 02:30 on the night in which two becomes three is 03:30. That is how
  /// browsers read such times (ECMA-262, LocalTime; "compatible" in Temporal).
  package func moment(of wall: WallTime) -> Timestamp? {
    let there = Timestamp(
      year: wall.year, month: wall.month, day: wall.day, hour: wall.hour, minute: wall.minute, second: wall.second)
    guard let there else { return nil }
    let before = offset(at: there.adding(seconds: -86_400))
    let first = there.adding(seconds: -before)
    if offset(at: first) == before { return first }
    let after = offset(at: there.adding(seconds: 86_400))
    let second = there.adding(seconds: -after)
    return offset(at: second) == after ? second : first
  }

  /// The moments at which a clock on the wall of this zone shows that time: none in an hour that is left out, two in one that comes twice.
  package func moments(of wall: WallTime) -> [Timestamp] {
    let there = Timestamp(
      year: wall.year, month: wall.month, day: wall.day, hour: wall.hour, minute: wall.minute, second: wall.second)
    guard let there else { return [] }
    let offsets = Set([-86_400, 86_400].map { offset(at: there.adding(seconds: $0)) })
    return offsets.sorted(by: >).map { there.adding(seconds: -$0) }.filter { WallTime(local($0)) == wall }
  }

  static func exists(_ identifier: String) -> Bool { TimeZone(identifier: identifier) != nil }

  /// The zone that a person means by a name, in the name's usual spelling; `nil` if there is none.
  package static func named(_ name: String) -> ZoneClock? {
    guard name.utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) else { return nil }
    if exists(name) { return ZoneClock(name) }
    let folded = name.lowercased().replacing(" ", with: "_")
    return all.first { $0.lowercased() == folded }.map { ZoneClock($0) }
  }

  /// Every zone that a person may choose.
  static var all: [String] { TimeZone.knownTimeZoneIdentifiers.sorted() }

  private struct Key: Hashable {
    let zone: String
    let quarter: Int
  }

  private static let mostOffsets = 20_000
  private static let offsets = Mutex<[Key: Int]>([:])
}

extension Int64 {
  fileprivate func quotient(floored divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }
}
