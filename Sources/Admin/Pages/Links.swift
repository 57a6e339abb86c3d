import Base
import Templating

/// `tel:` addresses (RFC 3966): digits and a leading plus.
package enum PhoneLink {
  package static func tel(_ phone: String) -> String {
    (phone.utf8.first == UInt8(ascii: "+") ? "tel:+" : "tel:") + String(decoding: digits(phone.utf8), as: UTF8.self)
  }

  /// What stands after `tel:`.
  static func append(_ phone: UnsafeBufferPointer<UInt8>, to out: inout ByteBuffer) {
    if phone.first == UInt8(ascii: "+") { out.append("+") }
    for byte in phone where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { out.append(byte) }
  }

  /// A chat with this number, as WhatsApp's own links have it.
  package static func whatsApp(_ phone: String) -> String { "https://wa.me/" + String(decoding: digits(phone.utf8), as: UTF8.self) }

  static func digits(_ phone: some Sequence<UInt8>) -> [UInt8] { phone.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } }
}

/// `mailto:` addresses (RFC 6068): what would end the address there, or begin a header, is escaped.
package enum EmailLink {
  package static func href(_ address: String) -> String { "mailto:" + PercentEncoding.encode(address, allowing: isPlain) }

  /// The link.
  static func append(_ address: UnsafeBufferPointer<UInt8>, to out: inout ByteBuffer) {
    if address.allSatisfy(isPlain) {
      out.append("mailto:")
      out.append(address)
    } else {
      out.append(href(String(decoding: address, as: UTF8.self)))
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    PercentEncoding.isUnreserved(byte) || "!$'*+@".utf8.contains(byte)
  }
}

/// Addresses that people type without a scheme.
package enum WebLink {
  package static func href(_ address: String) -> String { hasScheme(address.utf8) ? address : "https://" + address }

  private static func begins(_ address: some Collection<UInt8>, with scheme: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: scheme.utf8Start, count: scheme.utf8CodeUnitCount)
    return address.count >= wanted.count && zip(address, wanted).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
  }

  static func hasScheme(_ address: some Collection<UInt8>) -> Bool {
    begins(address, with: "http://") || begins(address, with: "https://")
  }
}
