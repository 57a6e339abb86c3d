import Base
package import Store
import Templating

/// Yes or no.
package struct FlagComparison: Comparison {

  package init() {
  }
  package var operators: [FilterOperator] { [.isAnyOf, .isNoneOf] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    try FlagField().parse(text).isEmpty ? "no" : "yes"
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let isYes: SQL =
      switch place.empty {
      case .never: "\(raw: place.column) <> 0"
      default: place.isNotEmpty
      }
    let asked = Set(operands)
    if asked.count > 1 { return `operator` == .isNoneOf ? "false" : "true" }
    return asked.contains("yes") == (`operator` != .isNoneOf) ? isYes : "NOT (\(isYes))"
  }

  package func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) -> String {
    formats.language.text(operand == "yes" ? "Yes" : "No")
  }

  package func input(for operator: FilterOperator) -> FilterInput {
    FilterInput(ChoiceField(choices: [("yes", "Yes"), ("no", "No")]))
  }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? {
    Column.Sort.Key(place.column, isNumber: { if case .never = place.empty { true } else { false } }(), empty: place.empty)
  }
}
