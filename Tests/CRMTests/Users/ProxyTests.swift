@testable import Admin
import CRM
import Testing
import Web

@Suite struct ProxyTests {
  @Test func `cookies are for TLS alone when a trusted proxy was asked over TLS, and nobody else can say so`() throws {
    for (trusted, header, secure) in [
      (["127.0.0.1"], "https", true), (["127.0.0.1"], "http", false), (["127.0.0.1"], "https, http", true),
      (["127.0.0.1"], " HTTPS ,http", true),
      (["127.0.0.1"], "http, https", false), (["127.0.0.1"], ",https", false), (["127.0.0.1"], "", false), (["127.0.0.1"], "httpsx", false),
      ([], "https", false), (["10.0.0.1"], "https", false),
    ] {
      let office = try TestApp(proxies: ClientAddress(trustedProxies: trusted))
      let visitor = TestClient(office)
      visitor.headers = ["X-Forwarded-Proto": header]
      let cookie = visitor.get("/sign-in").headers.all("Set-Cookie").first ?? ""
      #expect(cookie.contains("; Secure") == secure, "\(trusted) \(header): \(cookie)")
    }
  }

  @Test func `somebody who guesses passwords through a proxy holds up nobody else`() throws {
    let office = try TestApp(proxies: ClientAddress(trustedProxies: ["127.0.0.1"]))
    _ = try office.visitor(.owner)
    let guesser = TestClient(office)
    guesser.headers = ["X-Forwarded-For": "203.0.113.9"]
    guesser.get("/sign-in")
    var last = 0
    for number in 0..<60 { last = guesser.post("/sign-in", ["email": "nobody\(number)@example.com", "password": "wrong password"]).status }
    #expect(last == 429)
    let other = TestClient(office)
    other.headers = ["X-Forwarded-For": "203.0.113.10"]
    other.get("/sign-in")
    #expect(other.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password]).status == 303)
  }
}
