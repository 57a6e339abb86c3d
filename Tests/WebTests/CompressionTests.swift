import Gzip
import Testing
import Web

struct CompressionTests {
  private let page = Array(String(repeating: "<li>contact</li>", count: 100).utf8)

  private func applied(_ acceptEncoding: String?, to response: Response) -> Response {
    var response = response
    let request = acceptEncoding.map { Request.sample(headers: ["Accept-Encoding": $0]) } ?? .sample()
    Compression.apply(to: &response, for: request)
    return response
  }

  @Test(arguments: [
    "gzip", "GZIP", "x-gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "deflate, gzip;q=0.001", "*", "*;q=0.5", "identity;q=0, *",
    "gzip;q=1.000",
    " gzip ;q=0.5",
  ])
  func `a page is compressed for clients that accept gzip`(header: String) {
    let response = applied(header, to: .html(SharedBytes(page)))
    #expect(response.headers["Content-Encoding"] == "gzip")
    #expect(response.headers["Vary"] == "Accept-Encoding")
    #expect(response.bytes.count < page.count / 4)
    #expect(Gzip.decompress(response.bytes) == page)
  }

  @Test(arguments: [nil, "", "br", "identity", "gzip;q=0", "gzip;q=0.000", "gzip;q=0, *", "*;q=0", "gzip;q=x", "gzip;q=0.0001", "gzipped"])
  func `and not for others`(header: String?) {
    let response = applied(header, to: .html(SharedBytes(page)))
    #expect(response.headers["Content-Encoding"] == nil)
    #expect(response.headers["Vary"] == "Accept-Encoding")
    #expect(response.bytes == page)
  }

  @Test(arguments: [
    ("gzip, deflate, br, zstd", "zstd"), ("zstd", "zstd"), ("ZSTD;q=0.5", "zstd"), ("gzip;q=0.9, zstd;q=0.8", "gzip"),
    ("gzip;q=0.8, zstd;q=0.9", "zstd"),
    ("gzip, zstd;q=0", "gzip"), ("zstd, gzip;q=0", "zstd"), ("*", "gzip"), ("*, zstd", "zstd"), ("*;q=0, zstd", "zstd"),
    ("zstd;q=0, *", "gzip"),
    ("identity;q=0.5, gzip", "gzip"), ("identity, gzip;q=0.5", nil), ("identity;q=0.6, gzip;q=0.5, zstd;q=0.6", "zstd"),
    ("zstd;q=x, gzip;q=x", nil),
    ("zstd;q=0, gzip;q=0, identity;q=0", nil),
  ])
  func `the client gets its preferred coding`(header: String, coding: String?) {
    let response = applied(header, to: .html(SharedBytes(page)))
    #expect(response.headers["Content-Encoding"] == coding)
    switch coding {
    case "zstd": #expect(Zstd.decompress(response.bytes) == page)
    case "gzip": #expect(Gzip.decompress(response.bytes) == page)
    default: #expect(response.bytes == page)
    }
  }

  @Test func `small responses stay as they are`() {
    #expect(applied("gzip", to: .html(SharedBytes(Array(page.prefix(1_024))))).headers["Content-Encoding"] == nil)
    #expect(applied("gzip", to: .html(SharedBytes(Array(page.prefix(1_025))))).headers["Content-Encoding"] == "gzip")
  }

  @Test(arguments: [
    ("text/css", true), ("text/csv; charset=utf-8", true), ("application/json", true), ("image/svg+xml", true),
    ("application/manifest+json", true),
    ("Application/JSON; x=y", true), ("image/png", false), ("application/octet-stream", false), ("application/zip", false),
    ("font/woff2", false),
  ])
  func `texts are compressed, and nothing else`(type: String, isCompressed: Bool) {
    var response = Response(status: 200, body: .bytes(page))
    response.headers.set("Content-Type", type)
    #expect((applied("gzip", to: response).headers["Content-Encoding"] == "gzip") == isCompressed)
    #expect((applied("gzip", to: response).headers["Vary"] != nil) == isCompressed)
  }

  @Test func `encoded, streamed and shared bodies are left alone`() {
    var encoded = Response.html(SharedBytes(page))
    encoded.headers.set("Content-Encoding", "br")
    #expect(applied("gzip", to: encoded).bytes == page)
    var stream = Response(status: 200, body: .stream { nil })
    stream.headers.set("Content-Type", "text/csv")
    #expect(applied("gzip", to: stream).headers["Content-Encoding"] == nil)
    var shared = Response(status: 200, body: .shared(SharedBytes(page)))
    shared.headers.set("Content-Type", "text/css")
    #expect(applied("gzip", to: shared).bytes == page)
  }

  @Test func `an entity tag becomes weak, and Vary isn't repeated`() {
    var response = Response.html(SharedBytes(page))
    response.headers.set("ETag", "\"a\"")
    response.headers.set("Vary", "Cookie, accept-encoding")
    let compressed = applied("gzip", to: response)
    #expect(compressed.headers["ETag"] == "W/\"a\"")
    #expect(compressed.headers.all("Vary") == ["Cookie, accept-encoding"])
    #expect(applied(nil, to: response).headers["ETag"] == "\"a\"")
  }
}
