import Base
package import Store

/// A list of records: what it is called, what it may show and how it finds its rows. One value per list; the engine does the rest.
package struct ListDefinition: Sendable {
  /// The name of the list and its column views: `contacts`.
  package private(set) var name: String
  private(set) var title: String
  /// Its address.
  package private(set) var path: String
  /// Below which its records are.
  private(set) var recordsPath: String
  /// Where a record is made that belongs in it.
  private(set) var newHref: String
  /// What all its records have in common, if it is a part of all records of the type.
  private(set) var base: Predicate?
  let icon: String
  package let resource: Resource
  let table: String
  /// The FTS5 table over the records' folded words; its row numbers are `table.seq`.
  let searchTable: String
  /// The columns of that table, which are columns of `table` too.
  package let searchColumns: [String]
  /// Those of them that repeat words of records of another type: they count for those alone who see all of these.
  private let borrowedWords: [String: RecordTarget]
  package private(set) var columns: [Column]
  private(set) var emblem = RecordType.Emblem.thing
  /// What can be filtered and sorted by, shown or not.
  package private(set) var fields: [ListField]
  /// The tabs over the list: what a record's status may be. The last is the trash.
  package private(set) var tabs: [ListTab] = []
  private(set) var defaultColumns: [String]
  let defaultSort: String
  /// Whether that is from the last to the first: a leading `-`.
  let isDescending: Bool
  package let filters: [ListFilter]
  /// Parts of the list that have an index of their own.
  let parts: [ListPart]
  /// What else can be done from the list, for those who may: pages, as the sidebar names them.
  let acts: [MenuItem]
  let words: Words
  /// The amounts that are added up below it.
  let sum: Sum?

  /// Amounts in one or several currencies, as SQL over the table.
  package struct Sum: Sendable {
    let amount: String
    let currency: String

    /// In minor units; the column with the code of the currency.
    package init(amount: String, currency: String) { (self.amount, self.currency) = (amount, currency) }
  }

  /// What the list says about itself.
  package struct Words: Sendable {
    let newRecord: String
    let searchHint: String
    let one: String
    let many: String
    let emptyTitle: String
    let emptyText: String

    package init(newRecord: String, searchHint: String, one: String, many: String, emptyTitle: String, emptyText: String) {
      self.newRecord = newRecord
      self.searchHint = searchHint
      self.one = one
      self.many = many
      self.emptyTitle = emptyTitle
      self.emptyText = emptyText
    }
  }

  /// `columns` are those besides the columns of its record type's fields.
  package init(
    name: String, title: String, path: String, icon: String, resource: Resource, table: String, searchTable: String,
    searchColumns: [String] = ["words"], borrowedWords: [String: RecordTarget] = [:], columns: [ListColumn] = [],
    defaultColumns: [String], defaultSort: String, filters: [ListFilter] = [], parts: [ListPart] = [],
    acts: [MenuItem] = [], sum: Sum? = nil, words: Words
  ) {
    self.name = name
    self.title = title
    self.path = path
    recordsPath = path
    newHref = path + "/new"
    self.icon = icon
    self.resource = resource
    self.table = table
    self.searchTable = searchTable
    self.searchColumns = searchColumns
    self.borrowedWords = borrowedWords
    self.columns = columns.map(\.column)
    fields = columns.map(\.field)
    self.defaultColumns = defaultColumns
    isDescending = defaultSort.hasPrefix("-")
    self.defaultSort = isDescending ? String(defaultSort.dropFirst()) : defaultSort
    (self.filters, self.parts) = (filters, parts)
    self.acts = acts
    (self.sum, self.words) = (sum, words)
  }

  /// The same for the records of a type: with a column for each field, the required ones first, those of the times that every record has, and a
  /// tab for each status.
  func with(fields: [Field], statuses: [RecordStatus], emblem: RecordType.Emblem) -> ListDefinition {
    let times = [
      ListColumn.time("created_at", "Created", index: "by_created"), ListColumn.time("updated_at", "Updated", index: "by_updated"),
    ]
    let shown = fields.compactMap { $0.column(of: table) }
    var list = self
    list.emblem = emblem
    list.columns = shown.filter(\.isRequired) + columns + shown.filter { !$0.isRequired } + times.map(\.column)
    list.fields += fields.compactMap { $0.listField(of: table) } + times.map(\.field)
    list.tabs =
      [ListTab(id: "all", label: "All", statuses: statuses.map(\.value))]
      + statuses.map { ListTab(id: $0.value, label: $0.label, statuses: [$0.value]) }
      + [ListTab(id: "trashed", label: "Trash", statuses: [RecordStatus.trashed.value])]
    return list
  }

  /// A list of its own with a part of the records: those of whom `base` is true.
  package func narrowed(
    to base: Predicate, name: String, title: String, path: String, newFrom query: [(String, String)], defaultColumns: [String]
  ) -> ListDefinition {
    var list = self
    (list.base, list.name, list.title, list.path, list.defaultColumns) = (base, name, title, path, defaultColumns)
    list.newHref = URLQuery.append(query, to: newHref)
    return list
  }

  package func column(_ id: String) -> Column? { columns.first { $0.id == id } }

  /// The SQL columns of the phone number of its records, as typed and as dialed, and of their e-mail address; empty texts where they have none.
  var reachColumns: [String] {
    let phone = columns.first { if case .phone = $0.kind { true } else { false } }?.reads ?? []
    let email = columns.first { if case .email = $0.kind { true } else { false } }?.reads.first
    return (phone.count == 2 ? phone : ["''", "''"]) + [email ?? "''"]
  }

  /// The columns whose words count for somebody who may see only so much.
  func searchColumns(within reach: RecordReach) -> [String] {
    searchColumns.filter { borrowedWords[$0].map { reach.condition(on: "target", of: $0) == nil } ?? true }
  }

  /// What is read of an SQL column for somebody who may see only so much: as in the column of the list that has it.
  package func reads(_ name: String, within reach: RecordReach) -> SQL {
    for column in columns {
      if let place = column.reads.firstIndex(of: name), let seen = column.within?(reach) { return seen[place] }
    }
    return SQL(raw: name)
  }

  /// Whether somebody may see all that these SQL columns can name.
  package func showsAll(_ names: [String], within reach: RecordReach) -> Bool {
    !columns.contains { column in names.contains(where: column.reads.contains) && column.within?(reach) != nil }
  }

  func field(_ name: String) -> ListField? { fields.first { $0.name == name } }

  /// What all records but those in the trash have.
  var liveStatuses: [String] { tabs[0].statuses }

  /// The status that most records have; an index knows those that don't.
  package var usualStatus: String { liveStatuses[0] }
}

