/// A day of the calendar, without a time and a zone.
package struct Day: Sendable, Equatable, Comparable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// Reads `2026-11-20`; `nil` for anything else, and for a day that no calendar has.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ 48...57 ~= $0 || $0 == 45 }) else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == 3, Timestamp(year: numbers[0], month: numbers[1], day: numbers[2]) != nil else { return nil }
    (year, month, day) = (numbers[0], numbers[1], numbers[2])
  }

  /// The one before comes first.
  package static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}
