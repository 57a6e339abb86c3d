import Base

/// One line of text.
package struct LineField: PlainTextKind {
  var limit = 255
  /// Where it is kept, if not in a column of the field's name: what a record is called is `name` in every table.
  var column: String?

  package init(limit: Int = 255, column: String? = nil) {
    self.limit = limit
    self.column = column
  }

  package func columns(_ name: String) -> [String] { [column ?? name] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let line = TextNormalizing.line(text)
    if let problem = TextRules.problem(with: line, atMost: limit) { throw InvalidValue(problem) }
    return FieldValue(line)
  }

  package var jsonShape: JSONShape { .optional(.text(atMost: limit)) }

  package func searchWords(_ value: FieldValue) -> [String] { SearchWords.named(value.text) }
}
