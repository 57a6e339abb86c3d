import Testing
import Web

struct LocalPathTests {
  @Test(arguments: [
    "/", "/admin/crm/contacts", "/a?b=c&d=%2F%2F", "/a#b", "/a//b", "/a?return=//b", "/Ελένη", "/a b", "/a@b", "/a:b", "/.//b",
  ])
  func `paths of this site are safe`(path: String) {
    #expect(LocalPath.isSafe(path))
  }

  @Test(arguments: [
    "", "a", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r\nSet-Cookie: a=b",
    "/a\\b", "/\u{0}", "/a\u{7F}", "/a\u{85}", "https://evil.example/", "javascript:alert(1)", " /a", "?a", "#a", ".", "evil.example",
  ])
  func `anything that could lead elsewhere is not`(path: String) {
    #expect(!LocalPath.isSafe(path))
    #expect(Response.redirect(path).headers["Location"] == "/")
  }

  @Test(arguments: [
    ("/contacts?q=a%20b", "/contacts?q=a%20b"), ("/a b", "/a%20b"), ("/Ε?é", "/%CE%95?%C3%A9"), ("/a#notes", "/a#notes"),
  ])
  func `a redirect goes to its target, encoded for a header`(path: String, location: String) {
    let response = Response.redirect(path)
    #expect(response.status == 303)
    #expect(response.headers["Location"] == location)
  }

  @Test func `a redirect can have another status`() {
    #expect(Response.redirect("/a", status: 308).status == 308)
  }

  @Test func `responses have a content type`() {
    #expect(Response.html(SharedBytes([0x61]), status: 422).headers["Content-Type"] == "text/html; charset=utf-8")
    #expect(Response.html(SharedBytes([0x61]), status: 422).status == 422)
    #expect(Response.text("é").text == "é")
    #expect(Response.text("é").headers["Content-Type"] == "text/plain; charset=utf-8")
    #expect(Response.json([0x7B, 0x7D]).headers["Content-Type"] == "application/json")
    #expect(Response.json([0x7B, 0x7D]).status == 200)
  }
}
