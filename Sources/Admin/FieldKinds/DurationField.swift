package import Base
package import Store
package import Templating

/// How long something takes, in minutes. It is typed as `90`, `1:30`, `1h 30m` or `1.5 h`.
package struct DurationField: FieldKind {
  /// In minutes: up to a year.
  var range = 0...525_600

  package init(range: ClosedRange<Int> = 0...525_600) {
    self.range = range
  }

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue { .integer(row, at: offset) }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.integer(of: value)] }

  package func definitions(_ name: String) -> [String] { .integer(name, check: range) }

  /// Minutes, as a number or as people write them.
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try read(text, nil) }

  package func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue {
    try read(text, formats.language)
  }

  private func read(_ text: String, _ language: Language?) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    guard let minutes = Self.minutes(text, language) else {
      throw InvalidValue(Message("Enter a duration like 90, 1:30 or 1h 30m."))
    }
    guard range.contains(minutes) else {
      throw InvalidValue(
        Message(
          "Enter a time from {low} to {high}.",
          ["low": Self.clock(range.lowerBound), "high": Self.clock(range.upperBound)]))
    }
    return .integer(minutes)
  }

  private static func minutes(_ text: String, _ language: Language?) -> Int? {
    if let minutes = natural(text[...]) { return minutes }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    if halves.count == 2, halves[1].count == 2, let hours = natural(halves[0]), let minutes = natural(halves[1]), minutes < 60 {
      return hours * 60 + minutes
    }
    return inUnits(text, language)
  }

  /// `1h 30m`, `2 d`, `1.5 h`: days of 24 hours, hours and minutes, each at most once and in this order.
  private static func inUnits(_ text: String, _ language: Language?) -> Int? {
    var rest = text.lowercased().filter { !$0.isWhitespace }[...]
    guard !rest.isEmpty else { return nil }
    let numbers = language.map { NumberText($0) } ?? .exact
    var total = 0
    for (names, minutes) in units {
      guard let end = rest.firstIndex(where: \.isLetter) else { break }
      let word = rest[end...].prefix(while: \.isLetter)
      guard [names, language?.text(names) ?? ""].contains(where: { $0.split(separator: " ").contains(word) }) else { continue }
      guard let amount = try? numbers.read(String(rest[..<end]), places: 2), 0...Int(Int32.max) ~= amount,
        (amount * minutes).isMultiple(of: 100)
      else { return nil }
      total += amount * minutes / 100
      rest = rest[word.endIndex...]
    }
    return rest.isEmpty ? total : nil
  }

  /// As long and as short as people write them: in English, and in their own language.
  private static let units = [("d day days", 1440), ("h hr hrs hour hours", 60), ("m min mins minute minutes", 1)]

  private static func natural(_ text: Substring) -> Int? {
    guard 1...7 ~= text.utf8.count, text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
    return Int(text)
  }

  /// `1:30`
  package static func clock(_ minutes: Int) -> String { "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)" }

  /// Minutes in digits.
  package func text(_ value: FieldValue) -> String { value.text }

  package func typed(_ value: FieldValue, _ formats: Formats) -> String {
    if case .integer(let minutes) = value { Self.clock(minutes) } else { "" }
  }

  package func display(_ history: String, _ formats: Formats) -> String { Int(history).map(Self.clock) ?? history }

  package func json(_ value: FieldValue) -> JSON {
    if case .integer(let minutes) = value { .int(minutes) } else { .null }
  }

  package var jsonShape: JSONShape { .optional(.integer(range)) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func control(_ control: FieldControl) -> ViewData { control.data() }

  package var isNumber: Bool { true }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { NumberComparison(self) }

  package var empty: FieldPlace.Empty { .null }
}
