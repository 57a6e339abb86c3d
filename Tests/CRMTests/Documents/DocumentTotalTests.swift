@testable import Admin
import Base
@testable import CRM
import Foundation
import Money
import Store
import TestKit
import Testing
import Web
import XML

/// What documents come to, from the form to the page, the list, the file and the API. Numbers in names are cases of money_documents §4.
@Suite struct DocumentTotalTests {
  private typealias Line = DocumentOffice.Line
  let sales: DocumentOffice

  init() throws { sales = try DocumentOffice() }

  private func make(_ lines: [Line], _ more: [(String, String)] = []) throws -> String {
    try sales.make(DocumentOffice.orders, lines, more)
  }

  private func sums(_ path: String) -> [String] {
    sales.owner.get(path).page.all("//table[contains(@class, 'document-sums')]//td").map(\.text)
  }

  /// The net total, VAT and total as the API has them.
  private func totals(_ path: String) -> [String] { ["net", "vat", "total"].map { sales.amount(path, $0) } }

  private static let documents: [(lines: [(String, String, String)], more: [(String, String)], net: String, vat: String, total: String)] = [
    ([("10", "82.50", "15 %")], [], "701.25", "0.00", "701.25"),
    ([("10", "100", "40%")], [("discount", "70%")], "180.00", "0.00", "180.00"),
    ([("3", "45", "")], [("discount", "60.00")], "75.00", "0.00", "75.00"),
    ([("3", "3.46", ""), ("1", "25", ""), ("6", "4.713", ""), ("6", "4.501", "")], [], "90.67", "0.00", "90.67"),
    ([("0.333", "90", "")], [], "29.97", "0.00", "29.97"),
    ([("1000", "0.195", "")], [], "195.00", "0.00", "195.00"),
  ]

  @Test(arguments: documents.indices) func `8, 10: a document comes to what its lines and discounts say`(index: Int) throws {
    let (lines, more, net, vat, total) = Self.documents[index]
    for path in [DocumentOffice.orders, DocumentOffice.quotes] {
      let made = try sales.make(path, lines.map { Line("Something", $0.0, $0.1, discount: $0.2) }, more)
      #expect(totals(made) == [net, vat, total])
      #expect(sums(made).last == total)
    }
  }

  @Test func `11: prices with VAT stay what the customer was promised, and nothing is owed for what is free`() throws {
    let code = try sales.vat("5")
    let order = try make([Line("A", "1", "90", vat: code), Line("B", "1", "55", vat: code)], [("prices", "gross")])
    #expect(totals(order) == ["138.10", "6.90", "145.00"])
    let free = try make([Line("Gift", "1", "1300", discount: "100%", vat: code)], [("prices", "gross")])
    #expect(totals(free) == ["0.00", "0.00", "0.00"])
    sales.step(free, "confirm")
    #expect(sales.json(free)["status"]?.string == "confirmed")
    #expect(sales.json(free)["payment_status"]?.string == "pending")
  }

  @Test func `VAT is rounded once for each rate, and shown for each`() throws {
    let (high, low) = (try sales.vat("24"), try sales.vat("6"))
    let order = try make(
      [Line("A", "3", "99.99", vat: high), Line("B", "1", "50", vat: high), Line("C", "2", "10.01", vat: low)], [("discount", "10.00")])
    #expect(totals(order) == ["359.99", "82.89", "442.88"])
    #expect(sums(order) == ["369.99", "-10.00", "359.99", "81.72", "1.17", "442.88"])
    let shipped = try make(
      [Line("A", "1", "10", vat: high), Line("B", "1", "5", vat: low)], [("shipping", "4"), ("shipping_currency", "EUR")])
    // Shipping is taxed as most of the goods are.
    #expect(totals(shipped) == ["19.00", "3.66", "22.66"])
  }

