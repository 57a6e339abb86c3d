import CPhoneNumbers

/// A phone number that can be dialed from anywhere, parsed with Google's libphonenumber.
package struct PhoneNumber: Equatable, Sendable {
  /// `+302101234567`.
  package let e164: String
  /// The national digits: `2101234567`.
  package let national: String
  /// The extension; usually empty.
  package let `extension`: String

  /// A longer part of a text isn't parsed.
  private static let longest = 100

  /// `nil` if the number is ambiguous: a wrong one would call somebody else. `country` is an ISO 3166 code, for numbers
  /// without a country code.
  package init?(_ text: String, country: String?) {
    if let plain = Self.plain(text) {
      self = plain
      return
    }
    guard text.utf8.count <= Self.longest else { return nil }
    let (status, whole) = Self.parse(text, country)
    // Germany writes 030/1234567; elsewhere a slash separates an extension or a second number.
    if status != ROOST_PHONE_VALID, let slash = text.lastIndex(of: "/"), let first = Self.beforeSlash(text, slash, country) {
      self = first
      return
    }
    guard let whole else { return nil }
    switch status {
    case ROOST_PHONE_VALID: self = whole
    case ROOST_PHONE_POSSIBLE where Self.isPlain(text): self = whole
    // The part that the library considers too long or too short can follow it.
    case ROOST_PHONE_PARTIAL where Self.isWhole(text): self = whole
    default: return nil
    }
  }

  /// The digits of a partly typed number: enough to search for, not to dial.
  package static func beginning(_ text: String, country: String?) -> PhoneNumber? {
    guard text.utf8.count <= longest else { return nil }
    return parse(text, country).number
  }

  /// Whether a country is supported.
  package static func knows(country: String) -> Bool { roost_phone_knows(country) != 0 }

  /// As in links and columns (RFC 3966): `+302101234567;ext=45`.
  package var text: String { `extension`.isEmpty ? e164 : "\(e164);ext=\(`extension`)" }

  private init(e164: String, national: String, extension: String) {
    (self.e164, self.national, self.`extension`) = (e164, national, `extension`)
  }

  // MARK: Reading

  private static func parse(_ text: String, _ country: String?) -> (status: roost_phone_status, number: PhoneNumber?) {
    var phone = roost_phone()
    var text = international(text)
    let status = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { roost_phone_parse($0.baseAddress, $0.count, country ?? "", &phone) }
    }
    if status == ROOST_PHONE_NONE { return (status, nil) }
    let fields = (string(&phone.e164), string(&phone.national), string(&phone.extension))
    return (status, PhoneNumber(e164: fields.0, national: fields.1, extension: fields.2))
  }

  private static func string<T>(_ field: inout T) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// No national number starts with `00` in any country: it is the most common international prefix.
  private static func international(_ text: String) -> String {
    let digits = text.drop { !$0.isNumber && $0 != "+" }
    return digits.hasPrefix("00") && !digits.hasPrefix("000") ? "+" + digits.dropFirst(2) : text
  }

  private static func beforeSlash(_ text: String, _ slash: String.Index, _ country: String?) -> PhoneNumber? {
    let (status, first) = parse(String(text[..<slash]), country)
    guard let first, status == ROOST_PHONE_VALID else { return nil }
    let rest = text[text.index(after: slash)...].filter { !$0.isWhitespace }
    guard first.extension.isEmpty, 1...5 ~= rest.utf8.count, rest.utf8.allSatisfy({ 48...57 ~= $0 }) else { return first }
    return PhoneNumber(e164: first.e164, national: first.national, extension: rest)
  }

  /// Whether a text has nothing that could separate two numbers or mean something else.
  private static func isPlain(_ text: String) -> Bool { !text.contains { "/,;|&".contains($0) } }

  /// Whether a text is a complete international number: a plus, and a plausible number of digits.
  private static func isWhole(_ text: String) -> Bool {
    let digits = text.dropFirst().filter { !" -.".contains($0) }
    return text.hasPrefix("+") && 9...15 ~= digits.utf8.count && digits.utf8.allSatisfy { 48...57 ~= $0 }
  }

  /// The fast path, without the library: an international number of digits and spaces only, with a prefix that no
  /// country treats specially. A file can have a million.
  private static func plain(_ text: String) -> PhoneNumber? {
    var digits: [UInt8] = []
    var bytes = text.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "+") else { return nil }
    while let byte = bytes.next() {
      if 48...57 ~= byte { digits.append(byte) } else if byte != UInt8(ascii: " ") { return nil }
    }
    // Greek, German and French numbers have only one form after these codes; the next digit must not be a trunk prefix.
    guard let form = forms.first(where: { digits.starts(with: $0.code) && $0.lengths.contains(digits.count - $0.code.count) }) else {
      return nil
    }
    guard let first = digits.dropFirst(form.code.count).first, form.first.contains(first) else { return nil }
    let all = String(decoding: digits, as: UTF8.self)
    return PhoneNumber(e164: "+" + all, national: String(all.dropFirst(form.code.count)), extension: "")
  }

  private static let forms: [(code: [UInt8], first: [UInt8], lengths: ClosedRange<Int>)] = [
    (Array("30".utf8), Array("26".utf8), 10...10), (Array("44".utf8), Array("27".utf8), 10...10),
    (Array("33".utf8), Array("1234567".utf8), 9...9),
    (Array("49".utf8), Array("1".utf8), 10...11),
  ]
}
