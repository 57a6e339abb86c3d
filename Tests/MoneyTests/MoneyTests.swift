import Money
import TestKit
import Testing

struct MoneyTests {
  @Test(arguments: [(125, 13), (-125, -13), (124, 12), (-124, -12), (126, 13), (-126, -13), (0, 0), (4, 0), (-5, -1)])
  func `halves are rounded away from zero`(_ tenths: Int, _ rounded: Int64) throws {
    #expect(try Rounding.divide(Int128(tenths), by: 10) == rounded)
    #expect(try Rounding.divide(-Int128(tenths), by: -10) == rounded)
  }

  @Test(
    arguments: [
      ("0.333", "30.00", "9.99"), ("1", "0.195", "0.20"), ("1000", "0.195", "195.00"), ("0.001", "0.0001", "0"), ("-2.5", "0.01", "-0.03"),
      ("1", "1.005", "1.01"), ("100", "19.99", "1999.00"), ("999999999", "999999999.99", nil),
    ] as [(String, String, String?)])
  func `a quantity of a price is rounded, and an error beyond 18 digits`(_ quantity: String, _ price: String, _ amount: String?) throws {
    let formula = TraceStep.Formula.product(
      Quantity(Sample.number(quantity, places: 3)), UnitPrice(Sample.number(price, places: 2 + UnitPrice.extraPlaces)))
    guard let amount else {
      #expect(throws: MoneyError.tooLarge) { try formula.value() }
      return
    }
    #expect(try formula.value() == Sample.minor(amount))
  }

  @Test func `a price has four decimals more than its currency`() throws {
    #expect(try UnitPrice.of(minor: 1250) == UnitPrice(Sample.number("12.50", places: 2 + UnitPrice.extraPlaces)))
    // 4.5 ¥ a piece
    let line = PricedDocument.Line(Quantity(3_000), at: UnitPrice(45_000), vat: Sample.vat("10"))
    let totals = try PricedDocument(currency: "JPY", lines: [line]).totals()
    #expect([totals.net, totals.vat] == [14, 1])
  }

  // MARK: Shares

  @Test(
    arguments: [
      (100, [1, 1, 1], [34, 33, 33]), (1000, [34997, 2002], [946, 54]), (10, [0, 0], [0, 0]), (7, [3, -5, 4], [3, 0, 4]),
      (0, [1, 2], [0, 0]),
      (1, [1, 1], [1, 0]), (5, [], []),
    ] as [(Int64, [Int64], [Int64])])
  func `an amount is divided to the last cent`(_ amount: Int64, _ weights: [Int64], _ parts: [Int64]) throws {
    #expect(try Share.divide(amount, by: weights).map { try $0.value() } == parts)
  }

  // MARK: Costs and margins

  @Test func `labour is minutes times an hourly rate`() throws {
    let cost = UnitCost(labourMinutes: 75, hourlyRate: Amount(1850, "EUR"))
    #expect(try cost.labour() == Amount(2313, "EUR"))
  }

  @Test func `a cost is its parts, labour and inbound shipping`() throws {
    let cost = UnitCost(
      parts: [Amount(1240, "EUR"), Amount(805, "EUR"), Amount(600, "EUR")], labourMinutes: 30, hourlyRate: Amount(2000, "EUR"),
      inboundShipping: Amount(155, "EUR"))
    #expect(try cost.total() == Amount(3800, "EUR"))
  }

  @Test func `case 45: a cost of 0 isn't an unknown one`() throws {
    #expect(try UnitCost().total() == nil)
    #expect(try UnitCost(labourMinutes: 30).total() == nil)
    #expect(try UnitCost(parts: [Amount(0, "EUR")]).total() == .zero("EUR"))
  }

  @Test func `costs are in one currency`() {
    #expect(throws: MoneyError.otherCurrency) { try UnitCost(parts: [Amount(1, "EUR"), Amount(1, "USD")]).total() }
  }

  @Test func `margin is of the price, markup of the cost`() throws {
    let margin = try Margin(net: Amount(5000, "EUR"), cost: Amount(4000, "EUR"))
    #expect(margin.profit == Amount(1000, "EUR"))
    #expect(margin.margin == Percentage(200_000))
    #expect(margin.markup == Percentage(250_000))
    let given = try Margin(net: .zero("EUR"), cost: Amount(4000, "EUR"))
    #expect(given.margin == nil && given.markup == Percentage(-1_000_000))
    #expect(try Margin(net: Amount(5000, "EUR"), cost: .zero("EUR")).markup == nil)
  }
}
