import Base
package import Store

/// Text, compared without case and accents.
package struct TextComparison: Comparison {

  package init() {
  }
  private static let longest = 255

  package var operators: [FilterOperator] { [.has, .hasNone, .isAnyOf, .isNoneOf, .beginsWith, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let text = TextNormalizing.clean(text)
    if let problem = TextRules.problem(with: text, atMost: Self.longest) { throw InvalidValue(problem) }
    guard !TextFolding.fold(text).isEmpty, ![.has, .hasNone].contains(`operator`) || !TextFolding.words(text).isEmpty else {
      throw InvalidValue(Message("Enter a word to filter by."))
    }
    return text
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let folded = operands.map(`operator` == .beginsWith ? TextFolding.beginning : TextFolding.fold)
    switch `operator` {
    case .isNoneOf: return "\(raw: key(place)) NOT IN \(SQL.list(folded))"
    case .beginsWith:
      let start = folded.first ?? ""
      return "(\(raw: key(place)) >= \(start) AND \(raw: key(place)) < \(start + "\u{10FFFF}"))"
    case .has, .hasNone:
      // Of several texts any, of one text every word.
      let texts = operands.map { text in SQL.all(SearchWords.asked(text)) { SQL.hasWord($0, in: place.column) } }
      let found: SQL = "(\(SQL(joining: texts, separator: " OR ")))"
      return `operator` == .has ? found : "NOT \(found)"
    case .isEmpty: return place.isEmpty
    case .isNotEmpty: return place.isNotEmpty
    default: return "\(raw: key(place)) IN \(SQL.list(folded))"
    }
  }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { Column.Sort.Key(key(place), empty: place.empty) }

  private func key(_ place: FieldPlace) -> String { place.key ?? SQL.folded(place.column) }
}
