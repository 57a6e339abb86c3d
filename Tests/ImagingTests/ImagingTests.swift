import Dispatch
import Glibc
@testable import Imaging
import Synchronization
import TestKit
import Testing

/// Images of all types, valid and broken.
@Suite struct ImagingTests {
  private let folder = Folder()

  private func picture(_ format: ImageFormat = .jpeg, _ width: Int = 400, _ height: Int = 300, seed: UInt64 = 1) throws -> String {
    let path = folder.path("picture-\(seed).\(format.rawValue)")
    try Imaging.draw(seed: seed, width: width, height: height, as: format, to: path)
    return path
  }

  @Test(arguments: ImageFormat.allCases)
  func `an image is identified by its head`(format: ImageFormat) throws {
    let path = try picture(format)
    #expect(try Imaging.inspect(path) == ImageInfo(format: format, width: 400, height: 300, orientation: 1))
    try folder.truncate(path, to: 700)
    #expect(try Imaging.inspect(path).width == 400, "the head is enough")
  }

  @Test(arguments: ImageFormat.allCases)
  func `a thumbnail fits its square and keeps the aspect ratio`(format: ImageFormat) throws {
    let target = folder.path("small")
    let made = try Imaging.thumbnail(of: try picture(format), side: 100, to: target)
    #expect([made.width, made.height] == [100, 75])
    #expect(try Imaging.inspect(target) == made)
    #expect(made.format == .jpeg)
  }

  @Test func `concurrent requests for a thumbnail make one that is complete`() throws {
    let original = try picture(.jpeg, 2_000, 1_500)
    let target = folder.path("small")
    let alone = folder.path("alone")
    _ = try Imaging.thumbnail(of: original, side: 480, to: alone)
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      do { _ = try Imaging.thumbnail(of: original, side: 480, to: target) } catch { failures.withLock { $0 += 1 } }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(folder.bytes(target) == folder.bytes(alone))
    #expect(folder.names.allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test func `a small image is not enlarged`() throws {
    let made = try Imaging.thumbnail(of: try picture(.png, 20, 10), side: 100, to: folder.path("small"))
    #expect([made.width, made.height] == [20, 10])
  }

  @Test func `a thin image keeps at least one pixel`() throws {
    let made = try Imaging.thumbnail(of: try picture(.png, 3_000, 1), side: 100, to: folder.path("small"))
    #expect([made.width, made.height] == [100, 1])
  }

  @Test(
    arguments: [(1_280, 240, 640, 120), (400, 960, 100, 240), (640, 240, 640, 240), (20, 10, 20, 10), (3_000, 1, 640, 1)],
    [ImageFormat.png, .jpeg])
  func `an image fits a rectangle, and a PNG can stay one`(size: (Int, Int, Int, Int), format: ImageFormat) throws {
    let target = folder.path("small")
    let made = try Imaging.fitted(try picture(format, size.0, size.1), width: 640, height: 240, keepsPNG: true, to: target)
    #expect([made.width, made.height] == [size.2, size.3] && made.format == format)
    #expect(try Imaging.inspect(target) == made)
  }

  @Test func `a turned photo fits a rectangle as it is seen`() throws {
    let path = try picture(.jpeg, 400, 1_600)
    try folder.insertExif(path, orientation: 6, isBig: true)
    let made = try Imaging.fitted(path, width: 640, height: 240, keepsPNG: true, to: folder.path("small"))
    #expect([made.width, made.height] == [640, 160])
  }

  @Test(arguments: 1...8, [true, false])
  func `a photo is upright however the camera was held, and has no location`(orientation: Int, isBig: Bool) throws {
    let path = try picture()
    try folder.insertExif(path, orientation: orientation, isBig: isBig)
    let info = try Imaging.inspect(path)
    #expect(info.orientation == orientation)
    #expect(info.displaySize == (orientation >= 5 ? (300, 400) : (400, 300)))
    let target = folder.path("small")
    let made = try Imaging.thumbnail(of: path, side: 100, to: target)
    #expect([made.width, made.height] == (orientation >= 5 ? [75, 100] : [100, 75]))
    #expect(!folder.bytes(target).contains("Exif") && !folder.bytes(target).contains("SECRET PLACE"))
    #expect(folder.bytes(path).contains("SECRET PLACE"))
  }

