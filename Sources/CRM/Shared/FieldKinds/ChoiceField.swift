import Base
import Store
import Templating
import Web

/// One of a few values.
struct ChoiceField: FieldKind {
  /// As they are stored, with their labels.
  let choices: [(value: String, label: String)]
  var isOptional = false

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return isOptional ? .empty : .text(choices[0].value) }
    guard choices.contains(where: { $0.value == text }) else { throw InvalidValue(.notOffered) }
    return .text(text)
  }

  func display(_ history: String, _ formats: Formats) -> String {
    choices.first { $0.value == history }.map { formats.language.text($0.label) } ?? history
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var comparison: (any Comparison)? { ChoiceComparison(self) }

  var cell: Column.Kind? { .value(self) }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    let offered = control.context.choices(isOptional ? [("", "")] + choices : choices)
    return control.data(options: offered.options(selected: control.form[control.name] ?? (isOptional ? "" : choices[0].value)))
  }
}

extension Message {
  static var notOffered: Message { Message("Choose one of the values offered.") }
}
