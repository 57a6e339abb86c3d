import Base
import Store
import Templating
import Web

/// Rows of a few parts each, kept together in one column: measurements, opening hours, fees. A part is a field of any kind with one input.
struct RowsField: RowsKind {
  /// `opening`: what a row is called in the names of inputs and in errors.
  let row: String
  /// "Add a row"
  let adding: String
  let parts: [Field]

  static let most = 200

  init(row: String, adding: String, _ parts: [Field]) {
    for part in parts {
      precondition(
        part.kind.inputs(part.name).all == [part.name] && part.kind.template.schema.name == FieldControl.schema.name
          && !(part.kind is FlagField), "the part \(part.name) has no input of one line that is always posted")
    }
    (self.row, self.adding, self.parts) = (row, adding, parts)
  }

  var rowInputs: [(name: String, blank: String)] { zip(parts, blanks).map { (input($0), $1) } }

  /// The default of each part: a choice has its first value.
  private var blanks: [String] { parts.map { part in (try? part.kind.parse("")).map(part.kind.text) ?? "" } }

  private func isBlank(_ texts: [String]) -> Bool { zip(texts, blanks).allSatisfy { $0.isEmpty || $0 == $1 } }

  private func input(_ part: Field) -> String { row + "_" + part.name }

  // MARK: Storage

  func definitions(_ name: String) -> [String] { [name + " TEXT NOT NULL DEFAULT ''"] }

  private func value(_ rows: [[FieldValue]]) -> FieldValue {
    guard !rows.isEmpty else { return .empty }
    return .text(
      JSON.array(rows.map { row in .object(zip(parts, row).map { JSON.Member(name: $0.name, value: .string($0.kind.text($1))) }) }).text)
  }

  /// The rows, their parts in order. What can't be read any more, since a part was declared otherwise, stays as the text that it was.
  private func rows(_ value: FieldValue) -> [[FieldValue]] {
    guard !value.isEmpty, let rows = (try? JSON(parsing: value.text))?.array else { return [] }
    return rows.map { row in
      parts.map { part in
        let text = row[part.name]?.string ?? ""
        return (try? part.kind.parse(text)) ?? FieldValue(text)
      }
    }
  }

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    guard let json = try? JSON(parsing: text) else { throw InvalidValue(.noRows) }
    return try parse(json: json)
  }

  func json(_ value: FieldValue) -> JSON {
    .array(rows(value).map { row in .object(zip(parts, row).map { JSON.Member(name: $0.name, value: $0.kind.json($1)) }) })
  }

  var jsonShape: JSONShape { .list(.object(parts.map { .init($0.name, $0.kind.jsonShape) }), atMost: Self.most) }

  var jsonInput: JSONShape {
    .list(.object(parts.map { .init($0.name, $0.kind.jsonInput, isRequired: $0.isRequired) }), atMost: Self.most)
  }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    if let text = json.string { return try parse(text) }
    guard let items = json.array else { throw InvalidValue(.noRows) }
    guard items.count <= Self.most else { throw InvalidValue(.tooManyRows) }
    var rows: [[FieldValue]] = []
    for item in items {
      guard case .object(let members) = item, members.allSatisfy({ member in parts.contains { $0.name == member.name } }) else {
        throw InvalidValue(.noRows)
      }
      var row: [FieldValue] = []
      for part in parts {
        row.append(try part.kind.parse(json: item[part.name] ?? .null))
      }
      if !isBlank(zip(parts, row).map { $0.kind.text($1) }) {
        for (part, value) in zip(parts, row) { if value.isEmpty, let missing = part.missing { throw InvalidValue(Message(missing)) } }
        rows.append(row)
      }
    }
    return value(rows)
  }

  /// A line for each row.
  func display(_ history: String, _ formats: Formats) -> String {
    rows(FieldValue(history)).map { row in
      zip(parts, row).map { $0.kind.display($0.kind.history($1), formats) }.filter { !$0.isEmpty }.joined(separator: " · ")
    }.joined(separator: "\n")
  }

  func searchWords(_ value: FieldValue) -> [String] { rows(value).flatMap { zip(parts, $0).flatMap { $0.kind.searchWords($1) } } }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    ListMerge.rows(rows(base), rows(mine), rows(theirs)) { old, my, their in
      let parts = zip(old, zip(my, their)).map { ListMerge.part($0, $1.0, $1.1) }
      return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }.map(value)
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: rowInputs.map(\.name)) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    var found: [[FieldValue]] = []
    let known = reader.knownRows(rowInputs.map(\.name))
    for (index, texts) in reader.rows(rowInputs.map(\.name)).enumerated() where !isBlank(texts) {
      var values: [FieldValue] = []
      for (part, text) in zip(parts, texts) {
        do throws(InvalidValue) {
          let value = try part.kind.parse(typed: text, reader.formats)
          if value.isEmpty, let missing = part.missing { throw InvalidValue(Message(missing)) }
          values.append(value)
        } catch {
          if !known.contains(texts) { reader.problem("\(row)-\(index)", error.message) }
          values.append(FieldValue(text))
        }
      }
      found.append(values)
    }
    if found.count > Self.most { reader.problem(name, .tooManyRows) }
    return value(found)
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    rows(value).flatMap { row in zip(parts, row).map { FormFields.Field(input($0), $0.kind.typed($1, formats)) } }
  }

  private static let rowSchema = ViewSchema(
    "fields-row", [("row", .text), ("number", .text), ("parts", .list(.record(FieldControl.schema))), ("error", .optional(.text))])
  private static let controlSchema = ViewSchema(
    "fields-rows",
    [
      ("field", .record(FieldControl.schema)), ("row", .text), ("adding", .text), ("rows", .list(.record(rowSchema))),
      ("blank", .record(rowSchema)),
    ])

  var template: (name: String, schema: ViewSchema) { ("fields/rows", Self.controlSchema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let typed = FormReader.rows(of: control.form, rowInputs.map(\.name)) ?? []
    func view(_ texts: [String], _ index: Int?) throws -> Value {
      let cells = try zip(parts, texts).map { part, text -> Value in
        let field = Field(input(part), part.label, part.kind, size: part.size, missing: part.missing)
        let one = FieldControl(
          field: field, form: FormFields([FormFields.Field(field.name, text)]), errors: ValidationErrors(), context: control.context,
          isNew: control.isNew, isFirst: false)
        return .record(try part.kind.control(one))
      }
      return .record(
        ViewData(
          Self.rowSchema,
          [.text(row), .text(index.map(String.init) ?? "new"), .list(cells), index.map { control.error("\(row)-\($0)") } ?? .null]))
    }
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data()), .text(row), .text(adding), .list(try typed.enumerated().map { try view($1, $0) }),
        try view(blanks, nil),
      ])
  }

  var cell: Column.Kind? { nil }

}

extension Message {
  fileprivate static var noRows: Message { Message("Use the format in which Roost exports this.") }
  fileprivate static var tooManyRows: Message { Message("At most {n} rows.", numbers: ["n": RowsField.most]) }
}
