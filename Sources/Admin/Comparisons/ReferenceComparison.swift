import Base
import Store
import Templating

/// Another record or a user, by its id.
struct ReferenceComparison: Comparison {
  /// The table of what is referred to; it has the columns `id` and `name`.
  let table: String
  /// By what a list sorts: its folded name, in an expression of its own where the table has no column for it.
  var nameKey: String?
  /// Whether users are meant, so that `me` is a value: the current user.
  var knowsMe = false
  /// How a form asks for one.
  let kind: any FieldKind

  var operators: [FilterOperator] { [.isAnyOf, .isNoneOf, .isEmpty, .isNotEmpty] }

  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    if knowsMe, text == "me" { return text }
    guard let id = RecordID(text) else {
      throw InvalidValue(Message("No record has the ID “{text}”.", ["text": String(text.prefix(40))]))
    }
    return id.text
  }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let operands = operands.map { $0 == "me" ? moment.user : $0 }
    return switch `operator` {
    case .isNoneOf: "coalesce(\(raw: place.column) NOT IN \(SQL.list(operands)), true)"
    case .isEmpty: place.isEmpty
    case .isNotEmpty: place.isNotEmpty
    default: "\(raw: place.column) IN \(SQL.list(operands))"
    }
  }

  /// Its name; the id where there is none any more, or none that the visitor may see.
  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String {
    if operand == "me" { return formats.language.text("me") }
    // Every user is known by name.
    let name = knowsMe ? try db.text("SELECT name FROM \(raw: table) WHERE id = \(operand)") : try reach.find(operand, in: db)?.name
    return name ?? operand
  }

  func input(for operator: FilterOperator) -> FilterInput { FilterInput(kind) }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? {
    let key = nameKey ?? "coalesce((SELECT target.name_sort FROM \(table) AS target WHERE target.id = \(place.column)), '')"
    return Column.Sort.Key(key, empty: .text(""))
  }
}
