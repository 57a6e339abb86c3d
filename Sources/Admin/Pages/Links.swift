import Base
import PhoneNumbers
import Templating

/// Addresses made from phone numbers as people type them, or none: a wrong one would ring at somebody else's.
package enum PhoneLink {
  /// What is dialed, as it is stored beside the number (RFC 3966): `+302101234567;ext=45`. Where nobody knows the country, the digits as they are
  /// dialed at home. Empty where it can't be told.
  package static func number(_ phone: String) -> String {
    if phone.isEmpty { return "" }
    let country = PhoneCountry.current
    if let number = PhoneNumber(phone, country: country) { return number.text }
    guard country == nil, phone.unicodeScalars.allSatisfy({ "0123456789 -.()".unicodeScalars.contains($0) }) else { return "" }
    let digits = TextFolding.digits(phone)
    return digits.hasPrefix("00") ? "" : digits
  }

  /// `number` is what `number(_:)` gives.
  package static func tel(number: String) -> String? { number.isEmpty ? nil : "tel:" + number }

  /// A chat with this number, as WhatsApp's own links have it: without `+` and extension, and only international.
  package static func whatsApp(number: String) -> String? {
    guard number.hasPrefix("+") else { return nil }
    return "https://wa.me/" + number.dropFirst().prefix { $0 != ";" }
  }
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
