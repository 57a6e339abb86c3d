import Admin
import Base
import Money
import Store

/// What quotes, orders and invoices have in common: fields, what follows from them, and their rules.
enum Document {
  static let prices = [("net", "Without VAT"), ("gross", "Including VAT")]

  // MARK: Fields

  static func number(_ name: String = "number", _ label: String = "Number") -> Field {
    Field(
      name, label, LineField(column: "name"), isSearched: true, isDetail: false, isUnique: true, isReadOnly: true,
      index: .sorted("by_name"), sort: .init(key: .init("number_sort", startsDescending: true, empty: .never), index: "by_number"))
  }

  static let customer = FormSection(
    id: "customer", title: "Customer", hint: "A contact, a company, or both.",
    fields: [
      Field("contact", "Contact", ReferenceField(to: .contact), size: .half),
      Field("company", "Company", ReferenceField(to: .company), size: .half),
      Field("reference", "Customer reference", hint: "Their order number or project.", size: .half, isSearched: true),
      Field(
        "owner", "Owner", UserField(column: "owner_id"), hint: "The user responsible for this document.", size: .half,
        index: .values("by_owner")),
    ])

  static func lines(of path: String, hasSerials: Bool = false) -> FormSection {
    FormSection(
      id: "lines", title: "Lines",
      hint:
        "Find a product by name or SKU, or type any text. Leave a price empty to use the product’s. Enter a discount as a percentage or an amount: 10 % or 5.00.",
      fields: [
        Field("lines", "Lines", DocumentLinesField(path: path, hasSerials: hasSerials), isSearched: true, isDetail: false),
        Field("discount", "Discount", DiscountField(), hint: "On the whole document, like 10 % or 30.00.", size: .third, isDetail: false),
        Field("discount_reason", "Reason for the discount", size: .twoThirds, isDetail: false),
        Field("shipping", "Shipping costs", MoneyField(), size: .third, isDetail: false),
        Field(
          "shipping_vat", "VAT on shipping", ShippingVATField(), hint: "If left empty, the VAT code with the largest share of the total.",
          size: .third,
          isDetail: false),
      ])
  }

  static let money = FormSection(
    id: "money", title: "Currency and language",
    fields: [
      Field("currency", "Currency", DocumentCurrencyField(), size: .third, isDetail: false),
      Field("prices", "Prices", ChoiceField(choices: prices), size: .third, isDetail: false),
      Field("language", "Language", LanguageField(), hint: "The customer’s language, if left empty.", size: .third),
    ])

  /// What follows from the lines.
  static let totals = FormSection(
    id: "totals", title: "Totals",
    fields: [
      Field("subtotal", "Subtotal", MoneyField(), isDetail: false, isReadOnly: true),
      Field("net", "Net total", MoneyField(), isDetail: false, isReadOnly: true),
      Field("vat", "VAT", MoneyField(), isDetail: false, isReadOnly: true),
      Field("total", "Total", MoneyField(), isDetail: false, isReadOnly: true, index: .sorted("by_total")),
    ])

  static let sortColumn: (column: String, ofName: @Sendable (String) -> String) = ("number_sort", NumberPattern.sortKey)

  // MARK: What follows

  /// The most that a document comes to, in minor units.
  static let mostMinor: Int64 = 999_999_999_999_999
  /// The most letters that the lines of a document have together: a page that prints all of them is made in a moment.
  static let mostLetters = 200_000

  /// Fills in what was left empty, and sets the totals. Gives what is wrong.
  static func complete(_ document: inout DocumentValues, stored: Record?, _ act: ActContext) throws -> ValidationErrors {
    if document["date"].isEmpty { document["date"] = .text(try act.businessDay()) }
    if document["currency"].isEmpty { document["currency"] = try act.settings(.defaultCurrency)[.defaultCurrency] }
    // The customer's language, unless another was chosen.
    if stored == nil, document["language"].isEmpty {
      document["language"] = FieldValue(try act.db.text("SELECT language FROM contacts WHERE id = \(document["contact"].text)") ?? "")
    }
    var errors = document.exchange(from: stored)
    errors.add(try DocumentPrices(document, act).fill(&document))
    document.setShippingVAT()
    errors.add(document.customerErrors)
    if document["lines"].text.utf8.count > 2 * mostLetters {
      errors.add("lines", Message("The texts of the lines are too long: at most {n} characters together.", numbers: ["n": mostLetters]))
    }
    do throws(DocumentErrors) {
      let totals = try document.totals()
      // So that the sums of lists and payments fit, however many there are.
      if max(totals.lineTotal, totals.gross) > mostMinor { errors.add("lines", Message("This amount is too large.")) }
      document.round()
      for (name, value) in document.figures(totals) { document[name] = value }
    } catch {
      errors.add(error.errors)
    }
    return errors
  }

  /// The next number of a series for a new document; one that it brings along stays.
  static func number(_ values: inout [FieldValue], of type: RecordType, _ series: NumberSeries, _ act: ActContext) throws {
    var document = DocumentValues(values, of: type)
    let day = document["date"].text
    if !document["number"].isEmpty { return try series.take(document["number"].text, on: day, act) }
    document["number"] = .text(try series.nextFree(on: day, in: type, act))
    values = document.values
  }
}

extension DocumentValues {
  /// Prices with the decimals of the currency at least: 100 is 100.00.
  fileprivate mutating func round() {
    lines = lines.map { line in
      var line = line
      if let units = try? units(line.price, extraPlaces: UnitPrice.extraPlaces) {
        line.price = decimal(units, extraPlaces: UnitPrice.extraPlaces)
      }
      if case .fixed(let amount) = line.discount, let minor = try? units(amount) { line.discount = .fixed(decimal(minor)) }
      return line
    }
    if case .fixed(let amount) = discount, let minor = try? units(amount) { self["discount"] = .text(decimal(minor)) }
  }
}
