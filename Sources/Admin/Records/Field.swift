import Base
package import Store
import Web

/// One field of a record type. From this line follow its place in forms, pages, lists, searches, files and the history. A class, since pages hand it on
/// by the hundred and it never changes.
package final class Field: Sendable {
  /// The name in forms, files, addresses and the history; with the kind it gives the SQL columns.
  package let name: String
  package let label: String
  package let kind: any FieldKind
  package let hint: String
  package let size: Size
  /// The error if it is missing; `nil` for an optional field.
  let missing: String?
  /// Whether a search looks at it.
  let isSearched: Bool
  /// Whether it is shown among the details of the record's page, rather than in a place of its own.
  let isDetail: Bool
  /// The index by which a list of any length sorts it or finds its values.
  let index: FieldIndex?
  /// Whether no two records of the type may have the same value, those in the trash included. Letters of either case are the same.
  let isUnique: Bool
  /// Whether it follows from others or is set by acts alone: no form and no program changes it, and a file only gives it to a new record.
  package let isReadOnly: Bool
  /// How lists sort it, where that isn't by its own text or number.
  let sort: Column.Sort?
  /// The SQL columns of the kind.
  package let columns: [String]
  /// The column of its folded text, kept so that an index can have it; `nil` where none is kept.
  let keyColumn: String?

  /// How much of a form's line its inputs take.
  package enum Size: String, Sendable {
    case whole = ""
    case twoThirds = "two-thirds"
    case half, third
  }

  package init(
    _ name: String, _ label: String, _ kind: some FieldKind = LineField(), hint: String = "", size: Size = .whole, missing: String? = nil,
    isSearched: Bool = false, isDetail: Bool = true, isUnique: Bool = false, isReadOnly: Bool = false,
    index: FieldIndex? = nil, sort: Column.Sort? = nil
  ) {
    self.name = name
    self.label = label
    self.kind = kind
    self.hint = hint
    self.size = size
    self.missing = missing
    self.isSearched = isSearched
    self.isDetail = isDetail
    (self.index, self.sort) = (index, sort)
    (self.isUnique, self.isReadOnly) = (isUnique, isReadOnly)
    columns = kind.columns(name)
    precondition(!isUnique || columns.count == 1, "only a field of one column can be unique: \(name)")
    keyColumn = if case .sorted? = index, kind.comparison is TextComparison { columns.first.map { $0 + "_sort" } } else { nil }
  }

  var isRequired: Bool { missing != nil }

  /// The columns that follow from a value: the kind's, and the key of its own by which lists sort it.
  var written: [String] { columns + (ownKey.map { [$0] } ?? []) }

  /// What goes into them.
  package func stored(_ value: FieldValue) -> [SQLValue] {
    ownKey == nil ? kind.stored(value) : kind.stored(value) + [.text(TextFolding.fold(kind.text(value)))]
  }

  /// The name's key is every record's.
  var ownKey: String? { keyColumn == "name_sort" ? nil : keyColumn }

  /// The index that keeps its values apart, where they must be.
  func uniqueIndex(of table: String) -> String? { isUnique ? "\(table)_one_\(name)" : nil }

  /// Its column in lists; `nil` where no list shows it.
  func column(of table: String) -> Column? {
    guard let cell = kind.cell else { return nil }
    var within: (@Sendable (RecordReach) -> [SQL]?)?
    if kind.isReference { within = { [kind, name] reach in kind.reads(name, of: table, within: reach) } }
    return Column(
      name, label, cell, reads: kind.reads(name, of: table), sort: sort ?? listField(of: table)?.sort,
      isRequired: isRequired || columns == ["name"],
      isEditable: !isReadOnly,
      within: within)
  }

  /// How lists filter and sort by it; `nil` where they can't.
  func listField(of table: String) -> ListField? {
    guard let comparison = kind.comparison, let column = kind.place(name, of: table) else { return nil }
    let empty = isRequired ? FieldPlace.Empty.never : kind.empty
    return ListField(
      name: name, label: label, comparison: comparison, place: FieldPlace(column: column, key: keyColumn, empty: empty), index: index,
      resource: kind.askedResource, parameter: kind.parameter)
  }
}

/// Fields of a form that stand under one heading.
package struct FormSection: Sendable {
  package let id: String
  let title: String
  var hint = ""
  let fields: [Field]
  /// How several fields read as one detail, line by line, as an address does.
  var lines: (@Sendable (Record, Formats) -> [String])?

  package init(id: String, title: String, hint: String = "", fields: [Field], lines: (@Sendable (Record, Formats) -> [String])? = nil) {
    self.id = id
    self.title = title
    self.hint = hint
    self.fields = fields
    self.lines = lines
  }
}
