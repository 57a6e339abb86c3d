package import Base
package import Store
import Templating

/// How lists compare values of one kind: what a filter can ask of them, the SQL of each of its operators, and by what they sort. One file each; a
/// field's kind names its own.
package protocol Comparison: Sendable {
  var operators: [FilterOperator] { get }
  /// Reads a value of a filter and gives its one exact form. What it can't be is an error.
  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String
  /// Looks at all values of a condition together, each of which is one.
  func check(_ operands: [String], of operator: FilterOperator) throws(InvalidValue)
  /// What holds for the records that a filter finds, or is NULL for some that it doesn't find. Values are bound.
  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL
  /// A value of a filter as a person reads it, as far as they may see it.
  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String
  /// How a form asks for a value.
  func input(for operator: FilterOperator) -> FilterInput
  /// By what values sort; `nil` for what has no order.
  func sortKey(_ place: FieldPlace) -> Column.Sort.Key?
}

extension Comparison {
  package func check(_ operands: [String], of operator: FilterOperator) {}

  package func input(for operator: FilterOperator) -> FilterInput { FilterInput(LineField()) }

  package func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String { operand }
}

/// How the form of a filter asks for values: with the inputs of a field's kind, whose exact text is the value.
package struct FilterInput: Sendable {
  let kind: any FieldKind
  /// Whether the inputs hold all values of a condition at once, as boxes do, with commas between them in the text.
  let holdsAll: Bool

  package init(_ kind: some FieldKind, holdsAll: Bool = false) {
    self.kind = kind
    self.holdsAll = holdsAll
  }
}

/// Where a list finds a field's values.
package struct FieldPlace: Sendable {
  /// The SQL column, or an expression over columns of the list's table.
  package let column: String
  /// The column of the folded text, where the list has one.
  var key: String?
  /// How a record without a value is recognised.
  package var empty = Empty.text("")

  package init(column: String, key: String? = nil, empty: Empty = Empty.text("")) {
    self.column = column
    self.key = key
    self.empty = empty
  }

  package enum Empty: Sendable {
    /// The column has this text.
    case text(String)
    case null
    /// There is always a value.
    case never
  }

  var isEmpty: SQL {
    switch empty {
    // A constant of the program: only so it matches an index of just these records.
    case .text(let text): "\(raw: key ?? column) = '\(raw: text)'"
    case .null: "\(raw: column) IS NULL"
    case .never: "false"
    }
  }

  var isNotEmpty: SQL {
    switch empty {
    case .text(let text): "\(raw: key ?? column) <> '\(raw: text)'"
    case .null: "\(raw: column) IS NOT NULL"
    case .never: "true"
    }
  }

  /// A condition on the value that does not hold where there is none. Of itself it doesn't hold for NULL.
  func withValue(_ condition: SQL) -> SQL {
    if case .text = empty { return "(\(isNotEmpty) AND \(condition))" }
    return condition
  }
}

/// When, where and by whom a filter is asked: what "today" and "me" mean.
package struct FilterMoment: Sendable {
  package let now: Timestamp
  package let zone: ZoneClock
  /// The office's time zone, in which days of its documents begin.
  let office: ZoneClock
  let user: String

  /// The day that it is there.
  package var today: Day { Day(zone.local(now)) }

  /// The day that it is in the office, wherever the user is.
  package var businessDay: Day { Day(office.local(now)) }
}

/// A field that a list can filter and sort by, of the record type or of the list alone.
package final class ListField: Sendable {
  let name: String
  let label: String
  let comparison: any Comparison
  let place: FieldPlace
  let index: FieldIndex?
  /// What one has to see so that one may ask for it, besides the list itself.
  let resource: Resource?
  /// Another name by which addresses ask for one of its values.
  let parameter: String?

  init(
    name: String, label: String, comparison: any Comparison, place: FieldPlace, index: FieldIndex? = nil, resource: Resource? = nil,
    parameter: String? = nil
  ) {
    (self.name, self.label, self.comparison, self.place) = (name, label, comparison, place)
    (self.index, self.resource, self.parameter) = (index, resource, parameter)
  }

  var operators: [FilterOperator] { comparison.operators }

  /// How a list sorts by it; `nil` where it can't.
  var sort: Column.Sort? {
    guard let key = comparison.sortKey(place) else { return nil }
    if case .sorted(let name)? = index { return Column.Sort(key: key, index: name) }
    return Column.Sort(key: key, index: nil)
  }
}

/// An index over a field, without the table's name before its own: `by_city`.
package enum FieldIndex: Sendable, Equatable {
  /// Over the status, the field's sort key and the row's number. It sorts a list of any length, and finds values and ranges.
  case sorted(String)
  /// Over the column alone.
  case values(String)
  /// Of the records without a value, over the status, another column and the row's number.
  case empty(String, order: String)

  var name: String {
    switch self {
    case .sorted(let name), .values(let name), .empty(let name, _): name
    }
  }

  /// Whether it finds what the operator asks for.
  func serves(_ operator: FilterOperator) -> Bool {
    switch (self, `operator`) {
    case (.sorted, .isAnyOf), (.sorted, .beginsWith), (.sorted, .isEmpty), (.sorted, .below), (.sorted, .atMost), (.sorted, .above),
      (.sorted, .atLeast), (.sorted, .before), (.sorted, .until), (.sorted, .after), (.sorted, .since), (.sorted, .between):
      true
    case (.values, .isAnyOf), (.values, .has), (.values, .hasAll): true
    case (.empty, .isEmpty): true
    default: false
    }
  }
}
