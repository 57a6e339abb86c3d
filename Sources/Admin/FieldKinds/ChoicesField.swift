package import Base
package import Templating
package import Web

/// Any of a few values, kept in their order with commas between them.
package struct ChoicesField: FieldKind {
  let choices: [(value: String, label: String)]
  /// Keeps what follows from a new value, however it was set.
  private let whenSet: (@Sendable (FieldValue, RecordID, ActContext) throws -> Void)?

  package init(
    choices: [(value: String, label: String)], whenSet: (@Sendable (FieldValue, RecordID, ActContext) throws -> Void)? = nil
  ) {
    self.choices = choices
    self.whenSet = whenSet
  }

  package func hasEffect(_ value: FieldValue) -> Bool { whenSet != nil && !value.isEmpty }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws { try whenSet?(value, record, act) }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let chosen = text.split(separator: ",").map { TextNormalizing.clean(String($0)) }.filter { !$0.isEmpty }
    return try value(of: chosen)
  }

  /// `kept` may be chosen although they are no longer offered.
  private func value(of chosen: [String], keeping kept: [String] = []) throws(InvalidValue) -> FieldValue {
    guard chosen.allSatisfy({ value in kept.contains(value) || choices.contains { $0.value == value } }) else {
      throw InvalidValue(.notOffered)
    }
    return Self.joined(chosen, in: choices)
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

  package var jsonShape: JSONShape { .list(.choice(choices.map(\.value))) }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    switch json {
    case .null: return .empty
    case .string(let text): return try parse(text)
    default:
      guard let items = json.array?.map(\.string), !items.contains(nil) else { throw InvalidValue(.notOffered) }
      return try value(of: items.compactMap(\.self))
    }
  }

  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    Self.joined(ListMerge.items(Self.chosen(base), Self.chosen(mine), Self.chosen(theirs)), in: choices)
  }

  /// In the order of the choices; what is no longer offered comes last.
  private static func joined(_ chosen: [String], in choices: [(value: String, label: String)]) -> FieldValue {
    let offered = choices.map(\.value)
    var seen: Set<String> = []
    let others = chosen.filter { !offered.contains($0) && seen.insert($0).inserted }
    return FieldValue((offered.filter(chosen.contains) + others).joined(separator: ","))
  }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try value(of: reader.form.all(name).filter { !$0.isEmpty }, keeping: reader.known.all(name))
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Self.chosen(value).map { FormFields.Field(name, $0) }
  }

  package var template: (name: String, schema: ViewSchema) { ("fields/checks", FieldControl.schema) }

  package func control(_ control: FieldControl) -> ViewData {
    // What the record has already stays to be kept or given up.
    let kept = control.record.map { Self.chosen($0[control.name]) } ?? []
    return control.data(choices: choices + kept.filter { value in !choices.contains { $0.value == value } }.map { ($0, $0) })
  }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { ChoicesComparison(choice: ChoiceComparison(ChoiceField(choices: choices), few: choices)) }
}
