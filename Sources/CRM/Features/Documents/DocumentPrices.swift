import Admin
import Base
import Money
import Store

/// Looks up what a line doesn't say: what the product costs this customer on this day, its unit and its VAT code.
struct DocumentPrices {
  private let act: ActContext
  private let currency: String
  private let day: String
  private let list: String

  init(_ document: DocumentValues, _ act: ActContext) throws {
    self.act = act
    (currency, day) = (document.currency, document["date"].text)
    list = try Self.priceList(of: document, in: act.db)
  }

  /// That of the company, or of the company that the contact belongs to.
  private static func priceList(of document: DocumentValues, in db: Database) throws -> String {
    let company: SQL =
      document["company"].isEmpty
      ? "(SELECT company_id FROM contacts WHERE id = \(document["contact"].text))" : "\(document["company"].text)"
    return try db.text("SELECT price_list FROM companies WHERE id = \(company)") ?? ""
  }

  /// Gives what only people can decide.
  func fill(_ document: inout DocumentValues) throws -> ValidationErrors {
    let usual = try VATCode.usual(on: day, in: act.db)
    var errors = ValidationErrors()
    document.lines = try document.lines.enumerated().map { index, line in
      guard line.kind.isPriced else { return line }
      var line = line
      if line.quantity == nil { line.quantity = Quantity.one.thousandths }
      // A line of which nothing is missing isn't looked up again: what somebody typed stays.
      if !line.product.isEmpty, line.price.isEmpty || line.vat == nil || line.unit.isEmpty, let id = RecordID(line.product),
        let product = try RecordType.product.record(id, in: act.db)
      {
        let quantity = Quantity(line.quantity ?? Quantity.one.thousandths)
        if line.price.isEmpty,
          let price = Product.price(of: product, list: list, currency: currency, quantity: quantity, on: day)
        {
          line.price = document.decimal(price.units, extraPlaces: UnitPrice.extraPlaces)
        }
        if line.unit.isEmpty { line.unit = product["unit"].text }
        if line.vat == nil { line.vat = try VATCode.snapshot(of: product["vat_code"].text, in: act.db) }
        // Another rate than the product's is for people to choose.
        if line.vat == nil, !product["vat_code"].isEmpty {
          errors.add("line-\(index)", Message("This VAT code no longer exists. Choose another."))
        }
      }
      if line.unit.isEmpty { line.unit = Product.units[0].0 }
      if line.vat == nil { line.vat = usual }
      return line
    }
    return errors
  }
}
