import Admin
import Base
import Store
import Templating

/// Tags by their names. What is compared is the record's id.
struct TagsComparison: Comparison {
  var operators: [FilterOperator] { [.has, .hasAll, .hasNone, .isEmpty, .isNotEmpty] }

  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let name = TextNormalizing.clean(text)
    if let problem = Tag.problem(with: name) { throw InvalidValue(problem) }
    if TextFolding.fold(name).isEmpty { throw InvalidValue(Message("Enter a word to filter by.")) }
    return name
  }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let id = place.column
    return switch `operator` {
    case .hasAll: "(\(SQL(joining: operands.map { "\(raw: id) IN \(TagStore.records(with: [$0]))" as SQL }, separator: " AND ")))"
    case .hasNone: "\(raw: id) NOT IN \(TagStore.records(with: operands))"
    case .isEmpty: "NOT EXISTS (SELECT 1 FROM record_tags WHERE record_id = \(raw: id))"
    case .isNotEmpty: "EXISTS (SELECT 1 FROM record_tags WHERE record_id = \(raw: id))"
    default: "\(raw: id) IN \(TagStore.records(with: operands))"
    }
  }

  /// As the tag is written.
  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String {
    try TagStore.named(operand, in: db)?.name ?? operand
  }

  func input(for operator: FilterOperator) -> FilterInput { FilterInput(AskedTagField()) }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { nil }
}
