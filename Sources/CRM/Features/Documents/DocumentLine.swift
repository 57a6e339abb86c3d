import Admin
import Base
import Money

/// A line of a quote, an order or an invoice: what is sold, as it was called and taxed when it was written, or a heading or a note between such lines.
struct DocumentLine: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case product, device, text, section, note

    /// Whether it has a quantity and a price.
    var isPriced: Bool { self != .section && self != .note }
  }

  /// How a line was taxed when it was written.
  struct VAT: Sendable, Equatable {
    var id: String
    var name: String
    var category: String
    /// In 1/10 000 %.
    var rate: Int64
    var reason: String

    /// What the totals tell apart.
    struct Key: Hashable {
      let category: String
      let rate: Int64
    }

    var key: Key { Key(category: category, rate: rate) }
  }

  enum Discount: Sendable, Equatable {
    /// In 1/10 000 %.
    case percentage(Int64)
    /// A decimal in the document's currency.
    case fixed(String)
  }

  /// Unique in its document, and the same for as long as the line is there.
  var id = ""
  var kind = Kind.text
  /// The product that it is about, which may be gone.
  var product = ""
  var name = ""
  var sku = ""
  var description = ""
  /// In thousandths.
  var quantity: Int64?
  /// A code of UN/ECE Recommendation 20.
  var unit = ""
  /// The price of one unit: a decimal in the document's currency, so that a line can be read without its document.
  var price = ""
  var discount: Discount?
  var vat: VAT?
  var serials: [String] = []
  /// The line of the order, or of the invoice, that this one is a part of.
  var source = ""
  /// What a credit note has more or less here, so that all credit notes of an invoice come to it: decimals in its currency, of the line and of the VAT
  /// of its group.
  var rounding = ""
  var vatRounding = ""
}

// MARK: As it is stored

extension DocumentLine {
  private static let quantityKind = DecimalField(places: Quantity.places, fewest: 0)
  static let rateKind = DecimalField(places: Percentage.places, fewest: 0)

  /// As documents of programs have it; what says nothing is left out.
  var json: JSON {
    var members: [JSON.Member] = []
    func add(_ name: String, _ text: String) { if !text.isEmpty { members.append(.init(name: name, value: .string(text))) } }
    add("id", id)
    add("kind", kind.rawValue)
    add("product_id", product)
    add("name", name)
    add("sku", sku)
    add("description", description)
    add("quantity", quantity.map { Self.quantityKind.text(.integer(Int($0))) } ?? "")
    add("unit", unit)
    add("price", price)
    add("discount", discountText)
    if let vat {
      add("vat_code_id", vat.id)
      add("vat_code", vat.name)
      add("vat_category", vat.category)
      add("vat_rate", Self.rateKind.text(.integer(Int(vat.rate))))
      add("vat_reason", vat.reason)
    }
    add("source_id", source)
    add("rounding", rounding)
    add("vat_rounding", vatRounding)
    if !serials.isEmpty { members.append(.init(name: "serial_numbers", value: .array(serials.map { .string($0) }))) }
    return .object(members)
  }

  init(json: JSON) {
    func text(_ name: String) -> String { json[name]?.string ?? "" }
    id = text("id")
    kind = Kind(rawValue: text("kind")) ?? .text
    product = text("product_id")
    name = text("name")
    sku = text("sku")
    description = text("description")
    quantity = (try? Self.quantityKind.parse(text("quantity")))?.number.map { Int64($0) }
    unit = text("unit")
    price = text("price")
    discount = try? Self.discount(text("discount"), nil)
    // One that was just chosen is its id alone, until it is looked up.
    if !text("vat_category").isEmpty || !text("vat_code_id").isEmpty {
      let rate = (try? Self.rateKind.parse(text("vat_rate")))?.number ?? 0
      vat = VAT(
        id: text("vat_code_id"), name: text("vat_code"), category: text("vat_category"), rate: Int64(rate), reason: text("vat_reason"))
    }
    source = text("source_id")
    (rounding, vatRounding) = (text("rounding"), text("vat_rounding"))
    serials = (json["serial_numbers"]?.array ?? []).compactMap(\.string)
  }

