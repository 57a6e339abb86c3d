import Foundation
import QRCode
import Testing

@testable import PDF

/// Images and codes.
@Suite struct PictureTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  private static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent(path))) }

  private static func render(_ bytes: [UInt8]) throws(PDFError) -> PDFFile {
    try PDF.render("<article><img src=\"a\" alt=\"\" data-width=\"30mm\"></article>", images: ["a": bytes])
  }

  @Test(arguments: [
    "baseline.jpg", "gray.jpg", "exif-6.jpg", "16-bit-alpha.png", "1-bit.png", "gray-alpha.png", "color-key.png", "exif-1.png",
  ])
  func `images are drawn`(name: String) throws {
    let file = try Self.render(Self.bytes("ImagingTests/Fixtures/" + name))
    let list = String(decoding: try file.read("pdfimages", ["-list"]), as: UTF8.self)
    #expect(list.split(separator: "\n").count > 2, "\(list)")
    #expect(!name.hasSuffix("jpg") || list.contains(" jpeg "))
  }

  @Test(arguments: ["cmyk.jpg", "animated.gif", "animated.webp"])
  func `other formats are refused`(name: String) throws {
    let bytes = try Self.bytes("ImagingTests/Fixtures/" + name)
    #expect(throws: PDFError.image("a", .unknownFormat)) { try Self.render(bytes) }
  }

  @Test func `a damaged image is an error or is drawn`() throws {
    let png = try Self.bytes("PDFTests/Fixtures/logo.png")
    #expect(throws: PDFError.image("a", .damaged)) { try Self.render(Array(png.prefix(png.count / 2))) }
    #expect(throws: PDFError.image("a", .unknownFormat)) { try Self.render([]) }
    #expect(throws: PDFError.image("a", .unknownFormat)) { try Self.render([0xFF, 0xD8, 0xFF, 0xE0, 0, 4]) }
    for bytes in [png, try Self.bytes("ImagingTests/Fixtures/baseline.jpg")] {
      for cut in stride(from: 0, to: bytes.count, by: max(bytes.count / 40, 1)) {
        if let file = try? Self.render(Array(bytes.prefix(cut))) { #expect(file.pageCount == 1) }
      }
    }
  }

  @Test func `an image of too many pixels isn't decoded`() throws {
    var png = try Self.bytes("PDFTests/Fixtures/logo.png")
    png.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
    #expect(throws: PDFError.image("a", .tooManyPixels)) { try Self.render(png) }
  }

  @Test func `a code is drawn module by module`() throws {
    let code = try #require(QRCode("https://roost.example"))
    let side = code.size + 2 * QRCode.margin
    // 10 pixels per module: 72 points are 80 pixels at 80 dots per inch.
    let file = try PDF.render(
      "<article><img src=\"q\" alt=\"\" data-width=\"\(Double(side) * 9 * 25.4 / 72)mm\"></article>".replacing(".0mm", with: "mm"),
      codes: ["q": PDFCode(size: code.size, modules: code.modules)])
    let image = try file.read("pdftoppm", ["-r", "80", "-gray", "-aa", "no"])
    let header = image.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    let width = try #require(Int(String(decoding: header[1], as: UTF8.self).split(separator: " ")[0]))
    let pixels = header[3]
    let (left, top) = (20 / 25.4 * 80, 18 / 25.4 * 80)
    for row in 0..<code.size {
      for column in 0..<code.size {
        let x = Int(left + (Double(column + QRCode.margin) + 0.5) * 10)
        let y = Int(top + (Double(row + QRCode.margin) + 0.5) * 10)
        let isDark = pixels[pixels.startIndex + y * width + x] < 128
        #expect(isDark == code.modules[row * code.size + column])
      }
    }
  }
}
