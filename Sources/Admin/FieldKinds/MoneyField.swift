package import Base
package import Store
package import Templating
package import Web

/// An amount of money: whole minor units and the code of a currency, in two columns. `12.50 EUR` is 1250 and EUR; `12 JPY` is 12 and JPY.
package struct MoneyField: FieldKind {
  /// The default currency.
  let usual: String
  /// How many more decimals it may have than an amount, as the price of one piece does: its units are that much smaller.
  let extraPlaces: Int
  private let effect: Effect?

  package init(usual: String = "EUR", extraPlaces: Int = 0, effect: Effect? = nil) {
    (self.usual, self.extraPlaces, self.effect) = (usual, extraPlaces, effect)
  }

  /// What goes along with an amount, however it came: by an act or from a file.
  package struct Effect: Sendable {
    /// Where it keeps something about the record, which goes with the record.
    let rows: (table: String, key: String)
    let apply: @Sendable (_ amount: FieldValue, RecordID, ActContext) throws -> Void

    package init(
      rows: (table: String, key: String), apply: @escaping @Sendable (_ amount: FieldValue, RecordID, ActContext) throws -> Void
    ) {
      (self.rows, self.apply) = (rows, apply)
    }
  }

  package var rows: (table: String, key: String)? { effect?.rows }

  package func hasEffect(_ value: FieldValue) -> Bool { effect != nil && !value.isEmpty }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws { try effect?.apply(value, record, act) }

  /// The column and the input of an amount's currency.
  package static func currency(_ name: String) -> String { name + "_currency" }

  // MARK: Storage

  package func columns(_ name: String) -> [String] { [name, Self.currency(name)] }

  package func definitions(_ name: String) -> [String] {
    .integer(name) + ["\(Self.currency(name)) TEXT NOT NULL DEFAULT '' CHECK ((\(name) IS NULL) = (\(Self.currency(name)) = ''))"]
  }

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    row.intOrNil(offset).map { .amount($0, currency: row.text(offset + 1)) } ?? .empty
  }

  package func stored(_ value: FieldValue) -> [SQLValue] {
    guard case .amount(let minor, let currency) = value else { return [.null, .text("")] }
    return [.integer(Int64(minor)), .text(currency)]
  }

  // MARK: Text

  /// `12.50 EUR`, `EUR 12.50`, or `12.50` in the usual currency.
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try read(text, currency: usual, .exact) }

  private func read(_ text: String, currency: String, _ numbers: NumberText) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    let (amount, code) = Self.written(text) ?? Self.parts(text) ?? (text, currency)
    guard let places = Currency.places(of: code).map({ $0 + extraPlaces }) else {
      throw InvalidValue(Message("Unknown currency code “{code}”.", ["code": String(code.prefix(10))]))
    }
    do throws(NumberText.Problem) {
      return .amount(try numbers.read(amount, places: places), currency: code)
    } catch {
      switch error {
      case .tooManyPlaces: throw InvalidValue(Message("{code} amounts have at most {n} decimals.", ["code": code], numbers: ["n": places]))
      case .notANumber:
        let example = self.number(places == 0 ? 1234 : 12345 * NumberText.power(places - 1), code, numbers, grouped: true)
        throw InvalidValue(Message("Enter an amount, like {example}.", ["example": example]))
      }
    }
  }

  /// The number and the currency of an amount as this program writes it, `12.50 EUR`, by its bytes: pages have hundreds of them.
  private static func written(_ text: String) -> (amount: String, code: String)? {
    let (amount, end) = (text.utf8.dropLast(4), text.utf8.suffix(4))
    guard end.count == 4, end.first == UInt8(ascii: " "), end.dropFirst().allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }),
      amount.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
    else { return nil }
    return (String(Substring(amount)), String(Substring(end.dropFirst())))
  }

  /// The same as people write it: the currency before it or after it.
  private static func parts(_ text: String) -> (amount: String, code: String)? {
    let letters = text.filter { $0.isASCII && $0.isLetter }
    guard letters.count == 3, text.hasPrefix(letters) || text.hasSuffix(letters) else { return nil }
    return (TextNormalizing.clean(text.replacing(letters, with: "")), letters.uppercased())
  }

  package func text(_ value: FieldValue) -> String { write(value, .exact) }

  private func write(_ value: FieldValue, _ numbers: NumberText, grouped: Bool = false, before mark: String = " ") -> String {
    guard case .amount(let minor, let currency) = value else { return "" }
    return number(minor, currency, numbers, grouped: grouped) + mark + currency
  }

  private func number(_ units: Int, _ currency: String, _ numbers: NumberText, grouped: Bool = false) -> String {
    let places = Currency.places(of: currency) ?? 2
    return numbers.write(units, places: places + extraPlaces, fewest: places, grouped: grouped)
  }

  package func display(_ history: String, _ formats: Formats) -> String {
    guard let value = try? parse(history) else { return history }
    return write(value, NumberText(formats.language), grouped: true, before: "\u{A0}")
  }

  /// What `display` says of an amount.
  package func display(_ units: Int, _ currency: String, _ formats: Formats) -> String {
    guard Currency.places(of: currency) != nil, units.magnitude <= NumberText.most else {
      return display(text(.amount(units, currency: currency)), formats)
    }
    return displayNumber(units, currency, formats) + "\u{A0}" + currency
  }

  /// The same without its currency, which the heading says.
  package func displayNumber(_ units: Int, _ currency: String, _ formats: Formats) -> String {
    number(units, currency, NumberText(formats.language), grouped: true)
  }

  /// An amount that can be added up, and its currency beside it.
  package func spreadsheetCells(_ value: FieldValue, _ formats: Formats) -> [String] {
    guard case .amount(let minor, let currency) = value else { return ["", ""] }
    return [number(minor, currency, NumberText(formats.language)), currency]
  }

  package func spreadsheetHeadings(_ label: String, _ language: Language) -> [String] {
    let label = language.text(label)
    return [label, language.text("{name} (currency)", ["name": .text(label)])]
  }

  package func json(_ value: FieldValue) -> JSON {
    guard case .amount(let minor, let currency) = value else { return .null }
    return .object([
      "amount": .string(number(minor, currency, .exact)), "currency": .string(currency),
    ])
  }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    switch json {
    case .null: return .empty
    case .string(let text): return try parse(text)
    case .int(let whole): return try parse(String(whole))
    default:
      let amount = json["amount"]?.string ?? json["amount"]?.int.map { String($0) }
      guard let amount, let currency = json["currency"]?.string else {
        throw InvalidValue(Message("An amount of money is an amount and a currency."))
      }
      return try read(amount, currency: currency, .exact)
    }
  }

  package var jsonShape: JSONShape {
    .optional(
      .object([
        .init("amount", .text(atLeast: 1, atMost: 40), note: "With a point before the decimals: 12.50"),
        .init("currency", .text(pattern: "^[A-Z]{3}$")),
      ]))
  }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Forms and lists

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name, Self.currency(name)]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let currency = TextNormalizing.clean(reader.form[Self.currency(name)] ?? "")
    do throws(InvalidValue) {
      return try read(
        TextNormalizing.clean(reader.form[name] ?? ""),
        currency: currency.isEmpty ? (reader.formats.isExact ? usual : reader.formats.currency) : currency,
        NumberText(reader.formats.language))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    var (amount, currency) = ("", formats.isExact ? usual : formats.currency)
    if case .amount(let minor, let code) = value {
      (amount, currency) = (number(minor, code, NumberText(formats.language)), code)
    }
    return [FormFields.Field(name, amount), FormFields.Field(Self.currency(name), currency)]
  }

  private static let choices = Choices(Currency.all.map { ($0, $0) })

  package var template: (name: String, schema: ViewSchema) { ("fields/money", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData {
    let chosen = control.form[Self.currency(control.name)] ?? ""
    return control.data(
      mode: "decimal", options: Self.choices.options(selected: chosen.isEmpty ? control.context.formats.currency : chosen))
  }

  package func shown(_ columns: [String], _ formats: Formats) -> String {
    Int(columns[0]).map { display($0, columns[1], formats) } ?? ""
  }

  package var isNumber: Bool { true }

  package var columnWidth: String { "firm-l" }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { MoneyComparison(kind: self) }

  package var empty: FieldPlace.Empty { .null }
}
