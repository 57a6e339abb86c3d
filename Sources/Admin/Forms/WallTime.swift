package import Base

/// A date and time as a clock on the wall shows it, without a zone: what people type.
package struct WallTime: Equatable, Sendable {
  package let year: Int
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int

  package init(_ civil: Civil) {
    (year, month, day) = (civil.year, civil.month, civil.day)
    (hour, minute, second) = (civil.hour, civil.minute, civil.second)
  }

  /// Reads `2026-11-20T14:05`, as browsers send it, with seconds or without, and with a space instead of the T, as people type it. Anything
  /// else, and a time that no calendar has, is `nil`.
  package init?(_ text: String) {
    let halves = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "T" || $0 == " " }).map(String.init)
    guard halves.count == 2, let date = Self.numbers(halves[0], "-", [4, 2, 2]),
      let time = Self.numbers(halves[1], ":", [2, 2]) ?? Self.numbers(halves[1], ":", [2, 2, 2]),
      Timestamp(year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1], second: time.count > 2 ? time[2] : 0) != nil
    else { return nil }
    (year, month, day) = (date[0], date[1], date[2])
    (hour, minute, second) = (time[0], time[1], time.count > 2 ? time[2] : 0)
  }

  /// `2026-11-20T14:05`, as `<input type="datetime-local">` has it.
  package var text: String { "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))T\(hour.padded(2)):\(minute.padded(2))" }

  private static func numbers(_ text: String, _ mark: Character, _ digits: [Int]) -> [Int]? {
    let parts = text.split(separator: mark, omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == digits, text.utf8.allSatisfy({ 48...58 ~= $0 || $0 == 45 }) else { return nil }
    let found = parts.compactMap { Int($0) }
    return found.count == digits.count ? found : nil
  }
}

extension Int {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
