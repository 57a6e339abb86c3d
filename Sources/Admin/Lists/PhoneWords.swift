import Base
import PhoneNumbers

/// How the index of words holds phone numbers: by their beginning, as they are dialed at home, and by their end, whatever is dialed before it.
package enum PhoneWords {
  /// Prefix of a number's reversed digits, so that they are no prefix of another word.
  private static let fromEnd = "\u{E001}"
  /// So many digits of a number's end are enough to look for it.
  private static let fewest = 5

  /// What a number is found by.
  package static func indexed(_ phone: String) -> [String] {
    let number = PhoneNumber(phone, country: PhoneCountry.current)
    let digits = number.map { String($0.e164.dropFirst()) } ?? TextFolding.digits(phone)
    return [number?.national ?? digits, backwards(digits)]
  }

  /// What an index has of this number and of no other.
  static func whole(_ phone: String) -> [String] {
    TextFolding.digits(phone).utf8.count < fewest ? [] : Array(indexed(phone).suffix(1))
  }

  /// Whether two texts are one number.
  static func isSame(_ one: String, _ other: String) -> Bool {
    !one.contains("@") && !other.contains("@") && !whole(one).isEmpty && whole(one) == whole(other)
  }

  /// What finds a number that is typed in a search, each for itself; none where no number is typed. At home or from abroad, in groups, with brackets,
  /// an extension, or as a link.
  static func asked(_ q: String) -> [String] {
    if q.utf8.allSatisfy({ $0 < 0x80 && !(48...57 ~= $0) }) { return [] }
    let text = number(in: q)
    let digits = TextFolding.digits(text)
    guard digits.utf8.count >= 3, digits.utf8.count <= 30, text.unicodeScalars.allSatisfy(isPhone) else { return [] }
    let whole = PhoneNumber.beginning(text, country: PhoneCountry.current)
    var beginnings = [digits, String(digits.drop { $0 == "0" })]
    if let whole { beginnings.append(whole.national) }
    if whole == nil || !text.contains("+"), let abroad = PhoneNumber.beginning("+" + digits, country: nil) {
      beginnings.append(abroad.national)
    }
    let trailing = [digits, String(digits.drop { $0 == "0" }), whole.map { String($0.e164.dropFirst()) } ?? ""].filter {
      $0.utf8.count >= fewest
    }
    var asked: [String] = []
    for word in beginnings.filter({ $0.utf8.count >= 3 }) + trailing.map(backwards) where !asked.contains(word) { asked.append(word) }
    return asked
  }

  private static func backwards(_ digits: String) -> String { fromEnd + String(digits.reversed()) }

  /// Without what says that it is a link, and without the extension.
  private static func number(in q: String) -> String {
    var text = TextNormalizing.clean(q)
    if text.lowercased().hasPrefix("tel:") { text = String(text.dropFirst(4)) }
    guard let end = text.firstIndex(where: { $0.isLetter || "#;,".contains($0) }),
      TextFolding.digits(String(text[..<end])).utf8.count >= fewest,
      text[end...].drop(while: { !$0.isNumber }).allSatisfy(\.isNumber)
    else { return text }
    return String(text[..<end])
  }

  private static func isPhone(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.numericType == .decimal || scalar.properties.isWhitespace || "+-().,/‐‑‒–—−＋（）－．／".unicodeScalars.contains(scalar)
  }
}
