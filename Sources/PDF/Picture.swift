import CPango
import Glibc

/// An image file that can be drawn: a PNG, decoded, or a JPEG, which goes into the PDF as it is. Used by one thread.
final class Picture {
  let width: Int
  let height: Int
  let surface: OpaquePointer

  /// More pixels than a document needs, and as many as fit the memory without harm.
  private static let mostPixels = 25_000_000

  init(_ bytes: [UInt8], name: String) throws(PDFError) {
    guard let head = ImageHead(bytes) else { throw .image(name, .unknownFormat) }
    guard head.width > 0, head.height > 0 else { throw .image(name, .damaged) }
    guard head.width <= 32_000, head.height <= 32_000, head.width * head.height <= Self.mostPixels else {
      throw .image(name, .tooManyPixels)
    }
    (width, height) = (head.width, head.height)
    guard let surface = head.isPNG ? Self.png(bytes) : Self.jpeg(bytes, head) else { throw .failed("image") }
    self.surface = surface
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
      cairo_surface_destroy(surface)
      throw .image(name, .damaged)
    }
  }

  deinit { cairo_surface_destroy(surface) }

  private static func png(_ bytes: [UInt8]) -> OpaquePointer? {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      return withUnsafeMutablePointer(to: &rest) { rest in
        cairo_image_surface_create_from_png_stream(
          { closure, target, count in
            guard let rest = closure?.assumingMemoryBound(to: Slice<UnsafeRawBufferPointer>.self), let target,
              rest.pointee.count >= Int(count)
            else { return CAIRO_STATUS_READ_ERROR }
            UnsafeMutableRawBufferPointer(start: target, count: Int(count)).copyBytes(from: rest.pointee.prefix(Int(count)))
            rest.pointee = rest.pointee.dropFirst(Int(count))
            return CAIRO_STATUS_SUCCESS
          }, rest)
      }
    }
  }

  /// A surface whose pixels are never looked at: the library writes the file itself.
  private static func jpeg(_ bytes: [UInt8], _ head: ImageHead) -> OpaquePointer? {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(head.width), Int32(head.height)),
      let copy = malloc(bytes.count)
    else { return nil }
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyMemory(from: $0) }
    cairo_surface_set_mime_data(surface, "image/jpeg", copy.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), { free($0) }, copy)
    return surface
  }
}

/// The beginning of an image file, as far as it tells what it is.
private struct ImageHead {
  let isPNG: Bool
  let width: Int
  let height: Int

  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.count > 24 {
      isPNG = true
      width = Self.number(bytes, 16) << 16 | Self.number(bytes, 18)
      height = Self.number(bytes, 20) << 16 | Self.number(bytes, 22)
    } else if bytes.starts(with: [0xFF, 0xD8]), let frame = Self.frame(bytes) {
      isPNG = false
      height = Self.number(bytes, frame + 5)
      width = Self.number(bytes, frame + 7)
    } else {
      return nil
    }
  }

  private static func number(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }

  /// Where a JPEG's frame header begins (ITU-T T.81, B.2.2): baseline or progressive, 8 bits, grey or colour.
  private static func frame(_ bytes: [UInt8]) -> Int? {
    var index = 2
    while index + 9 < bytes.count, bytes[index] == 0xFF {
      let marker = bytes[index + 1]
      if marker == 0xFF {
        index += 1
      } else if 0xC0...0xC2 ~= marker {
        return bytes[index + 4] == 8 && (bytes[index + 9] == 1 || bytes[index + 9] == 3) ? index : nil
      } else if marker == 0xD9 || marker == 0xDA || 0xC3...0xCF ~= marker && marker != 0xC4 && marker != 0xC8 && marker != 0xCC {
        return nil
      } else {
        index += 2 + number(bytes, index + 2)
      }
    }
    return nil
  }
}
