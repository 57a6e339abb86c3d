// The standard library normalizes every string that it compares, but offers the normal forms only under this name. Everything else that
// has them (Foundation) costs 10 ms of start-up time and 8 MB. This file alone uses it.
@_spi(_Unicode) import Swift

/// The form in which typed text is kept.
package enum TextNormalizing {
  /// Unicode NFC, without white space at the ends.
  package static func clean(_ text: String) -> String {
    var text = text
    let asciiRange = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? trimmedRange(bytes) : nil }
    if let asciiRange {
      guard asciiRange.count < text.utf8.count else { return text }
      return text.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0[asciiRange]), as: UTF8.self) }
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

  private static func trimmedRange(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = bytes.firstIndex { !isASCIISpace($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isASCIISpace($0) }.map { $0 + 1 } ?? start
    return start..<end
  }

  /// White space as `Unicode.Scalar.Properties.isWhitespace` has it.
  private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
}
