import Admin
import Base
import Money
import Store

extension RecordType {
  /// How something is taxed: at which rate, or why not at all.
  static let vatCode: RecordType = RecordType(
    "vat_code", label: "VAT code", icon: "percent", emblem: .icon, resource: .products,
    words: Words(new: "New VAT code", create: "Create VAT code", inTrash: "This VAT code is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "vat", title: "VAT code", hint: "A VAT rate and when it applies. If a rate changes, add a new code.",
        fields: [
          Field("name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false, index: .sorted("by_name")),
          Field("rate", "Rate", VATCode.rate, size: .third, missing: "Enter a rate.", index: .sorted("by_rate")),
          Field("category", "Category", ChoiceField(choices: VATCode.categories), size: .third),
          Field("status", "Status", StatusField(), size: .third, isDetail: false),
          Field("valid_from", "Valid from", DateField(ofBusiness: true), size: .third),
          Field("valid_until", "Valid until", DateField(ofBusiness: true), size: .third),
          Field("reason", "Reason", hint: "Why no VAT is charged."),
        ])
    ],
    list: ListDefinition(
      name: "vat_codes", title: "VAT codes", path: "/admin/crm/vat-codes", icon: "percent", resource: .products, table: "vat_codes",
      searchTable: "vat_code_search",
      defaultColumns: ["name", "rate", "category", "valid_from", "valid_until", "status"], defaultSort: "name",
      words: ListDefinition.Words(
        newRecord: "New VAT code", searchHint: "Name", one: "{n} VAT code", many: "{n} VAT codes", emptyTitle: "No VAT codes yet",
        emptyText: "Add the rates that you charge, like “Standard rate” with 24 %.")),
    isAnchor: false, rule: VATCode.rule)
}

enum VATCode {
  static let rate = DecimalField(places: Percentage.places, fewest: 0, in: 0...Int(Percentage.whole.units), unit: "%")

  /// As electronic invoices have them (UNCL 5305), with what each is for.
  static let categories = [
    ("S", "Standard"), ("Z", "Zero rate"), ("E", "Exempt"), ("AE", "Reverse charge"), ("K", "Intra-community supply"), ("G", "Export"),
    ("O", "Not subject to VAT"),
  ]

  /// Those that have to say why nothing is charged.
  private static let explained: Set = ["E", "AE", "K", "G", "O"]

  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    switch change {
    case .create(let values): return errors(values, over: nil)
    case .save(let record, let values):
      var errors = errors(values, over: record.values)
      let type = RecordType.vatCode
      for name in ["rate", "category"] {
        guard let index = type.index(of: name), values[index] != record.values[index], try isUsed(record.id, in: act.db) else { continue }
        errors.add(name, Message("This code is in use. Set its last day and add a new code instead."))
      }
      return errors
    case .delete(let header):
      return try isUsed(header.id, in: act.db)
        ? ValidationErrors("", Message("This code is in use. Make it inactive instead.")) : ValidationErrors()
    case .trash, .restore: return ValidationErrors()
    }
  }

  private static func isUsed(_ code: RecordID, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM products WHERE vat_code_id = \(code))") == 1
  }

  private static func errors(_ values: [FieldValue], over stored: [FieldValue]?) -> ValidationErrors {
    let type = RecordType.vatCode
    var errors = ValidationErrors()
    func value(_ name: String) -> FieldValue { type.index(of: name).map { values[$0] } ?? .empty }
    if let stored, values == stored { return errors }
    let (category, rate) = (value("category").text, value("rate").number ?? 0)
    if category == "S", rate == 0 { errors.add("category", Message("A rate of 0 % isn’t “Standard”. Choose why nothing is charged.")) }
    if category != "S", rate > 0 { errors.add("rate", Message("Only the category “Standard” has a rate above 0 %.")) }
    if explained.contains(category), value("reason").isEmpty { errors.add("reason", Message("Enter why no VAT is charged.")) }
    if !explained.contains(category), !value("reason").isEmpty { errors.add("reason", Message("This category has no reason.")) }
    let days = (value("valid_from").text, value("valid_until").text)
    if !days.0.isEmpty, !days.1.isEmpty, days.1 < days.0 { errors.add("valid_until", Message("The last day is before the first.")) }
    return errors
  }
}

// MARK: For documents

extension VATCode {
  private static let columns: SQL = "id, name, category, rate, reason"

  private static func snapshot(_ row: borrowing Row) -> DocumentLine.VAT {
    DocumentLine.VAT(id: row.text(0), name: row.text(1), category: row.text(2), rate: Int64(row.int(3)), reason: row.text(4))
  }

  /// A code as a line keeps it; `nil` for none.
  static func snapshot(of id: String, in db: Database) throws -> DocumentLine.VAT? {
    id.isEmpty ? nil : try db.first("SELECT \(columns) FROM vat_codes WHERE id = \(id) AND status <> 'trashed'", snapshot)
  }

  /// A code as a document may keep it. Forms and programs choose one of those here, by its id, or by its category and rate; `nil` for one that isn't here.
  /// Files bring documents as they were written, at the rates that they had then.
  static func kept(_ vat: DocumentLine.VAT, _ act: ActContext) throws -> DocumentLine.VAT? {
    if act.batch != nil, !vat.category.isEmpty { return vat }
    if let code = try snapshot(of: vat.id, in: act.db) { return code }
    return try act.db.first(
      """
      SELECT \(columns) FROM vat_codes WHERE status = 'active' AND category = \(vat.category) AND rate = \(Int(vat.rate))
      ORDER BY reason = \(vat.reason) DESC, name = \(vat.name) DESC, seq LIMIT 1
      """, snapshot)
  }

  /// The code of lines that don't say one: the first one that is valid.
  static func usual(on day: String, in db: Database) throws -> DocumentLine.VAT? {
    try db.first(
      """
      SELECT \(columns) FROM vat_codes
      WHERE status = 'active' AND (valid_from = '' OR valid_from <= \(day)) AND (valid_until = '' OR valid_until >= \(day))
      ORDER BY seq LIMIT 1
      """, snapshot)
  }

  /// Those that may be chosen, by rate. A narrow input shows the rate at least.
  static func choices(_ formats: Formats, in db: Database) throws -> [(value: String, label: String)] {
    try db.all("SELECT id, name, rate FROM vat_codes WHERE status = 'active' ORDER BY rate DESC, name_sort LIMIT 200") { row in
      (row.text(0), DocumentLine.typed(.percentage(Int64(row.int(2))), formats) + " · " + row.text(1))
    }
  }
}
