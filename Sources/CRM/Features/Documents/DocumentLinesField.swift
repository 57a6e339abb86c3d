import Admin
import Base
import Money
import Store
import Templating
import Web

/// The lines of a document, in one column.
struct DocumentLinesField: RowsKind {
  /// The address of the list of its documents.
  let path: String
  /// Whether lines name the serial numbers of their pieces.
  var hasSerials = false

  static let most = 500
  let row = "line"
  let rowLabel: String? = "Line {n}"

  var rowInputs: [(name: String, blank: String)] {
    [
      ("line_id", ""), ("line_kind", "item"), ("line_name", ""), ("line_product_id", ""), ("line_description", ""), ("line_quantity", ""),
      ("line_unit", ""), ("line_price", ""), ("line_discount", ""), ("line_vat", ""),
    ].map { (name: $0.0, blank: $0.1) } + (hasSerials ? [(name: "line_serials", blank: "")] : [])
  }

  /// A row in which nothing is typed says nothing, whatever is chosen in it.
  func isBlankRow(_ texts: [String]) -> Bool {
    let input = Dictionary(zip(rowInputs.map(\.name), texts)) { first, _ in first }
    return ["name", "product_id", "description", "quantity", "price", "discount", "serials"].allSatisfy {
      (input["line_" + $0] ?? "").isEmpty
    }
  }

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty { return .empty }
    guard let json = try? JSON(parsing: text) else { throw InvalidValue(.noLines) }
    return try parse(json: json)
  }

  func json(_ value: FieldValue) -> JSON { .array(DocumentLine.list(value).map(\.json)) }

  /// What is stored is what programs read.
  func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) {
    row.withUTF8(offset) { stored in
      if stored.isEmpty { out += "[]".utf8 } else { out += stored }
    }
  }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    if let text = json.string { return try parse(text) }
    guard let items = json.array else { throw InvalidValue(.noLines) }
    guard items.count <= Self.most else { throw InvalidValue(.tooManyLines) }
    var lines: [DocumentLine] = []
    for item in items {
      guard case .object = item else { throw InvalidValue(.noLines) }
      var line = DocumentLine(json: item)
      // What can't be read is an error here, though not of what is stored.
      line.quantity = try DocumentLine.quantity(Self.text(item["quantity"]), nil)
      line.price = try DocumentLine.decimal(Self.text(item["price"]), nil)
      line.discount = try DocumentLine.discount(Self.text(item["discount"]), nil)
      for (text, most) in [(line.name, 255), (line.sku, 100), (line.description, Self.longestDescription)] {
        if let problem = TextRules.problem(with: text, atMost: most) { throw InvalidValue(problem) }
      }
      if line.serials.count > Self.mostSerials { throw InvalidValue(.tooManySerials) }
      line.name = TextNormalizing.line(line.name)
      line.description = TextNormalizing.clean(line.description)
      if let kind = item["kind"]?.string, DocumentLine.Kind(rawValue: kind) == nil { throw InvalidValue(.notOffered) }
      if let vat = line.vat, !vat.category.isEmpty {
        guard Money.VATCode(Money.VATCode.Category(rawValue: vat.category) ?? .standard, Percentage(vat.rate)) != nil else {
          throw InvalidValue(Message("This VAT category doesn’t go with this rate."))
        }
      }
      lines.append(line)
    }
    return DocumentLine.value(lines)
  }

  private static func text(_ json: JSON?) -> String { json?.string ?? json?.int.map { String($0) } ?? "" }

  private static let mostSerials = 1_000
  private static let longestDescription = 10_000

  private static let members: [JSONShape.Member] = [
    .init("id", .text(atMost: 40), isRequired: false, note: "Identifies the line when lines are changed."),
    .init("kind", .choice(DocumentLine.Kind.allCases.map(\.rawValue)), isRequired: false),
    .init("product_id", .text(atMost: 40), isRequired: false, note: "Fills in whatever the line leaves out."),
    .init("name", .text(atMost: 255), isRequired: false), .init("sku", .text(atMost: 100), isRequired: false),
    .init("description", .text(atMost: longestDescription), isRequired: false),
    .init("quantity", .text(atMost: 40), isRequired: false), .init("unit", .text(atMost: 10), isRequired: false),
    .init("price", .text(atMost: 40), isRequired: false), .init("discount", .text(atMost: 40), isRequired: false, note: "10% or 5.00"),
    .init("vat_code_id", .text(atMost: 40), isRequired: false), .init("vat_code", .text(atMost: 255), isRequired: false),
    .init("vat_category", .text(atMost: 2), isRequired: false), .init("vat_rate", .text(atMost: 40), isRequired: false),
    .init("vat_reason", .text(atMost: 255), isRequired: false),
    .init(
      "source_id", .text(atMost: 40), isRequired: false, note: "Of the order’s line that is invoiced, or of the invoice’s that is credited."
    ),
    .init(
      "rounding", .text(atMost: 40), isRequired: false,
      note: "Read-only. Adjusts the line total so that all credit notes add up to the invoice."),
    .init("vat_rounding", .text(atMost: 40), isRequired: false, note: "Read-only. The same adjustment for the VAT at this line’s rate."),
    .init("serial_numbers", .list(.text(atLeast: 1, atMost: 100), atMost: 1_000), isRequired: false),
  ]

  var jsonShape: JSONShape { .list(.object(Self.members), atMost: Self.most) }

  /// A line in the history, as people read it.
  func display(_ history: String, _ formats: Formats) -> String {
    DocumentLine.list(FieldValue(history)).map { line in
      guard line.kind.isPriced else { return line.name }
      let amount = [line.typedQuantity(formats), line.typedPrice(formats)].filter { !$0.isEmpty }.joined(separator: " × ")
      let discount = line.discount.map { "−" + DocumentLine.typed($0, formats) } ?? ""
      return [line.name, amount, discount, line.vat?.name ?? "", line.serials.joined(separator: ", ")].filter { !$0.isEmpty }
        .joined(separator: " · ")
    }.joined(separator: "\n")
  }

  func searchWords(_ value: FieldValue) -> [String] {
    DocumentLine.list(value).flatMap { line in
      SearchWords.indexed(line.name) + SearchWords.indexed(line.sku) + line.serials.flatMap { SearchWords.indexed($0) }
    }
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    let theirs = DocumentLine.list(theirs)
    // What a form, and so the history, says of a line is less than what is stored of it. A line that says the same is the same.
    func known(_ line: DocumentLine, in lines: [DocumentLine]) -> DocumentLine? {
      lines.first { $0.id == line.id && $0.isTyped(like: line) }
    }
    let base = DocumentLine.list(base).map { known($0, in: theirs) ?? $0 }
    let lines = DocumentLine.list(mine).enumerated().map { place, line in
      var line = known(line, in: base) ?? known(line, in: theirs) ?? line
      // Each new line is one of its own; it gets its id when it is saved.
      if line.id.isEmpty { line.id = "new-\(place)" }
      return line
    }
    return ListMerge.rows(base, lines, theirs, by: \.id) { _, _, _ in nil }.map(DocumentLine.value)
  }

  // MARK: Rules

  /// Looks the products up that lines name for the first time. A text that is no product's name or SKU stays a text.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let known = Dictionary(DocumentLine.list(stored).map { ($0.id, $0) }) { first, _ in first }
    var lines = DocumentLine.list(value)
    var errors: [(input: String, message: Message)] = []
    // Those of lines that go now aren't given again either.
    var ids = Set(known.keys)
    for index in lines.indices {
      let before = known[lines[index].id]
      // The id of another line, or one made elsewhere, is none.
      if before == nil || lines[..<index].contains(where: { $0.id == lines[index].id }) { lines[index].id = Self.newID(besides: &ids) }
      // What a line is a part of isn't for forms to say.
      lines[index].source = before?.source ?? ""
      (lines[index].rounding, lines[index].vatRounding) = (before?.rounding ?? "", before?.vatRounding ?? "")
      // Where no form names the pieces, they stay, as many as there are.
      let isSameProduct = before?.product == lines[index].product
      if !hasSerials, isSameProduct {
        let pieces = max(0, lines[index].quantity ?? Quantity.one.thousandths) / Quantity.one.thousandths
        lines[index].serials = Array((before?.serials ?? []).prefix(Int(pieces)))
      }
      guard lines[index].kind.isPriced else {
        lines[index] = DocumentLine(
          id: lines[index].id, kind: lines[index].kind, name: lines[index].name, description: lines[index].description)
        continue
      }
      // The VAT of a file may have no code here, which a form can't show: leaving it alone keeps it, whatever the line is called.
      let isSameVAT = lines[index].vat.map { !$0.id.isEmpty && $0.id == before?.vat?.id } ?? (before?.vat?.id == "")
      if isSameProduct, isSameVAT { lines[index].vat = before?.vat }
      if let before, isSameProduct, before.name == lines[index].name {
        (lines[index].kind, lines[index].sku) = (before.kind, before.sku)
      } else if let problem = try find(&lines[index], act) {
        errors.append(("\(row)-\(index)", problem))
        continue
      }
      if let code = lines[index].vat, code != before?.vat {
        guard let found = try VATCode.kept(code, act) else {
          errors.append(("\(row)-\(index)", Message("There’s no active VAT code like this. Choose another.")))
          continue
        }
        lines[index].vat = found
      }
    }
    return errors.isEmpty ? .value(DocumentLine.value(lines)) : .errors(errors)
  }

  private static func newID(besides ids: inout Set<String>) -> String {
    var n = (ids.compactMap { Int($0) }.max() ?? 0) + 1
    while !ids.insert(String(n)).inserted { n += 1 }
    return String(n)
  }

  /// Makes a line one of the product that it names, by its id, or by its SKU or name if only one has it.
  private func find(_ line: inout DocumentLine, _ act: ActContext) throws -> Message? {
    let scope = act.principal.scope(of: .products)
    let live: SQL = "target.status = 'active'\(scope.condition(on: "target"))"
    let columns: SQL = "target.id, target.name, target.sku, target.device_type <> ''"
    func product(_ condition: SQL) throws -> [(id: String, name: String, sku: String, isDevice: Bool)] {
      try act.db.all("SELECT \(columns) FROM products AS target WHERE \(condition) AND \(live) LIMIT 2") {
        ($0.text(0), $0.text(1), $0.text(2), $0.bool(3))
      }
    }
    let found: [(id: String, name: String, sku: String, isDevice: Bool)]
    if line.product.isEmpty {
      guard !line.name.isEmpty else { return Message("Enter a product or a text.") }
      let key = TextFolding.fold(line.name)
      let bySKU = try product("target.sku_sort = \(key) AND target.sku_sort <> ''")
      found = try bySKU.isEmpty ? product("target.name_sort = \(key)") : bySKU
    } else {
      found = try product("target.id = \(line.product)")
      if found.isEmpty { return Message("This product can’t be sold any more. Choose another.") }
    }
    guard found.count == 1 else {
      (line.kind, line.product, line.sku) = (.text, "", "")
      return nil
    }
    (line.kind, line.product, line.sku) = (found[0].isDevice ? .device : .product, found[0].id, found[0].sku)
    // A name of its own stays: only what was typed to find the product goes.
    if line.name.isEmpty || TextFolding.isSame(line.name, found[0].sku) { line.name = found[0].name }
    return nil
  }

  var rows: (table: String, key: String)? { hasSerials ? ("order_serials", "order_id") : nil }

  func hasEffect(_ value: FieldValue) -> Bool { hasSerials && !value.isEmpty }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    guard hasSerials else { return }
    let lines = DocumentLine.list(value)
    try SerialStore.set(Set(lines.flatMap { line in line.serials.map { SerialStore.key($0, of: line.product) } }), of: record, in: act.db)
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: rowInputs.map(\.name)) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    let names = rowInputs.map(\.name)
    let rows = reader.rows(names)
    // The one part that has several lines.
    let descriptions = reader.form.all("line_description")
    var lines: [DocumentLine] = []
    for (index, texts) in rows.enumerated() {
      let input = Dictionary(zip(names, texts)) { first, _ in first }
      func text(_ part: String) -> String { input["line_" + part] ?? "" }
      var line = DocumentLine(id: text("id"))
      line.name = text("name")
      line.description = descriptions.indices.contains(index) ? TextNormalizing.clean(descriptions[index]) : ""
      line.kind = DocumentLine.Kind(rawValue: text("kind")) ?? .text
      let picked = text("product_id").split(separator: " ", maxSplits: 1).map(String.init)
      if let id = picked.first, picked.count == 1 || line.name.isEmpty || TextNormalizing.line(picked[1]) == line.name { line.product = id }
      if isBlankRow(texts) { continue }
      var problem: Message?
      func read<T>(_ body: () throws(InvalidValue) -> T?) -> T? {
        do throws(InvalidValue) { return try body() } catch {
          problem = problem ?? error.message
          return nil
        }
      }
      if line.kind.isPriced {
        line.unit = text("unit")
        line.quantity = read { () throws(InvalidValue) in try DocumentLine.quantity(text("quantity"), reader.formats) }
        line.price = read { () throws(InvalidValue) in try DocumentLine.decimal(text("price"), reader.formats) } ?? ""
        line.discount = read { () throws(InvalidValue) in try DocumentLine.discount(text("discount"), reader.formats) }
        if !text("vat").isEmpty { line.vat = .init(id: text("vat"), name: "", category: "", rate: 0, reason: "") }
        line.serials = text("serials").split(whereSeparator: { $0 == "," || $0 == ";" }).map { TextNormalizing.line(String($0)) }
          .filter { !$0.isEmpty }
      }
      if line.serials.count > Self.mostSerials { problem = problem ?? .tooManySerials }
      problem =
        problem ?? TextRules.problem(with: line.name, atMost: 255)
        ?? TextRules.problem(with: line.description, atMost: Self.longestDescription)
      if let problem { reader.problem("\(row)-\(index)", problem) }
      lines.append(line)
    }
    if lines.count > Self.most { reader.problem(name, .tooManyLines) }
    return DocumentLine.value(lines)
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    let names = rowInputs.map(\.name)
    return DocumentLine.list(value).flatMap { line in
      // In the order of the inputs.
      let texts: [String] = [
        line.id, line.kind.isPriced ? "item" : line.kind.rawValue, line.name,
        line.product.isEmpty ? "" : line.product + " " + line.name, line.description, line.typedQuantity(formats), line.unit,
        line.typedPrice(formats), line.typedDiscount(formats), line.vat?.id ?? "", line.serials.joined(separator: ", "),
      ]
      return zip(names, texts).map { FormFields.Field($0, $1) }
    }
  }

  private static let rowSchema = ViewSchema(
    "document-line-row",
    [
      ("row", .text), ("number", .text), ("id", .text), ("kinds", .html), ("isPriced", .bool), ("name", .text), ("product", .text),
      ("description", .text), ("quantity", .text), ("units", .html), ("price", .text), ("discount", .text), ("vatCodes", .html),
      ("hasSerials", .bool), ("serials", .text), ("error", .optional(.text)),
    ])
  private static let controlSchema = ViewSchema(
    "document-lines-control",
    [("rows", .list(.record(rowSchema))), ("blank", .record(rowSchema)), ("url", .text), ("preview", .text), ("error", .optional(.text))])

  var template: (name: String, schema: ViewSchema) { ("documents/lines-field", Self.controlSchema) }

  private static let kinds = [("item", "Item"), ("section", "Heading"), ("note", "Note")]

  func control(_ control: FieldControl) throws -> ViewData {
    let context = control.context
    let kinds = context.choices(Self.kinds)
    let units = context.choices([("", "")] + Product.units)
    let codes = Choices([("", "")] + (try context.store.read { db in try VATCode.choices(context.formats, in: db) }))
    let names = rowInputs.map(\.name)
    let descriptions = control.form.all("line_description")
    func view(_ texts: [String], _ index: Int?) -> Value {
      let input = Dictionary(zip(names, texts)) { first, _ in first }
      func text(_ part: String) -> String { input["line_" + part] ?? "" }
      let kind = text("kind")
      return .record(
        ViewData(
          Self.rowSchema,
          [
            .text(row), .text(index.map(String.init) ?? "new"), .text(text("id")), kinds.options(selected: kind),
            .bool(kind != "section" && kind != "note"), .text(text("name")), .text(text("product_id")),
            .text(index.flatMap { descriptions.indices.contains($0) ? descriptions[$0] : nil } ?? ""), .text(text("quantity")),
            units.options(selected: text("unit")), .text(text("price")), .text(text("discount")), codes.options(selected: text("vat")),
            .bool(hasSerials), .text(text("serials")), index.map { control.error("\(row)-\($0)") } ?? .null,
          ]))
    }
    var rows = FormReader.rows(of: control.form, names) ?? []
    // A new document begins with a line to fill in.
    if rows.isEmpty, control.isNew { rows = [rowInputs.map(\.blank)] }
    return ViewData(
      Self.controlSchema,
      [
        .list(rows.enumerated().map { view($1, $0) }), view(rowInputs.map(\.blank), nil), .text("/admin/crm/products/suggestions.json"),
        .text(path + "/preview" + (control.record.map { "?record=" + $0.id.text } ?? "")),
        control.error(control.name),
      ])
  }

  var cell: Column.Kind? { nil }
}

extension Message {
  fileprivate static var noLines: Message { Message("Use the format in which Roost exports this.") }
  fileprivate static var tooManySerials: Message { Message("At most 1,000 serial numbers for a line.") }
  fileprivate static var tooManyLines: Message { Message("At most {n} rows.", numbers: ["n": DocumentLinesField.most]) }
}
