import Admin
import Base
import Store
import Templating
import Web

/// The records that a task is about: several, of any types, kept by their ids. A value has a line for each: its id and its name.
struct AboutField: FieldKind {
  static let most = 50

  /// One that was typed, and not picked, has no id yet.
  struct Choice: Equatable {
    let id: String
    let name: String
  }

  private static let noID = "-"

  static func choices(_ value: FieldValue) -> [Choice] {
    value.text.split(separator: "\n").map { line in
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      return Choice(id: parts[0] == noID ? "" : parts[0], name: parts.count > 1 ? parts[1] : parts[0])
    }
  }

  private static func value(_ choices: [Choice]) -> FieldValue {
    FieldValue(
      choices.sorted { ($0.id, $0.name) < ($1.id, $1.name) }.map { ($0.id.isEmpty ? noID : $0.id) + " " + $0.name }.joined(separator: "\n"))
  }

  /// Ids and names, each once.
  private static func value(of words: [String]) throws(InvalidValue) -> FieldValue {
    var found: [Choice] = []
    for word in words where !word.isEmpty {
      if let problem = TextRules.problem(with: word, atMost: 255) { throw InvalidValue(problem) }
      let choice = RecordID(word).map { Choice(id: $0.text, name: $0.text) } ?? Choice(id: "", name: word)
      if !found.contains(choice) { found.append(choice) }
    }
    guard found.count <= most else { throw InvalidValue(Message("At most {n} records.", numbers: ["n": most])) }
    return value(found)
  }

  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  /// Names are read by who may see them.
  func reads(_ name: String, of table: String) -> [String] { [Self.lines(of: table, naming: "''").text] }

  func reads(_ name: String, of table: String, within reach: RecordReach) -> [SQL]? {
    let record = reach.withTrash.record("link.record_id")
    return [Self.lines(of: table, naming: record.name, from: record.join)]
  }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue { Self.value(Self.choices(FieldValue(row.text(offset)))) }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? {
    Self.value(try TaskStore.records(about: record, in: db))
  }

  func visible(_ value: FieldValue, within reach: RecordReach, in db: Database) throws -> FieldValue {
    Self.value(try Self.choices(value).filter { try $0.id.isEmpty || reach.find($0.id, in: db) != nil })
  }

