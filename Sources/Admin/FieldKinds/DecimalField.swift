package import Base
package import Store
package import Templating

/// A number with so many decimals, kept exactly: as a whole number of its smallest step. With no decimals it is a whole number.
package struct DecimalField: FieldKind {
  let places: Int
  /// Decimals beyond these are only written where they aren't zeros.
  let fewest: Int
  /// In smallest steps.
  let range: ClosedRange<Int>
  /// The unit, shown after it on pages and optional in forms: `%`, `km`.
  let unit: String

  package init(places: Int, fewest: Int? = nil, in range: ClosedRange<Int> = -NumberText.most...NumberText.most, unit: String = "") {
    self.places = places
    self.fewest = fewest ?? places
    self.range = range
    self.unit = unit
  }

  /// A whole number.
  package static func whole(_ range: ClosedRange<Int> = -NumberText.most...NumberText.most, unit: String = "") -> DecimalField {
    DecimalField(places: 0, in: range, unit: unit)
  }

  /// A percentage, kept in hundredths of a percent.
  package static func percent(_ range: ClosedRange<Int> = 0...10_000) -> DecimalField { DecimalField(places: 2, in: range, unit: "%") }

  // MARK: Storage

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue { .integer(row, at: offset) }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.integer(of: value)] }

  package func definitions(_ name: String) -> [String] { .integer(name, check: range) }

  // MARK: Text

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try read(text, .exact) }

  package func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue {
    try read(text, NumberText(formats.language))
  }

  private func read(_ text: String, _ numbers: NumberText) throws(InvalidValue) -> FieldValue {
    let bare = !unit.isEmpty && text.hasSuffix(unit) ? TextNormalizing.clean(String(text.dropLast(unit.count))) : text
    if bare.isEmpty { return .empty }
    let n: Int
    do throws(NumberText.Problem) {
      n = try numbers.read(bare, places: places)
    } catch {
      throw InvalidValue(problem(error, numbers))
    }
    guard range.contains(n) else {
      let bounds = (
        numbers.write(range.lowerBound, places: places, fewest: fewest), numbers.write(range.upperBound, places: places, fewest: fewest)
      )
      throw InvalidValue(Message("Enter a number from {low} to {high}.", ["low": bounds.0, "high": bounds.1]))
    }
    return .integer(n)
  }

  private func problem(_ problem: NumberText.Problem, _ numbers: NumberText) -> Message {
    switch problem {
    case .tooManyPlaces where places > 0: Message("At most {n} decimals.", numbers: ["n": places])
    case .notANumber where places > 0:
      Message(
        "Enter a number, like {example}.",
        ["example": numbers.write(12345 * NumberText.power(places - 1), places: places, fewest: fewest, grouped: true)])
    default: Message("Enter a whole number, like {example}.", ["example": numbers.write(1234, places: 0, grouped: true)])
    }
  }

  package func text(_ value: FieldValue) -> String { write(value, .exact) }

  package func typed(_ value: FieldValue, _ formats: Formats) -> String { write(value, NumberText(formats.language)) }

  private func write(_ value: FieldValue, _ numbers: NumberText, grouped: Bool = false) -> String {
    guard case .integer(let n) = value else { return "" }
    return numbers.write(n, places: places, fewest: fewest, grouped: grouped)
  }

  package func display(_ history: String, _ formats: Formats) -> String {
    guard let n = try? NumberText.exact.read(history, places: places) else { return history }
    let number = NumberText(formats.language).write(n, places: places, fewest: fewest, grouped: true)
    return unit.isEmpty ? number : number + "\u{A0}" + formats.language.text(unit)
  }

  package func spreadsheetHeadings(_ label: String, _ language: Language) -> [String] {
    [language.text(label) + (unit.isEmpty ? "" : " (\(language.text(unit)))")]
  }

  /// Whole numbers are numbers there; others are texts, which no reader rounds.
  package func json(_ value: FieldValue) -> JSON {
    guard case .integer(let n) = value else { return .null }
    return places == 0 ? .int(n) : .string(text(value))
  }

  package var jsonShape: JSONShape { .optional(places == 0 ? .integer(range) : .text(atLeast: 1, atMost: 40)) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Forms and lists

  package func control(_ control: FieldControl) -> ViewData {
    control.data(mode: places == 0 && range.lowerBound >= 0 ? "numeric" : "decimal")
  }

  package func shown(_ columns: [String], _ formats: Formats) -> String {
    Int(columns[0]).map { display(text(.integer($0)), formats) } ?? ""
  }

  package var isNumber: Bool { true }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { NumberComparison(self) }

  package var empty: FieldPlace.Empty { .null }
}

// MARK: What numbers of all kinds share

extension FieldValue {
  package static func integer(_ row: borrowing Row, at offset: Int) -> FieldValue { row.intOrNil(offset).map { .integer($0) } ?? .empty }
}

extension SQLValue {
  /// NULL for no number, as 0 is one.
  package static func integer(of value: FieldValue) -> SQLValue {
    if case .integer(let n) = value { .integer(Int64(n)) } else { .null }
  }
}

extension [String] {
  /// The column of a number; NULL where there is none.
  package static func integer(_ name: String, check range: ClosedRange<Int>? = nil) -> [String] {
    ["\(name) INTEGER" + (range.map { " CHECK (\(name) BETWEEN \($0.lowerBound) AND \($0.upperBound))" } ?? "")]
  }
}

extension NumberComparison {
  /// As a field's kind reads and writes its values.
  package init(_ kind: some FieldKind, of number: @escaping @Sendable (FieldValue) -> Int?, value: @escaping @Sendable (Int) -> FieldValue)
  {
    self.init(
      parse: { text throws(InvalidValue) in
        guard let n = number(try kind.parse(text)) else { throw InvalidValue(Message("Enter a whole number.")) }
        return n
      }, text: { kind.text(value($0)) }, kind: kind)
  }

  /// Of numbers that are kept as such.
  package init(_ kind: some FieldKind) {
    self.init(kind, of: { if case .integer(let n) = $0 { n } else { nil } }, value: { .integer($0) })
  }
}
