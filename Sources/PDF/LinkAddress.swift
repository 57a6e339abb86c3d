/// An address that can be clicked in a document: of the web, or a mailbox. As ASCII.
struct LinkAddress: Equatable, Sendable {
  let text: String

  init?(_ address: String) {
    let lower = address.prefix(8).lowercased()
    guard ["https://", "http://", "mailto:"].contains(where: lower.hasPrefix), address.utf8.count <= 2_000 else { return nil }
    text = address.utf8.map(Self.encoded).joined()
  }

  /// Percent-encodes what isn't allowed in a URI, and what would end a string in the library's syntax.
  private static func encoded(_ byte: UInt8) -> String {
    switch byte {
    case 0...0x20, 0x7F...0xFF, UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"):
      let hex = String(byte, radix: 16, uppercase: true)
      return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
    default: return String(UnicodeScalar(byte))
    }
  }
}
