/// Who really asks, when proxies stand in front.
package struct ClientAddress: Sendable {
  private let trusted: [AddressRange]

  /// Trusts these proxies: addresses or networks, `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Fails with the first that is neither.
  package init(trustedProxies: [String] = []) throws(InvalidAddress) {
    var trusted: [AddressRange] = []
    for text in trustedProxies {
      guard let range = AddressRange(text) else { throw InvalidAddress(text: text) }
      trusted.append(range)
    }
    self.trusted = trusted
  }

  /// Nobody stands in front.
  package static let direct = ClientAddress(trusted: [])

  private init(trusted: [AddressRange]) { self.trusted = trusted }

  /// Neither an address nor a network.
  package struct InvalidAddress: Error, CustomStringConvertible {
    /// What was given.
    package let text: String
    /// The reason as a sentence.
    package var description: String { "“\(text)” is neither an IP address nor a network like 10.0.0.0/8" }
  }

  /// The address that the outermost trusted proxy saw: the last one in `X-Forwarded-For` that isn't a trusted proxy itself. What stands further
  /// left was written by the client and proves nothing. Without trusted proxies it is always the peer.
  package func client(peer: String, headers: Headers) -> String {
    guard isTrusted(peer) else { return peer }
    var client = peer
    let hops = headers.all("X-Forwarded-For").joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
    for hop in hops.reversed() {
      guard let address = Self.bare(hop) else { return client }
      client = address
      if !isTrusted(address) { return client }
    }
    return client
  }

  /// Whether the outermost trusted proxy was asked over TLS, by its `X-Forwarded-Proto`. Never without a trusted proxy: Roost itself speaks none.
  package func isSecure(peer: String, headers: Headers) -> Bool {
    isTrusted(peer) && headers["X-Forwarded-Proto"]?.lowercased() == "https"
  }

  /// What a limit per client should count by: an IPv4 address as it is, of an IPv6 address the network of 64 bits, all of which is one customer's.
  package static func network(of address: String) -> String {
    guard let bytes = AddressRange.bytes(of: address), !AddressRange.isIPv4(bytes) else { return address }
    return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ".") + "/64"
  }

  private func isTrusted(_ address: String) -> Bool {
    guard !trusted.isEmpty, let bytes = AddressRange.bytes(of: address) else { return false }
    return trusted.contains { $0.contains(bytes) }
  }

  /// The address without brackets and port; `nil` for what is none.
  private static func bare(_ hop: Substring) -> String? {
    var text = hop.filter { $0 != " " && $0 != "\t" }
    if text.hasPrefix("[") {
      text = String(text.dropFirst().prefix { $0 != "]" })
    } else if text.filter({ $0 == ":" }).count == 1 {
      text = String(text.prefix { $0 != ":" })
    }
    return AddressRange.bytes(of: text) == nil ? nil : text
  }
}
