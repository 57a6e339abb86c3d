import CPhoneNumbers

/// A number that can be dialed from anywhere, read from what people type. On Google's libphonenumber.
package struct PhoneNumber: Equatable, Sendable {
  /// `+302101234567`.
  package let e164: String
  /// The digits behind the country's, as far as they are typed at home: `2101234567`.
  package let national: String
  /// What is dialed after the call is answered; usually empty.
  package let `extension`: String

  /// A part of a text longer than this is no number.
  private static let longest = 100

  /// `nil` where it can't be told which number is meant: a wrong one would ring at somebody else's. `country` is an ISO 3166 code, for numbers that
  /// don't say theirs.
  package init?(_ text: String, country: String?) {
    if let plain = Self.plain(text) {
      self = plain
      return
    }
    guard text.utf8.count <= Self.longest else { return nil }
    let (status, whole) = Self.parse(text, country)
    // Germany writes 030/1234567, others an extension behind the slash, or a second number.
    if status != ROOST_PHONE_VALID, let slash = text.lastIndex(of: "/"), let first = Self.beforeSlash(text, slash, country) {
      self = first
      return
    }
    guard let whole else { return nil }
    switch status {
    case ROOST_PHONE_VALID: self = whole
    case ROOST_PHONE_POSSIBLE where Self.isPlain(text): self = whole
    // What the library takes for too long or too short may have come after it.
    case ROOST_PHONE_PARTIAL where Self.isWhole(text): self = whole
    default: return nil
    }
  }

  /// What somebody has typed of a number so far: enough to look for it, not to dial it.
  package static func beginning(_ text: String, country: String?) -> PhoneNumber? {
    guard text.utf8.count <= longest else { return nil }
    return parse(text, country).number
  }

  /// Whether numbers of a country are known.
  package static func knows(country: String) -> Bool { roost_phone_knows(country) != 0 }

  /// As links and columns have it (RFC 3966): `+302101234567;ext=45`.
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

  /// No number at home begins with `00`, wherever home is: most of the world dials abroad with it.
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

  /// Whether there is nothing in a text that may divide two numbers or stand for something else.
  private static func isPlain(_ text: String) -> Bool { !text.contains { "/,;|&".contains($0) } }

  /// Whether a text is all of an international number: a plus, and as many digits as such numbers have.
  private static func isWhole(_ text: String) -> Bool {
    let digits = text.dropFirst().filter { !" -.".contains($0) }
    return text.hasPrefix("+") && 9...15 ~= digits.utf8.count && digits.utf8.allSatisfy { 48...57 ~= $0 }
  }

  /// The usual case, past the library: an international number, digits and spaces only, that begins as no country's exceptions do. A file has a million.
  private static func plain(_ text: String) -> PhoneNumber? {
    var digits: [UInt8] = []
    var bytes = text.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "+") else { return nil }
    while let byte = bytes.next() {
      if 48...57 ~= byte { digits.append(byte) } else if byte != UInt8(ascii: " ") { return nil }
    }
    // Greek, German and French numbers have one form each behind these codes; what follows must not be a digit that is dialed at home only.
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
