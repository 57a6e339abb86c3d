import Base
import Templating

/// A day or some days that a filter names: `2026-11-20`, or relative to today in the user's time zone: `today`, `this_week`, `last_30_days`.
enum DateOperand: Equatable {
  case day(Day)
  case today, thisWeek, thisMonth
  /// Today and those before it.
  case lastDays(Int)
  /// Today and those after it.
  case nextDays(Int)

  private static let mostDays = 36_500

  init?(_ text: String) {
    switch text {
    case "today": self = .today
    case "this_week": self = .thisWeek
    case "this_month": self = .thisMonth
    default:
      if let day = Day(text) {
        self = .day(day)
      } else if let n = Self.number(text, "last_") {
        self = .lastDays(n)
      } else if let n = Self.number(text, "next_") {
        self = .nextDays(n)
      } else {
        return nil
      }
    }
  }

  private static func number(_ text: String, _ start: String) -> Int? {
    guard text.hasPrefix(start), text.hasSuffix("_days") else { return nil }
    let digits = text.dropFirst(start.count).dropLast(5)
    guard digits.utf8.allSatisfy({ 48...57 ~= $0 }), let n = Int(digits), 1...mostDays ~= n else { return nil }
    return n
  }

  var text: String {
    switch self {
    case .day(let day): day.text
    case .today: "today"
    case .thisWeek: "this_week"
    case .thisMonth: "this_month"
    case .lastDays(let n): "last_\(n)_days"
    case .nextDays(let n): "next_\(n)_days"
    }
  }

  /// Whether it is one day.
  var isOneDay: Bool {
    switch self {
    case .day, .today: true
    default: false
    }
  }

  /// The first and the last day; a week begins on Monday.
  func days(at moment: FilterMoment, ofBusiness: Bool = false) -> ClosedRange<Day> {
    let civil = (ofBusiness ? moment.office : moment.zone).local(moment.now)
    let today = Day(civil)
    switch self {
    case .day(let day): return day...day
    case .today: return today...today
    case .thisWeek:
      let monday = today.adding(days: 1 - civil.weekday)
      return monday...monday.adding(days: 6)
    case .thisMonth:
      let last = Civil.daysInMonth(civil.month, of: civil.year)
      return today.adding(days: 1 - civil.day)...today.adding(days: last - civil.day)
    case .lastDays(let n): return today.adding(days: 1 - n)...today
    case .nextDays(let n): return today...today.adding(days: n - 1)
    }
  }

  func display(_ formats: Formats) -> String {
    let language = formats.language
    return switch self {
    case .day(let day): formats.date(day.text)
    case .today: language.text("today")
    case .thisWeek: language.text("this week")
    case .thisMonth: language.text("this month")
    case .lastDays(let n): language.plural("the last day", "the last {n} days", count: n, [:])
    case .nextDays(let n): language.plural("the next day", "the next {n} days", count: n, [:])
    }
  }
}
