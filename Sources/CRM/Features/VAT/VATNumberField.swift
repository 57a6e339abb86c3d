import Admin
import EInvoice

/// The VAT number of a firm. A Greek one begins with EL, as the European register has it, although its country is GR.
struct VATNumberField: PlainTextKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue { .init(Self.written(try LineField().parse(text).text, country: "")) }

  /// With its prefix; another country's number as it was typed. Only Greek numbers are written by two prefixes, and have a digit that tells that they are one.
  static func written(_ text: String, country: String) -> String {
    guard let number = VATNumber(text, country: country), number.prefix == VATNumber.prefix(of: "GR") else { return text }
    return number.text
  }
}
