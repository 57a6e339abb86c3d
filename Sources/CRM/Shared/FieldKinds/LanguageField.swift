import Base
import Store
import Templating

/// A language, by its BCP 47 tag.
struct LanguageField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || LanguageTag.isWellFormed(text) else { throw InvalidValue(Message("Enter a language tag, like en or el-GR.")) }
    return FieldValue(text)
  }

  func display(_ history: String, _ formats: Formats) -> String { formats.languageName(history) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var comparison: (any Comparison)? { ChoiceComparison(self) }

  var cell: Column.Kind? { .value(self) }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    control.data(options: Choices.languages(in: control.context.language).options(selected: control.typed))
  }
}
