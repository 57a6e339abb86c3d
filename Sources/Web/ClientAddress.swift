/// The client's address and scheme behind reverse proxies.
package struct ClientAddress: Sendable {
  private let trusted: [AddressRange]
  /// The trusted proxies as configured.
  package let names: [String]

  /// Trusts these proxies: addresses or networks, `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Throws on the first that is
  /// neither.
  package init(trustedProxies: [String] = []) throws(InvalidAddress) {
    var trusted: [AddressRange] = []
    for text in trustedProxies {
      guard let range = AddressRange(text) else { throw InvalidAddress(text: text) }
      trusted.append(range)
    }
    self.trusted = trusted
    names = trustedProxies
  }

  /// No proxy.
  package static let direct = ClientAddress()

  private init() {
    trusted = []
    names = []
  }

  /// Neither an address nor a network.
  package struct InvalidAddress: Error, CustomStringConvertible {
    /// The invalid value.
    package let text: String
    /// The error as a sentence.
    package var description: String { "“\(text)” is neither an IP address nor a network like 10.0.0.0/8" }
  }

  /// The address seen by the outermost trusted proxy: the last one in `X-Forwarded-For` that isn't a trusted proxy
  /// itself. Entries further left are written by the client and prove nothing. Without trusted proxies it is always the
  /// peer.
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

  /// Whether the browser connected over TLS, by the trusted proxies' `X-Forwarded-Proto`. Of several values the first
  /// counts: each proxy appends its own, and a client that adds one in front only misrepresents its own connection.
  /// Never true without a trusted proxy: Roost itself doesn't speak TLS.
  package func isSecure(peer: String, headers: Headers) -> Bool {
    guard isTrusted(peer), let first = headers["X-Forwarded-Proto"]?.split(separator: ",", omittingEmptySubsequences: false).first else {
      return false
    }
    return first.filter { $0 != " " && $0 != "\t" }.lowercased() == "https"
  }

  /// The host, with port, that the browser requested: as passed on by trusted proxies, or else the `Host` header.
  package func host(peer: String, headers: Headers) -> String? {
    guard isTrusted(peer), let forwarded = headers.all("X-Forwarded-Host").last else { return headers["Host"] }
    // A proxy that doesn't replace the header appends to it: its own value is the last.
    return forwarded.split(separator: ",").last.map { String($0.filter { $0 != " " && $0 != "\t" }) }
  }

  /// The names of the forwarding headers sent by a nearby proxy that isn't trusted. None for a client on the open
  /// internet: it can send anything.
  package func unheeded(peer: String, headers: Headers) -> [String] {
    let said = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"].filter { headers[$0] != nil }
    guard !said.isEmpty, !isTrusted(peer), let bytes = AddressRange.bytes(of: peer), Self.nearby.contains(where: { $0.contains(bytes) })
    else {
      return []
    }
    return said
  }

  /// Loopback, private and link-local networks (RFC 1918, 3927, 4193, 4291), and shared address space (RFC 6598).
  private static let nearby = [
    "127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10",
  ].compactMap { AddressRange($0) }

  /// The key for limits per client: an IPv4 address as it is; for an IPv6 address its /64 network, which belongs to one
  /// customer.
  package static func network(of address: String) -> String {
    guard let bytes = AddressRange.bytes(of: address), !AddressRange.isIPv4(bytes) else { return address }
    return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ".") + "/64"
  }

  private func isTrusted(_ address: String) -> Bool {
    guard !trusted.isEmpty, let bytes = AddressRange.bytes(of: address) else { return false }
    return trusted.contains { $0.contains(bytes) }
  }

  /// The address without brackets and port; `nil` if it isn't one.
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
