// The standard library normalizes every string that it compares, but offers the normal forms only under this name. Everything else that
// has them (Foundation) costs 10 ms of start-up time and 8 MB. This file alone uses it.
@_spi(_Unicode) import Swift

/// The form in which typed text is kept.
package enum TextNormalizing {
  /// Unicode NFC, without white space at the ends.
  package static func clean(_ text: String) -> String {
    var text = text
    if let range = text.withUTF8(trimmedRangeIfComposed) {
      guard range.count < text.utf8.count else { return text }
      return text.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }
    let scalars = Array(text._nfc)
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? start
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[start..<end])
    return String(result)
  }

  /// The canonical decomposition (NFD) of one scalar.
  static func decomposition(of scalar: Unicode.Scalar) -> [Unicode.Scalar] { Array(String(scalar)._nfd) }

  /// What is left of white space at the ends, if the bytes can be seen to be NFC; `nil` if they have to be looked at more closely.
  ///
  /// Sure are ASCII and those two-byte lead values under which there is neither a combining mark, nor a letter that NFC replaces, nor white
  /// space: most of Latin, Greek and Cyrillic as people type them. U+0387 (CE 87) is the one exception.
  private static func trimmedRangeIfComposed(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var last: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0..<0x80, 0xC3...0xCB, 0xCE...0xD1: break
      case 0x80..<0xC0: if byte == 0x87 && last == 0xCE { return nil }
      default: return nil
      }
      last = byte
    }
    let start = bytes.firstIndex { !isASCIISpace($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isASCIISpace($0) }.map { $0 + 1 } ?? start
    return start..<end
  }

  /// White space as `Unicode.Scalar.Properties.isWhitespace` has it.
  private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
}
