/// Text in a form.
enum FormText {
  /// Valid UTF-8 without NUL. Line ends arrive as CRLF (HTML §4.10.21.4) and become LF, so that lengths and comparisons
  /// match what people typed.
  static func decode(_ bytes: some Collection<UInt8>, field: String?) throws(FormError) -> String {
    if bytes.contains(0) { throw FormError(.nulCharacter, field: field) }
    let carriageReturn = UInt8(ascii: "\r")
    let text: String?
    if bytes.contains(carriageReturn) {
      var out: [UInt8] = []
      out.reserveCapacity(bytes.count)
      for byte in bytes {
        if byte == UInt8(ascii: "\n"), out.last == carriageReturn { out.removeLast() }
        out.append(byte)
      }
      text = String(validating: out, as: UTF8.self)
    } else {
      text = String(validating: bytes, as: UTF8.self)
    }
    guard let text else { throw FormError(.invalidUTF8, field: field) }
    return text
  }
}
