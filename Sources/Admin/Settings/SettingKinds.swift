import Base
package import Templating

/// A currency, by its ISO 4217 code.
struct CurrencyField: FieldKind {
  private static let choices = Choices(Currency.all.map { ($0, $0) })

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || Currency.places(of: text) != nil else {
      throw InvalidValue(Message("Unknown currency code “{code}”.", ["code": String(text.prefix(10))]))
    }
    return FieldValue(text)
  }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData { control.data(options: Self.choices.options(selected: control.typed)) }
}

/// A time zone, by its IANA name, or none.
struct ZoneField: FieldKind {
  /// What none is called.
  let none: String

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || ZoneClock.exists(text) else { throw InvalidValue(.notOffered) }
    return FieldValue(text)
  }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let none = [("", control.context.language.text(none))]
    return control.data(options: Choices(none + ZoneClock.all.map { ($0, $0) }).options(selected: control.typed))
  }
}

/// A language that pages can be read in.
struct PageLanguageField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try LanguageField().parse(text) }

  func display(_ history: String, _ formats: Formats) -> String { LanguageField().display(history, formats) }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let offered = control.context.services.languages.available.map { ($0.tag, $0.ownName) }
    return control.data(options: Choices(offered).options(selected: control.typed))
  }
}

/// A list of short texts in an order that people choose, typed one per line.
package struct LinesField: FieldKind {
  /// How many it holds at most.
  private static let most = 500

  package init() {}

  package static func lines(_ value: FieldValue) -> [String] { value.text.split(separator: "\n").map(String.init) }

  /// Each once, whatever its case and accents; the first spelling counts.
  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    var seen: Set<String> = []
    let lines = text.split(whereSeparator: \.isNewline).map { TextNormalizing.line(String($0)) }
      .filter { !$0.isEmpty && seen.insert(TextFolding.fold($0)).inserted }
    if lines.count > Self.most { throw InvalidValue(Message("At most {n} lines.", ["n": String(Self.most)])) }
    for line in lines { if let problem = TextRules.problem(with: line, atMost: 255) { throw InvalidValue(problem) } }
    return FieldValue(lines.joined(separator: "\n"))
  }

  /// What either side added is there, what either side removed is not.
  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    FieldValue(ListMerge.items(Self.lines(base), Self.lines(mine), Self.lines(theirs)).joined(separator: "\n"))
  }

  package var template: (name: String, schema: ViewSchema) { ("fields/area", FieldControl.schema) }

  package var cell: Column.Kind? { nil }
}
