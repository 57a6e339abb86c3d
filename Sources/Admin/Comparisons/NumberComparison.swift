import Base
package import Store

/// Whole numbers; also what is kept as one, such as minor units. The exact text of a value is read and written by the closures.
package struct NumberComparison: Comparison {
  package var parse: @Sendable (String) throws(InvalidValue) -> Int = { text throws(InvalidValue) in
    guard let number = Int(text) else { throw InvalidValue(Message("Enter a whole number.")) }
    return number
  }
  package var text: @Sendable (Int) -> String = { String($0) }
  /// Of whose values a form asks for one.
  var kind: any FieldKind = DecimalField(places: 0)

  package var operators: [FilterOperator] { [.isAnyOf, .isNoneOf, .below, .atMost, .above, .atLeast, .between, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    self.text(try parse(TextNormalizing.clean(text)))
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let numbers = operands.map { (try? parse($0)) ?? 0 }
    let (first, column) = (numbers.first ?? 0, place.column)
    return switch `operator` {
    case .isNoneOf: "coalesce(\(raw: column) NOT IN \(SQL.list(numbers)), true)"
    case .below: "\(raw: column) < \(first)"
    case .atMost: "\(raw: column) <= \(first)"
    case .above: "\(raw: column) > \(first)"
    case .atLeast: "\(raw: column) >= \(first)"
    case .between: "\(raw: column) BETWEEN \(min(first, numbers.last ?? first)) AND \(max(first, numbers.last ?? first))"
    case .isEmpty: place.isEmpty
    case .isNotEmpty: place.isNotEmpty
    default: "\(raw: column) IN \(SQL.list(numbers))"
    }
  }

  package func input(for operator: FilterOperator) -> FilterInput { FilterInput(kind) }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? {
    Column.Sort.Key(place.column, isNumber: true, startsDescending: true, empty: place.empty)
  }
}
