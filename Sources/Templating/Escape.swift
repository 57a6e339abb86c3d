/// Makes text safe for its place in HTML. Runs of harmless bytes are copied whole.
enum Escape {
  /// For text and quoted attributes alike: `&`, `<`, `>`, `"`, `'`.
  @inline(__always)
  static func html(_ text: String, into out: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in html(bytes, into: &out) }
  }

  static func html(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    var start = 0
    var index = 0
    while index < bytes.count {
      guard let replacement = replacement(bytes[index]) else {
        index += 1
        continue
      }
      out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
      out.append(contentsOf: UnsafeBufferPointer(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
      index += 1
      start = index
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  @inline(__always)
  private static func replacement(_ byte: UInt8) -> StaticString? {
    // One comparison lets nearly every byte through: all five lie below 0x3F.
    guard byte < 0x3F else { return nil }
    switch byte {
    case UInt8(ascii: "&"): return "&amp;"
    case UInt8(ascii: "<"): return "&lt;"
    case UInt8(ascii: ">"): return "&gt;"
    case UInt8(ascii: "\""): return "&quot;"
    case UInt8(ascii: "'"): return "&#39;"
    default: return nil
    }
  }

  static let blockedAddress = "#blocked"
  private static let schemes: Set<String> = ["http", "https", "mailto", "tel"]

  /// Whether an address may be followed: relative, or of a scheme that runs nothing. Browsers skip spaces and control characters before and
  /// tabs and line breaks inside a scheme, so any of those before the colon makes it unsafe.
  static func isSafeAddress(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "#") || first == UInt8(ascii: "?") { return true }
    var scheme: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: ":"): return schemes.contains(String(decoding: scheme, as: UTF8.self).lowercased())
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
      case 0...32, 127: return false
      default: scheme.append(byte)
      }
    }
    return true
  }

  /// Percent-encodes everything that isn't unreserved (RFC 3986 §2.3).
  static func component(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        out.append(byte)
      default: out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
