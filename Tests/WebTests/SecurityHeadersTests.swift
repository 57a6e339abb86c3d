import Testing
import Web

struct SecurityHeadersTests {
  private func applied(to response: Response) -> Headers {
    var response = response
    SecurityHeaders.apply(to: &response)
    return response.headers
  }

  @Test func `a page loads from its own site only, runs nothing inline and can't be framed`() {
    let policy = applied(to: .html(SharedBytes([])))["Content-Security-Policy"] ?? ""
    #expect(
      policy.split(separator: "; ") == [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
      ])
    #expect(!policy.contains("unsafe"))
  }

  @Test(arguments: [
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", "no-store, private"),
  ])
  func `every answer has these headers`(name: String, value: String) {
    #expect(applied(to: Response(status: 404))[name] == value)
  }

  @Test func `a response's own headers are kept, once`() {
    var response = Response(status: 200)
    response.headers.set("cache-control", "public, max-age=60")
    #expect(applied(to: response).all("Cache-Control") == ["public, max-age=60"])
    var twice = Response(status: 200)
    SecurityHeaders.apply(to: &twice)
    #expect(applied(to: twice).fields.count == twice.headers.fields.count)
  }
}