  var rows: (table: String, key: String)? { ("task_records", "task_id") }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    try TaskStore.link(record, to: Self.choices(value).compactMap { RecordID($0.id) }, in: act.db)
  }

  // MARK: Text

  /// Ids with commas between them.
  func text(_ value: FieldValue) -> String { Self.choices(value).map { $0.id.isEmpty ? $0.name : $0.id }.joined(separator: ",") }

  /// Ids with commas between them, or one name, which may have commas of its own.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let parts = text.split(separator: ",").map { TextNormalizing.line(String($0)) }
    return try Self.value(of: parts.allSatisfy { RecordID($0) != nil } ? parts : [text])
  }

  func json(_ value: FieldValue) -> JSON { .array(Self.choices(value).map { .string($0.id.isEmpty ? $0.name : $0.id) }) }

  var jsonShape: JSONShape { .list(.id, atMost: Self.most) }

  var jsonInput: JSONShape { .list(.text(atMost: 255), atMost: Self.most) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let text = json.string { return try parse(text) }
    if case .null = json { return .empty }
    guard let items = json.array, items.allSatisfy({ $0.string != nil }) else { throw InvalidValue(Message("This must be a list of IDs.")) }
    return try Self.value(of: items.compactMap { $0.string.map { TextNormalizing.line($0) } })
  }

  func history(_ value: FieldValue) -> String { Self.choices(value).map(\.name).joined(separator: ", ") }

  var historyNames: HistoryNames? { .anyRecords }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Rules

  var isReference: Bool { true }

  /// Finds new references among the records that the acting user may see. Existing ones stay, even out of that user's scope.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let before = Self.choices(stored)
    var found: [Choice] = []
    for choice in Self.choices(value) {
      if let known = before.first(where: { $0.id == choice.id }) {
        found.append(known)
        continue
      }
      let records = try TaskStore.records(choice, act)
      switch records.count {
      case 1: if !found.contains(records[0]) { found.append(records[0]) }
      case 0 where !choice.id.isEmpty: return .errors([("", Message("This record no longer exists. Choose another."))])
      case 0: return .errors([("", Message("No match for “{name}”. Pick one from the list.", ["name": choice.name]))])
      default: return .errors([("", Message("There are several named “{name}”. Pick one from the list.", ["name": choice.name]))])
      }
    }
    return .value(Self.value(found))
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    let all = [theirs, mine].map { Self.choices($0) }
    func key(_ choice: Choice) -> String { choice.id.isEmpty ? choice.name : choice.id }
    let keys = ListMerge.items(Self.choices(base).map(key), all[1].map(key), all[0].map(key))
    return Self.value(keys.compactMap { wanted in all.joined().first { key($0) == wanted } })
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  /// Chips are boxes of this name that are ticked; a line of the same name has a name that was typed.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try Self.value(of: reader.form.all(name).map { TextNormalizing.line($0) })
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  /// The line is there whether or not anything is typed.
  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    (Self.choices(value).map { $0.id.isEmpty ? $0.name : $0.id } + [""]).map { FormFields.Field(name, $0) }
  }

  private static let chipSchema = ViewSchema("about-chip", [("id", .text), ("name", .text), ("icon", .text)])
  private static let controlSchema = ViewSchema(
    "about-field", [("field", .record(FieldControl.schema)), ("chips", .list(.record(chipSchema))), ("typed", .text), ("url", .text)])

  var template: (name: String, schema: ViewSchema) { ("tasks/about-field", Self.controlSchema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let words = control.form.all(control.name).map { TextNormalizing.line($0) }.filter { !$0.isEmpty }
    let ids = words.filter { RecordID($0) != nil }
    let context = control.context
    let chips = try context.store.read { db in
      try ids.map { id -> Value in
        let known = try context.reach.find(id, in: db)
        return .record(
          ViewData(
            Self.chipSchema,
            [
              .text(id), .text(known?.name ?? context.language.text("A record that you can’t see")),
              .text(known?.type.icon ?? "box"),
            ]))
      }
    }
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data()), .list(chips), .text(words.filter { RecordID($0) == nil }.joined(separator: ", ")),
        .text(AboutPicker.path),
      ])
  }

  // MARK: Lists

  func shown(_ columns: [String], _ formats: Formats) -> String { history(FieldValue(columns[0])) }

  var cell: Column.Kind? { .value(self) }

  var comparison: (any Comparison)? { AboutComparison() }

  func place(_ name: String, of table: String) -> String? { table + ".id" }

  /// `?about=` and the record's id
  var parameter: String? { "about" }
}

/// The records that a task is about, by their ids. What is compared is the task's id.
struct AboutComparison: Comparison {
  var operators: [FilterOperator] { [.has, .hasNone, .isEmpty, .isNotEmpty] }

  func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    guard let id = RecordID(text) else {
      throw InvalidValue(Message("No record has the ID “{text}”.", ["text": String(text.prefix(40))]))
    }
    return id.text
  }

  func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let id = place.column
    let some: SQL = "(SELECT task_id FROM task_records WHERE record_id IN \(SQL.list(operands)))"
    return switch `operator` {
    case .hasNone: "\(raw: id) NOT IN \(some)"
    case .isEmpty: "NOT EXISTS (SELECT 1 FROM task_records WHERE task_id = \(raw: id))"
    case .isNotEmpty: "EXISTS (SELECT 1 FROM task_records WHERE task_id = \(raw: id))"
    default: "\(raw: id) IN \(some)"
    }
  }

  func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) throws -> String {
    try reach.find(operand, in: db)?.name ?? operand
  }

  func input(for operator: FilterOperator) -> FilterInput { FilterInput(AskedRecordField(url: AboutPicker.path)) }

  func sortKey(_ place: FieldPlace) -> Column.Sort.Key? { nil }
}
