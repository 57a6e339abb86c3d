import Base
package import Store

/// Times of day, as they are kept: `14:05`.
package struct TimeComparison: Comparison {
  package var operators: [FilterOperator] { DateComparison().operators }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let time = try TimeField().parse(TextNormalizing.clean(text))
    guard !time.isEmpty else { throw InvalidValue(Message("Invalid time. Enter it like 14:05.")) }
    return time.text
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let column = place.column
    guard let first = operands.first, let last = operands.last else { return `operator` == .isEmpty ? place.isEmpty : place.isNotEmpty }
    return switch `operator` {
    case .before: place.withValue("\(raw: column) < \(first)")
    case .until: place.withValue("\(raw: column) <= \(first)")
    case .after: place.withValue("\(raw: column) > \(first)")
    case .since: place.withValue("\(raw: column) >= \(first)")
    case .between where first <= last: "\(raw: column) BETWEEN \(first) AND \(last)"
    // From 22:00 to 6:00 is the night.
    case .between: place.withValue("(\(raw: column) >= \(first) OR \(raw: column) <= \(last))")
    case .isNoneOf: "coalesce(\(raw: column) NOT IN \(SQL.list(operands)), true)"
    default: "\(raw: column) IN \(SQL.list(operands))"
    }
  }

  package func input(for operator: FilterOperator) -> FilterInput { FilterInput(TimeField()) }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { Column.Sort.Key(place.column, empty: place.empty) }
}
