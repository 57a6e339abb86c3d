/// A calendar date and time of day in UTC; what formatters work from.
package struct Civil: Hashable, Sendable {
  /// 0 to 9999 for every representable moment.
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  /// 0 to 23.
  package var hour: Int
  /// 0 to 59.
  package var minute: Int
  /// 0 to 59; there are no leap seconds, as in POSIX time.
  package var second: Int
  /// 0 to 999.
  package var millisecond: Int
  /// 1 is Monday, 7 is Sunday (ISO 8601).
  package var weekday: Int

  /// The number of days in a month, by the Gregorian calendar.
  package static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: isLeap(year) ? 29 : 28
    default: 31
    }
  }

  /// Whether February has 29 days.
  package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}

extension Timestamp {
  /// A moment from its parts in UTC; `nil` for a date or time that doesn't exist (31 April, 24:00) or a year outside
  /// 0…9999.
  package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0) {
    guard 0...9999 ~= year, 1...12 ~= month, 1...Civil.daysInMonth(month, of: year) ~= day, 0...23 ~= hour, 0...59 ~= minute,
      0...59 ~= second, 0...999 ~= millisecond
    else { return nil }
    let days = Timestamp.daysSince1970(year: year, month: month, day: day)
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    self.init(milliseconds: Int64(seconds) * 1000 + Int64(millisecond))
  }

  /// The calendar date and time of day in UTC.
  package var civil: Civil {
    let (days, rest) = Timestamp.flooredDivision(Int(milliseconds), by: 86_400_000)
    let date = Timestamp.date(daysSince1970: days)
    let seconds = rest / 1000
    // 1970-01-01 was a Thursday, ISO weekday 4.
    let weekday = Timestamp.flooredDivision(days + 3, by: 7).remainder + 1
    return Civil(
      year: date.year, month: date.month, day: date.day, hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60,
      millisecond: rest % 1000, weekday: weekday)
  }

  /// Days from 1970-01-01 to a date of the (proleptic) Gregorian calendar. Years are counted from March, so that the leap day comes last:
  /// see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = flooredDivision(y, by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = era.remainder * 365 + era.remainder / 4 - era.remainder / 100 + dayOfYear
    return era.quotient * 146_097 + dayOfEra - 719_468
  }

  /// The inverse of `daysSince1970(year:month:day:)`.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = flooredDivision(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func flooredDivision(_ a: Int, by b: Int) -> (quotient: Int, remainder: Int) {
    let (q, r) = a.quotientAndRemainder(dividingBy: b)
    return r < 0 ? (q - 1, r + b) : (q, r)
  }
}
