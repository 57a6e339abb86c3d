import CImaging

/// The properties of an image file.
package struct ImageInfo: Sendable, Equatable {
  package let format: ImageFormat
  /// In pixels as stored, before the orientation is applied.
  package let width: Int
  package let height: Int
  /// The camera's orientation (EXIF 2.32, tag 0x0112): 1 upright, up to 8.
  package let orientation: Int

  /// Width and height after applying the orientation.
  package var displaySize: (width: Int, height: Int) { orientation >= 5 ? (height, width) : (width, height) }
}

/// The image types that browsers show and that are safe to show.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg, png, gif, webp

  /// The MIME type.
  package var type: String { "image/" + rawValue }

  init?(_ code: roost_image_format) {
    guard let known = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = known
  }

  var code: roost_image_format {
    switch self {
    case .jpeg: ROOST_IMAGE_JPEG
    case .png: ROOST_IMAGE_PNG
    case .gif: ROOST_IMAGE_GIF
    case .webp: ROOST_IMAGE_WEBP
    }
  }
}

/// Why an image can't be used.
package enum ImagingError: Error, Equatable, Sendable {
  case notAnImage
  case damaged
  /// A variant that browsers don't show: 12 bits, arithmetic coding, lossless JPEG.
  case unsupported
  /// Too many pixels to decode safely: a decompression bomb, or simply huge.
  case tooManyPixels(width: Int, height: Int)
  /// The file can't be read or written.
  case failed
}
