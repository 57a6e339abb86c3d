import Templating

/// The templates of the kinds that are there for all types, whether one uses them or not: so they are checked at start all the same.
enum FieldTemplates {
  static let all = Dictionary(kinds.map { ($0.template.name, $0.template.schema) }) { first, _ in first }

  /// One for each template.
  private static let kinds: [any FieldKind] = [
    LineField(), TextField(), FlagField(), ChoiceField(choices: []), ChoicesField(choices: []), MoneyField(),
    ReferenceField(to: RecordTarget(table: "", path: "", resource: Resource("", ""))), RowsField(row: "", adding: "", []), PeriodField(),
  ]
}
