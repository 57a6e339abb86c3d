package import Money

/// Documents as people write them: `"3 × 99.99 @24"`.
package enum Sample {
  /// A decimal number in its smallest steps.
  package static func number(_ text: some StringProtocol, places: Int) -> Int64 {
    let (isNegative, digits) = (text.hasPrefix("-"), text.drop { $0 == "-" })
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    precondition(fraction.count <= places, "\(text) has more than \(places) decimals")
    guard let n = Int64(parts[0] + fraction + String(repeating: "0", count: places - fraction.count)) else { fatalError("\(text)") }
    return isNegative ? -n : n
  }

  package static func minor(_ text: some StringProtocol, places: Int = 2) -> Int64 { number(text, places: places) }

  package static func percentage(_ text: some StringProtocol) -> Percentage { Percentage(number(text, places: Percentage.places)) }

  package static func vat(_ rate: some StringProtocol) -> VATCode {
    let rate = percentage(rate)
    guard let code = VATCode(rate == .zero ? .zero : .standard, rate) else { fatalError("no such rate") }
    return code
  }

  /// `16 × 348.35 - 4% @22`, `90 @5`, `1 × 10.00 - 20.00 @24`
  package static func line(_ text: String, places: Int = 2) -> PricedDocument.Line {
    let (priced, rate) = text.parted(by: " @")
    let (product, discount) = priced.parted(by: " - ")
    let (first, second) = product.parted(by: " × ")
    let (quantity, price) = second.isEmpty ? ("1", first) : (first, second)
    return PricedDocument.Line(
      Quantity(number(quantity, places: Quantity.places)), at: UnitPrice(number(price, places: places + UnitPrice.extraPlaces)),
      discount: discount.isEmpty ? nil : self.discount(discount, places: places), vat: vat(rate.isEmpty ? "0" : rate))
  }

  /// `4%`, `30.00`
  package static func discount(_ text: String, places: Int = 2) -> PricedDocument.Discount {
    text.hasSuffix("%") ? .percentage(percentage(text.dropLast())) : .fixed(minor(text, places: places))
  }

  package static func document(
    _ lines: String..., discount: String? = nil, prices: PricedDocument.PriceMode = .net, paid: String = "0", currency: String = "EUR",
    places: Int = 2
  ) -> PricedDocument {
    PricedDocument(
      currency: currency, prices: prices, lines: lines.map { line($0, places: places) },
      discount: discount.map { self.discount($0, places: places) }, paid: minor(paid, places: places))
  }
}

extension String {
  fileprivate func parted(by mark: String) -> (String, String) {
    guard let range = firstRange(of: mark) else { return (self, "") }
    return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
  }
}