  @Test func `12: a discount above the amount is refused at its place, and nothing is saved`() throws {
    let before = try sales.office.store.read { try $0.value("SELECT count(*) FROM orders") }
    let whole = sales.post(DocumentOffice.orders, [Line("A", "1", "10")], [("discount", "20")])
    #expect(
      whole.status == 422 && whole.page.first("//*[@id='f-discount-error']")?.text.contains("10.00") == true, "\(sales.problems(whole))")
    let line = sales.post(DocumentOffice.orders, [Line("A", "1", "5"), Line("B", "1", "10", discount: "20.00")])
    #expect(line.status == 422 && line.page.first("//*[@id='f-line-1-error']") != nil, "\(sales.problems(line))")
    // What was typed is still there.
    #expect(line.page.all("//input[@name='line_discount'][not(ancestor::template)]").map { $0["value"] } == ["", "20.00"])
    #expect(try sales.office.store.read { try $0.value("SELECT count(*) FROM orders") } == before)
    #expect(try sales.office.store.read { try $0.value("SELECT count(*) FROM numbers") } == 0)
  }

  @Test(arguments: [
    ("-1", "10", ""), ("0", "10", ""), ("abc", "10", ""), ("1", "-10", ""), ("1", "ten", ""), ("1", "10", "-5"), ("1", "10", "101%"),
    ("1", "10", "x%"), ("1.2345", "10", ""), ("1", "0.123456789012", ""), ("99999999999999999999", "10", ""),
    ("1", "99999999999999999999999", ""), ("999999999999", "999999999999", ""), ("1", "0.1234567", ""), ("1", "", ""), ("1e3", "10", ""),
    ("١٢", "1.2.3", ""),
  ])
  func `a line that can't be read says so at its place, and nothing is made`(quantity: String, price: String, discount: String) throws {
    for path in [DocumentOffice.orders, DocumentOffice.quotes] {
      let answer = sales.post(path, [Line("Fine", "1", "1"), Line("Bad", quantity, price, discount: discount)])
      #expect(answer.status == 422, "\(answer.status)")
      #expect(answer.page.first("//*[@id='f-line-1-error']") != nil, "\(sales.problems(answer))")
      #expect(answer.page.first("//*[@id='f-line-0-error']") == nil)
      #expect(answer.page.all("//input[@name='line_quantity'][not(ancestor::template)]").last?["value"] == quantity)
    }
    #expect(try sales.office.store.read { try $0.value("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM numbers)") } == 0)
  }

  @Test(arguments: [("-5x", ""), ("2", ""), ("", "10%")]) func `a row without an item keeps what was typed in it`(
    quantity: String, discount: String
  ) throws {
    let answer = sales.post(DocumentOffice.orders, [Line("Fine", "1", "1"), Line("", quantity, "", discount: discount)])
    #expect(answer.status == 422)
    for (name, typed) in [("quantity", quantity), ("discount", discount)] {
      #expect((answer.page.all("//input[@name='line_\(name)'][not(ancestor::template)]").last?["value"] ?? "") == typed)
    }
    #expect(sales.post(DocumentOffice.orders, [Line("Fine", "1", "1"), Line("", "", "")]).status == 303)
  }

  @Test func `37: a currency has the decimals that it has`() throws {
    func made(_ currency: String, _ line: Line) throws -> [String] { totals(try make([line], [("currency", currency)])) }
    #expect(try made("JPY", Line("A", "1", "8")) == ["8", "0", "8"])
    #expect(try made("JPY", Line("A", "2", "4.5")) == ["9", "0", "9"])
    let (ten, five) = (try sales.vat("10"), try sales.vat("5"))
    #expect(try made("JPY", Line("A", "1", "1127", vat: ten)) == ["1127", "113", "1240"])
    #expect(try made("KWD", Line("A", "3", "1.235", vat: five)) == ["3.705", "0.185", "3.890"])
    let yen = try make([Line("A", "1", "1127", vat: ten)], [("currency", "JPY")])
    #expect(sums(yen).last == "1,240")
    #expect(sales.post(DocumentOffice.orders, [Line("A", "1", "100", discount: "0.5")], [("currency", "JPY")]).status == 422)
    #expect(sales.post(DocumentOffice.orders, [Line("A", "1", "100")], [("currency", "QQQ")]).status == 422)
    // Shipping in another currency would be added to what it isn't.
    let mixed = sales.post(DocumentOffice.orders, [Line("A", "1", "100")], [("shipping", "5"), ("shipping_currency", "USD")])
    #expect(mixed.status == 422 && mixed.page.first("//*[@id='f-shipping-error']") != nil)
  }

  @Test func `39: prices are read as their writer's language has them`() throws {
    let greek = try sales.office.visitor(.admin, name: "Γιώργος")
    greek.get("/account")
    greek.post("/account", ["name": "Γιώργος", "language": "el", "time_zone": "Europe/Athens", "theme": "auto"])
    for (typed, price) in [("35,00", "35.00"), ("0,25", "0.25"), ("1.234,50", "1234.50"), ("1.234", "1234.00"), ("1.5", "1.50")] {
      let made = sales.post(DocumentOffice.orders, [Line("Ρολόι", "1", typed)], by: greek)
      #expect(made.status == 303, "\(typed): \(sales.problems(made))")
      #expect(totals(made.location).last == price, "\(typed)")
    }
    let half = sales.post(DocumentOffice.orders, [Line("Ρολόι", "0,5", "3,00", discount: "12,5 %")], by: greek).location
    #expect(totals(half).last == "1.31")
    let form = greek.get(half + "/edit").page
    func value(_ name: String) -> String? { form.first("//input[@name='\(name)'][not(ancestor::template)]")?["value"] }
    #expect(value("line_quantity") == "0,5" && value("line_price") == "3,00")
    #expect(value("line_discount")?.replacing("\u{A0}", with: " ") == "12,5 %")
  }

  @Test func `47: what is written stays in its currency when the office's changes`() throws {
    let order = try make([Line("A", "1", "100")])
    sales.owner.get("/admin/settings/crm")
    try sales.office.store.write { db in
      try db.run(
        """
        INSERT INTO settings (name, value, version, changed_at, changed_by_name) VALUES ('default_currency', 'USD', 2, \(sales.office.now), 'x')
        ON CONFLICT (name) DO UPDATE SET value = 'USD'
        """)
    }
    #expect(sales.json(order)["total"]?["currency"]?.string == "EUR")
    #expect(try sales.owner.post(order, sales.form(order) + [("csrf_token", sales.owner.lastToken)]).status == 303)
    #expect(sales.json(order)["total"]?["currency"]?.string == "EUR")
    let new = sales.post(DocumentOffice.orders, [Line("A", "1", "100")], [("currency", "")]).location
    #expect(sales.json(new)["total"]?["currency"]?.string == "USD")
    #expect(sales.owner.get(DocumentOffice.orders).text.contains("100.00\u{A0}EUR"))
  }

  // MARK: Random documents

  /// `ROOST_RANDOM_ORDERS=10000` tries more than the usual number.
  private static let count = ProcessInfo.processInfo.environment["ROOST_RANDOM_ORDERS"].flatMap { Int($0) } ?? 100

  private struct Sample {
    var document: PricedDocument
    var lines: [Line] = []
    var more: [(String, String)] = []
  }

  private static func decimal(_ n: Int, _ places: Int) -> String { DecimalField(places: places, fewest: 0).text(.integer(n)) }

  private func sample(_ codes: [(id: String, rate: Int64)], _ random: inout TestKit.SplitMix) throws -> Sample {
    let currency = ["EUR", "EUR", "JPY", "KWD"][random.below(4)]
    let places = Currency.places(of: currency) ?? 2
    var sample = Sample(document: PricedDocument(currency: currency, lines: []))
    sample.document.prices = random.below(3) == 0 ? .gross : .net
    sample.more = [("currency", currency), ("prices", sample.document.prices.rawValue)]
    func discount(_ most: Int64) -> (PricedDocument.Discount, String)? {
      switch random.below(4) {
      case 0:
        let n = random.below(1_000_001)
        return (.percentage(Percentage(Int64(n))), Self.decimal(n, Percentage.places) + "%")
      case 1:
        let n = most <= 0 ? 0 : random.below(Int(most) + 1)
        return (.fixed(Int64(n)), Self.decimal(n, places))
      default: return nil
      }
    }
    for number in 0...random.below(5) {
      if random.below(8) == 0 {
        sample.document.lines.append(nil)
        sample.lines.append(Line("Part \(number)", "", "", kind: "section"))
        continue
      }
      let quantity = random.below(3) == 0 ? 1 + random.below(20_000) : (1 + random.below(20)) * 1_000
      let price = random.below(3) == 0 ? random.below(900_000_000) : random.below(90_000) * 10_000
      let code = codes[random.below(codes.count)]
      let known = Money.VATCode(code.rate == 0 ? .zero : .standard, Percentage(code.rate))
      let vat = try #require(known)
      var line = PricedDocument.Line(Quantity(Int64(quantity)), at: UnitPrice(Int64(price)), vat: vat)
      let amount = try PricedDocument(currency: currency, lines: [line]).totals().net
      let less = discount(amount)
      line.discount = less?.0
      sample.document.lines.append(line)
      sample.lines.append(
        Line(
          "Thing \(number)", Self.decimal(quantity, 3), Self.decimal(price, places + UnitPrice.extraPlaces), discount: less?.1 ?? "",
          vat: code.id))
    }
    let whole = discount(try sample.document.totals().lineTotal)
    sample.document.discount = whole?.0
    sample.more.append(("discount", whole?.1 ?? ""))
    let priced = sample.document.lines.compactMap(\.self)
    if random.below(3) == 0, !priced.isEmpty {
      let charge = 1 + random.below(5_000)
      var sums: [Money.VATCode: Int128] = [:]
      for line in priced { sums[line.vat, default: 0] += Int128(line.quantity.thousandths) * Int128(line.price.units) }
      let most = sums.values.max()
      let usual = sums.filter { $0.value == most }.keys.min()
      let vat = try #require(usual)
      sample.document.charges = [.init(Int64(charge), vat: vat)]
      sample.more += [("shipping", Self.decimal(charge, places)), ("shipping_currency", currency)]
    }
    return sample
  }

  @Test func `a document comes to the same everywhere, to the cent`() throws {
    let codes = try [("0", "Z", 0), ("5.5", "S", 55_000), ("8.25", "S", 82_500), ("24", "S", 240_000), ("33.3333", "S", 333_333)].map {
      (id: try sales.vat($0.0, category: $0.1), rate: Int64($0.2))
    }
    try sales.settings(
      "/documents", ["business_name": "Helios", "business_vat_number": "EL123456783", "business_country": "GR", "business_city": "Athens"])
    #expect(sales.program.send(.patch, "/contacts/" + sales.customer, .object(["country": "GR"])).status == 200)
    var random = TestKit.SplitMix(seed: 12)
    var expected: [String: (DocumentTotals, Int)] = [:]
    for _ in 0..<Self.count {
      // A program may ask so often a minute.
      sales.office.wait(seconds: 1)
      let sample = try sample(codes, &random)
      let totals = try sample.document.totals()
      let path = try make(sample.lines, sample.more)
      let places = Currency.places(of: sample.document.currency) ?? 2
      expected[sales.id(path)] = (totals, places)
      func text(_ minor: Int64) -> String { Self.fixed(minor, places) }
      let json = sales.json(path)
      let found = ["subtotal", "net", "vat", "total"].map { json[$0]?["amount"]?.string ?? "" }
      #expect(found == [totals.lineTotal, totals.net, totals.vat, totals.gross].map(text), "\(sample)")
      let page = sums(path).map { $0.replacing(",", with: "").replacing("\u{2212}", with: "-") }
      #expect(page.last == text(totals.gross), "\(sample)")
      let groups = totals.vatGroups.filter { $0.vat != 0 || $0.code.rate > .zero }
      #expect(page.dropLast().suffix(groups.count).sorted() == groups.map { text($0.vat) }.sorted(), "\(sample)")
      // The same again: as it stands in its form.
      let again = sales.owner.post(path, try sales.form(path) + [("csrf_token", sales.owner.lastToken)])
      #expect(again.status == 303 && sales.json(path)["version"] == json["version"], "\(sales.problems(again)) \(sample)")
      try checkPapers(of: path, totals, places, "\(sample)")
    }
    var file = try CSVTable(bytes: Array(sales.owner.get(DocumentOffice.orders + "/export.csv?columns=all").text.utf8))
    var rows = 0
    while let row = try file.next() {
      rows += 1
      let values = Dictionary(zip(file.heading, row.fields)) { first, _ in first }
      let (totals, places) = try #require(expected[values["id"] ?? ""])
      for (name, minor) in [("net", totals.net), ("vat", totals.vat), ("total", totals.gross)] {
        #expect(values[name] == Self.fixed(minor, places) + " " + totals.currency)
      }
    }
    #expect(rows == Self.count)
    let listed = sales.owner.get(DocumentOffice.orders + "?per_page=100").page.all("//tr[starts-with(@id, 'row-')]")
    #expect(listed.count == min(100, Self.count))
    for row in listed {
      let (totals, places) = try #require(expected[(row["id"] ?? "").replacing("row-", with: "")])
      #expect(row.text.replacing(",", with: "").contains(Self.fixed(totals.gross, places) + "\u{A0}" + totals.currency))
    }
  }

  /// What the order and its invoice come to on paper, and the invoice for other programs.
  private func checkPapers(of order: String, _ totals: DocumentTotals, _ places: Int, _ sample: String) throws {
    func text(_ minor: Int64) -> String { Self.fixed(minor, places) }
    func total(_ pdf: String) throws -> String? {
      let sums = try sales.pdf(pdf).split(separator: "\n").filter { $0.split(separator: " ").first == "Total" }
      return sums.last?.replacing(",", with: "").split(whereSeparator: \.isWhitespace).first { $0.contains(/^\d/) }.map(String.init)
    }
    #expect(try total(order + "/confirmation.pdf") == text(totals.gross), "\(sample)")
    guard totals.lines.contains(where: { $0 != nil }) else { return }
    sales.step(order, "confirm")
    let invoice = sales.stepping(order, "invoice")
    try sales.issue(invoice)
    #expect(self.totals(invoice) == [totals.net, totals.vat, totals.gross].map(text), "\(sample)")
    #expect(try total(invoice + "/invoice.pdf") == text(totals.gross), "\(sample)")
    // The standard knows no amounts with three decimals.
    guard places < 3 else { return }
    let xml = sales.owner.get(invoice + "/invoice.xml").text
    for (name, minor) in [("TaxExclusiveAmount", totals.net), ("TaxInclusiveAmount", totals.gross), ("PayableAmount", totals.due)] {
      #expect(xml.contains(">\(text(minor))</cbc:\(name)>"), "\(name) \(xml) \(sample)")
    }
    #expect(xml.firstMatch(of: /<cbc:TaxAmount[^>]*>([^<]*)</)?.1 == text(totals.vat)[...], "\(sample)")
  }

  private static func fixed(_ minor: Int64, _ places: Int) -> String { DecimalField(places: places).text(.integer(Int(minor))) }
}
