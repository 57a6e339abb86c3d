import Base
package import Store

/// One of known values, by their codes: a choice, a status, a country.
package struct ChoiceComparison: Comparison {
  /// Reads a code, as the field's kind does.
  let parse: @Sendable (String) throws(InvalidValue) -> String
  let label: @Sendable (String, Formats) -> String

  package var operators: [FilterOperator] { [.isAnyOf, .isNoneOf, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let text = TextNormalizing.clean(text)
    // No text is the usual choice in a form; in a filter it is none.
    let code = text.isEmpty ? "" : try parse(text)
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
    label(operand, formats)
  }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { Column.Sort.Key(place.column, empty: place.empty) }
}

extension ChoiceComparison {
  /// As a field's kind reads and shows its values.
  init(_ kind: some FieldKind) {
    self.init(
      parse: { text throws(InvalidValue) in kind.text(try kind.parse(text)) }, label: { kind.display($0, $1) })
  }
}
