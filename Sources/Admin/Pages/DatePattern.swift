import Base
import Foundation
import Templating

/// How a language writes days and times, by Unicode's CLDR: `20 Nov 2026, 14:05`, `20. Nov. 2026, 14:05`, `2026年11月20日 14:05`.
struct DatePattern: Sendable {
  private let day: [Part]
  private let minute: [Part]
  private let months: [String]

  /// A piece of a date. Numbers have at least so many digits.
  private enum Part: Sendable {
    case text(String)
    case monthName
    case year
    case month(Int), day(Int), hour(Int), minute(Int)
  }

  private init(day: String, minute: String, months: [String]) {
    (self.day, self.minute, self.months) = (Self.parts(of: day), Self.parts(of: minute), months)
  }

  private static let english = DatePattern(
    day: "d MMM y", minute: "d MMM y, HH:mm", months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])

  private static let made = Memo<String, DatePattern>(atMost: 100)

  /// Asked for once per language. English itself is asked for nothing, so that it costs nothing.
  static func of(_ language: Language) -> DatePattern {
    if language === Language.english { return english }
    return made.value(for: language.tag) {
      let locale = Locale(identifier: language.tag)
      var calendar = Calendar(identifier: .gregorian)
      calendar.locale = locale
      func pattern(_ fields: String) -> String? { DateFormatter.dateFormat(fromTemplate: fields, options: 0, locale: locale) }
      return DatePattern(
        day: pattern("yMMMd") ?? "y-MM-dd", minute: pattern("yMMMdHm") ?? "y-MM-dd HH:mm", months: calendar.shortMonthSymbols)
    }
  }

  /// A pattern of CLDR: letters are fields, as long as they repeat; text in apostrophes and all other characters are themselves.
  private static func parts(of pattern: String) -> [Part] {
    var parts: [Part] = []
    var text = ""
    var isQuoted = false
    var rest = pattern[...]
    while let character = rest.first {
      let run = rest.prefix { $0 == character }
      if character == "'" {
        if run.count > 1 { text += String(repeating: "'", count: run.count / 2) }
        if !run.count.isMultiple(of: 2) { isQuoted.toggle() }
      } else if !isQuoted, let part = part(character, run.count) {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(part)
      } else {
        text += run
      }
      rest = rest[run.endIndex...]
    }
    return text.isEmpty ? parts : parts + [.text(text)]
  }

  private static func part(_ letter: Character, _ count: Int) -> Part? {
    switch letter {
    case "y": .year
    case "M", "L": count > 2 ? .monthName : .month(count)
    case "d": .day(count)
    case "H": .hour(count)
    case "m": .minute(count)
    default: nil
    }
  }

  func appendDay(_ time: Civil, to out: inout ByteBuffer) { append(day, time, to: &out) }

  func day(_ time: Civil) -> String { text(day, time) }

  func minute(_ time: Civil) -> String { text(minute, time) }

  private func text(_ parts: [Part], _ time: Civil) -> String {
    var out = ByteBuffer(capacity: 40)
    append(parts, time, to: &out)
    return out.text
  }

  private func append(_ parts: [Part], _ time: Civil, to out: inout ByteBuffer) {
    func number(_ number: Int, _ digits: Int) {
      if digits > 1, number < 10 { out.append("0") }
      out.append(number)
    }
    for part in parts {
      switch part {
      case .text(let text): out.append(text)
      case .monthName: out.append(months[time.month - 1])
      case .year: out.append(time.year)
      case .month(let digits): number(time.month, digits)
      case .day(let digits): number(time.day, digits)
      case .hour(let digits): number(time.hour, digits)
      case .minute(let digits): number(time.minute, digits)
      }
    }
  }
}
