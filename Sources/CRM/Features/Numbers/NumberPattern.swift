import Admin
import Base

/// How numbers of documents look: `ORD-{year}-{n:3}` makes `ORD-2026-001`. The counter begins again each year, so the year is part of every number.
struct NumberPattern: Sendable, Equatable {
  private enum Part: Sendable, Equatable {
    case text(String)
    case year
    case shortYear
    /// With at least so many digits; a longer number is never cut.
    case number(digits: Int)

    /// Whether it ends a number beside it.
    var separates: Bool { if case .text(let text) = self { text.last?.isNumber == false && text.first?.isNumber == false } else { false } }
  }

  private let parts: [Part]

  init(_ text: String) throws(InvalidValue) {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else { throw InvalidValue(.badPattern) }
      switch rest[rest.index(after: open)..<close] {
      case "year": parts.append(.year)
      case "yy": parts.append(.shortYear)
      case "n": parts.append(.number(digits: 1))
      case let name:
        guard name.hasPrefix("n:"), let digits = Int(name.dropFirst(2)), 1...9 ~= digits else { throw InvalidValue(.badPattern) }
        parts.append(.number(digits: digits))
      }
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    guard parts.contains(.year) || parts.contains(.shortYear) else {
      throw InvalidValue(Message("Numbers start again every year, so the pattern must contain the year, {year}."))
    }
    let numbers = parts.filter { if case .number = $0 { true } else { false } }
    guard numbers.count == 1 else { throw InvalidValue(.badPattern) }
    // Digits beside each other could be told apart in more than one way.
    for (a, b) in zip(parts, parts.dropFirst()) {
      guard a.separates || b.separates else {
        throw InvalidValue(Message("Put a character between the year and the number, like a hyphen."))
      }
    }
    self.parts = parts
  }

  func text(year: Int, _ n: Int) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .year: String(year)
      case .shortYear: Self.padded(year % 100, 2)
      case .number(let digits): Self.padded(n, digits)
      }
    }.joined()
  }

  private static func padded(_ n: Int, _ digits: Int) -> String {
    let text = String(n)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// A key that sorts numbers by what they count: `ORD-2026-1000` after `ORD-2026-999`.
  @Sendable static func sortKey(_ number: String) -> String {
    var (key, digits) = ("", "")
    func end() {
      if !digits.isEmpty { key += padded(Int(digits) ?? 0, 9) }
      digits = ""
    }
    for character in TextFolding.fold(number) {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        end()
        key.append(character)
      }
    }
    end()
    return key
  }
}

/// A setting with such a pattern.
struct NumberPatternField: PlainTextKind {
  private let line = LineField(limit: 60)

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try line.parse(text)
    if !value.isEmpty { _ = try NumberPattern(value.text) }
    return value
  }
}

extension Message {
  fileprivate static var badPattern: Message { Message("Enter a pattern like ORD-{year}-{n:3}.") }
}
