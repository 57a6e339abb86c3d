import Admin
import EInvoice

/// The number of a bank account, checked, since customers pay to it and nobody notices a wrong digit.
struct IBANField: PlainTextKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let typed = try LineField().parse(text)
    if typed.isEmpty { return .empty }
    guard let iban = IBAN.normalized(typed.text) else { throw InvalidValue(Message("This isn’t a valid IBAN. Check its digits.")) }
    return .text(iban)
  }
}
