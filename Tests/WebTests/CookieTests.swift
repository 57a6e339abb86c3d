import TestKit
import Testing
import Web

struct CookieTests {
  @Test(arguments: [
    ("roost_session=abc", "abc"), ("a=1; roost_session=abc; b=2", "abc"), ("a=1;roost_session=abc", "abc"),
    (" roost_session = abc ", "abc"),
    ("roost_session=\"abc\"", "abc"), ("roost_session=a=b==", "a=b=="), ("roost_session=first; roost_session=second", "first"),
    ("nonsense; ;;=;roost_session=abc", "abc"), ("roost_session=", ""), ("roost_session=\"", "\""),
  ])
  func `a cookie is found among others`(header: String, value: String) {
    #expect(Cookies(header)["roost_session"] == value)
  }

  @Test(arguments: [nil, "", "a=1", "Roost_Session=abc", "roost_session", "xroost_session=abc", "a=roost_session=abc"])
  func `a missing cookie is nil`(header: String?) {
    #expect(Cookies(header)["roost_session"] == nil)
  }

  @Test func `all duplicates are found`() {
    #expect(Cookies("roost_session=a; b=1; roost_session=\"b\"; roost_session=").all("roost_session") == ["a", "b", ""])
    #expect(Cookies(nil).all("roost_session").isEmpty)
  }

  @Test func `several headers are read as one`() {
    var headers = Headers()
    headers.add("Cookie", "roost_session=a; b=1")
    headers.add("Cookie", "roost_session=b")
    #expect(Cookies(headers).all("roost_session") == ["a", "b"])
    #expect(Cookies(headers)["b"] == "1")
    #expect(Cookies(Headers()).all("b").isEmpty)
  }

  @Test func `a cookie of another path and domain can be deleted`() {
    var cookie = SetCookie("n", "", maxAge: 0, secure: false)
    (cookie.path, cookie.domain) = ("/admin", "example.com")
    #expect(cookie.text == "n=; Path=/admin; Domain=example.com; Max-Age=0; HttpOnly; SameSite=Lax")
  }

  @Test func `a cookie is set for the whole site, hidden from scripts`() {
    #expect(SetCookie("n", "v", maxAge: nil, secure: false).text == "n=v; Path=/; HttpOnly; SameSite=Lax")
    #expect(SetCookie("n", "v", maxAge: 60, secure: true).text == "n=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure")
    #expect(SetCookie("n", "", maxAge: 0, secure: false).text == "n=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
  }

  @Test(arguments: [
    ("a.b-c_d~e=", "a.b-c_d~e="), ("a; Domain=evil.example", "a%3B%20Domain=evil.example"), ("a\r\nX: y", "a%0D%0AX:%20y"),
    ("é,\"\\", "%C3%A9%2C%22%5C"),
  ])
  func `no value can add an attribute or a header`(value: String, expected: String) {
    #expect(SetCookie("n", value, maxAge: nil, secure: false).text == "n=\(expected); Path=/; HttpOnly; SameSite=Lax")
  }

  @Test func `random headers are parsed safely`() {
    var random = SplitMix(seed: 9)
    let seed = Array("a=1; roost_session=\"abc\"; b=\"; c=;; =d".utf8)
    for _ in 0..<10_000 {
      let header = String(decoding: random.mutated(seed), as: UTF8.self)
      if let value = Cookies(header)["roost_session"] { #expect(header.contains(value)) }
    }
  }
}
