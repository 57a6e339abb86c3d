import Base
import Markdown
import Templating

/// Text of several lines, in Markdown.
struct TextField: FieldKind {
  var limit = 20_000

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if let problem = TextRules.problem(with: text, atMost: limit, allowsBreaks: true) { throw InvalidValue(problem) }
    return FieldValue(text)
  }

  var template: (name: String, schema: ViewSchema) { ("fields/area", FieldControl.schema) }

  func markup(_ value: FieldValue) -> HTML? { Markdown.html(value.text) }

  var cell: Column.Kind? { nil }

}
