package import Base
package import Templating
package import Web

/// Any of a few values, kept in their order with commas between them.
package struct ChoicesField: FieldKind {
  let choices: [(value: String, label: String)]

  package init(choices: [(value: String, label: String)]) {
    self.choices = choices
  }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let chosen = text.split(separator: ",").map { TextNormalizing.clean(String($0)) }.filter { !$0.isEmpty }
    return try value(of: chosen)
  }

  private func value(of chosen: [String]) throws(InvalidValue) -> FieldValue {
    let known = choices.map(\.value).filter(chosen.contains)
    guard known.count == Set(chosen).count else { throw InvalidValue(.notOffered) }
    return FieldValue(known.joined(separator: ","))
  }

  /// The values that are chosen.
  package static func chosen(_ value: FieldValue) -> [String] { value.text.split(separator: ",").map(String.init) }

  package func text(_ value: FieldValue) -> String { Self.chosen(value).joined(separator: ", ") }

  package func display(_ history: String, _ formats: Formats) -> String {
    history.split(separator: ",").map { part in
      let value = TextNormalizing.clean(String(part))
      return choices.first { $0.value == value }.map { formats.language.text($0.label) } ?? value
    }.joined(separator: ", ")
  }

  package func json(_ value: FieldValue) -> JSON { .array(Self.chosen(value).map { .string($0) }) }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    switch json {
    case .null: return .empty
    case .string(let text): return try parse(text)
    default:
      guard let items = json.array?.map(\.string), !items.contains(nil) else { throw InvalidValue(.notOffered) }
      return try value(of: items.compactMap(\.self))
    }
  }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try value(of: reader.form.all(name).filter { !$0.isEmpty })
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.chosen(value).map { FormFields.Field(name, $0) }
  }

  package var template: (name: String, schema: ViewSchema) { ("fields/checks", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData { control.data(choices: choices) }

  package var cell: Column.Kind? { .words }

  package var comparison: (any Comparison)? { ChoicesComparison(choice: ChoiceComparison(ChoiceField(choices: choices))) }
}
