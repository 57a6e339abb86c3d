import Base
import Foundation
import Imaging
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// The office's logo: an upload of which only pixels are kept, on every page and for anybody.
@Suite struct LogoTests {
  private let app: TestApp
  private let owner: TestClient
  private let root = "/admin/settings/crm"

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
  }

  private func drawn(_ format: ImageFormat, _ width: Int = 400, _ height: Int = 100, seed: UInt64 = 1) throws -> TestClient.File {
    let path = NSTemporaryDirectory() + "logo-\(UInt64.random(in: .min ... .max))"
    defer { unlink(path) }
    try Imaging.draw(seed: seed, width: width, height: height, as: format, to: path)
    return file("logo.\(format.rawValue)", try read(path))
  }

  private func fixture(_ name: String) throws -> TestClient.File {
    file(name, try read(TestApp.resources + "/Tests/ImagingTests/Fixtures/" + name))
  }

  private func file(_ name: String, _ bytes: [UInt8]) -> TestClient.File {
    var file = TestClient.File(name, bytes)
    file.field = "logo_file"
    return file
  }

  private func read(_ path: String) throws -> [UInt8] { [UInt8](try #require(FileManager.default.contents(atPath: path))) }

  /// The tab's form as it is shown.
  private func fields(_ client: TestClient, _ changes: [String: String] = [:]) -> [(String, String)] {
    let form = client.get(root).page.first("//form[@action='\(root)'][@method='post']")
    let inputs = form?.all(".//input[@name][not(@type='checkbox' or @type='file')] | .//input[@checked]") ?? []
    let shown =
      inputs.map { ($0["name"] ?? "", $0["value"] ?? "") }
      + (form?.all(".//select") ?? []).map { ($0["name"] ?? "", $0.first(".//option[@selected]")?["value"] ?? "") }
    return shown.filter { $0.0 != "csrf_token" && changes[$0.0] == nil } + changes.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) }
  }

  @discardableResult
  private func save(_ file: TestClient.File? = nil, _ changes: [String: String] = [:], by client: TestClient? = nil) -> Response {
    let client = client ?? owner
    let fields = fields(client, changes)
    return client.post(root, fields, files: file.map { [$0] } ?? [])
  }

  private var stored: Logo? { get throws { try app.store.read { db in try app.services.settings.current(in: db) }.logo } }

  @Test(arguments: [ImageFormat.png, .jpeg, .webp])
  func `an image is drawn again within its limits, and everybody gets its bytes`(format: ImageFormat) throws {
    #expect(owner.get("/logo").status == 404)
    let file = try drawn(format, 1_600, 400)
    #expect(save(file).status == 303)
    let logo = try #require(try stored)
    #expect(logo.isPNG == (format == .png) && logo.width == 640 && logo.height == 160)
    let visitor = TestClient(app)
    let page = visitor.get("/sign-in").page
    let image = try #require(page.first("//header//img"))
    #expect(image["alt"] == "Roost" && image["width"] == "280" && image["height"] == "70" && page.first("//header//span") == nil)
    let src = try #require(image["src"])
    let stranger = TestClient(app)
    let answer = stranger.get(src)
    #expect(answer.status == 200 && answer.headers["Content-Type"] == logo.type)
    #expect(answer.headers["X-Content-Type-Options"] == "nosniff" && answer.headers["Set-Cookie"] == nil)
    #expect(answer.headers["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(try answer.bodyBytes == app.store.read { db in try logo.bytes(in: db) } && answer.bodyBytes != file.bytes)
    #expect(answer.bodyBytes?.count == logo.size)
    // Without the hash, or with one of another time, it is asked for each time.
    for path in ["/logo", "/logo?v=0"] {
      #expect(stranger.get(path).headers["Cache-Control"] == "public, no-cache" && stranger.get(path).bodyBytes == answer.bodyBytes)
    }
    stranger.headers["If-None-Match"] = answer.headers["ETag"]
    #expect(stranger.get(src).status == 304 && stranger.get("/logo").status == 304 && (stranger.get(src).bodyBytes ?? []).isEmpty)
    // On pages with the frame: in the bar and in the drawer, in a size that is known before it comes.
    let images = owner.get("/account").page.all("//img[contains(@class, 'logo')]")
    #expect(images.map { [$0["src"], $0["alt"], $0["width"], $0["height"]] } == Array(repeating: [src, "Roost", "128", "32"], count: 2))
  }

  @Test func `transparency stays, and what hangs on a file doesn't`() throws {
    #expect(save(try fixture("16-bit-alpha.png")).status == 303)
    #expect(try stored?.isPNG == true)
    #expect(save(try fixture("animated-alpha.webp")).status == 303)
    #expect(try stored?.isPNG == true)
    // Turned upright, and where it was taken is forgotten.
    let photo = try fixture("exif-6.jpg")
    #expect(Data(photo.bytes).range(of: Data("Exif".utf8)) != nil)
    #expect(save(photo).status == 303)
    let bytes = try #require(owner.get("/logo").bodyBytes)
    #expect(Data(bytes).range(of: Data("Exif".utf8)) == nil && bytes.starts(with: [0xFF, 0xD8]))
  }

  @Test func `one that is hardly wider than high has the name beside it`() throws {
    #expect(save(try drawn(.png, 200, 200)).status == 303)
    let brand = owner.get("/account").page.first("//header//a[@class='brand']")
    #expect(brand?.first("./img")?["alt"] == "" && brand?.first("./span")?.text == "Roost")
  }

  @Test func `what is no such image is refused, and nothing else of the form is lost`() throws {
    let app = try TestApp(
      mediaLimits: { () in
        var limits = MediaLibrary.Limits(); limits.file = 60_000; return limits
      }())
    let owner = try app.visitor(.owner)
    for (file, message) in [
      (
        file("logo.svg", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".utf8)),
        "isn’t a PNG, JPEG or WebP"
      ),
      (file("logo.png", Array("<html><body>Hi".utf8)), "isn’t a PNG, JPEG or WebP"),
      (try fixture("animated.gif"), "isn’t a PNG, JPEG or WebP"),
      (file("logo.png", Array(try drawn(.png).bytes.prefix(300))), "is damaged"),
      (file("logo.png", []), "is empty"),
      (file("logo.jpg", try drawn(.jpeg).bytes + Array(repeating: 0, count: 60_000)), "is too large"),
    ] {
      let answer = save(file, ["installation_name": "Acme"], by: owner)
      #expect(answer.status == 422, "\(file.name): \(message)")
      #expect(answer.page.first("//p[@id='f-logo-error']")?.text.contains(message) == true, "\(file.name): \(message)")
      #expect(answer.page.first("//input[@id='f-logo']")?["aria-describedby"] == "f-logo-error")
      #expect(answer.page.first("//input[@name='installation_name']")?["value"] == "Acme")
    }
    // One of more pixels than anything decodes.
    var huge = try drawn(.png).bytes
    huge.replaceSubrange(16..<24, with: [0, 0, 0x40, 0, 0, 0, 0x40, 0])
    #expect(save(file("huge.png", huge), by: owner).page.first("//p[@id='f-logo-error']")?.text.contains("too many pixels") == true)
    #expect(owner.get("/logo").status == 404)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM activity WHERE record_type = 'settings'") } == 0)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM logos") } == 0)
    let left = FileManager.default.enumerator(atPath: app.mediaFolder + "/incoming")?.allObjects as? [String] ?? []
    #expect(left.isEmpty)
  }

  @Test func `an image waits while something else in its form is wrong`() throws {
    let refused = save(try drawn(.png), ["default_currency": "XYZ"])
    #expect(refused.status == 422 && refused.text.contains("New logo: PNG, 400 × 100") && owner.get("/logo").status == 404)
    let token = try #require(refused.page.first("//input[@name='logo']")?["value"])
    #expect(save(nil, ["logo": token]).status == 303)
    #expect(try stored?.text == token && owner.get("/logo").status == 200)
    // Nobody can name one that isn't there.
    for forged in ["png 640 240 10 " + String(repeating: "0", count: 64), "png 9999 240 10 " + String(repeating: "0", count: 64), "x"] {
      #expect(save(nil, ["logo": forged]).status == 422)
    }
    // One that nobody saved is forgotten after a day; those of the history stay.
    #expect(save(try drawn(.png, seed: 7), ["default_currency": "XYZ"]).status == 422)
    #expect(save(nil, ["logo_remove": "yes"]).status == 303)
    app.wait(seconds: 25 * 3600)
    try app.keepHouse()
    #expect(try app.store.read { try $0.all("SELECT logo FROM logos") { $0.text(0) } } == [token])
  }

  @Test func `it is changed, removed and put back, and the history says so in words`() throws {
    let first = try drawn(.png)
    #expect(save(first).status == 303)
    let bytes = owner.get("/logo").bodyBytes
    // The rest of the form, and the other tabs', leave it alone.
    #expect(save(nil, ["installation_name": "Acme"]).status == 303 && owner.get("/logo").bodyBytes == bytes)
    let security = owner.get(root + "/security").page
    #expect(security.first("//input[@name='logo']") == nil)
    #expect(save(try drawn(.jpeg, 300, 150, seed: 2)).status == 303 && owner.get("/logo").bodyBytes != bytes)
    let page = owner.get(root).page
    #expect(page.first("//div[@class='setting'][.//input[@name='logo']]")?.text.contains("Last changed by Olga Owner") == true)
    #expect(page.first("//form//img")?["alt"] == "Acme")
    #expect(save(nil, ["logo_remove": "yes"]).status == 303)
    #expect(try owner.get("/logo").status == 404 && stored == nil && owner.get("/sign-in").page.first("//img[@class='logo']") == nil)
    #expect(owner.get(root).page.first("//input[@name='logo_remove']") == nil)
    let history = owner.get(root + "/history")
    let changes = history.page.all("//dl[@class='diff']").map(\.text).filter { $0.contains("Logo") }
    #expect(changes.count == 3 && changes.allSatisfy { $0.contains("PNG, 400 × 100, ") || $0.contains("JPEG, 300 × 150, ") })
    #expect(
      try app.store.read { try $0.value("SELECT max(length(changes) + length(before)) FROM activity WHERE record_type = 'settings'") ?? 0 }
        < 1_000)
    // Back to the JPEG, and from there to the PNG.
    let entries = try app.store.read { db in
      try db.all("SELECT seq || '' FROM activity WHERE record_type = 'settings' AND changes LIKE '%logo%' ORDER BY seq DESC") { $0.text(0) }
    }
    owner.get(root + "/history")
    #expect(owner.post(root + "/events/\(entries[0])/revert", [:]).status == 303)
    #expect(try stored?.isPNG == false)
    owner.get(root + "/history")
    #expect(owner.post(root + "/events/\(entries[1])/revert", [:]).status == 303)
    #expect(owner.get("/logo").bodyBytes == bytes)
  }

  @Test func `two who choose another at the same time are asked which`() throws {
    let admin = try app.visitor(.admin, name: "Anna Admin")
    let mine = fields(owner)
    #expect(save(try drawn(.png, seed: 3), by: admin).status == 303)
    let theirs = try stored
    owner.get(root)
    let choice = owner.post(root, mine, files: [try drawn(.png, 300, 100, seed: 4)])
    #expect(choice.status == 409 && choice.text.contains("PNG, 300 × 100") && choice.text.contains("PNG, 400 × 100"))
    let hidden = choice.page.all("//form[@class='conflict']//input[@type='hidden']").map { ($0["name"] ?? "", $0["value"] ?? "") }
    #expect(try stored == theirs)
    #expect(owner.post(root, hidden + [("keep_logo", "mine"), ("save", "yes")]).status == 303)
    #expect(try stored?.width == 300)
  }

  @Test func `only those who may change settings bring one, and a form whose session has ended keeps it`() throws {
    let manager = try app.visitor(.manager, name: "Max Manager")
    manager.get("/account")
    #expect(manager.post(root, fields(owner), files: [try drawn(.png)]).status == 404)
    let waiting = fields(owner)
    app.wait(seconds: 60 * 24 * 3600)
    #expect(owner.post(root, waiting, files: [try drawn(.png)]).location == "/sign-in")
    owner.get("/sign-in")
    owner.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password])
    let back = owner.get("/kept-form").page
    let upload = try #require(back.first("//input[@name='logo_upload']"))
    #expect(try stored == nil && upload["checked"] != nil)
    #expect(save(nil, ["logo_upload": upload["value"] ?? ""]).status == 303)
    #expect(try stored?.width == 400)
  }
}

extension TestApp {
  /// A logo, as if somebody had saved one.
  func giveLogo() throws {
    let logo = Logo(hash: String(repeating: "a", count: 64), isPNG: true, width: 4, height: 1, size: 3)
    try store.write { db in
      try LogoStore.add(logo, [1, 2, 3], now: now, in: db)
      try LogoStore.keep(logo, in: db)
      try db.run("INSERT INTO settings (name, value, version, changed_at, changed_by_name) VALUES ('logo', \(logo.text), 2, \(now), '')")
    }
  }
}
