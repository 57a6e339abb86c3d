import Base
import Store
package import Templating

/// A language, by its BCP 47 tag.
package struct LanguageField: PlainTextKind {
  package init() {}

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || LanguageTag.isWellFormed(text) else { throw InvalidValue(Message("Enter a language tag, like en or el-GR.")) }
    return FieldValue(text)
  }

  package func display(_ history: String, _ formats: Formats) -> String { formats.languageName(history) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var comparison: (any Comparison)? { ChoiceComparison(self) }

  package var cell: Column.Kind? { .value(self) }

  package var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData {
    control.data(options: Choices.languages(in: control.context.language).options(selected: control.typed))
  }
}
