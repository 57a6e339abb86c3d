package import Base
package import Store
package import Templating
package import Web

/// All there is to know about values of one kind: how they are read, checked, stored, shown, exported, sorted, filtered and typed. One file each, in
/// `FieldKinds`. The defaults are those of a short text that is kept in a column of the field's name.
package protocol FieldKind: Sendable {
  // MARK: Storage

  /// The SQL columns of a field, in order; none for what is kept in other tables.
  func columns(_ name: String) -> [String]
  /// The expressions that `value` reads, in order. For what is kept in other tables these are for lists alone.
  func reads(_ name: String, of table: String) -> [String]
  /// What lists read for somebody who may see only so much; `nil` where that is the same.
  func reads(_ name: String, of table: String, within reach: RecordReach) -> [SQL]?
  /// The value of a row whose columns begin at `offset`.
  func value(_ row: borrowing Row, at offset: Int) -> FieldValue
  /// What goes into the columns.
  func stored(_ value: FieldValue) -> [SQLValue]
  /// Reads what is kept in other tables.
  func load(for record: RecordID, in db: Database) throws -> FieldValue?
  /// Writes what is kept in other tables.
  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws
  /// Whether `save` does something for a value that a new record has in its columns.
  func hasEffect(_ value: FieldValue) -> Bool

  /// A stored value as it would be stored now.
  func renewed(_ value: FieldValue) -> FieldValue
  /// Whether its columns follow from the country of this installation too.
  var dependsOnCountry: Bool { get }

  /// The definitions of its columns in `CREATE TABLE`, in order.
  func definitions(_ name: String) -> [String]
  /// Indexes that it wants for itself, whatever lists sort by: the columns and the condition, as they stand after the table's name.
  func indexes(_ name: String) -> [String]

  // MARK: Text

  /// Reads one exact text, as files, addresses and interfaces have it.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue
  /// The exact text of a value; `parse` reads it back.
  func text(_ value: FieldValue) -> String
  /// The value in an interface's documents, and back. Both hold all that `text` does.
  func json(_ value: FieldValue) -> JSON
  /// Writes `json` of the value of a row whose columns begin at `offset`, where lists have many.
  func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8])
  func parse(json: JSON) throws(InvalidValue) -> FieldValue
  /// What `json` makes, and what may be sent for it where that is more: interfaces are described by these, and what they get is checked against them.
  var jsonShape: JSONShape { get }
  var jsonInput: JSONShape { get }
  /// What is in the history: exact, but for references, which have a name there.
  func history(_ value: FieldValue) -> String
  /// What the history's text names that not everybody may see; `nil` for nothing.
  var historyNames: HistoryNames? { get }
  /// What a person reads in place of a history's text.
  func display(_ history: String, _ formats: Formats) -> String
  /// The value as far as somebody may see it, on a record's page.
  func visible(_ value: FieldValue, within reach: RecordReach, in db: Database) throws -> FieldValue
  /// What is saved where somebody who saw only `seen` of what is `stored` made `wanted` of it: what they couldn't see stays.
  func keepingHidden(of stored: FieldValue, seen: FieldValue, in wanted: FieldValue) -> FieldValue
  /// The mark beside a value on a record's page: that the referenced record is in the trash.
  func remark(_ value: FieldValue, in db: Database) throws -> Message?
  /// Where a value leads, on a record's page.
  func href(_ value: FieldValue) -> String?
  /// The value on a record's page, where that is more than its text.
  func markup(_ value: FieldValue) -> HTML?
  /// E-mail addresses and phone numbers that are one record's, as a rule.
  func addresses(_ value: FieldValue) -> [String]
  /// The words by which a search finds the record.
  func searchWords(_ value: FieldValue) -> [String]

  // MARK: Rules

  /// Looks at what can only be known in the transaction that writes: whether a reference leads somewhere. `stored` is what the record has.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution
  /// What a value comes to that two sides have changed since `base`, where both changes fit together; `nil` where somebody has to choose.
  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue?
  /// Whether a value is a reference with a name, which `resolve` looks up without writing.
  var isReference: Bool { get }

  // MARK: Files

  /// The text of a value in a file: one that `parse` and `resolve` make the same value of, in another office too if that can be.
  func exported(_ value: FieldValue, in db: Database) throws -> String
  /// What a spreadsheet shows of a field, in one column or several: numbers and days as it counts with them, the rest as people read it.
  func spreadsheetCells(_ value: FieldValue, _ formats: Formats) -> [String]
  /// What is above them.
  func spreadsheetHeadings(_ label: String, _ language: Language) -> [String]
  /// Takes over what is kept in other tables, where many new records come at once; `nil` where each has to be written by itself.
  func bulkField(in db: Database) throws -> (any BulkField)?
  /// The table and its column by which rows of a value that is kept there refer to their record.
  var rows: (table: String, key: String)? { get }

  // MARK: Forms

  /// The names of the inputs of a field: those that come once and those that come in rows.
  func inputs(_ name: String) -> FieldInputs
  /// Reads the inputs and reports errors to the reader.
  func read(_ name: String, from reader: inout FormReader) -> FieldValue
  /// Reads what was typed into the one input, and writes it, in this visitor's way of writing numbers and times.
  func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue
  func typed(_ value: FieldValue, _ formats: Formats) -> String
  /// The inputs as a form would post them, in this visitor's way of writing numbers and times.
  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field]
  /// The template of the inputs, and what it is given.
  var template: (name: String, schema: ViewSchema) { get }
  func control(_ control: FieldControl) throws -> ViewData

  // MARK: Lists

  /// What a list's cell of kind `value` shows, from the texts of its columns.
  func shown(_ columns: [String], _ formats: Formats) -> String
  /// Whether its values are numbers, money or lengths of time: lists line them up at the end.
  var isNumber: Bool { get }
  /// The width of a list's column of kind `value`, as `list.css` calls it.
  var columnWidth: String { get }
  /// How a list's cell shows it; `nil` for what no list shows.
  var cell: Column.Kind? { get }
  /// How lists filter and sort by it; `nil` for what can't be asked for.
  var comparison: (any Comparison)? { get }
  /// Where lists find what is compared; `nil` for nowhere.
  func place(_ name: String, of table: String) -> String?
  /// What one has to see all of to filter and sort by it.
  var askedResource: Resource? { get }
  /// How a row without a value is recognised; `column` is NULL or holds this.
  var empty: FieldPlace.Empty { get }
  /// Another name by which addresses of lists ask for one of its values: `tag=VIP`.
  var parameter: String? { get }
}

