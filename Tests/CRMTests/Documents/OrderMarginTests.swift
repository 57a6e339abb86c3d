@testable import Admin
import Base
@testable import CRM
import Money
import Testing

@Suite struct OrderMarginTests {
  @Test(arguments: [1_000, 2_000] as [Int64])
  func `costs that are too large to multiply or to add up are unknown`(quantity: Int64) throws {
    var order = DocumentValues(RecordType.order.blank(), of: .order)
    order["currency"] = .text("EUR")
    order.lines = (0..<10).map { number in
      var line = DocumentLine(name: "Bell", quantity: quantity, price: "1")
      line.id = String(number)
      return line
    }
    let costs = Dictionary(uniqueKeysWithValues: order.lines.map { ($0.id, Amount?.some(Amount(Rounding.most, "EUR"))) })
    let margin = try #require(OrderMargin(order, costs))
    #expect(margin.costs == nil && margin.total == nil)
    #expect(margin.unknown == (quantity == 1_000 ? 0 : 10))
  }
}
