/// Who really asks, when proxies stand in front.
package struct ClientAddress: Sendable {
  private let trusted: [AddressRange]
  /// The trusted proxies as they were given.
  package let names: [String]

  /// Trusts these proxies: addresses or networks, `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Fails with the first that is neither.
  package init(trustedProxies: [String] = []) throws(InvalidAddress) {
    var trusted: [AddressRange] = []
    for text in trustedProxies {
      guard let range = AddressRange(text) else { throw InvalidAddress(text: text) }
      trusted.append(range)
    }
    self.trusted = trusted
    names = trustedProxies
  }

  /// Nobody stands in front.
  package static let direct = ClientAddress()

  private init() {
    trusted = []
    names = []
  }

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

  /// Whether the browser was answered over TLS, by the trusted proxies' `X-Forwarded-Proto`. Of several values the first counts: each proxy appends
  /// how it was asked itself, and what a client writes in front of that it tells of its own connection. Never without a trusted proxy: Roost itself
  /// speaks no TLS.
  package func isSecure(peer: String, headers: Headers) -> Bool {
    guard isTrusted(peer), let first = headers["X-Forwarded-Proto"]?.split(separator: ",", omittingEmptySubsequences: false).first else {
      return false
    }
    return first.filter { $0 != " " && $0 != "\t" }.lowercased() == "https"
  }

  /// The host, with its port, that the browser asked for: what the trusted proxies pass on of it, else the `Host` header.
  package func host(peer: String, headers: Headers) -> String? {
    guard isTrusted(peer), let forwarded = headers.all("X-Forwarded-Host").last else { return headers["Host"] }
    // A proxy that doesn't replace the header appends to it: what it saw itself stands last.
    return forwarded.split(separator: ",").last.map { String($0.filter { $0 != " " && $0 != "\t" }) }
  }

  /// The names of the headers by which a proxy nearby says for whom it asks, although it isn't one of the trusted. None from a client on the open
  /// internet: it can write what it likes.
  package func unheeded(peer: String, headers: Headers) -> [String] {
    let said = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"].filter { headers[$0] != nil }
    guard !said.isEmpty, !isTrusted(peer), let bytes = AddressRange.bytes(of: peer), Self.nearby.contains(where: { $0.contains(bytes) })
    else {
      return []
    }
    return said
  }

  /// Loopback, private and link-local networks (RFC 1918, 3927, 4193, 4291), and those of carriers and containers (RFC 6598).
  private static let nearby = [
    "127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10",
  ].compactMap { AddressRange($0) }

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
