/// Writes CSV (RFC 4180): comma or semicolon, CRLF, UTF-8, quotes only where needed.
package enum CSVWriter {
  /// The byte order mark that makes spreadsheets read a file as UTF-8.
  package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What is between two fields.
  package enum Separator: UInt8, Sendable {
    case comma = 0x2C
    case semicolon = 0x3B
  }

  /// Appends one row.
  ///
  /// Spreadsheets run a field that starts with `=`, `+`, `-`, `@`, tab or CR as a formula, and a contact's name can
  /// come from a stranger. Some also accept the full-width forms, skip leading blanks, or split fields at `;`.
  /// `guardFormulas` puts a `'` before such a field unless it is clearly a number or a phone number, and another before
  /// a field that already looks guarded; `unguarded` restores each exactly.
  package static func append(_ fields: [String], to bytes: inout [UInt8], guardFormulas: Bool = false, separator: Separator = .comma) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(separator.rawValue) }
      append(field, to: &bytes, guarded: guardFormulas && needsGuard(field), isAlone: fields.count == 1)
    }
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func append(_ field: String, to bytes: inout [UInt8], guarded: Bool, isAlone: Bool) {
    let quote = UInt8(ascii: "\"")
    // Quoted, because an empty row would be read back as no row, and a leading byte order mark as no text. Semicolons
    // and tabs separate fields in some locales, and what follows one could be a formula again.
    let isQuoted =
      field.utf8.contains { $0 == quote || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B || $0 == 0x09 } || isAlone && field.isEmpty
      || field.utf8.starts(with: byteOrderMark)
    if isQuoted { bytes.append(quote) }
    if guarded { bytes.append(UInt8(ascii: "'")) }
    if isQuoted {
      for byte in field.utf8 {
        if byte == quote { bytes.append(quote) }
        bytes.append(byte)
      }
      bytes.append(quote)
    } else {
      bytes.append(contentsOf: field.utf8)
    }
  }

  /// A field without its guarding `'`.
  package static func unguarded(_ field: String) -> String {
    guard field.utf8.first == UInt8(ascii: "'"), needsGuard(field) else { return field }
    return String(field.dropFirst())
  }

  private static func needsGuard(_ field: String) -> Bool {
    guard field.utf8.first == UInt8(ascii: "'") else { return looksLikeFormula(field) }
    return looksLikeFormula(String(Substring(field.unicodeScalars.drop { $0 == "'" })))
  }

  private static func looksLikeFormula(_ field: String) -> Bool {
    guard let first = field.unicodeScalars.first(where: { !isPassedOver($0) }) else { return false }
    switch first {
    case "=", "@", "\u{FF1D}", "\u{FF20}", "\u{FF0B}", "\u{FF0D}": return true
    case "+", "-":
      let rest = field.unicodeScalars.drop(while: isPassedOver).dropFirst()
      // Digits and separators only: can't call a function or name a cell.
      return !(rest.contains { "0"..."9" ~= $0 } && rest.allSatisfy { "0"..."9" ~= $0 || " .,()-/".unicodeScalars.contains($0) })
    default: return field.utf8.first == UInt8(ascii: "\t") || field.utf8.first == UInt8(ascii: "\r")
    }
  }

  /// Blanks of all kinds, invisible characters, and the semicolon, which separates fields in some locales.
  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value <= 0x20 || scalar == ";" }
    return scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format
  }
}
