import Base
package import Store

/// What is only there or not: rows of other tables, lists of things, long texts.
package struct PresenceComparison: Comparison {
  package init() {}

  package var operators: [FilterOperator] { [.isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) -> String { text }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    `operator` == .isNotEmpty ? place.isNotEmpty : place.isEmpty
  }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { nil }
}
