import Base
import EInvoice
import Money
import TestKit

/// Invoices of all kinds. Each of them has to pass the official rules (`Rules/test_rules.py`).
enum Invoices {
  static let all: [(name: String, invoice: EInvoice)] = [
    ("golden", golden), ("credit-note", creditNote), ("reverse-charge", reverseCharge), ("exempt", exempt),
    ("intra-community", intraCommunity), ("export", export), ("out-of-scope", outOfScope), ("mixed", mixed()),
    ("gross", mixed(prices: .gross)), ("credit-note-gross", with(mixed(prices: .gross)) { $0.kind = .creditNote }), ("yen", yen),
    ("yen-gross", yenGross), ("cash-rounding", cashRounding), ("peppol", peppol),
    ("peppol-credit-note", with(peppol) { $0.kind = .creditNote }),
    ("own-currency", ownCurrency), ("without-vat-number", smallBusiness), ("free", free), ("odd-texts", oddTexts),
    ("long-texts", longTexts),
    ("all-payments", with(golden) { $0.payment = .init(.transfer, account: "12 34 56", accountName: "Elsewhere", bic: "ABCDGB2L") }),
    ("kosovo", with(golden) { $0.buyer = .init("Firma", address: .init(country: "XK")) }),
    ("every-unit", everyUnit),
    ("last-credit", lastCredit(prices: .net)), ("last-credit-gross", lastCredit(prices: .gross)),
    ("marked-note", with(golden) { $0.note = "Batch #xyz# of today" }),
  ]

  static func day(_ text: String) -> Day { Day(text) ?? Day(Timestamp(milliseconds: 0).civil) }

  static func vat(_ category: VATCode.Category) -> VATCode {
    guard let code = VATCode(category) else { fatalError("a category without a rate") }
    return code
  }

  static func with(_ invoice: EInvoice, _ change: (inout EInvoice) -> Void) -> EInvoice {
    var invoice = invoice
    change(&invoice)
    return invoice
  }

  static let seller = {
    var seller = EInvoice.Party(
      "Πινακίδες Α.Ε.", vatNumber: "123456783",
      address: .init(["Ερμού 12", "2ος όροφος"], city: "Αθήνα", postcode: "105 63", country: "GR"))
    seller.registrationNumber = "012345678000"
    seller.contact = .init(name: "Ελένη Παππά", phone: "+30 210 1234567", email: "eleni@example.gr")
    return seller
  }()

  static let greekBuyer = EInvoice.Party(
    "Ζωή & Σία Ο.Ε.", vatNumber: "EL 094259216", address: .init(["Τσιμισκή 1"], city: "Θεσσαλονίκη", postcode: "54624", country: "GR"))

  static let germanBuyer = EInvoice.Party(
    "Müller GmbH", vatNumber: "DE123456789", address: .init(["Hauptstr. 1"], city: "Köln", postcode: "50667", country: "DE"))

  /// An invoice of lines as in `Sample`, with figures computed from them.
  static func make(_ document: PricedDocument, _ names: [String] = [], buyer: EInvoice.Party = greekBuyer) -> EInvoice {
    guard let totals = try? document.totals() else { fatalError("figures without a total") }
    let lines = document.lines.enumerated().map { index, line in
      line.map { _ in EInvoice.Line(index < names.count ? names[index] : "Article \(index + 1)") }
    }
    var invoice = EInvoice(
      .invoice, number: "INV-2026-014", issued: day("2026-11-20"), seller: seller, buyer: buyer, lines: lines, document: document,
      totals: totals)
    invoice.due = day("2026-12-20")
    invoice.payment = .init(
      .sepaTransfer, account: "GR16 0110 1250 0000 0001 2300 695", accountName: "Πινακίδες Α.Ε.", bic: "ETHNGRAA", reference: "INV-2026-014"
    )
    return invoice
  }

