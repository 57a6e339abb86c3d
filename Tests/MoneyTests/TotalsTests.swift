import Money
import TestKit
import Testing

struct TotalsTests {
  @Test func `the golden document`() throws {
    let totals = try Sample.document("3 × 99.99 @24", "1 × 50.00 @24", "2 × 10.01 @6", discount: "10.00", paid: "100.00").totals()
    #expect(totals.lines.map { $0?.total } == [29997, 5000, 2002])
    #expect(totals.lineTotal == 36999)
    #expect(totals.vatGroups.map(\.discount) == [946, 54])
    #expect(totals.vatGroups.map(\.taxable) == [34051, 1948])
    #expect(totals.vatGroups.map(\.vat) == [8172, 117])
    #expect([totals.net, totals.vat, totals.gross, totals.due] == [35999, 8289, 44288, 34288])
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let number: Int
    let document: PricedDocument
    var net: String?
    var vat: String?
    let gross: String
    var places = 2

    var testDescription: String { "case \(number)" }
  }

  /// Bugs that users reported to other programs, with their inputs.
  static let cases = [
    Case(number: 1, document: Sample.document("99.99 @25", "99.99 @25", "99.99 @25"), vat: "74.99", gross: "374.96"),
    Case(number: 2, document: Sample.document("10.01 @20", "10.01 @20", "10.01 @20"), gross: "36.04"),
    Case(number: 3, document: Sample.document("16 × 348.35 - 4% @22"), net: "5350.66", vat: "1177.15", gross: "6527.81"),
    Case(number: 4, document: Sample.document("1091.50 @15"), vat: "163.73", gross: "1255.23"),
    Case(number: 5, document: Sample.document("97.50 @19"), vat: "18.53", gross: "116.03"),
    Case(number: 6, document: Sample.document("3 × 45.00 @21", discount: "60.00"), vat: "15.75", gross: "90.75"),
    Case(number: 7, document: Sample.document("8500 @19", "-1 × 7500 @19"), net: "1000", gross: "1190.00"),
    Case(number: 8, document: Sample.document("10 × 82.50 - 15%"), gross: "701.25"),
    Case(number: 9, document: Sample.document("3 × 3.460", "25.000", "6 × 4.713", "6 × 4.501"), net: "90.67", gross: "90.67"),
    Case(number: 10, document: Sample.document("10 × 100 - 40%", discount: "70%"), gross: "180.00"),
    Case(number: 11, document: Sample.document("1300 - 100% @5", prices: .gross), net: "0", vat: "0", gross: "0"),
    Case(number: 11, document: Sample.document("90 @5", "55 @5", prices: .gross), net: "138.10", vat: "6.90", gross: "145.00"),
    Case(number: 37, document: Sample.document("8", currency: "JPY", places: 0), gross: "8", places: 0),
    Case(number: 37, document: Sample.document("1127 @10", currency: "JPY", places: 0), vat: "113", gross: "1240", places: 0),
    Case(
      number: 37, document: Sample.document("3 × 1.235 @5", currency: "KWD", places: 3), net: "3.705", vat: "0.185", gross: "3.890",
      places: 3),
  ]

