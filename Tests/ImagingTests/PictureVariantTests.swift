import Foundation
@testable import Imaging
import TestKit
import Testing

/// Every variant that the accepted types have: a picture is shown as browsers show it, or it is said to be of no use. `Fixtures/make.py` makes them.
@Suite struct PictureVariantTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/"
  private let folder = Folder()

  private static let shown = [
    "baseline.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "rgb.jpg", "icc.jpg", "1-bit.png", "16-bit.png", "16-bit-gray.png",
    "palette.png", "rgb.png", "icc.png", "interlaced.png", "animated.png", "still.gif", "interlaced.gif", "animated.gif", "lossy.webp",
    "lossless.webp", "icc.webp", "animated.webp", "animated-lossless.webp",
  ]
  private static let seeThrough = [
    "palette-transparent.png", "gray-alpha.png", "rgba.png", "16-bit-alpha.png", "color-key.png", "transparent.gif", "lossy-alpha.webp",
    "lossless-alpha.webp", "animated-alpha.webp", "part.webp",
  ]

  @Test(arguments: shown) func `each variant has a small copy`(name: String) throws {
    #expect(try thumbnail(name).format == .jpeg)
  }

  @Test(arguments: seeThrough) func `what is see-through stays so`(name: String) throws {
    #expect(try thumbnail(name).format == .png)
  }

  @Test(arguments: 1...8, ["jpg", "png"]) func `a camera may be held in eight ways`(orientation: Int, ending: String) throws {
    let name = "exif-\(orientation).\(ending)"
    #expect(try Imaging.inspect(Self.fixtures + name).displaySize == (48, 32))
    _ = try thumbnail(name)
  }

  @Test(arguments: ["12-bit", "lossless", "arithmetic"])
  func `what browsers don't show is told apart from what is damaged`(kind: String) throws {
    let path = Self.fixtures + "unsupported-\(kind).jpg"
    #expect(throws: ImagingError.unsupported) { try Imaging.inspect(path) }
    #expect(throws: ImagingError.unsupported) { try Imaging.check(path) }
    #expect(throws: ImagingError.unsupported) { try Imaging.thumbnail(of: path, side: 96, to: folder.path("small")) }
    #expect(!folder.exists("small"))
  }

  @Test(arguments: ["animated.webp", "lossless.webp", "palette.png", "progressive.jpg", "animated.gif"])
  func `a head without a picture behind it is noticed`(name: String) throws {
    let path = folder.path(name)
    try folder.write(path, Array(folder.bytes(Self.fixtures + name).prefix(45)))
    #expect(throws: ImagingError.self) { try Imaging.check(path) }
  }

  @Test func `every picture among the fixtures is tested`() throws {
    let known = Self.shown + Self.seeThrough + (1...8).flatMap { ["exif-\($0).jpg", "exif-\($0).png"] }
    #expect(
      try Set(known)
        == Set(FileManager.default.contentsOfDirectory(atPath: Self.fixtures).filter { !$0.hasPrefix("unsupported") && $0 != "make.py" }))
  }

  private func thumbnail(_ name: String) throws -> ImageInfo {
    let target = folder.path("small")
    let made = try Imaging.thumbnail(of: Self.fixtures + name, side: 96, to: target)
    #expect(made.width == 48 && made.height == 32, "\(name)")
    try Imaging.check(Self.fixtures + name)
    return made
  }
}
