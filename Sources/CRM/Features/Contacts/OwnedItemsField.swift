import Admin
import Base
import Store
import Templating
import Web

/// Something that a person has from us: a device with its serial numbers, a quantity of a product, anything in words.
struct OwnedItem: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case device, product, text
  }

  var kind: Kind
  var label: String
  var quantity: Int
  var serialNumbers: [String]

  static func value(_ items: [OwnedItem]) -> FieldValue {
    guard !items.isEmpty else { return .empty }
    return .text(
      JSON.array(
        items.map { item in
          .object([
            "type": .string(item.kind.rawValue), "label": .string(item.label), "quantity": .int(item.quantity),
            "serial_numbers": .array(item.serialNumbers.map { .string($0) }),
          ])
        }
      ).text)
  }

  static func list(_ value: FieldValue) -> [OwnedItem] {
    guard !value.isEmpty, let items = (try? JSON(parsing: value.text))?.array else { return [] }
    return items.map { item in
      OwnedItem(
        kind: Kind(rawValue: item["type"]?.string ?? "") ?? .text, label: item["label"]?.string ?? "", quantity: item["quantity"]?.int ?? 1,
        serialNumbers: (item["serial_numbers"]?.array ?? []).compactMap(\.string))
    }
  }

  var problem: Message? {
    if label.isEmpty { return Message("Enter a name or remove this row.") }
    if let problem = TextRules.problem(with: label, atMost: 255) { return problem }
    if !(1...1_000_000).contains(quantity) { return Message("Enter a quantity of 1 or more.") }
    return serialNumbers.count > 1_000 || serialNumbers.contains { $0.unicodeScalars.count > 100 }
      ? Message("Serial numbers have at most 100 characters each.") : nil
  }

  /// `device: 2 × Router (A1, A2)`; a text has no kind before it.
  var text: String {
    let count = quantity == 1 ? label : "\(quantity) × \(label)"
    return serialNumbers.isEmpty ? count : "\(count) (\(serialNumbers.joined(separator: ", ")))"
  }
}

