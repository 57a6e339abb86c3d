/// A calendar day, without time or zone.
package struct Day: Sendable, Equatable, Comparable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// Parses `2026-11-20`; `nil` for anything else, or for a day that doesn't exist.
  package init?(_ text: String) {
    var (numbers, part) = ((0, 0, 0), 0)
    guard text.utf8.count == 10 else { return nil }
    for (place, byte) in text.utf8.enumerated() {
      if place == 4 || place == 7 {
        guard byte == UInt8(ascii: "-") else { return nil }
        part += 1
        continue
      }
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      let digit = Int(byte - UInt8(ascii: "0"))
      switch part {
      case 0: numbers.0 = numbers.0 * 10 + digit
      case 1: numbers.1 = numbers.1 * 10 + digit
      default: numbers.2 = numbers.2 * 10 + digit
      }
    }
    guard Timestamp(year: numbers.0, month: numbers.1, day: numbers.2) != nil else { return nil }
    (year, month, day) = numbers
  }

  /// The date part of a civil time.
  package init(_ civil: Civil) { (year, month, day) = (civil.year, civil.month, civil.day) }

  /// `2026-11-20`.
  package var text: String {
    func padded(_ n: Int, _ width: Int) -> String {
      let digits = String(n)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// That many days later, earlier if negative; clamped to the years 0 to 9999.
  package func adding(days: Int) -> Day {
    let first = Timestamp(year: 0, month: 1, day: 1)?.milliseconds ?? 0
    let last = Timestamp(year: 9999, month: 12, day: 31)?.milliseconds ?? 0
    let here = Timestamp(year: year, month: month, day: day)?.milliseconds ?? 0
    return Day(Timestamp(milliseconds: min(max(here + Int64(days) * 86_400_000, first), last)).civil)
  }

  /// In calendar order.
  package static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}
