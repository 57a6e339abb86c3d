import Base
import Store
import Templating

/// Whether a record is active. In the trash it keeps the status that it had before.
struct StatusField: FieldKind {
  /// What a person may choose; new records have the first.
  var statuses = RecordStatus.usual
  /// What goes along with a status that is new, however it came: by an act, a form or a file.
  var whenSet: (@Sendable (_ status: String, RecordID, ActContext) throws -> Void)?

  private var choice: ChoiceField { ChoiceField(choices: statuses.map { ($0.value, $0.label) }) }

  /// Every table of records has the column.
  func definitions(_ name: String) -> [String] { [] }

  func hasEffect(_ value: FieldValue) -> Bool { whenSet != nil && value.text != statuses.first?.value }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws { try whenSet?(value.text, record, act) }

  func reads(_ name: String, of table: String) -> [String] { ["status"] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try choice.parse(text) }

  func display(_ history: String, _ formats: Formats) -> String { formats.status(history) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var template: (name: String, schema: ViewSchema) { choice.template }

  func control(_ control: FieldControl) -> ViewData { choice.control(control) }

  var cell: Column.Kind? { .status }

  var comparison: (any Comparison)? { ChoiceComparison(self) }

  var empty: FieldPlace.Empty { .never }
}
