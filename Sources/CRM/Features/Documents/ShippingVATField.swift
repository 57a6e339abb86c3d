import Admin
import Base
import Money
import Store
import Templating

/// How the shipping of a document is taxed: a VAT code as it was when it was chosen, so that a part of a document taxes it as the whole does.
struct ShippingVATField: FieldKind {
  static func value(_ vat: DocumentLine.VAT) -> FieldValue { .text(DocumentLine(kind: .text, vat: vat).json.text) }

  static func vat(_ value: FieldValue) -> DocumentLine.VAT? {
    value.isEmpty ? nil : (try? JSON(parsing: value.text)).flatMap { DocumentLine(json: $0).vat }
  }

  // MARK: Text

  /// The id of a code, or what an export says of one.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    if text.isEmpty || Self.vat(.text(text)) != nil { return FieldValue(text) }
    guard RecordID(text) != nil else { throw InvalidValue(Message("Choose a VAT code.")) }
    return .text(text)
  }

  func json(_ value: FieldValue) -> JSON {
    guard let vat = Self.vat(value) else { return .null }
    return .object(["id": .string(vat.id), "name": .string(vat.name)])
  }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if case .null = json { return .empty }
    return try parse(json["id"]?.string ?? json.string ?? "?")
  }

  var jsonShape: JSONShape { .optional(.reference) }

  var jsonInput: JSONShape { .optional(.either([.text(atMost: 255), .reference])) }

  func display(_ history: String, _ formats: Formats) -> String { Self.vat(FieldValue(history))?.name ?? history }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  // MARK: Rules

  /// A code that is chosen is looked up; what the document has stays as it was.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if value.isEmpty { return .value(value) }
    if let known = Self.vat(stored), known.id == value.text { return .value(stored) }
    let chosen = Self.vat(value) ?? DocumentLine.VAT(id: value.text, name: "", category: "", rate: 0, reason: "")
    guard let vat = try VATCode.kept(chosen, act) else {
      return .errors([("", Message("This VAT code no longer exists. Choose another."))])
    }
    return .value(Self.value(vat))
  }

  // MARK: Forms

  func typed(_ value: FieldValue, _ formats: Formats) -> String { Self.vat(value)?.id ?? value.text }

  var template: (name: String, schema: ViewSchema) { ("fields/select", FieldControl.schema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let codes = try control.context.store.read { db in try VATCode.choices(control.context.formats, in: db) }
    return control.data(options: Choices([("", "")] + codes).options(selected: control.typed))
  }

  var cell: Column.Kind? { nil }
}