/// A slice of the list by status.
package final class ListTab: Sendable {
  package let id: String
  let label: String
  let statuses: [String]

  init(id: String, label: String, statuses: [String]) { (self.id, self.label, self.statuses) = (id, label, statuses) }

  package var isTrash: Bool { id == RecordStatus.trashed.value }
}

/// A part of a list with an index of its own, over the column by which the list is sorted at first and `seq`: what a filter asks that says the same,
/// and perhaps more, is found there in the order of the page, however long the list is. The last column is `status`.
package struct ListPart: Sendable, Equatable {
  let index: String
  /// What its records have in common.
  let predicate: Predicate
  /// The same as the index has it: an SQL condition without parameters.
  let condition: String
  /// What else the index has, so that a filter may ask for it besides.
  let fields: Set<String>

  package init(index: String, _ predicate: Predicate, condition: String, with fields: Set<String> = []) {
    (self.index, self.predicate, self.condition, self.fields) = (index, predicate.normalized, condition, fields)
  }

  /// What a filter asks besides; `nil` if it doesn't ask all that the part says, or asks for what the index doesn't have.
  func rest(of filter: Predicate) -> [Predicate]? {
    let (asked, said) = (filter.conjuncts, Set(predicate.conjuncts))
    let rest = asked.filter { !said.contains($0) }
    return said.isSubset(of: asked) && rest.flatMap(\.conditions).allSatisfy { fields.contains($0.field) } ? rest : nil
  }
}

/// A filter with a name, which other pages and bookmarks use: companies without a contact.
package struct ListFilter: Sendable {
  package let id: String
  let label: String
  package let predicate: Predicate
  /// How the overview says that there are such records, with `{count}`; `nil` where nobody has to see to them.
  package var attention: String?

  package init(id: String, label: String, predicate: Predicate, attention: String? = nil) {
    self.id = id
    self.label = label
    self.predicate = predicate
    self.attention = attention
  }
}
