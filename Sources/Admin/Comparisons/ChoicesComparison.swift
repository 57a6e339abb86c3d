import Base
package import Store

/// Any number of known values, kept with commas between them.
package struct ChoicesComparison: Comparison {
  /// Of one value.
  let choice: ChoiceComparison

  package var operators: [FilterOperator] { [.has, .hasAll, .hasNone, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    try choice.operand(text, of: `operator`)
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let each = operands.map { SQL.hasValue($0, in: place.column) }
    return switch `operator` {
    case .hasAll: "(\(SQL(joining: each, separator: " AND ")))"
    case .hasNone: "NOT (\(SQL(joining: each, separator: " OR ")))"
    case .isEmpty: place.isEmpty
    case .isNotEmpty: place.isNotEmpty
    default: "(\(SQL(joining: each, separator: " OR ")))"
    }
  }

  package func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) -> String {
    choice.display(operand, formats, within: reach, in: db)
  }

  package func input(for operator: FilterOperator) -> FilterInput { choice.input(for: `operator`) }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { Column.Sort.Key(place.column, empty: place.empty) }
}
