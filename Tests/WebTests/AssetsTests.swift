import Foundation
import Gzip
import Testing
import Web

/// A temporary `Public` folder for one test.
private final class PublicFolder {
  let path = NSTemporaryDirectory() + "roost-assets-\(UUID())"

  init() throws {
    try write("css/roost.css", String(repeating: "a { color: red }\n", count: 100))
    try write("js/app.js", "import './menu.js'\n")
    try write("icons/roost.svg", "<svg/>")
    try write(".hidden", "no")
    try write("css/.hidden/x.css", "no")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

struct AssetsTests {
  private let folder: PublicFolder

  init() throws { folder = try PublicFolder() }

  private func assets(_ extra: [Assets.Extra] = [], reloads: Bool = false) throws -> Assets {
    try Assets(folder: folder.path, extra: extra, reloads: reloads, checkEvery: .zero)
  }

  private func get(_ assets: Assets, _ target: String, _ headers: KeyValuePairs<String, String> = [:]) throws -> Response {
    try #require(assets.response(to: .sample(.get, target, headers: headers)))
  }

  @Test func `a file has a URL that can be cached indefinitely`() throws {
    let assets = try assets()
    let url = assets.url("js/app.js")
    #expect(url.wholeMatch(of: /\/assets\/[0-9a-f]{16}\/js\/app\.js/) != nil)
    let response = try get(assets, url)
    #expect(response.status == 200)
    #expect(response.text == "import './menu.js'\n")
    #expect(response.headers["Content-Type"] == "text/javascript; charset=utf-8")
    #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(response.headers["X-Content-Type-Options"] == "nosniff")
    #expect(response.headers["Content-Encoding"] == nil)
  }

  @Test func `a change in any file changes every URL`() throws {
    let before = try assets().url("js/app.js")
    #expect(try assets().url("js/app.js") == before)
    try folder.write("css/roost.css", "other")
    let after = try assets().url("js/app.js")
    #expect(after != before)
    try folder.write("css/new.css", "new")
    #expect(try assets().url("js/app.js") != after)
  }

  @Test func `a URL from before an upgrade gets the current file, uncached`() throws {
    let response = try get(try assets(), "/assets/0123456789abcdef/js/app.js")
    #expect(response.status == 200)
    #expect(response.headers["Cache-Control"] == "no-cache")
  }

  @Test func `texts are compressed for clients that accept it`() throws {
    let assets = try assets()
    let plain = try get(assets, assets.url("css/roost.css"))
    let small = try get(assets, assets.url("css/roost.css"), ["Accept-Encoding": "gzip"])
    #expect(small.headers["Content-Encoding"] == "gzip")
    #expect(Gzip.decompress(small.bytes) == plain.bytes)
    #expect(plain.headers["Content-Encoding"] == nil)
    #expect(plain.headers["Vary"] == "Accept-Encoding")
    #expect(small.headers["Vary"] == "Accept-Encoding")
    let smaller = try get(assets, assets.url("css/roost.css"), ["Accept-Encoding": "gzip, deflate, br, zstd"])
    #expect(smaller.headers["Content-Encoding"] == "zstd")
    #expect(Zstd.decompress(smaller.bytes) == plain.bytes)
    #expect(Set([plain, small, smaller].map { $0.headers["ETag"] }).count == 3)
    for copy in [plain, small, smaller] {
      let (tag, coding) = (try #require(copy.headers["ETag"]), copy.headers["Content-Encoding"] ?? "")
      #expect(try get(assets, assets.url("css/roost.css"), ["If-None-Match": tag, "Accept-Encoding": coding]).status == 304)
    }
    #expect(try get(assets, assets.url("css/roost.css"), ["Accept-Encoding": "gzip;q=0"]).bytes == plain.bytes)
  }

  @Test func `files that don't get smaller are not compressed`() throws {
    try folder.write("a.png", String(repeating: "a", count: 5_000))
    let assets = try assets()
    for name in ["js/app.js", "a.png"] {
      let response = try get(assets, assets.url(name), ["Accept-Encoding": "gzip"])
      #expect(response.headers["Content-Encoding"] == nil)
      #expect(response.headers["Vary"] == nil)
    }
  }

  @Test func `a current copy isn't sent again`() throws {
    let assets = try assets()
    let url = assets.url("css/roost.css")
    let tag = try #require(try get(assets, url).headers["ETag"])
    let again = try get(assets, url, ["If-None-Match": tag])
    #expect(again.status == 304)
    #expect(again.bytes.isEmpty)
    #expect(again.headers["ETag"] == tag)
    #expect(again.headers["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(try get(assets, url, ["If-None-Match": tag, "Accept-Encoding": "gzip"]).status == 200)
    #expect(try get(assets, url, ["If-None-Match": "\"other\""]).status == 200)
  }

  @Test(arguments: [
    "/assets", "/assets/x", "/assets/x/js/none.js", "/assets/js/app.js", "/assets/x/.hidden", "/assets/x/css",
    "/assets/x/css/.hidden/x.css",
  ])
  func `a missing file is 404`(target: String) throws {
    #expect(try get(try assets(), target).status == 404)
  }

  @Test func `names can't climb out of the folder`() throws {
    let assets = try assets()
    for climb in [["..", "secret"], ["css", "..", "js", "app.js"], ["../css/roost.css"], [folder.path, "js", "app.js"]] {
      var request = Request.sample(.get, "/assets/x")
      request.path = ["assets", "x"] + climb
      #expect(assets.response(to: request)?.status == 404)
    }
  }

  @Test func `other paths are ignored`() throws {
    let assets = try assets()
    for target in ["/", "/admin/assets", "/asset", "/favicon", "/x/favicon.ico"] {
      #expect(assets.response(to: .sample(.get, target)) == nil)
    }
  }

  @Test func `only GET and HEAD are allowed`() throws {
    let assets = try assets()
    let refusal = assets.response(to: .sample(.post, assets.url("js/app.js")))
    #expect(refusal?.status == 405)
    #expect(refusal?.headers["Allow"] == "GET, HEAD")
    #expect(assets.response(to: .sample(.head, assets.url("js/app.js")))?.status == 200)
  }

  @Test(arguments: ["/favicon.ico", "/favicon.svg"])
  func `the favicon is the product's icon`(target: String) throws {
    let response = try get(try assets(), target)
    #expect(response.text == "<svg/>")
    #expect(response.headers["Content-Type"] == "image/svg+xml")
    #expect(response.headers["Cache-Control"] == "public, max-age=86400")
    try FileManager.default.removeItem(atPath: folder.path + "/icons")
    #expect(try get(try assets(), target).status == 404)
  }

  @Test func `files of packages are served like the others, and can be missing`() throws {
    let extra = Assets.Extra.file(folder.path + "/js/app.js", as: "vendor/sortable.js")
    let assets = try assets([extra, .file("/nonexistent/x.js", as: "vendor/x.js")])
    #expect(assets.contains("vendor/sortable.js"))
    #expect(try get(assets, assets.url("vendor/sortable.js")).text == "import './menu.js'\n")
    #expect(!assets.contains("vendor/x.js"))
    #expect(try get(assets, assets.url("vendor/x.js")).status == 404)
  }

  @Test func `icons become one sprite, the missing ones empty symbols`() throws {
    try folder.write(
      "svg/pencil.svg",
      "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 16\">\n  <path d=\"M1\"/>\n  <g>\n  </g>\n</svg>\n"
    )
    try folder.write("svg/broken.svg", "<svg viewBox=\"0 0 1 1\"")
    let icons = Assets.Extra.icons(from: folder.path + "/svg", names: ["pencil", "broken", "none"], as: "icons.svg")
    let assets = try assets([icons])
    #expect(
      try get(assets, assets.url("icons.svg")).text == """
        <svg xmlns="http://www.w3.org/2000/svg">
        <symbol id="pencil" viewBox="0 0 24 16" fill="currentColor"><path d="M1"/><g></g></symbol>
        <symbol id="broken" viewBox="0 0 16 16" fill="currentColor"></symbol>
        <symbol id="none" viewBox="0 0 16 16" fill="currentColor"></symbol>
        </svg>

        """)
  }

  @Test func `a missing folder is an error at start`() {
    #expect(throws: Assets.Failure.self) { try Assets(folder: "/nonexistent/Public") }
  }

  @Test func `in development a changed file shows, otherwise it doesn't`() throws {
    let (fixed, live) = (try assets(), try assets(reloads: true))
    let before = live.url("js/app.js")
    try folder.write("js/app.js", "changed")
    try FileManager.default.removeItem(atPath: folder.path + "/css/roost.css")
    #expect(live.url("js/app.js") != before)
    #expect(try get(live, live.url("js/app.js")).text == "changed")
    #expect(!live.contains("css/roost.css"))
    #expect(try get(live, live.url("icons/roost.svg")).text == "<svg/>")
    #expect(fixed.url("js/app.js") == before)
    #expect(try get(fixed, before).text == "import './menu.js'\n")
  }
}
