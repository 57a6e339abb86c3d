import Admin
import Base
import Store
import Templating

/// Roles by their names or ids. What is compared is the user's id.
struct UserRolesComparison: Comparison {
  var operators: [FilterOperator] { [.has, .hasNone, .isEmpty, .isNotEmpty] }

  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    let name = TextNormalizing.clean(text)
    if TextFolding.fold(name).isEmpty { throw InvalidValue(Message("Enter a word to filter by.")) }
    return name
  }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let id = place.column
    let keys = operands.map { TextFolding.fold($0) }
    let users: SQL = """
      (SELECT user_id FROM user_roles JOIN roles ON roles.id = role_id WHERE roles.id IN \(SQL.list(operands)) OR roles.name_sort IN \(SQL.list(keys)))
      """
    return switch `operator` {
    case .hasNone: "\(raw: id) NOT IN \(users)"
    case .isEmpty: "NOT EXISTS (SELECT 1 FROM user_roles WHERE user_id = \(raw: id))"
    case .isNotEmpty: "EXISTS (SELECT 1 FROM user_roles WHERE user_id = \(raw: id))"
    default: "\(raw: id) IN \(users)"
    }
  }

  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String {
    try RoleStore.find("id = \(operand) OR name_sort = \(TextFolding.fold(operand))", in: db).first?.name ?? operand
  }

  func input(for operator: FilterOperator) -> FilterInput { FilterInput(AskedRoleField()) }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { nil }
}

/// A role that a filter asks for, by its name.
struct AskedRoleField: FieldKind {
  func parse(_ text: String) -> FieldValue { FieldValue(text) }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let roles = try control.context.store.read { db in try RoleStore.find("true ORDER BY id", in: db) }
    return control.data(options: Choices(roles.map { ($0.name, $0.name) }).options(selected: control.typed))
  }
}
