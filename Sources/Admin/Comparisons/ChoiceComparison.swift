import Base
package import Store

/// One of known values, by their codes: a choice, a status, a country.
package struct ChoiceComparison: Comparison {
  /// Reads and shows a code.
  let kind: any FieldKind
  /// The values, where they are few enough for boxes.
  let few: [(value: String, label: String)]

  init(_ kind: some FieldKind, few: [(value: String, label: String)] = []) {
    self.kind = kind
    self.few = few
  }

  package var operators: [FilterOperator] { [.isAnyOf, .isNoneOf, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let text = TextNormalizing.clean(text)
    // No text is the usual choice in a form; in a filter it is none.
    let code = text.isEmpty ? "" : kind.text(try kind.parse(text))
    if code.isEmpty { throw InvalidValue(.notOffered) }
    return code
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    switch `operator` {
    case .isNoneOf: "\(raw: place.column) NOT IN \(SQL.list(operands))"
    case .isEmpty: place.isEmpty
    case .isNotEmpty: place.isNotEmpty
    default: "\(raw: place.column) IN \(SQL.list(operands))"
    }
  }

  package func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) -> String {
    kind.display(operand, formats)
  }

  package func input(for operator: FilterOperator) -> FilterInput {
    few.isEmpty ? FilterInput(kind) : FilterInput(ChoicesField(choices: few), holdsAll: true)
  }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { Column.Sort.Key(place.column, empty: place.empty) }
}
