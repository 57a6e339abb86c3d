package import Base
import Store
package import Templating
package import Web

/// Rows of a few parts each, kept together in one column: measurements, opening hours, prices. A part is a field of any kind whose inputs come once and
/// are always posted.
package struct RowsField: RowsKind {
  /// `opening`: what a row is called in the names of inputs and in errors.
  package let row: String
  /// "Add a row"
  let adding: String
  let parts: [Field]

  static let most = 200

  package init(row: String, adding: String, _ parts: [Field]) {
    for part in parts {
      precondition(
        part.kind.inputs(part.name).repeated.isEmpty && part.kind.template.schema.name == FieldControl.schema.name
          && !(part.kind is FlagField), "the part \(part.name) has an input that isn’t always posted once")
    }
    (self.row, self.adding, self.parts) = (row, adding, parts)
  }

  package var rowInputs: [(name: String, blank: String)] {
    zip(parts, blanks).flatMap { part, blank in part.kind.posted(blank, input(part), .exact).map { ($0.name, $0.value) } }
  }

  /// The default of each part: a choice has its first value.
  private var blanks: [FieldValue] { parts.map { (try? $0.kind.parse("")) ?? .empty } }

  private func isBlank(_ row: [FieldValue]) -> Bool { zip(row, blanks).allSatisfy { $0.isEmpty || $0 == $1 } }

  package func isBlankRow(_ texts: [String]) -> Bool { texts == rowInputs.map(\.blank) || texts.allSatisfy(\.isEmpty) }

  private func input(_ part: Field) -> String { row + "_" + part.name }

  // MARK: Storage

  package func definitions(_ name: String) -> [String] { [name + " TEXT NOT NULL DEFAULT ''"] }

  private func value(_ rows: [[FieldValue]]) -> FieldValue {
    guard !rows.isEmpty else { return .empty }
    return .text(
      JSON.array(rows.map { row in .object(zip(parts, row).map { JSON.Member(name: $0.name, value: .string($0.kind.text($1))) }) }).text)
  }

  /// The rows, their parts in order. What can't be read any more, since a part was declared otherwise, stays as the text that it was.
  package func rows(in value: FieldValue) -> [[FieldValue]] {
    guard !value.isEmpty, let rows = (try? JSON(parsing: value.text))?.array else { return [] }
    return rows.map { row in
      parts.map { part in
        let text = row[part.name]?.string ?? ""
        return (try? part.kind.parse(text)) ?? FieldValue(text)
      }
    }
  }

  // MARK: Text

  package func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    guard let json = try? JSON(parsing: text) else { throw InvalidValue(.noRows) }
    return try parse(json: json)
  }

  package func json(_ value: FieldValue) -> JSON {
    .array(rows(in: value).map { row in .object(zip(parts, row).map { JSON.Member(name: $0.name, value: $0.kind.json($1)) }) })
  }

  package var jsonShape: JSONShape { .list(.object(parts.map { .init($0.name, $0.kind.jsonShape) }), atMost: Self.most) }

  package var jsonInput: JSONShape {
    .list(.object(parts.map { .init($0.name, $0.kind.jsonInput, isRequired: $0.isRequired) }), atMost: Self.most)
  }

  package func parse(json: JSON) throws(InvalidValue) -> FieldValue {
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
      if !isBlank(row) {
        for (part, value) in zip(parts, row) { if value.isEmpty, let missing = part.missing { throw InvalidValue(Message(missing)) } }
        rows.append(row)
      }
    }
    return value(rows)
  }

  /// A line for each row.
  package func display(_ history: String, _ formats: Formats) -> String {
    rows(in: FieldValue(history)).map { row in
      zip(parts, row).map { $0.kind.display($0.kind.history($1), formats) }.filter { !$0.isEmpty }.joined(separator: " · ")
    }.joined(separator: "\n")
  }

  package func searchWords(_ value: FieldValue) -> [String] {
    rows(in: value).flatMap { zip(parts, $0).flatMap { $0.kind.searchWords($1) } }
  }

  package func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    ListMerge.rows(rows(in: base), rows(in: mine), rows(in: theirs)) { old, my, their in
      let parts = zip(old, zip(my, their)).map { ListMerge.part($0, $1.0, $1.1) }
      return parts.contains(nil) ? nil : parts.compactMap(\.self)
    }.map(value)
  }

  // MARK: Form

  package func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: rowInputs.map(\.name)) }

  package func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    var found: [[FieldValue]] = []
    let names = rowInputs.map(\.name)
    let known = reader.knownRows(names)
    for (index, texts) in reader.rows(names).enumerated() {
      let inputs = FormFields(zip(names, texts).map { FormFields.Field($0, $1) })
      var values: [FieldValue] = []
      var problem: Message?
      for part in parts {
        var one = FormReader(inputs, known: FormFields(), formats: reader.formats)
        let value = part.kind.read(input(part), from: &one)
        // What can't be read is kept as it was typed.
        values.append(one.problems.isEmpty ? value : FieldValue(inputs[input(part)] ?? ""))
        problem = problem ?? one.problems.first ?? (value.isEmpty ? part.missing.map { Message($0) } : nil)
      }
      if isBlank(values) { continue }
      if let problem, !known.contains(texts) { reader.problem("\(row)-\(index)", problem) }
      found.append(values)
    }
    if found.count > Self.most { reader.problem(name, .tooManyRows) }
    return value(found)
  }

  package func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    rows(in: value).flatMap { row in
      zip(parts, row).flatMap { part, value in
        let posted = part.kind.posted(value, input(part), formats)
        // What can't be read any more is shown as it is.
        guard case .text(let text) = value, posted.first?.value != text, posted.count > 1 else { return posted }
        return [FormFields.Field(input(part), text)] + posted.dropFirst()
      }
    }
  }

  private static let partSchema = ViewSchema("fields-part", [("field", .record(FieldControl.schema)), ("template", .text)])
  private static let rowSchema = ViewSchema(
    "fields-row", [("row", .text), ("number", .text), ("parts", .list(.record(partSchema))), ("error", .optional(.text))])
  private static let controlSchema = ViewSchema(
    "fields-rows",
    [
      ("field", .record(FieldControl.schema)), ("row", .text), ("adding", .text), ("rows", .list(.record(rowSchema))),
      ("blank", .record(rowSchema)),
    ])

  package var template: (name: String, schema: ViewSchema) { ("fields/rows", Self.controlSchema) }

  package func control(_ control: FieldControl) throws -> ViewData {
    let names = rowInputs.map(\.name)
    func view(_ inputs: FormFields, _ index: Int?) throws -> Value {
      let cells = try parts.map { part -> Value in
        let field = Field(input(part), part.label, part.kind, size: part.size, missing: part.missing)
        let one = FieldControl(
          field: field, form: inputs, errors: ValidationErrors(), context: control.context, isNew: control.isNew, isFirst: false)
        return .record(ViewData(Self.partSchema, [.record(try part.kind.control(one)), .text(part.kind.template.name)]))
      }
      return .record(
        ViewData(
          Self.rowSchema,
          [.text(row), .text(index.map(String.init) ?? "new"), .list(cells), index.map { control.error("\(row)-\($0)") } ?? .null]))
    }
    let typed = (FormReader.rows(of: control.form, names) ?? []).map { texts in
      FormFields(zip(names, texts).map { FormFields.Field($0, $1) })
    }
    let blank = FormFields(zip(parts, blanks).flatMap { $0.kind.posted($1, input($0), control.context.formats) })
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data()), .text(row), .text(adding), .list(try typed.enumerated().map { try view($1, $0) }), try view(blank, nil),
      ])
  }

  package var cell: Column.Kind? { nil }

}

extension Message {
  fileprivate static var noRows: Message { Message("Use the format in which Roost exports this.") }
  fileprivate static var tooManyRows: Message { Message("At most {n} rows.", numbers: ["n": RowsField.most]) }
}
