import Testing
import Web

struct RequestOriginTests {
  private func isOurs(_ fields: [(String, String)], host: String? = "crm.example.com", isSecure: Bool = false) -> Bool {
    var headers = Headers()
    for (name, value) in fields { headers.add(name, value) }
    return RequestOrigin.isOurs(headers, host: host, isSecure: isSecure)
  }

  @Test(arguments: [
    "http://crm.example.com", "https://crm.example.com", "https://crm.example.com:443", "http://crm.example.com:80",
    "HTTPS://CRM.EXAMPLE.COM",
  ])
  func `the host that the browser used is accepted`(origin: String) { #expect(isOurs([("Origin", origin)])) }

  @Test(arguments: [
    "null", "", "http://", "http://crm.example.com.", "http://xcrm.example.com", "http://crm.example.com:8080", "http://example.com",
    "ftp://crm.example.com", "http://crm.example.com/path", "http://user@crm.example.com", "crm.example.com", "http://crm.example.com:443",
    "https://crm.example.com:80", "http://crm.example.com evil.example", "http://[::1]", "http://crm.example.com\u{0}",
  ])
  func `others are not`(origin: String) { #expect(!isOurs([("Origin", origin)])) }

  @Test func `an address with a port, and one of IPv6`() {
    #expect(isOurs([("Origin", "http://127.0.0.1:8080")], host: "127.0.0.1:8080"))
    #expect(!isOurs([("Origin", "http://127.0.0.1:8081")], host: "127.0.0.1:8080"))
    #expect(isOurs([("Origin", "http://[::1]:8080")], host: "[::1]:8080"))
  }

  @Test func `Sec-Fetch-Site takes precedence`() {
    #expect(isOurs([]))
    #expect(isOurs([("Sec-Fetch-Site", "same-origin"), ("Origin", "null")]))
    #expect(isOurs([("Sec-Fetch-Site", "same-origin"), ("Origin", "https://behind.a.proxy")]))
    #expect(isOurs([("Sec-Fetch-Site", "none")]))
    #expect(!isOurs([("Sec-Fetch-Site", "none"), ("Origin", "https://evil.example")]))
    for site in ["cross-site", "same-site", "Cross-Site"] {
      #expect(!isOurs([("Sec-Fetch-Site", site), ("Origin", "https://crm.example.com")]))
    }
  }

  @Test func `over TLS only a page loaded over TLS is`() {
    #expect(isOurs([("Origin", "https://crm.example.com")], isSecure: true))
    #expect(!isOurs([("Origin", "http://crm.example.com")], isSecure: true))
  }

  @Test func `two origins, or a request without a host, are refused`() {
    #expect(!isOurs([("Origin", "http://crm.example.com"), ("Origin", "http://crm.example.com")]))
    #expect(!isOurs([("Origin", "http://crm.example.com")], host: nil))
  }
}
