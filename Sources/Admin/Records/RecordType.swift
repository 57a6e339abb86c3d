package import Base
import Store
import Templating
import Web

/// A type of records, declared once: forms, pages, lists, searches, history, import and export follow from it. A class, since all of them hand it on and
/// it never changes.
package final class RecordType: Sendable {
  /// `contact`: the name in activity entries and of the `records` row.
  package let name: String
  package let label: String
  package let icon: String
  let emblem: Emblem
  package let table: String
  /// The list's address; a record is one below it.
  package let path: String
  package let resource: Resource
  let sections: [FormSection]
  /// All fields, in the order of the form.
  package let fields: [Field]
  package let list: ListDefinition
  package let words: Words
  /// The fields that make the line under the name.
  let line: [String]
  /// The parent record shown in the head, as mirrored in the row.
  let parent: Parent?
  /// Panels beside the details on a record's page.
  let panels: [RecordPanel]
  /// The SQL columns that tell namesakes apart in a type-ahead.
  package let suggestionDetails: [String]
  /// The SQL columns that say more than the name of a record that takes part in what happens to others; `nil` for a type that nobody can talk to.
  package let partyDetails: [String]?
  /// Other records whose interactions its records' feeds hold too.
  package let related: RelatedRecords?
  /// Columns that repeat the name in other forms for lists and searches, besides `name_sort` and `words`.
  let derived: [(column: String, ofName: @Sendable (String) -> String)]
  /// What reading a record reads of its row besides its head, in the order of the fields.
  package let reads: String
  /// Where the columns of each field begin in `reads`; `nil` for what is kept in other tables.
  let places: [Int?]
  /// What the head of a record's pages reads.
  let headColumns: String
  /// What a person may choose; the first is the usual one.
  let statuses: [RecordStatus]
  /// Headings of files that stand for parts of fields, or for fields by former names.
  let imports: [ImportColumns]
  /// Whether interactions, comments, files, tasks and the like can be about its records. Its history every record has.
  package let isAnchor: Bool
  /// Whether `roost import` takes such records from files.
  let isImported: Bool
  /// What its records keep to, beside what each field does.
  let rule: RecordRule?
  /// What a record in such a state doesn’t let anybody change.
  let lock: (@Sendable (_ status: String) -> RecordLock?)?
  /// Sets what follows from other fields, before the rule is asked.
  let derive: Derivation?
  /// Gives what only a record gets that will be there: its number.
  let whenNew: (@Sendable (inout [FieldValue], ActContext) throws -> Void)?
  /// Runs after a record is moved to the trash or restored, in the same transaction.
  let whenTrashed: (@Sendable (_ isTrashed: Bool, RecordID, ActContext) throws -> Void)?
  /// What it has on the overview.
  package let home: RecordHome
  private let indices: [String: Int]
  /// Of the field that says what a record is called.
  private let nameIndex: Int?

  /// What the pages of such records say.
  package struct Words: Sendable {
    /// "New contact"
    package let new: String
    /// "Create contact"
    let create: String
    /// "This contact is in the trash. Restore it to make changes."
    package let inTrash: String

    package init(new: String, create: String, inTrash: String) {
      self.new = new
      self.create = create
      self.inTrash = inTrash
    }
  }

  package struct Parent: Sendable {
    let path: String
    let idColumn: String
    let nameColumn: String

    package init(path: String, idColumn: String, nameColumn: String) {
      self.path = path
      self.idColumn = idColumn
      self.nameColumn = nameColumn
    }
  }

  package static let trashed = RecordStatus.trashed.value

  package init(
    _ name: String, label: String, icon: String, emblem: Emblem = .thing, resource: Resource, words: Words, sections: [FormSection],
    list: ListDefinition,
    line: [String] = [], parent: Parent? = nil, panels: [RecordPanel] = [],
    suggestionDetails: [String] = [], partyDetails: [String]? = nil, related: RelatedRecords? = nil,
    derived: [(column: String, ofName: @Sendable (String) -> String)] = [],
    imports: [ImportColumns] = [], home: RecordHome = RecordHome(), isAnchor: Bool = true, isImported: Bool = true, rule: RecordRule? = nil,
    lock: (@Sendable (_ status: String) -> RecordLock?)? = nil, derive: Derivation? = nil,
    whenNew: (@Sendable (inout [FieldValue], ActContext) throws -> Void)? = nil,
    whenTrashed: (@Sendable (_ isTrashed: Bool, RecordID, ActContext) throws -> Void)? = nil
  ) {
    self.name = name
    self.label = label
    self.icon = icon
    self.emblem = emblem
    self.resource = resource
    self.words = words
    self.sections = sections
    self.line = line
    self.parent = parent
    self.panels = panels
    self.suggestionDetails = suggestionDetails
    self.partyDetails = partyDetails
    self.related = related
    self.derived = derived
    self.imports = imports
    self.home = home
    (self.isAnchor, self.isImported, self.rule, self.whenTrashed) = (isAnchor, isImported, rule, whenTrashed)
    (self.lock, self.derive, self.whenNew) = (lock, derive, whenNew)
    table = list.table
    path = list.path
    let fields = sections.flatMap(\.fields)
    self.fields = fields
    var (reads, places): ([String], [Int?]) = ([], [])
    for field in fields {
      places.append(field.columns.isEmpty ? nil : reads.count)
      if !field.columns.isEmpty { reads += field.kind.reads(field.name, of: list.table) }
    }
    (self.reads, self.places) = (reads.joined(separator: ", "), places)
    let statuses = fields.lazy.compactMap { ($0.kind as? StatusField)?.statuses }.first ?? RecordStatus.usual
    self.statuses = statuses
    let whole = list.with(fields: fields, statuses: statuses, emblem: emblem)
    self.list = whole
    headColumns = RecordStore.headColumns(of: table, line: line.compactMap { name in fields.first { $0.name == name } }, parent, in: whole)
    indices = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    nameIndex = fields.firstIndex { $0.columns == ["name"] }
    precondition(indices.count == fields.count, "the record type \(name) names a field twice")
    for column in home.newest.map({ [$0.line, $0.email] }) ?? [] {
      precondition(
        self.list.column(column) != nil, "the record type \(name) shows “\(column)” on the overview, which its list doesn’t have")
    }
  }

  package var listLabel: String { list.title }

  package func path(of id: String) -> String { path + "/" + id }

  package func index(of field: String) -> Int? { indices[field] }

  /// What forms, and programs, can change.
  var typedFields: [Field] { fields.filter { !$0.isReadOnly } }

  package func field(_ name: String) -> Field? { index(of: name).map { fields[$0] } }

  /// What a record is called.
  var nameField: Field? { nameIndex.map { fields[$0] } }

  /// The user responsible for a record, if any: users limited to their own records see those.
  var ownerField: Field? { fields.first { $0.columns == ["owner_id"] } }

  /// The folded words by which a search finds a record: those of its fields and of its notes.
  package func searchWords(_ values: [FieldValue], _ notes: [Note]) -> String {
    Self.text(
      of: zip(fields, values).flatMap { $0.isSearched ? $0.kind.searchWords($1) : [] } + notes.flatMap { SearchWords.noted($0.text) })
  }

  /// Words as the search index has them: with a space between any two, and without empty ones.
  package static func text(of words: [String]) -> String {
    var text = ""
    text.reserveCapacity(words.reduce(words.count) { $0 + $1.utf8.count })
    for word in words where !word.isEmpty {
      if !text.isEmpty { text += " " }
      text += word
    }
    return text
  }

  /// Values by the names of fields, as files have them; the rest is as in a new form.
  package func values(_ texts: [String: String]) throws -> [FieldValue] {
    try fields.map { field in try field.kind.parse(texts[field.name] ?? "") }
  }

  /// What a record is called.
  func name(_ values: [FieldValue]) -> String { nameIndex.map { values[$0].text } ?? "" }

  /// Values as in the history, with references resolved; a broken reference is kept.
  func named(_ values: [FieldValue], over stored: [FieldValue], _ act: ActContext) throws -> [FieldValue] {
    var values = values
    for (index, field) in fields.enumerated() where field.kind.isReference && !values[index].isSame(as: stored[index]) {
      if case .value(let value) = try field.kind.resolve(values[index], over: stored[index], act) { values[index] = value }
    }
    return values
  }

  /// What its activity is called.
  var actions: [ActionLabel] {
    [
      ("created", "Created", "plus-circle"), ("updated", "Edited", "pencil"),
      ("reverted", "Restored an earlier version", "arrow-counterclockwise"), ("trashed", "Moved to trash", "trash"),
      ("restored", "Restored", "arrow-counterclockwise"), ("deleted", "Deleted permanently", "x-circle"),
      ("note_added", "Added a note", "sticky"),
    ].map { ActionLabel(action: "\(name).\($0.0)", label: $0.1, icon: $0.2) }
  }
}
