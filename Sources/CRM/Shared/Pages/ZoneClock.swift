import Base
import Foundation
import Synchronization

/// Wall-clock time in an IANA zone. Foundation knows the rules; its answers are kept per zone and quarter hour, since lists ask for many.
struct ZoneClock: Sendable {
  let identifier: String

  /// An unknown zone reads as UTC.
  init(_ identifier: String) { self.identifier = identifier }

  func local(_ moment: Timestamp) -> Civil {
    moment.adding(seconds: offset(at: moment)).civil
  }

  /// Seconds east of UTC at that moment.
  func offset(at moment: Timestamp) -> Int {
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

  static func exists(_ identifier: String) -> Bool { TimeZone(identifier: identifier) != nil }

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