/// What a person has from us.
struct OwnedItemsField: RowsKind {
  private static let most = 200
  let row = "item"
  let rowInputs = [("item_type", "text"), ("item_label", ""), ("item_quantity", "1"), ("item_serials", "")].map {
    (name: $0.0, blank: $0.1)
  }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    let stored = row.text(offset)
    return stored == "[]" ? .empty : .text(stored)
  }

  func stored(_ value: FieldValue) -> [SQLValue] { [.text(value.isEmpty ? "[]" : value.text)] }

  func history(_ value: FieldValue) -> String { OwnedItem.list(value).map(\.text).joined(separator: "\n") }

  /// As JSON: a label may hold anything that could stand between its parts.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard !text.isEmpty else { return .empty }
    let items = OwnedItem.list(.text(text))
    guard !items.isEmpty else { throw InvalidValue(Message("Use the format in which Roost exports this.")) }
    for item in items { if let problem = item.problem { throw InvalidValue(problem) } }
    return OwnedItem.value(items)
  }

  /// Every member is there, also of what an older program has stored.
  func json(_ value: FieldValue) -> JSON { (try? JSON(parsing: OwnedItem.value(OwnedItem.list(value)).text)) ?? .array([]) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let text = json.string { return try parse(text) }
    guard let items = json.array, !items.isEmpty else { return .empty }
    return try parse(TextNormalizing.clean(json.text))
  }

  var jsonShape: JSONShape { shape(isInput: false) }

  var jsonInput: JSONShape { shape(isInput: true) }

  private func shape(isInput: Bool) -> JSONShape {
    .list(
      .object([
        .init("type", .choice(OwnedItem.Kind.allCases.map(\.rawValue)), isRequired: !isInput),
        .init("label", .text(atLeast: 1, atMost: 255)), .init("quantity", .integer(1...1_000_000), isRequired: !isInput),
        .init("serial_numbers", .list(.text(atLeast: 1, atMost: 100), atMost: 1_000), isRequired: !isInput),
      ]), atMost: Self.most)
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    ListMerge.rows(OwnedItem.list(base), OwnedItem.list(mine), OwnedItem.list(theirs)) { old, my, their in
      guard let kind = ListMerge.part(old.kind, my.kind, their.kind), let label = ListMerge.part(old.label, my.label, their.label),
        let quantity = ListMerge.part(old.quantity, my.quantity, their.quantity)
      else { return nil }
      let numbers = ListMerge.items(old.serialNumbers, my.serialNumbers, their.serialNumbers)
      return OwnedItem(kind: kind, label: label, quantity: quantity, serialNumbers: numbers)
    }.map(OwnedItem.value)
  }

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: rowInputs.map(\.name)) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    var items: [OwnedItem] = []
    let known = reader.knownRows(rowInputs.map(\.name))
    for (index, row) in reader.rows(rowInputs.map(\.name)).enumerated() where !row[1].isEmpty || !row[3].isEmpty {
      let item = OwnedItem(
        kind: OwnedItem.Kind(rawValue: row[0]) ?? .text, label: row[1], quantity: row[2].isEmpty ? 1 : Int(row[2]) ?? 0,
        serialNumbers: row[3].split(whereSeparator: { $0 == "," || $0 == "\n" }).map { TextNormalizing.line(String($0)) }
          .filter { !$0.isEmpty })
      if !known.contains(row), let problem = item.problem { reader.problem("item-\(index)", problem) }
      items.append(item)
    }
    if items.count > Self.most { reader.problem(name, Message("At most {n} items.", numbers: ["n": Self.most])) }
    return OwnedItem.value(items)
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    OwnedItem.list(value).flatMap { item in
      zip(rowInputs, [item.kind.rawValue, item.label, String(item.quantity), item.serialNumbers.joined(separator: ", ")])
        .map { FormFields.Field($0.name, $1) }
    }
  }

  private static let rowSchema = ViewSchema(
    "item-row",
    [("types", .html), ("label", .text), ("quantity", .text), ("serials", .text), ("error", .optional(.text)), ("row", .text)])
  private static let controlSchema = ViewSchema("items", [("rows", .list(.record(rowSchema))), ("blank", .record(rowSchema))])
  private static let kinds = [("device", "Device"), ("product", "Product"), ("text", "Other")]

  var template: (name: String, schema: ViewSchema) { ("contacts/items-field", Self.controlSchema) }

  func control(_ control: FieldControl) -> ViewData {
    let kinds = control.context.choices(Self.kinds)
    func view(_ row: [String], _ index: Int?) -> Value {
      .record(
        ViewData(
          Self.rowSchema,
          [
            kinds.options(selected: row[0]), .text(row[1]), .text(row[2]), .text(row[3]),
            index.map { control.error("item-\($0)") } ?? .null, .text(index.map(String.init) ?? "new"),
          ]))
    }
    let rows = FormReader.rows(of: control.form, rowInputs.map(\.name)) ?? []
    return ViewData(Self.controlSchema, [.list(rows.enumerated().map { view($1, $0) }), view(rowInputs.map(\.blank), nil)])
  }

  var cell: Column.Kind? { nil }

  var empty: FieldPlace.Empty { .text("[]") }

  private static let itemSchema = ViewSchema("item", [("kind", .text), ("label", .text), ("quantity", .int), ("serials", .text)])

  static let panel = RecordPanel(
    place: .afterDetails, template: "contacts/items", schema: ViewSchema("items-panel", [("items", .list(.record(itemSchema)))])
  ) { schema, record, _, _ in
    let items = OwnedItem.list(record["owned_items"])
    guard !items.isEmpty else { return nil }
    return ViewData(
      schema,
      [
        .list(
          items.map { item in
            .record(
              ViewData(
                itemSchema,
                [.text(item.kind.rawValue), .text(item.label), .int(item.quantity), .text(item.serialNumbers.joined(separator: ", "))]))
          })
      ])
  }
}
