import Base
import Store

/// Amounts of money. One is compared with those of its own currency alone: what another currency is worth, nobody here knows.
struct MoneyComparison: Comparison {
  let kind: MoneyField

  var operators: [FilterOperator] { NumberComparison().operators }

  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let value = try kind.parse(TextNormalizing.clean(text))
    guard !value.isEmpty else { throw InvalidValue(Message("Enter an amount like 12.50 EUR.")) }
    return kind.text(value)
  }

  func check(_ operands: [String], of operator: FilterOperator) throws(InvalidValue) {
    guard `operator` == .between, Set(operands.compactMap { amount($0)?.currency }).count > 1 else { return }
    throw InvalidValue(Message("Both amounts must be in the same currency."))
  }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let amounts = operands.compactMap(amount)
    guard let first = amounts.first, let last = amounts.last else { return `operator` == .isEmpty ? place.isEmpty : place.isNotEmpty }
    let (column, currency) = (place.column, MoneyField.currency(place.column))
    func inCurrency(_ condition: SQL) -> SQL { "(\(condition) AND \(raw: currency) = \(first.currency))" }
    let same = amounts.map { "(\(raw: column) = \($0.minor) AND \(raw: currency) = \($0.currency))" as SQL }
    return switch `operator` {
    case .isNoneOf: "coalesce(NOT (\(SQL(joining: same, separator: " OR "))), true)"
    case .below: inCurrency("\(raw: column) < \(first.minor)")
    case .atMost: inCurrency("\(raw: column) <= \(first.minor)")
    case .above: inCurrency("\(raw: column) > \(first.minor)")
    case .atLeast: inCurrency("\(raw: column) >= \(first.minor)")
    case .between: inCurrency("\(raw: column) BETWEEN \(min(first.minor, last.minor)) AND \(max(first.minor, last.minor))")
    // The numbers alone as well: an index has those.
    default: "(\(raw: column) IN \(SQL.list(amounts.map(\.minor))) AND (\(SQL(joining: same, separator: " OR "))))"
    }
  }

  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) -> String {
    kind.display(operand, formats)
  }

  func input(for operator: FilterOperator) -> FilterInput { FilterInput(kind) }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { NumberComparison().sortKey(place) }

  private func amount(_ text: String) -> (minor: Int, currency: String)? {
    if case .amount(let minor, let currency)? = try? kind.parse(text) { (minor, currency) } else { nil }
  }
}
