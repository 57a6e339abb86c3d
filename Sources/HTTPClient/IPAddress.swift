import Glibc

/// An IP address: 4 bytes or 16.
struct IPAddress: Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// As libcurl and `inet_ntop` write it.
  var text: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    _ = bytes.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// All addresses of a name, or the one that it is.
  static func resolve(_ host: String) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [IPAddress] = []
    var next = list
    while let entry = next {
      next = entry.pointee.ai_next
      guard let address = entry.pointee.ai_addr else { continue }
      switch Int32(address.pointee.sa_family) {
      case AF_INET:
        let bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) } }
        found.append(IPAddress(bytes))
      case AF_INET6:
        let bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
        }
        found.append(IPAddress(bytes))
      default: continue
      }
    }
    return found
  }

  /// Whether it is an address of the public internet (IANA's registries of special-purpose addresses say which aren't).
  var isPublic: Bool {
    if bytes.count == 4 { return !Self.special.contains { $0.holds(bytes) } }
    // Global unicast is all that is given out; within it, what is for something else isn't public.
    guard bytes.count == 16, bytes[0] & 0xE0 == 0x20 else { return false }
    // 2001::/23 (Teredo among them), documentation, 6to4.
    if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] < 0x02 || bytes[2] == 0x0D && bytes[3] == 0xB8 { return false }
    return !(bytes[0] == 0x20 && bytes[1] == 0x02) && !(bytes[0] == 0x3F && bytes[1] == 0xFF && bytes[2] < 0x10)
  }

  private struct Network {
    let start: [UInt8]
    let bits: Int

    init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ bits: Int) { (start, self.bits) = ([a, b, c, d], bits) }

    func holds(_ address: [UInt8]) -> Bool {
      func number(_ bytes: [UInt8]) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
      return bits == 0 || (number(address) ^ number(start)) >> (32 - UInt32(bits)) == 0
    }
  }

  private static let special = [
    Network(0, 0, 0, 0, 8), Network(10, 0, 0, 0, 8), Network(100, 64, 0, 0, 10), Network(127, 0, 0, 0, 8), Network(169, 254, 0, 0, 16),
    Network(172, 16, 0, 0, 12), Network(192, 0, 0, 0, 24), Network(192, 0, 2, 0, 24), Network(192, 88, 99, 0, 24),
    Network(192, 168, 0, 0, 16), Network(198, 18, 0, 0, 15), Network(198, 51, 100, 0, 24), Network(203, 0, 113, 0, 24),
    Network(224, 0, 0, 0, 4), Network(240, 0, 0, 0, 4),
  ]
}
