import Base

/// A list of records: what it is called, what it may show and how it finds its rows. One value per list; the engine does the rest.
struct ListDefinition: Sendable {
  /// The name of the list and its column views: `contacts`.
  let name: String
  let title: String
  let path: String
  let icon: String
  let resource: Resource
  let table: String
  /// The FTS5 table over the records' folded words; its row numbers are `table.seq`.
  let searchTable: String
  /// Of a record type, besides those of its fields.
  private(set) var columns: [Column]
  let defaultColumns: [String]
  let defaultSort: String
  var filters: [ListFilter] = []
  let words: Words

  /// What the list says about itself.
  struct Words: Sendable {
    let newRecord: String
    let searchHint: String
    let one: String
    let many: String
    let emptyTitle: String
    let emptyText: String
  }

  /// The same with the columns of a record type's fields, the required ones first, and those of the times that every record has.
  func with(columns fields: [Column]) -> ListDefinition {
    var list = self
    list.columns =
      fields.filter(\.isRequired) + columns + fields.filter { !$0.isRequired } + [
        .time("created_at", "Created"), .time("updated_at", "Updated"),
      ]
    return list
  }

  func column(_ id: String) -> Column? { columns.first { $0.id == id } }

  /// The tabs over the list: what a record's status may be.
  static let tabs = [
    ListTab(id: "all", label: "All", statuses: ["active", "inactive"]),
    ListTab(id: "active", label: "Active", statuses: ["active"]),
    ListTab(id: "inactive", label: "Inactive", statuses: ["inactive"]),
    ListTab(id: "trashed", label: "Trash", statuses: ["trashed"]),
  ]
}

/// A slice of the list by status.
struct ListTab: Sendable {
  let id: String
  let label: String
  let statuses: [String]
}

/// A named condition that other pages link to, like companies without a live contact.
struct ListFilter: Sendable {
  let id: String
  let label: String
  /// Raw SQL over the list's table: a constant of the program, never input.
  let condition: String
  /// An index of just what it finds, in the list's usual order, where that may be a few among very many.
  var index: String?
}