  static let golden = {
    let document = Sample.document("3 × 99.99 @24", "1 × 50.00 @24", "2 × 10.01 @6", discount: "10.00", paid: "100.00")
    var invoice = make(document, ["Οθόνη αφής", "Installation", "Cable, 2 m"])
    invoice.lines[0]?.sku = "HMI-7"
    invoice.lines[0]?.description = "7 inch, 24 V"
    invoice.lines[1]?.unit = "HUR"
    invoice.discountReason = "Regular customer"
    invoice.paymentTerms = "30 days net"
    invoice.note = "Thank you!"
    invoice.orderReference = "PO-77"
    return invoice
  }()

  static let creditNote = with(golden) {
    $0.kind = .creditNote
    $0.number = "CN-2026-003"
    $0.precedingInvoices = [.init("INV-2026-014", issued: day("2026-11-20")), .init("INV-2026-013")]
  }

  /// The last of several credit notes, which takes what rounding has left over.
  static func lastCredit(prices: PricedDocument.PriceMode) -> EInvoice {
    var document = Sample.document("1 × 0.335 @24", "2 × 10.01 - 5% @13", "1 × 3.33 @24", discount: "0.10", prices: prices)
    document.lines[0]?.correction = .init(total: -1, vat: 1)
    document.lines[1]?.correction = .init(total: 1, vat: -1)
    return with(make(document)) {
      $0.kind = .creditNote
      $0.precedingInvoices = [.init("INV-2026-014", issued: day("2026-11-20"))]
    }
  }

  private static func single(_ code: VATCode, buyer: EInvoice.Party) -> EInvoice {
    var document = Sample.document("3 × 33.33 @24", "1 × 0.01 - 100% @24", discount: "5%")
    for index in document.lines.indices { document.lines[index]?.vat = code }
    document.charges = [.init(790, vat: code)]
    var invoice = make(document, buyer: buyer)
    invoice.chargeReasons = ["Shipping"]
    return invoice
  }

  static let reverseCharge = with(single(vat(.reverseCharge), buyer: germanBuyer)) {
    $0.exemptionReasons = [.reverseCharge: "Reverse charge: VAT is due by the recipient"]
  }
  static let exempt = with(single(vat(.exempt), buyer: greekBuyer)) { $0.exemptionReasons = [.exempt: "Article 22 of the VAT code"] }
  static let intraCommunity = with(single(vat(.intraCommunity), buyer: germanBuyer)) {
    $0.delivery = .init(date: day("2026-11-18"), name: "Lager Süd", address: .init(["Kai 3"], city: "Hamburg", country: "DE"))
  }
  static let export = with(
    single(vat(.export), buyer: .init("Acme Inc.", address: .init(["1 Main St"], city: "Boston", region: "MA", country: "US")))
  ) {
    $0.note = "Exported goods"
  }
  static let outOfScope = single(vat(.outOfScope), buyer: greekBuyer)

  /// Several rates, discounts of lines and of the document, charges, sections.
  static func mixed(prices: PricedDocument.PriceMode = .net) -> EInvoice {
    var document = Sample.document(
      "3 × 19.99 - 7.5% @24", "0.333 × 30.00 @13", "2 × 10.01 - 1.00 @6", "1000 × 0.195 @24", "1 × 5.00 @0", "0 × 7.77 @24",
      "1 × 1300 - 100% @24",
      discount: "3.3333%", prices: prices, paid: "20.00")
    document.lines.insert(nil, at: 1)
    document.charges = [
      .init(790, vat: Sample.vat("24")), .init(333, vat: Sample.vat("24")), .init(1, vat: Sample.vat("13")),
      .init(0, vat: Sample.vat("17")),
    ]
    var invoice = make(document)
    invoice.chargeReasons = ["Shipping", "Packing", "Fee", "Insurance"]
    invoice.period = day("2026-10-01")...day("2026-10-31")
    return invoice
  }