/// Why a text is no value of its kind.
package struct InvalidValue: Error {
  package let message: Message

  package init(_ message: Message) { self.message = message }
}

/// What became of a value in the transaction that writes it.
package enum Resolution {
  case value(FieldValue)
  /// Errors by the names of inputs.
  case errors([(input: String, message: Message)])
}

package struct FieldInputs: Sendable {
  var single: [String] = []
  var repeated: [String] = []

  package init(single: [String] = [], repeated: [String] = []) {
    self.single = single
    self.repeated = repeated
  }

  var all: [String] { single + repeated }
}

extension FieldKind {
  package func columns(_ name: String) -> [String] { [name] }

  package func reads(_ name: String, of table: String) -> [String] { columns(name) }

  package func reads(_ name: String, of table: String, within reach: RecordReach) -> [SQL]? { nil }

  package func visible(_ value: FieldValue, within reach: RecordReach, in db: Database) throws -> FieldValue { value }

  /// What they couldn't see counts as added by somebody else. A single value that is replaced is gone.
  package func keepingHidden(of stored: FieldValue, seen: FieldValue, in wanted: FieldValue) -> FieldValue {
    wanted.isSame(as: seen) ? stored : merged(seen, wanted, stored) ?? wanted
  }

  package func value(_ row: borrowing Row, at offset: Int) -> FieldValue { FieldValue(row.text(offset)) }

  package func stored(_ value: FieldValue) -> [SQLValue] { [.text(value.text)] }

  package func load(for record: RecordID, in db: Database) throws -> FieldValue? { nil }

