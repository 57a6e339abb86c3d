import Base
import Markdown
package import Templating

/// Text of several lines, in Markdown.
package struct TextField: PlainTextKind {
  var limit = 20_000

  package init(limit: Int = 20_000) {
    self.limit = limit
  }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if let problem = TextRules.problem(with: text, atMost: limit) { throw InvalidValue(problem) }
    return FieldValue(text)
  }

  package var jsonShape: JSONShape { .optional(.text(atMost: limit)) }

  package var template: (name: String, schema: ViewSchema) { ("fields/area", FieldControl.schema) }

  package func markup(_ value: FieldValue) -> HTML? { Markdown.html(value.text) }

  package var cell: Column.Kind? { nil }

}
