import Base

/// One line of text.
struct LineField: FieldKind {
  var limit = 255
  /// Where it is kept, if not in a column of the field's name: what a record is called is `name` in every table.
  var column: String?

  func columns(_ name: String) -> [String] { [column ?? name] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if let problem = TextRules.problem(with: text, atMost: limit) { throw InvalidValue(problem) }
    return TextRules.isVisible(text) ? FieldValue(text) : .empty
  }
}
