/// International bank account numbers (ISO 13616).
package enum IBAN {
  /// In capitals and without spaces; `nil` if its check digits are wrong.
  package static func normalized(_ text: String) -> String? {
    let iban = text.filter { !$0.isWhitespace }.uppercased()
    let bytes = Array(iban.utf8)
    guard 15...34 ~= bytes.count, bytes.prefix(2).allSatisfy({ 65...90 ~= $0 }), bytes[2...3].allSatisfy({ 48...57 ~= $0 }) else {
      return nil
    }
    var remainder = 0
    for byte in bytes[4...] + bytes[..<4] {
      switch byte {
      case 48...57: remainder = (remainder * 10 + Int(byte) - 48) % 97
      case 65...90: remainder = (remainder * 100 + Int(byte) - 55) % 97
      default: return nil
      }
    }
    return remainder == 1 ? iban : nil
  }
}
