import CQREncode
import Glibc

/// A QR code (ISO/IEC 18004): a square of dark and light modules.
package struct QRCode: Sendable, Equatable {
  /// Modules per side, without the margin.
  package let size: Int
  /// Row by row, whether each module is dark.
  package let modules: [Bool]

  /// The smallest code that holds the text and can be read with 15 % of it damaged; `nil` for a text that is too long, or contains a NUL.
  package init?(_ text: String) {
    guard !text.utf8.contains(0), let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
    defer { QRcode_free(code) }
    size = Int(code.pointee.width)
    // The lowest bit says whether the module is dark; the others are the library's notes.
    modules = (0..<size * size).map { code.pointee.data[$0] & 1 == 1 }
  }

  /// Light modules around the code that readers need.
  package static let margin = 4

  /// The dark modules as the data of an SVG path, in a square of `size + 2 * margin` units: a rectangle for each run in a row.
  package var path: String {
    var path = ""
    for y in 0..<size {
      var x = 0
      while x < size {
        let start = x
        while x < size, modules[y * size + x] { x += 1 }
        if x > start { path += "M\(start + Self.margin) \(y + Self.margin)h\(x - start)v1h-\(x - start)z" }
        x += 1
      }
    }
    return path
  }
}