  @Test func `a bomb is refused before anything is decoded`() throws {
    let path = try picture(.png, 10, 10)
    // 60,000 pixels a side, only in the head.
    try folder.overwrite(path, at: 16, [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
    #expect(throws: ImagingError.tooManyPixels(width: 60_000, height: 60_000)) {
      try Imaging.thumbnail(of: path, side: 100, to: folder.path("small"))
    }
    #expect(!folder.exists("small") && !folder.exists("small.partial"))
  }

  /// A grey square of 8 × 8 pixels with that many scans (JPEG, ITU-T T.81, annex G). Each scan of a large image takes
  /// as long as a whole image.
  private func progressive(scans: Int) -> [UInt8] {
    func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] { [0xFF, marker, 0, UInt8(body.count + 2)] + body }
    let codes = [UInt8](repeating: 0, count: 15)
    var bytes: [UInt8] = [0xFF, 0xD8]
    bytes += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
    bytes += segment(0xC2, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])
    bytes += segment(0xC4, [0x00, 1] + codes + [0]) + segment(0xC4, [0x10, 1] + codes + [0])
    bytes += segment(0xDA, [1, 1, 0, 0, 0, 0]) + [0x7F]
    for scan in 1..<scans { bytes += segment(0xDA, [1, 1, 0, UInt8(1 + scan % 63), UInt8(1 + scan % 63), 0]) + [0x7F] }
    return bytes + [0xFF, 0xD9]
  }

  @Test func `an image of a hundred scans is refused quickly`() throws {
    let path = folder.path("scans")
    try folder.write(path, progressive(scans: 12))
    #expect(try Imaging.thumbnail(of: path, side: 100, to: folder.path("small")).width == 8)
    try folder.write(path, progressive(scans: 100))
    #expect(throws: ImagingError.damaged) { try Imaging.thumbnail(of: path, side: 100, to: folder.path("small")) }
  }

  @Test func `a comment of countless blocks is not read to its end`() throws {
    var bytes = Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x21, 0xFE]
    for _ in 0..<200_000 { bytes += [1, 65] }
    bytes += [0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0]
    let path = folder.path("comments")
    try folder.write(path, bytes)
    #expect(throws: ImagingError.damaged) { try Imaging.inspect(path) }
  }

  @Test func `a frame larger than its screen is noticed`() throws {
    let path = try picture(.gif, 10, 10)
    let bytes = folder.bytes(path)
    let mark: [UInt8] = [0x2C, 0, 0, 0, 0, 10, 0, 10, 0]
    let frame = try #require((0..<bytes.count).first { bytes[$0...].starts(with: mark) })
    try folder.overwrite(path, at: frame + 5, [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: ImagingError.tooManyPixels(width: 65_535, height: 65_535)) {
      try Imaging.thumbnail(of: path, side: 100, to: folder.path("small"))
    }
  }

  @Test(arguments: ["", "hello", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "\u{FF}\u{D8}", "GIF", "RIFF1234WEBP", "\u{89}PNG"])
  func `anything but an image is refused`(text: String) throws {
    let path = folder.path("file")
    try folder.write(path, Array(text.utf8))
    #expect(throws: ImagingError.self) { try Imaging.inspect(path) }
    #expect(throws: ImagingError.self) { try Imaging.thumbnail(of: path, side: 10, to: folder.path("small")) }
  }

  @Test func `a missing file fails`() {
    #expect(throws: ImagingError.failed) { try Imaging.inspect("/nonexistent/picture") }
  }

  @Test(arguments: ImageFormat.allCases)
  func `corrupt bytes give an error or an image, never a crash`(format: ImageFormat) throws {
    let whole = folder.bytes(try picture(format, 64, 48, seed: 3))
    var random = SplitMix(seed: 9)
    let path = folder.path("broken")
    for _ in 0..<1_500 {
      var bytes = whole
      for _ in 0...random.below(6) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
      // The size stays within limits: bombs have a test of their own.
      try folder.write(path, bytes)
      guard let info = try? Imaging.inspect(path), info.width * info.height < 4_000_000 else { continue }
      _ = try? Imaging.thumbnail(of: path, side: 32, to: folder.path("small"))
    }
    #expect(folder.openFiles == [], "files are left open")
  }
}
