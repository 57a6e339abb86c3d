/// Escapes text for its position in HTML.
enum Escape {
  /// Appends the escaped text.
  @inline(__always)
  static func append(_ bytes: UnsafeBufferPointer<UInt8>, _ escaping: Escaping, to out: inout ByteBuffer) {
    if escaping == .url, !isSafeAddress(bytes) { out.append(blockedAddress) } else { html(bytes, into: &out) }
  }

  /// For text and quoted attributes alike: `&`, `<`, `>`, `"`, `'`.
  static func html(_ text: String, into out: inout ByteBuffer) {
    text.withBytes { html($0, into: &out) }
  }

  static func html(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout ByteBuffer) {
    // Nearly every text needs no escaping: it is copied while it is checked.
    if !out.append(bytes, ifEightsPass: areHarmless) { escape(bytes, into: &out) }
  }

  /// Copies the runs between the characters to replace.
  @inline(never)
  private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout ByteBuffer) {
    var start = 0
    var index = 0
    while index < bytes.count {
      if isSpecial(bytes[index]) {
        out.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
        out.append(replacement(bytes[index]))
        start = index + 1
      }
      index += 1
    }
    out.append(UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  /// Checks eight bytes at once, as one number. `&` and `'` differ in their lowest bit, `<` and `>` in the next one:
  /// with that bit cleared each pair is one value, and a byte equal to a value becomes zero by XOR. A subtraction then
  /// borrows into the top bit of a zero byte; it can do so for the neighbour too, which only causes an unnecessary
  /// second look.
  @inline(__always)
  private static func areHarmless(_ eight: UInt64) -> Bool {
    let quotes = eight ^ 0x2222_2222_2222_2222
    let ampersands = (eight & 0xFEFE_FEFE_FEFE_FEFE) ^ 0x2626_2626_2626_2626
    let angles = (eight & 0xFDFD_FDFD_FDFD_FDFD) ^ 0x3C3C_3C3C_3C3C_3C3C
    let ones: UInt64 = 0x0101_0101_0101_0101
    let zeros = ((quotes &- ones) & ~quotes) | ((ampersands &- ones) & ~ampersands) | ((angles &- ones) & ~angles)
    return zeros & 0x8080_8080_8080_8080 == 0
  }

  /// The same as an array, for texts escaped once at compile time.
  static func html(_ text: String) -> [UInt8] {
    var out = ByteBuffer(capacity: text.utf8.count + 16)
    html(text, into: &out)
    return out.bytes
  }

  /// All five are below 64, so that one word is the set.
  private static var special: UInt64 { 1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3C | 1 << 0x3E }

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool { byte < 64 && special >> UInt64(byte) & 1 == 1 }

  private static func replacement(_ byte: UInt8) -> StaticString {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    default: "&#39;"
    }
  }

  private static var blockedAddress: StaticString { "#blocked" }
  private static let schemes: Set<String> = ["http", "https", "mailto", "tel"]

  /// Whether a URL is safe to link: relative, or of a scheme that can't run code. Browsers skip spaces and control
  /// characters before, and tabs and line breaks inside a scheme, so any of those before the colon makes it unsafe.
  static func isSafeAddress(_ address: UnsafeBufferPointer<UInt8>) -> Bool {
    for (index, byte) in address.enumerated() {
      switch byte {
      case UInt8(ascii: ":"): return schemes.contains(String(decoding: address[..<index], as: UTF8.self).lowercased())
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
      case 0...32, 127: return false
      default: break
      }
    }
    return true
  }
}
