import Base
import Store
import Templating

/// Whether a record is active. In the trash it keeps the status that it had before.
struct StatusField: FieldKind {
  private static let choice = ChoiceField(choices: RecordType.statuses)

  func reads(_ name: String, of table: String) -> [String] { ["status"] }

  func parse(_ text: String) throws(InvalidValue) -> FieldValue { try Self.choice.parse(text) }

  func display(_ history: String, _ formats: Formats) -> String { formats.status(history) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var template: (name: String, schema: ViewSchema) { Self.choice.template }

  func control(_ control: FieldControl) -> ViewData { Self.choice.control(control) }

  var cell: Column.Kind? { .status }
}
