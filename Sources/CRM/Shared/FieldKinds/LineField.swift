import Base

/// One line of text.
struct LineField: FieldKind {
  var limit = 255

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if let problem = TextRules.problem(with: text, atMost: limit) { throw InvalidValue(problem) }
    return TextRules.isVisible(text) ? FieldValue(text) : .empty
  }
}
