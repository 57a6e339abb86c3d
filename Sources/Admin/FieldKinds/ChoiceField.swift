import Base
import Store
package import Templating
import Web

/// One of a few values.
package struct ChoiceField: PlainTextKind {
  /// As they are stored, with their labels.
  let choices: [(value: String, label: String)]
  var isOptional = false

  package init(choices: [(value: String, label: String)], isOptional: Bool = false) {
    self.choices = choices
    self.isOptional = isOptional
  }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return isOptional ? .empty : .text(choices[0].value) }
    guard choices.contains(where: { $0.value == text }) else { throw InvalidValue(.notOffered) }
    return .text(text)
  }

  package var jsonShape: JSONShape { isOptional ? .optional(.choice(choices.map(\.value))) : .choice(choices.map(\.value)) }

  package func display(_ history: String, _ formats: Formats) -> String {
    choices.first { $0.value == history }.map { formats.language.text($0.label) } ?? history
  }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var comparison: (any Comparison)? { ChoiceComparison(self, few: choices) }

  package var cell: Column.Kind? { .value(self) }

  package var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData {
    let offered = control.context.choices(isOptional ? [("", "")] + choices : choices)
    return control.data(options: offered.options(selected: control.form[control.name] ?? (isOptional ? "" : choices[0].value)))
  }
}

extension Message {
  package static var notOffered: Message { Message("Choose one of the values offered.") }
}
