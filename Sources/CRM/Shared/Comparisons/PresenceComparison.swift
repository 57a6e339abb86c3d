import Base
import Store

/// What is only there or not: rows of other tables, lists of things, long texts.
struct PresenceComparison: Comparison {
  var operators: [FilterOperator] { [.isEmpty, .isNotEmpty] }

  func operand(_ text: String, of operator: FilterOperator) -> String { text }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    `operator` == .isNotEmpty ? place.isNotEmpty : place.isEmpty
  }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { nil }
}
