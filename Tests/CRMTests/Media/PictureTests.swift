import Admin
import Foundation
import Testing
import Web
import XML

/// No page shows a picture that can't be shown: it has a small copy, or is refused, or is a file like others.
@Suite struct PictureTests {
  private static let fixtures = TestApp.resources + "/Tests/ImagingTests/Fixtures"
  private let office: TestApp
  private let owner: TestClient
  private let ann: String

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    ann = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(ann)
  }

  private func upload(_ name: String, _ bytes: Data, to tab: String) -> Response {
    owner.get(ann)
    return owner.post("\(ann)/\(tab)", files: [.init(name, [UInt8](bytes))])
  }

  private func fixture(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/" + name)) }

  @Test func `each variant of an accepted type is shown, or refused in words`() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.fixtures).sorted() where !name.hasSuffix(".py") {
      let response = upload(name, try fixture(name), to: "images")
      if name.hasPrefix("unsupported") {
        #expect(response.status == 422, "\(name)")
        #expect(response.text.contains("Browsers can’t show “\(name)”."), "\(name)")
      } else {
        #expect(response.status == 303, "\(name): \(response.text)")
      }
    }
    try expectNoBrokenPicture("images", count: 48)
  }

  @Test(arguments: ["animated.webp", "lossless.webp", "palette.png", "progressive.jpg", "animated.gif"])
  func `a picture that ends after its head is refused among images, and is a file without a picture among files`(name: String) throws {
    let damaged = try fixture(name).prefix(name.hasSuffix("jpg") ? 300 : 45)
    let response = upload(name, damaged, to: "images")
    #expect(response.status == 422)
    #expect(response.text.contains("“\(name)”"))
    #expect(upload(name, damaged, to: "files").status == 303)
    try expectNoBrokenPicture("files", count: 0)
    let page = owner.get(ann + "/files")
    #expect(page.text.contains(name))
    let href = try #require(page.page.first("//li[@class='file-row']//a")?["href"])
    #expect(owner.get(href).headers["Content-Disposition"]?.hasPrefix("attachment") == true)
  }

  private func expectNoBrokenPicture(_ tab: String, count: Int) throws {
    let pictures = owner.get("\(ann)/\(tab)").page.all("//main//li//img").compactMap { $0["src"] }
    #expect(pictures.count == count)
    for source in pictures { #expect(owner.get(source).status == 200, "\(source)") }
  }
}
