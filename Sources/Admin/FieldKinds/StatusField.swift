package import Base
import Store
package import Templating

/// Whether a record is active. In the trash it keeps the status that it had before.
package struct StatusField: PlainTextKind {
  /// What a person may choose; new records have the first.
  var statuses = RecordStatus.usual
  /// What goes along with a status that is new, however it came: by an act, a form or a file.
  var whenSet: (@Sendable (_ status: String, RecordID, ActContext) throws -> Void)?

  package init(
    statuses: [RecordStatus] = RecordStatus.usual, whenSet: (@Sendable (_ status: String, RecordID, ActContext) throws -> Void)? = nil
  ) {
    self.statuses = statuses
    self.whenSet = whenSet
  }

  private var choice: ChoiceField { ChoiceField(choices: statuses.map { ($0.value, $0.label) }) }

  /// Every table of records has the column.
  package func definitions(_ name: String) -> [String] { [] }

  package func hasEffect(_ value: FieldValue) -> Bool { whenSet != nil && value.text != statuses.first?.value }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws { try whenSet?(value.text, record, act) }

  package func reads(_ name: String, of table: String) -> [String] { ["status"] }

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue { try choice.parse(text) }

  package var jsonShape: JSONShape { .choice(statuses.map(\.value) + [RecordStatus.trashed.value]) }

  package var jsonInput: JSONShape { choice.jsonShape }

  package func display(_ history: String, _ formats: Formats) -> String { formats.status(history) }

  package func searchWords(_ value: FieldValue) -> [String] { [] }

  package var template: (name: String, schema: ViewSchema) { choice.template }

  package func control(_ control: FieldControl) -> ViewData { choice.control(control) }

  package var cell: Column.Kind? { .status }

  package var comparison: (any Comparison)? { ChoiceComparison(self, few: choice.choices) }

  package var empty: FieldPlace.Empty { .never }
}
