import XML

/// Puts amounts in one currency into elements.
struct AmountWriter {
  let currency: String
  let places: Int

  func callAsFunction(_ name: String, _ minor: Int64) -> XMLElement { self(name, decimal: DecimalText.of(minor, places: places)) }

  func callAsFunction(_ name: String, decimal: String) -> XMLElement { XMLElement(name, decimal, attributes: ["currencyID": currency]) }
}
