/// Language tags as HTML, HTTP and contacts carry them (BCP 47): `el`, `pt-BR`, `zh-Hant-TW`.
package enum LanguageTag {
  /// Whether a tag follows the grammar of RFC 5646, section 2.1, with a language of two or three letters: longer ones are reserved, and none is registered.
  /// Says nothing about whether its parts are registered.
  package static func isWellFormed(_ tag: String) -> Bool {
    if irregular.contains(tag.lowercased()) { return true }
    var rest = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)[...]
    guard rest.allSatisfy({ 1...8 ~= $0.count && $0.allSatisfy(isAlphanumeric) }) else { return false }

    /// Takes the next part when it fits.
    func take(_ fits: (Substring.UTF8View) -> Bool) -> Bool {
      guard let part = rest.first, fits(part) else { return false }
      rest.removeFirst()
      return true
    }
    func takePrivateUse() -> Bool {
      guard take({ $0.elementsEqual("x".utf8) || $0.elementsEqual("X".utf8) }) else { return false }
      defer { rest = [] }
      return !rest.isEmpty
    }

    if takePrivateUse() { return true }
    guard take({ 2...3 ~= $0.count && isAlphabetic($0) }) else { return false }
    for _ in 0..<3 where !take({ $0.count == 3 && isAlphabetic($0) }) { break }
    _ = take { $0.count == 4 && isAlphabetic($0) }
    _ = take { $0.count == 2 && isAlphabetic($0) || $0.count == 3 && $0.allSatisfy(isDigit) }
    while take({ $0.count >= 5 || $0.count == 4 && $0.first.map(isDigit) == true }) {}
    while take({ $0.count == 1 && !$0.elementsEqual("x".utf8) && !$0.elementsEqual("X".utf8) }) {
      guard take({ $0.count >= 2 }) else { return false }
      while take({ $0.count >= 2 }) {}
    }
    return rest.isEmpty || takePrivateUse()
  }

  /// Tags that RFC 5646 keeps although its grammar would not make them.
  private static let irregular: Set<String> = [
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao",
    "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }
  private static func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= byte | 0x20 }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  private static func isAlphabetic(_ part: Substring.UTF8View) -> Bool { part.allSatisfy(isLetter) }
}
