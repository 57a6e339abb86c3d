package import Base

/// A date and a time as people type them, in a time zone.
package enum TypedMoment {
  private static let years = 1900...2199

  /// The moment that is meant. A time that comes twice, as clocks go back, is meant as `2026-10-25 03:30 +02:00`, or as the one closest to `now` if that is
  /// less than two hours ago.
  package static func read(_ text: String, in zone: ZoneClock, now: Timestamp? = nil) throws(InvalidValue) -> Timestamp {
    let (typed, offset) = split(text)
    guard let wall = WallTime(typed) else { throw InvalidValue(Message("Invalid time. Enter it like 2026-11-20 14:05.")) }
    guard years ~= wall.year else { throw InvalidValue(Message("The year {year} can’t be right.", ["year": String(wall.year)])) }
    let moments = zone.moments(of: wall)
    if moments.count == 1, offset == nil { return moments[0] }
    if let offset, let moment = moments.first(where: { zone.offset(at: $0) == offset }) { return moment }
    if let now, let recent = moments.last(where: { 0..<7_200_000 ~= now.milliseconds - $0.milliseconds }) { return recent }
    let time = String(wall.text.suffix(5))
    switch moments.map({ name(of: zone.offset(at: $0)) }) {
    case let offsets where offsets.count == 2:
      throw InvalidValue(
        Message(
          "{time} occurs twice on this date, because clocks go back. Add {first} for the first or {second} for the second.",
          ["time": time, "first": offsets[0], "second": offsets[1]]))
    case let offsets where offsets.count == 1:
      throw InvalidValue(Message("The offset on this date is {offset}.", ["offset": offsets[0]]))
    default:
      throw InvalidValue(
        Message("{time} doesn’t exist on this date, because clocks go forward. Enter an earlier or later time.", ["time": time]))
    }
  }

  /// The offset behind a time, in seconds, and the time without it.
  private static func split(_ text: String) -> (String, Int?) {
    let parts = text.split(separator: " ")
    guard let last = parts.last, parts.count > 1, let sign = last.first, sign == "+" || sign == "-" || sign == "−" else {
      return (text, nil)
    }
    let numbers = last.dropFirst().split(separator: ":").map { Int($0) ?? -1 }
    guard numbers.count == 2, 0...14 ~= numbers[0], 0...59 ~= numbers[1] else { return (text, nil) }
    return (parts.dropLast().joined(separator: " "), (numbers[0] * 3_600 + numbers[1] * 60) * (sign == "+" ? 1 : -1))
  }

  /// `+02:00`.
  private static func name(of offset: Int) -> String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
    return (offset < 0 ? "-" : "+") + two(abs(offset) / 3_600) + ":" + two(abs(offset) / 60 % 60)
  }
}
