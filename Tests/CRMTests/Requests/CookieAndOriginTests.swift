@testable import Admin
import CRM
import Store
import Testing
import Web

/// Cookies planted by others, and posts sent from other sites' pages.
@Suite struct CookieAndOriginTests {
  private static let proxy = ["127.0.0.1"]

  private func overTLS() throws -> (TestApp, TestClient) {
    let office = try TestApp(proxies: ClientAddress(trustedProxies: Self.proxy))
    _ = try office.visitor(.owner)
    let visitor = TestClient(office)
    visitor.headers = ["X-Forwarded-Proto": "https", "Host": "crm.example.com"]
    return (office, visitor)
  }

  private func signIn(_ visitor: TestClient) -> Response {
    visitor.get("/sign-in")
    return visitor.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password])
  }

  @Test(arguments: [
    "roost_session={live}; roost_session={other}", "roost_session={other}; roost_session={live}",
    "roost_session={live}; roost_session={live}",
    "roost_session={live}; __Host-roost_session={other}", "__Host-roost_session={live}; roost_session={other}",
    "roost_session={live}; roost_session=",
  ])
  func `two session cookies are refused and taken back`(cookies: String) throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let header = cookies.replacing("{live}", with: owner.cookie("roost_session") ?? "").replacing(
      "{other}", with: String(repeating: "x", count: 43))
    owner.headers = ["Cookie": header, "Host": "crm.example.com"]
    let page = owner.get("/admin/crm/contacts")
    #expect(page.status == 400 && page.text.contains("two sign-in cookies"))
    let taken = page.headers.all("Set-Cookie")
    #expect(taken.contains("roost_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
    #expect(taken.contains("roost_session=; Path=/admin; Domain=example.com; Max-Age=0; HttpOnly; SameSite=Lax"))
    #expect(taken.contains("__Host-roost_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"))
    #expect(owner.post("/admin/crm/contacts", ["name": "X", "status": "active"]).status == 400)
    owner.headers = [:]
    #expect(owner.get("/admin/crm").location.hasPrefix("/sign-in"))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
  }

  @Test func `over TLS the cookies can be planted by nobody, and the browser stays with TLS`() throws {
    let (_, visitor) = try overTLS()
    let response = signIn(visitor)
    let cookies = response.headers.all("Set-Cookie")
    #expect(
      cookies.contains {
        $0.hasPrefix("__Host-roost_session=") && $0.hasSuffix("; Secure") && $0.contains("; Path=/;") && !$0.contains("Domain")
      })
    #expect(cookies.contains { $0.hasPrefix("__Host-roost_device=") && $0.hasSuffix("; Secure") })
    #expect(response.headers["Strict-Transport-Security"] == "max-age=31536000")
    #expect(visitor.get("/admin/crm").status == 200)
    #expect(visitor.get("/nowhere").headers["Strict-Transport-Security"] != nil)
  }

  @Test func `without TLS there is no word of it`() throws {
    let office = try TestApp()
    let response = try office.visitor(.owner).get("/admin/crm")
    #expect(response.headers["Strict-Transport-Security"] == nil)
  }

  @Test func `a browser that comes over TLS for the first time signs in once more`() throws {
    let (_, visitor) = try overTLS()
    let headers = visitor.headers
    visitor.headers = [:]
    #expect(signIn(visitor).status == 303)
    #expect(visitor.get("/admin/crm").status == 200)
    visitor.headers = headers
    let first = visitor.get("/admin/crm")
    #expect(first.location.hasPrefix("/sign-in"))
    #expect(first.headers.all("Set-Cookie").contains { $0.hasPrefix("roost_session=;") && $0.contains("Max-Age=0") })
    #expect(signIn(visitor).status == 303)
    #expect(visitor.get("/admin/crm").status == 200)
    visitor.headers = [:]
    #expect(visitor.get("/admin/crm").location.hasPrefix("/sign-in"), "and back again")
    #expect(signIn(visitor).status == 303)
  }

  @Test(arguments: [
    (["Origin": "https://evil.example"], 403), (["Origin": "null"], 403), (["Sec-Fetch-Site": "cross-site"], 403),
    (["Sec-Fetch-Site": "same-site"], 403), (["Origin": "http://crm.example.com.evil.example"], 403),
    (["Origin": "http://evil.example:8080"], 403),
    (["Origin": "http://crm.example.com:8081"], 403), (["Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"], 403),
    (["Origin": "http://crm.example.com:8080", "Sec-Fetch-Site": "cross-site"], 403), (["Origin": "file://"], 403), (["Origin": ""], 403),
    ([:], 303), (["Origin": "http://crm.example.com:8080"], 303), (["Sec-Fetch-Site": "same-origin"], 303),
    (["Origin": "null", "Sec-Fetch-Site": "same-origin"], 303), (["Origin": "HTTP://CRM.example.com:8080", "Sec-Fetch-Site": "none"], 303),
  ])
  func `a post from another site is refused, even with the right token`(headers: [String: String], status: Int) throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    owner.headers = headers.merging(["Host": "crm.example.com:8080"]) { $1 }
    #expect(owner.post("/admin/crm/contacts", ["name": "X", "status": "active"]).status == status)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == (status == 303 ? 1 : 0))
  }

  @Test func `a trusted proxy says which host the browser used`() throws {
    let (office, visitor) = try overTLS()
    #expect(signIn(visitor).status == 303)
    visitor.get("/admin/crm/contacts/new")
    for (host, origin, status) in [
      ("crm.example.com", "https://crm.example.com", 303), ("crm.example.com", "http://crm.example.com", 403),
      ("evil.example, crm.example.com", "https://crm.example.com", 303), ("evil.example, crm.example.com", "https://evil.example", 403),
    ] {
      visitor.headers = ["X-Forwarded-Proto": "https", "Host": "127.0.0.1:8080", "X-Forwarded-Host": host, "Origin": origin]
      #expect(visitor.post("/admin/crm/contacts", ["name": "X", "status": "active"]).status == status, "\(host) \(origin)")
    }
    _ = office
  }

  @Test func `signing out clears what the browser kept, and no other program's cookies`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/account")
    let response = owner.post("/sign-out", [:])
    #expect(response.headers["Clear-Site-Data"] == #""cache", "storage""#)
    #expect(owner.get("/sign-in").text.contains("You’ve signed out."))
  }
}