  static func list(_ value: FieldValue) -> [DocumentLine] {
    guard !value.isEmpty, let lines = (try? JSON(parsing: value.text))?.array else { return [] }
    return lines.map { DocumentLine(json: $0) }
  }

  static func value(_ lines: [DocumentLine]) -> FieldValue { lines.isEmpty ? .empty : .text(JSON.array(lines.map(\.json)).text) }

  // MARK: Discounts

  /// `10%`, or a decimal.
  var discountText: String { discount.map(Self.text) ?? "" }

  static func text(_ discount: Discount) -> String {
    switch discount {
    case .percentage(let units): rateKind.text(.integer(Int(units))) + "%"
    case .fixed(let amount): amount
    }
  }

  private static let percentKind = DecimalField(places: Percentage.places, fewest: 0, in: 0...Int(Percentage.whole.units), unit: "%")
  /// As many decimals as the price of a unit has in any currency.
  private static let decimalKind = DecimalField(places: 8, fewest: 0, in: 0...999_999_999_999_999_999)

  /// Reads `10 %`, or an amount in the document's currency; as a visitor writes numbers, or exactly.
  static func discount(_ text: String, _ formats: Formats?) throws(InvalidValue) -> Discount? {
    if text.isEmpty { return nil }
    guard text.hasSuffix("%") else { return .fixed(try decimal(text, formats)) }
    guard let n = try read(text, percentKind, formats) else {
      throw InvalidValue(Message("Enter a discount, like {example}.", ["example": "10 %"]))
    }
    return .percentage(Int64(n))
  }

  /// Reads an amount as an exact decimal.
  static func decimal(_ text: String, _ formats: Formats?) throws(InvalidValue) -> String {
    decimalKind.text(try read(text, decimalKind, formats).map { .integer($0) } ?? .empty)
  }

  /// Reads a quantity, in thousandths.
  static func quantity(_ text: String, _ formats: Formats?) throws(InvalidValue) -> Int64? {
    try read(text, Product.quantity, formats).map { Int64($0) }
  }

  private static func read(_ text: String, _ kind: DecimalField, _ formats: Formats?) throws(InvalidValue) -> Int? {
    if let formats { try kind.parse(typed: text, formats).number } else { try kind.parse(text).number }
  }
}

// MARK: As it is typed

extension DocumentLine {
  /// Whether a form would show both alike.
  func isTyped(like other: DocumentLine) -> Bool {
    /// 100.00 is 100.
    func plain(_ decimal: String) -> String { (try? DocumentLine.decimal(decimal, nil)) ?? decimal }
    func typed(_ line: DocumentLine) -> DocumentLine {
      var line = line
      if line.kind.isPriced { line.kind = .text }
      line.price = plain(line.price)
      if case .fixed(let amount) = line.discount { line.discount = .fixed(plain(amount)) }
      line.vat = line.vat.map { VAT(id: $0.id, name: "", category: "", rate: 0, reason: "") }
      (line.sku, line.source, line.rounding, line.vatRounding) = ("", "", "", "")
      return line
    }
    return typed(self) == typed(other)
  }

  /// Whether two amounts are the same, as they are typed or stored: 100 is 100.00.
  static func isSame(_ a: String, _ b: String) -> Bool { a == b || (try? decimal(a, nil)) == (try? decimal(b, nil)) }

  func typedQuantity(_ formats: Formats) -> String {
    quantity.map { Product.quantity.typed(.integer(Int($0)), formats) } ?? ""
  }

  func typedPrice(_ formats: Formats) -> String { Self.typed(price, formats) }

  func typedDiscount(_ formats: Formats) -> String { discount.map { Self.typed($0, formats) } ?? "" }

  static func typed(_ discount: Discount, _ formats: Formats) -> String {
    switch discount {
    case .percentage(let units): rateKind.typed(.integer(Int(units)), formats) + "\u{A0}%"
    case .fixed(let amount): typed(amount, formats)
    }
  }

  /// A decimal with the decimals that it has, however many.
  private static func typed(_ decimal: String, _ formats: Formats) -> String {
    let places = decimal.firstIndex(of: ".").map { decimal.distance(from: $0, to: decimal.endIndex) - 1 } ?? 0
    let kind = DecimalField(places: places)
    guard let value = try? kind.parse(decimal) else { return decimal }
    return kind.typed(value, formats)
  }
}
