import Base
package import Web

/// Reads a posted form field by field, cleaning and checking on the way; what is wrong is collected per field, so that one answer names it all.
package struct FormReader {
  package let form: FormFields
  /// The inputs of the record that the form was made of. What is in them already isn't judged again.
  package let known: FormFields
  /// How who typed it writes numbers and times.
  package let formats: Formats
  package private(set) var problems = ValidationErrors()

  /// `single` fields may come once, `repeated` ones in rows; anything else is not this form's.
  package init(_ form: FormFields, single: Set<String>, repeated: Set<String> = [], formats: Formats = .exact) {
    self.form = form
    known = FormFields()
    self.formats = formats
    var seen: Set<String> = []
    for field in form.fields where !repeated.contains(field.name) && !Self.always.contains(field.name) {
      if !single.contains(field.name) {
        problems.add("", Message("This form has no field “{name}”. Nothing was saved.", ["name": String(field.name.prefix(60))]))
      } else if !seen.insert(field.name).inserted {
        problems.add("", Message("The field “{name}” came twice. Nothing was saved.", ["name": field.name]))
      }
    }
  }

  /// The inputs of one field, of a form whose names are looked at elsewhere or were never typed.
  init(_ form: FormFields, known: FormFields, problems: ValidationErrors = ValidationErrors(), formats: Formats = .exact) {
    (self.form, self.known, self.problems, self.formats) = (form, known, problems, formats)
  }

  private static let always: Set<String> = [
    "csrf_token", SentForm.input, "save", "compare", "review", "add_row", "remove_row", "move_row", "return_to",
  ]

  /// One line of text.
  package mutating func line(_ name: String, atMost limit: Int = 255) -> String {
    check(TextNormalizing.line(form[name] ?? ""), name, limit)
  }

  /// Text of any shape, trimmed.
  package mutating func text(_ name: String, atMost limit: Int = 20_000) -> String {
    check(TextNormalizing.clean(form[name] ?? ""), name, limit)
  }

  /// One of a few values; a missing field is the first of them.
  package mutating func choice(_ name: String, of values: [String]) -> String {
    guard let value = form[name] else { return values.first ?? "" }
    if !values.contains(value) { problems.add(name, Message("Choose one of the values offered.")) }
    return value
  }

  func isOn(_ name: String) -> Bool { !(form[name] ?? "").isEmpty }

  /// Rows posted as repeated fields: the n-th value of each makes the n-th row. Rows that are short a field make no sense.
  package mutating func rows(_ names: [String]) -> [[String]] {
    if let rows = Self.rows(of: form, names) { return rows }
    problems.add("", Message("The rows of “{name}” don’t fit together. Nothing was saved.", ["name": names.first ?? ""]))
    return []
  }

  /// The same without a complaint; `nil` for rows that make no sense.
  package static func rows(of form: FormFields, _ names: [String]) -> [[String]]? {
    let columns = names.map { form.all($0) }
    let count = columns.reduce(0) { max($0, $1.count) }
    guard columns.allSatisfy({ $0.count == count || $0.isEmpty }) else { return nil }
    return (0..<count).map { row in columns.map { $0.isEmpty ? "" : TextNormalizing.line($0[row]) } }
  }

  /// The rows that the record has already.
  package func knownRows(_ names: [String]) -> Set<[String]> { Set(Self.rows(of: known, names) ?? []) }

  package mutating func problem(_ field: String, _ message: Message) { problems.add(field, message) }

  private mutating func check(_ text: String, _ name: String, _ limit: Int) -> String {
    if let problem = TextRules.problem(with: text, atMost: limit) { problems.add(name, problem) }
    return text
  }
}

/// What is wrong with a form, by field; `""` is the form as a whole.
package struct ValidationErrors: Sendable, Equatable {
  private(set) var byField: [String: Message] = [:]
  /// In the order in which they were found, for the summary.
  private(set) var order: [String] = []

  package init() {}

  package init(_ field: String = "", _ message: Message) { add(field, message) }

  package var isEmpty: Bool { byField.isEmpty }

  /// The first thing that is wrong with a field is the one to show.
  package mutating func add(_ field: String, _ message: Message) {
    guard byField[field] == nil else { return }
    byField[field] = message
    order.append(field)
  }

  package mutating func add(_ others: ValidationErrors) {
    for field in others.order { if let message = others.byField[field] { add(field, message) } }
  }

  package subscript(_ field: String) -> Message? { byField[field] }

  package var first: Message? { order.first.flatMap { byField[$0] } }
}

/// Rules that every piece of text obeys, wherever it comes from.
package enum TextRules {
  /// What is wrong with a text that has been cleaned. Most texts are far shorter, and their bytes tell.
  package static func problem(with text: String, atMost limit: Int) -> Message? {
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return nil }
    return Message("At most {n} characters.", numbers: ["n": limit])
  }
}
