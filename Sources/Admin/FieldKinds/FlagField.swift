package import Base
package import Store
package import Templating

/// Yes or no.
package struct FlagField: FieldKind {
  package init() {}

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue { row.bool(offset) ? .integer(1) : .empty }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.integer(value.isEmpty ? 0 : 1)] }

  package func definitions(_ name: String) -> [String] { [name + " INTEGER NOT NULL DEFAULT 0 CHECK (\(name) IN (0, 1))"] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    switch text.lowercased() {
    case "", "0", "no", "false": return .empty
    case "1", "yes", "true", "on": return .integer(1)
    default: throw InvalidValue(Message("Enter yes or no."))
    }
  }

  package func text(_ value: FieldValue) -> String { value.isEmpty ? "" : "yes" }

  package func json(_ value: FieldValue) -> JSON { .bool(!value.isEmpty) }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .bool(let isOn) = json { return isOn ? .integer(1) : .empty }
    guard let text = json.string else { throw InvalidValue(Message("Enter yes or no.")) }
    return try parse(text)
  }

  package var jsonShape: JSONShape { .boolean }

  package func display(_ history: String, _ formats: Formats) -> String { history.isEmpty ? "" : formats.language.text("Yes") }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var template: (name: String, schema: ViewSchema) { ("fields/check", FieldControl.schema) }

  package func shown(_ columns: [String], _ formats: Formats) -> String { columns[0] == "0" ? "" : display(columns[0], formats) }

  package var cell: Column.Kind? { .value(self) }

  package var comparison: (any Comparison)? { FlagComparison() }

  package var empty: FieldPlace.Empty { .never }
}

/// Yes or no, with the moment since when: kept in a column of its own, NULL for no.
package struct SinceField: FieldKind {
  let column: String
  /// Keeps what follows from a new value, however it was set.
  private let whenSet: (@Sendable (FieldValue, RecordID, ActContext) throws -> Void)?

  package init(column: String, whenSet: (@Sendable (FieldValue, RecordID, ActContext) throws -> Void)? = nil) {
    self.column = column
    self.whenSet = whenSet
  }

  package func hasEffect(_ value: FieldValue) -> Bool { whenSet != nil && !value.isEmpty }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws { try whenSet?(value, record, act) }

  package func columns(_ name: String) -> [String] { [column] }

  package func definitions(_ name: String) -> [String] { [column + " TEXT"] }

  package func stored(_ value: FieldValue) -> [SQLValue] { [value.isEmpty ? .null : .text(value.text)] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if let moment = Timestamp(withOffset: text) { return .text(moment.text) }
    return try FlagField().parse(text)
  }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .bool = json { return try FlagField().parse(json: json) }
    return try parse(json.string ?? "")
  }

  package var jsonShape: JSONShape { .optional(.moment) }

  package var jsonInput: JSONShape { .optional(.either([.moment, .boolean])) }

  /// Who says yes again doesn't move the moment.
  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) -> Resolution {
    if case .integer = value { return .value(stored.isEmpty ? .text(act.now.text) : stored) }
    return .value(value)
  }

  package func history(_ value: FieldValue) -> String { value.isEmpty ? "" : "yes" }

  package func display(_ history: String, _ formats: Formats) -> String { FlagField().display(history, formats) }

  package func spreadsheetCells(_ value: FieldValue, _ formats: Formats) -> [String] { [formats.minute(value.text)] }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var template: (name: String, schema: ViewSchema) { FlagField().template }

  package var cell: Column.Kind? { .time }

  package var comparison: (any Comparison)? { FlagComparison() }

  package var empty: FieldPlace.Empty { .null }
}