  package func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {}

  package func renewed(_ value: FieldValue) -> FieldValue { value }

  package var dependsOnCountry: Bool { false }

  package func hasEffect(_ value: FieldValue) -> Bool { false }

  package func definitions(_ name: String) -> [String] { columns(name).map { $0 + " TEXT NOT NULL DEFAULT ''" } }

  package func indexes(_ name: String) -> [String] { [] }
  package func exported(_ value: FieldValue, in db: Database) throws -> String { text(value) }

  package func spreadsheetCells(_ value: FieldValue, _ formats: Formats) -> [String] {
    [isNumber ? typed(value, formats) : display(history(value), formats)]
  }

  package func spreadsheetHeadings(_ label: String, _ language: Language) -> [String] { [language.text(label)] }

  package func bulkField(in db: Database) throws -> (any BulkField)? { nil }

  package var rows: (table: String, key: String)? { nil }

  package func text(_ value: FieldValue) -> String { value.text }

  package func json(_ value: FieldValue) -> JSON { value.isEmpty ? .null : .string(text(value)) }

  package func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) { json(value(row, at: offset)).write(to: &out) }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    switch json {
    case .null: try parse("")
    case .string(let text): try parse(TextNormalizing.clean(text))
    case .int(let n): try parse(String(n))
    default: throw InvalidValue(Message("This must be text."))
    }
  }

  package var jsonShape: JSONShape { .optional(.text()) }

  package var jsonInput: JSONShape { jsonShape }

  package func history(_ value: FieldValue) -> String { text(value) }

  package var historyNames: HistoryNames? { nil }

  package func display(_ history: String, _ formats: Formats) -> String { history }

  package func remark(_ value: FieldValue, in db: Database) throws -> Message? { nil }

  package func href(_ value: FieldValue) -> String? { nil }

  package func markup(_ value: FieldValue) -> HTML? { nil }

  package var isReference: Bool { false }

  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? { nil }

  package func addresses(_ value: FieldValue) -> [String] { [] }

  package func searchWords(_ value: FieldValue) -> [String] { SearchWords.indexed(text(value)) }

  package func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution { .value(value) }

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name]) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    do throws(InvalidValue) {
      return try parse(typed: TextNormalizing.clean(reader.form[name] ?? ""), reader.formats)
    } catch {
      reader.problem(name, error.message)
      return FieldValue(TextNormalizing.clean(reader.form[name] ?? ""))
    }
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    [FormFields.Field(name, typed(value, formats))]
  }

  package func parse(typed text: String, _ formats: Formats) throws(InvalidValue) -> FieldValue { try parse(text) }

  package func typed(_ value: FieldValue, _ formats: Formats) -> String { text(value) }

  package var template: (name: String, schema: ViewSchema) { ("fields/line", FieldControl.schema) }

  package func control(_ control: FieldControl) throws -> ViewData { control.data() }

  package func shown(_ columns: [String], _ formats: Formats) -> String { display(columns[0], formats) }

  package var isNumber: Bool { false }

  package var columnWidth: String { isNumber ? "firm-s" : "" }

  package var cell: Column.Kind? { .text }

  /// As the cell shows it: a kind that is shown as a number is a number.
  package var comparison: (any Comparison)? {
    switch cell {
    case .number: NumberComparison()
    case .date: DateComparison()
    case .time: DateComparison(ofMoments: true)
    case nil: PresenceComparison()
    default: TextComparison()
    }
  }

  package func place(_ name: String, of table: String) -> String? { columns(name).first }

  package var askedResource: Resource? { nil }

  package var empty: FieldPlace.Empty { .text("") }

  package var parameter: String? { nil }
}

/// A kind whose values are texts, the same in a column as in documents of interfaces.
package protocol PlainTextKind: FieldKind {}

extension PlainTextKind {
  package func json(_ value: FieldValue) -> JSON { value.isEmpty ? .null : .string(value.text) }

  package func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) {
    if row.isEmpty(offset) { out += "null".utf8 } else { row.withUTF8(offset) { JSON.write($0, to: &out) } }
  }
}
