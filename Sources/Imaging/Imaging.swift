import CImaging
import Glibc

/// Images: their properties, small upright copies, and drawn ones. On libjpeg-turbo, libwebp and libgd.
package enum Imaging {
  /// JPEGs with more pixels are refused: more than any camera makes.
  package static let mostPixels = 250_000_000
  /// Other types are decoded whole, at four bytes per pixel.
  package static let mostWholePixels = 50_000_000

  /// The properties of an image, from the head of its file.
  package static func inspect(_ path: String) throws(ImagingError) -> ImageInfo {
    var info = roost_image_info()
    let status = roost_image_inspect(path, &info)
    return try result(status, info)
  }

  /// Writes an image that fits a square of `side` pixels, never enlarged: upright, without metadata (no place, no
  /// camera), as JPEG, or as PNG if it has transparency. The target gets its name when it is complete. Returns what was
  /// written.
  package static func thumbnail(of path: String, side: Int, to target: String) throws(ImagingError) -> ImageInfo {
    try fitted(path, width: side, height: side, keepsPNG: false, to: target)
  }

  /// The same in a rectangle. `keepsPNG`: a PNG stays one, without transparency too, so that letters and lines stay sharp.
  package static func fitted(_ path: String, width: Int, height: Int, keepsPNG: Bool, to target: String) throws(ImagingError) -> ImageInfo {
    var info = roost_image_info()
    // A unique name: the same thumbnail could be made concurrently.
    let partial = target + ".\(getpid())-\(UInt32.random(in: .min ... .max)).partial"
    let status = roost_image_thumbnail(
      path, Int32(width), Int32(height), keepsPNG ? 1 : 0, Int64(mostPixels), Int64(mostWholePixels), partial, &info)
    guard status == ROOST_IMAGE_OK else {
      unlink(partial)
      return try result(status, info)
    }
    guard rename(partial, target) == 0 else { throw .failed }
    return try result(status, info)
  }

  /// Throws if no thumbnail can be made of an image, which its head alone doesn't show. Writes nothing.
  package static func check(_ path: String) throws(ImagingError) {
    var info = roost_image_info()
    let status = roost_image_thumbnail(path, 96, 96, 0, Int64(mostPixels), Int64(mostWholePixels), nil, &info)
    _ = try result(status, info)
  }

  /// Draws hills under a sky, the same for the same seed: for demos and tests.
  package static func draw(seed: UInt64, width: Int, height: Int, as format: ImageFormat, to target: String) throws(ImagingError) {
    guard roost_image_draw(seed, Int32(width), Int32(height), format.code, target) == ROOST_IMAGE_OK else { throw .failed }
  }

  private static func result(_ status: roost_image_status, _ info: roost_image_info) throws(ImagingError) -> ImageInfo {
    switch status {
    case ROOST_IMAGE_OK:
      guard let format = ImageFormat(info.format) else { throw .notAnImage }
      return ImageInfo(format: format, width: Int(info.width), height: Int(info.height), orientation: Int(info.orientation))
    case ROOST_IMAGE_NOT_ONE: throw .notAnImage
    case ROOST_IMAGE_DAMAGED: throw .damaged
    case ROOST_IMAGE_UNSUPPORTED: throw .unsupported
    case ROOST_IMAGE_TOO_MANY_PIXELS: throw .tooManyPixels(width: Int(info.width), height: Int(info.height))
    default: throw .failed
    }
  }
}
