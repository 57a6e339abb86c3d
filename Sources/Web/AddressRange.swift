#if canImport(Glibc)
  import Glibc
#endif

/// An IP network, or a single address as a network of one. IPv4 is stored as IPv6 (RFC 4291 §2.5.5.2), so that
/// `::ffff:10.0.0.1` is `10.0.0.1`.
struct AddressRange: Sendable {
  private static let ipv4Prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

  private let network: [UInt8]
  private let bits: Int

  init?(_ text: String) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = halves.first, let bytes = Self.bytes(of: String(first)) else { return nil }
    let isIPv4 = first.contains(".") && !first.contains(":")
    let most = isIPv4 ? 32 : 128
    var bits = most
    if halves.count == 2 {
      guard let given = Int(halves[1]), (0...most).contains(given) else { return nil }
      bits = given
    }
    network = bytes
    self.bits = bits + (128 - most)
  }

  func contains(_ address: [UInt8]) -> Bool {
    let (whole, rest) = bits.quotientAndRemainder(dividingBy: 8)
    guard network.prefix(whole) == address.prefix(whole) else { return false }
    return rest == 0 || (network[whole] ^ address[whole]) >> (8 - rest) == 0
  }

  static func isIPv4(_ bytes: [UInt8]) -> Bool { bytes.starts(with: ipv4Prefix) }

  /// The sixteen bytes of an address, `nil` if it isn't one.
  static func bytes(of text: String) -> [UInt8]? {
    // C stops at a NUL; whatever follows would go unchecked.
    guard !text.utf8.contains(0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return ipv4Prefix + bytes.prefix(4) }
    return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
  }
}
