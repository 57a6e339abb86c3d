import Testing
import Web

struct ClientAddressTests {
  private func client(_ peer: String, _ forwarded: [String], trusting proxies: [String]) throws -> String {
    var headers = Headers()
    for value in forwarded { headers.add("X-Forwarded-For", value) }
    return try ClientAddress(trustedProxies: proxies).client(peer: peer, headers: headers)
  }

  @Test(arguments: [
    (["crm.example.com"], "crm.example.com"), (["evil.example, crm.example.com"], "crm.example.com"),
    (["evil.example", " crm.example.com:8443 "], "crm.example.com:8443"), ([], "127.0.0.1:8080"),
  ])
  func `the host comes from a trusted proxy only`(forwarded: [String], host: String) throws {
    var headers = Headers()
    headers.add("Host", "127.0.0.1:8080")
    for value in forwarded { headers.add("X-Forwarded-Host", value) }
    let address = try ClientAddress(trustedProxies: ["127.0.0.1"])
    #expect(address.host(peer: "127.0.0.1", headers: headers) == host)
    #expect(address.host(peer: "192.0.2.1", headers: headers) == "127.0.0.1:8080")
  }

  @Test func `by default the peer is the client, whatever it says`() throws {
    #expect(try client("192.0.2.1", ["1.2.3.4"], trusting: []) == "192.0.2.1")
    #expect(try client("192.0.2.1", ["1.2.3.4"], trusting: ["127.0.0.1"]) == "192.0.2.1")
  }

  @Test(arguments: [
    (["203.0.113.9"], "203.0.113.9"), (["1.2.3.4, 203.0.113.9"], "203.0.113.9"), (["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
    (["203.0.113.9, 10.1.2.3, 127.0.0.1"], "203.0.113.9"), (["2001:db8::1"], "2001:db8::1"), (["[2001:db8::1]:443"], "2001:db8::1"),
    (["203.0.113.9:1234"], "203.0.113.9"), ([" 203.0.113.9\t"], "203.0.113.9"), ([], "127.0.0.1"), ([""], "127.0.0.1"),
    (["unknown"], "127.0.0.1"), (["203.0.113.9\0x"], "127.0.0.1"),
    (["203.0.113.9, nonsense"], "127.0.0.1"), (["203.0.113.9, nonsense, 10.0.0.1"], "10.0.0.1"), (["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
    (["::ffff:10.0.0.7, 127.0.0.1"], "::ffff:10.0.0.7"), (["203.0.113.9, ::ffff:10.0.0.7"], "203.0.113.9"),
  ])
  func `behind trusted proxies it is the last address that isn't one`(forwarded: [String], expected: String) throws {
    #expect(try client("127.0.0.1", forwarded, trusting: ["127.0.0.1", "10.0.0.0/8"]) == expected)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("192.0.2.64/26", "192.0.2.127", true),
    ("192.0.2.64/26", "192.0.2.128", false), ("0.0.0.0/0", "198.51.100.1", true), ("0.0.0.0/0", "2001:db8::1", false),
    ("::/0", "2001:db8::1", true),
    ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "::1", true), ("::1", "::2", false),
    ("10.0.0.1/32", "::ffff:10.0.0.1", true),
  ])
  func `networks contain the addresses with their prefix`(network: String, peer: String, isTrusted: Bool) throws {
    #expect(try client(peer, ["203.0.113.9"], trusting: [network]) == (isTrusted ? "203.0.113.9" : peer))
  }

  @Test(arguments: ["", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10.0.0.0/8/8", "/8"])
  func `anything but an address or a network is refused at start`(text: String) {
    let error = #expect(throws: ClientAddress.InvalidAddress.self) { try ClientAddress(trustedProxies: ["::1", text]) }
    #expect(error?.text == text)
  }

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7", true), ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
    ("192.0.2.7", "192.0.2.8", false), ("unix", "unix", true),
  ])
  func `a limit counts by IPv4 address or IPv6 network`(a: String, b: String, isSame: Bool) {
    #expect((ClientAddress.network(of: a) == ClientAddress.network(of: b)) == isSame)
  }
}