  static let yen = make(Sample.document("1127 @10", "3 × 4.5 @8", currency: "JPY", places: 0))
  static let yenGross = make(Sample.document("10000 @10", "7 × 33 - 5 @8", discount: "77", prices: .gross, currency: "JPY", places: 0))

  static let cashRounding = {
    var document = Sample.document("10.03 @7.7", paid: "5.00", currency: "CHF")
    document.smallestCoin = 5
    return with(make(document)) { $0.payment = .init(.cash) }
  }()

  static let peppol = with(golden) {
    $0.profile = .peppol
    $0.seller.electronicAddress = .init("123456783", scheme: "9933")
    $0.buyer.electronicAddress = .init("094259216", scheme: "9933")
    $0.seller.tradingName = "Roost Displays"
    $0.documents = [
      .greekMark("400001234567890"), .greekAddress("https://mydata.example.gr/view?mark=400001234567890&x=1", of: "INV-2026-014"),
    ]
  }

  static let ownCurrency = with(make(Sample.document("12.50 @24", currency: "USD"))) { $0.vatInOwnCurrency = Amount(276, "EUR") }

  /// A seller without VAT number, who has a number at the tax office.
  static let smallBusiness = with(exempt) {
    ($0.seller.vatNumber, $0.seller.taxNumber, $0.seller.registrationNumber) = ("", "21/815/08150", "")
    ($0.buyer.vatNumber, $0.payment, $0.due) = ("", nil, nil)
  }

  static let everyUnit = {
    let units = EInvoiceCodes.units.sorted()
    var document = Sample.document("10.00 @24")
    document.lines = units.map { _ in document.lines[0] }
    return with(make(document)) { for (index, unit) in units.enumerated() { $0.lines[index]?.unit = unit } }
  }()

  static let free = with(make(Sample.document("10.00 @24", discount: "100%"))) { $0.payment = .init(.undefined) }

  static let oddTexts = {
    let odd = "<a href=\"x\">'&amp;' ]]> <!-- {{x}} --> \u{1}\u{8}😀👩‍👩‍👧 ‚„“”«»‹› \u{202E}rtl ᾠδή Łódź €\u{0}"
    var invoice = with(golden) { ($0.note, $0.paymentTerms, $0.discountReason) = (odd, odd, odd) }
    (invoice.number, invoice.orderReference, invoice.buyerReference) = (odd, odd, odd)
    (invoice.seller.name, invoice.seller.contact.name, invoice.buyer.tradingName) = (odd, odd, odd)
    invoice.buyer.address = .init([odd, "", odd, odd, "\u{2}", odd], city: odd, postcode: odd, region: odd, country: "gr")
    invoice.lines[0] = .init(odd, description: odd, sku: odd)
    invoice.documents = [.init(odd, description: odd, url: odd)]
    return invoice
  }()

  static let longTexts = {
    let long = String(repeating: "Ω", count: 10_000)
    return with(golden) {
      ($0.note, $0.number, $0.seller.name) = (long, long, long)
      $0.lines[0] = .init(long, description: long, sku: long)
      $0.buyer.address.lines = Array(repeating: long, count: 5)
    }
  }()

  /// Random figures with random texts. `nil` where there is no line at all.
  static func random(_ random: inout SplitMix) throws -> EInvoice? {
    var document = try Sample.document(&random)
    if document.currency == "KWD" { document.currency = "EUR" }
    document.lines.removeAll { ($0?.quantity.thousandths ?? 0) < 0 }
    guard document.lines.contains(where: { $0 != nil }) else { return nil }
    var invoice = make(document)
    if random.below(3) == 0 { invoice.kind = .creditNote }
    invoice.chargeReasons = document.charges.map { _ in "Charge \(random.below(9))" }
    invoice.note = String(decoding: random.bytes(20), as: UTF8.self)
    for index in invoice.lines.indices {
      invoice.lines[index]?.description = String(decoding: random.items(30, of: Array("<>&\"' #abc\u{3}".utf8)), as: UTF8.self)
    }
    return invoice
  }
}
