import Base
import Store
import Templating

/// Yes or no.
struct FlagField: FieldKind {
  func value(_ row: borrowing Row, at offset: Int) -> FieldValue { row.bool(offset) ? .integer(1) : .empty }

  func stored(_ value: FieldValue) -> [SQLValue] { [.integer(value.isEmpty ? 0 : 1)] }

  func definitions(_ name: String) -> [String] { [name + " INTEGER NOT NULL DEFAULT 0 CHECK (\(name) IN (0, 1))"] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    switch text.lowercased() {
    case "", "0", "no", "false": return .empty
    case "1", "yes", "true", "on": return .integer(1)
    default: throw InvalidValue(Message("Write yes or no."))
    }
  }

  func text(_ value: FieldValue) -> String { value.isEmpty ? "" : "yes" }

  func json(_ value: FieldValue) -> JSON { .bool(!value.isEmpty) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .bool(let isOn) = json { return isOn ? .integer(1) : .empty }
    guard let text = json.string else { throw InvalidValue(Message("Write yes or no.")) }
    return try parse(text)
  }

  func display(_ history: String, _ formats: Formats) -> String { history.isEmpty ? "" : formats.language.text("Yes") }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var template: (name: String, schema: ViewSchema) { ("fields/check", FieldControl.schema) }

  func shown(_ columns: [String], _ formats: Formats) -> String { columns[0] == "0" ? "" : display(columns[0], formats) }

  var cell: Column.Kind? { .value(self) }

  var comparison: (any Comparison)? { FlagComparison() }

  var empty: FieldPlace.Empty { .never }
}

/// Yes or no, with the moment since when: kept in a column of its own, NULL for no.
struct SinceField: FieldKind {
  let column: String

  func columns(_ name: String) -> [String] { [column] }

  func definitions(_ name: String) -> [String] { [column + " TEXT"] }

  func stored(_ value: FieldValue) -> [SQLValue] { [value.isEmpty ? .null : .text(value.text)] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if Timestamp(text) != nil { return .text(text) }
    return try FlagField().parse(text)
  }

  /// Who says yes again doesn't move the moment.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) -> Resolution {
    if case .integer = value { return .value(stored.isEmpty ? .text(act.now.text) : stored) }
    return .value(value)
  }

  func history(_ value: FieldValue) -> String { value.isEmpty ? "" : "yes" }

  func display(_ history: String, _ formats: Formats) -> String { FlagField().display(history, formats) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var template: (name: String, schema: ViewSchema) { FlagField().template }

  var cell: Column.Kind? { .time }

  var comparison: (any Comparison)? { FlagComparison() }

  var empty: FieldPlace.Empty { .null }
}
