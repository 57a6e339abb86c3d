/// Language tags as used in HTML, HTTP and contacts (BCP 47): `el`, `pt-BR`, `zh-Hant-TW`.
package enum LanguageTag {
  /// Whether a tag is well-formed (RFC 5646, section 2.1), with a language of two or three letters: longer ones are
  /// reserved, and none is registered. Doesn't check that its subtags are registered.
  package static func isWellFormed(_ tag: String) -> Bool {
    if irregular.contains(tag.lowercased()) { return true }
    var rest = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)[...]
    guard rest.allSatisfy({ 1...8 ~= $0.count && $0.allSatisfy(isAlphanumeric) }) else { return false }

    /// Consumes the next subtag if it matches.
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

  /// Grandfathered tags of RFC 5646 that don't follow its grammar.
  private static let irregular: Set<String> = [
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao",
    "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }
  private static func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= byte | 0x20 }
  private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  private static func isAlphabetic(_ part: Substring.UTF8View) -> Bool { part.allSatisfy(isLetter) }
}