  @Test(arguments: cases) func `reported bugs`(_ sample: Case) throws {
    let totals = try sample.document.totals()
    func expect(_ found: Int64, _ text: String?) {
      if let text { #expect(found == Sample.minor(text, places: sample.places)) }
    }
    expect(totals.net, sample.net)
    expect(totals.vat, sample.vat)
    expect(totals.gross, sample.gross)
  }

  @Test func `case 9: lines without discounts leave no cent of one`() throws {
    #expect(try Self.cases[8].document.totals().discount == 0)
  }

  @Test(arguments: ["20.00", "10.01", "-0.01"]) func `case 12: a discount takes at most all`(_ discount: String) throws {
    let all = TotalsErrors.Problem.discountOutOfRange(most: 1000)
    let whole = #expect(throws: TotalsErrors.self) { try Sample.document("10.00", discount: discount).totals() }
    #expect(whole?.all.map(\.problem) == [all])
    #expect(whole?.all.first?.place == .discount)
    var document = Sample.document("5.00", "10.00")
    document.lines[1]?.discount = Sample.discount(discount)
    let line = #expect(throws: TotalsErrors.self) { try document.totals() }
    #expect(line?.all.first?.place == .line(1))
    #expect(try Sample.document("10.00", discount: "10.00").totals().gross == 0)
  }

  @Test func `case 13: a fixed discount is shared by partial invoices`() throws {
    func parts(_ discount: Int64, _ amounts: [Int64]) throws -> [Int64] {
      var before: Int64 = 0
      return try amounts.map { amount in
        defer { before += amount }
        return try CumulativeShare.part(of: discount, from: before, to: before + amount, whole: amounts.reduce(0, +))
      }
    }
    #expect(try parts(3000, [10000, 10000]) == [1500, 1500])
    #expect(try parts(1000, [3333, 3333, 3334]) == [333, 334, 333])
    #expect(try parts(1000, []) == [])
    #expect(try CumulativeShare.part(of: 1000, from: 0, to: 0, whole: 0) == 0)
  }

  @Test func `the discount is rounded, not what is left`() throws {
    #expect(try Sample.document("0.10 - 5%").totals().gross == 9)
  }

  @Test func `prices with VAT keep what was promised`() throws {
    let totals = try Sample.document("100.00 @24", prices: .gross).totals()
    #expect([totals.net, totals.vat, totals.gross] == [8065, 1935, 10000])
  }

  @Test func `lines share the taxable amount of prices with VAT`() throws {
    let document = Sample.document("0.33 @24", "0.33 @24", "0.34 @24", "-1 × 0.10 @24", "5 @13", discount: "0.77", prices: .gross)
    let totals = try document.totals()
    #expect(totals.gross == 513)
    for group in totals.vatGroups {
      let places = document.lines.indices.filter { document.lines[$0]?.vat == group.code }
      #expect(places.compactMap { totals.lines[$0]?.taxable }.reduce(0, +) == group.taxable)
      #expect(places.compactMap { totals.lines[$0]?.sharedDiscount }.reduce(0, +) == group.discount)
    }
  }

  @Test func `shipping has VAT of its own`() throws {
    var document = Sample.document("100 @24", discount: "10%")
    document.charges = [PricedDocument.Charge(500, vat: Sample.vat("13")), PricedDocument.Charge(700, vat: Sample.vat("24"))]
    let totals = try document.totals()
    #expect(totals.vatGroups.map(\.taxable) == [9700, 500])
    #expect(totals.vatGroups.map(\.vat) == [2328, 65])
    #expect([totals.lineTotal, totals.discount, totals.charges, totals.net] == [10000, 1000, 1200, 10200])
  }

  @Test func `sections and notes count nothing`() throws {
    var document = Sample.document("10 @24")
    document.lines = [nil] + document.lines + [nil]
    let totals = try document.totals()
    #expect(totals.lines.map { $0?.total } == [nil, 1000, nil])
    #expect(totals.gross == 1240)
    #expect(try PricedDocument(currency: "EUR", lines: []).totals().due == 0)
  }

  @Test(arguments: [("10.02", 0, "10.00"), ("10.03", 0, "10.05"), ("10.08", 1000, "0.10")])
  func `what is due is rounded to the smallest coin, and nothing else`(_ price: String, _ paid: Int64, _ due: String) throws {
    var document = Sample.document(price)
    (document.smallestCoin, document.paid) = (5, paid)
    let totals = try document.totals()
    #expect(totals.due == Sample.minor(due))
    #expect(totals.gross == Sample.minor(price))
    #expect(totals.gross + totals.rounding - totals.paid == totals.due)
  }

  @Test func `too much paid shows as such`() throws { #expect(try Sample.document("10", paid: "12.50").totals().due == -250) }

  // MARK: Bad input

  @Test func `what is too large says so and where`() throws {
    let price = UnitPrice(Int64.max)
    let document = PricedDocument(
      currency: "EUR",
      lines: [
        .init(.one, at: UnitPrice(1), vat: Sample.vat("24")), .init(Quantity(Int64.max), at: price, vat: Sample.vat("24")), nil,
        .init(Quantity(Int64.min), at: price, vat: Sample.vat("24")),
      ])
    let errors = #expect(throws: TotalsErrors.self) { try document.totals() }
    #expect(errors?.all.map(\.place) == [.line(1), .line(3)])
    #expect(errors?.all.allSatisfy { $0.problem == .tooLarge } == true)
  }

  @Test func `sums that are too large are errors too`() throws {
    let most = Rounding.most
    let line = PricedDocument.Line(Quantity(1_000_000_000), at: UnitPrice(6_000_000_000_000_000), vat: Sample.vat("24"))
    var document = PricedDocument(currency: "EUR", lines: [line])
    #expect(try document.totals().net == 600_000_000_000_000_000)
    document.lines.append(line)
    #expect(throws: TotalsErrors.self) { try document.totals() }
    document.lines = []
    document.charges = [.init(most, vat: Sample.vat("100"))]
    #expect(throws: TotalsErrors.self) { try document.totals() }
    document.charges = [.init(Int64.max, vat: Sample.vat("0"))]
    #expect(throws: TotalsErrors.self) { try document.totals() }
    document.charges = []
    for paid in [Int64.max, Int64.min] {
      document.paid = paid
      #expect(throws: TotalsErrors.self) { try document.totals() }
    }
    #expect(throws: MoneyError.tooLarge) { try Amount(most, "EUR").adding(Amount(1, "EUR")) }
    #expect(throws: MoneyError.tooLarge) { try UnitPrice.of(minor: Int64.max) }
    #expect(throws: MoneyError.tooLarge) { try Percentage.whole.of(Int64.min) }
  }

  @Test func `bad figures are named`() throws {
    func problems(_ document: PricedDocument) -> [TotalsErrors.Problem] {
      do throws(TotalsErrors) {
        _ = try document.totals()
        return []
      } catch {
        return error.all.map(\.problem)
      }
    }
    var document = Sample.document("10", "20", currency: "EUR")
    document.lines[0]?.price = UnitPrice(-1)
    document.lines[1]?.discount = .percentage(Percentage(1_000_001))
    document.charges = [.init(-1, vat: Sample.vat("24"))]
    #expect(problems(document) == [.negativePrice, .percentageOutOfRange, .negativeCharge])
    #expect(problems(Sample.document("10", "-1 × 10.01")) == [.negativeTotal])
    #expect(problems(Sample.document("10", discount: "-1%")) == [.percentageOutOfRange])
    #expect(problems(Sample.document("10", currency: "XYZ")) == [.unknownCurrency("XYZ")])
    #expect(problems(Sample.document("10", currency: "")) == [.unknownCurrency("")])
    // The lines alone would be 10 net, with −24 of VAT.
    #expect(problems(Sample.document("110", "-1 × 100 @24")) == [.negativeTotal])
  }

  @Test func `only the standard category has a rate`() {
    #expect(VATCode(.standard, .zero) == nil)
    #expect(VATCode(.standard, Percentage(1_000_001)) == nil)
    #expect(VATCode(.standard, Percentage(-1)) == nil)
    for category in VATCode.Category.allCases where category != .standard {
      #expect(VATCode(category) != nil)
      #expect(VATCode(category, Percentage(1)) == nil)
    }
  }

  @Test func `amounts in different currencies have no sum`() {
    #expect(throws: MoneyError.otherCurrency) { try Amount(1, "EUR").adding(Amount(1, "JPY")) }
    #expect(throws: MoneyError.otherCurrency) { try Margin(net: Amount(1, "EUR"), cost: Amount(1, "JPY")) }
  }
}
