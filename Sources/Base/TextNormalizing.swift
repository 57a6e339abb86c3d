// The standard library normalizes every string that it compares, but exposes the normal forms only under this
// underscored name. The alternative, Foundation, costs 10 ms of start-up time and 8 MB. Used only in this file.
@_spi(_Unicode) import Swift

/// The form in which typed text is stored.
package enum TextNormalizing {
  /// Unicode NFC, trimmed, without control characters; line breaks are `\n`. Empty if nothing is visible.
  package static func clean(_ text: String) -> String {
    var text = text
    if let range = text.withUTF8(trimmedRangeIfComposed) {
      guard range.count < text.utf8.count else { return text }
      return text.withUTF8 { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }
    var kept = String.UnicodeScalarView()
    for scalar in text._nfc {
      // The second half of a CRLF is enough.
      if scalar == "\n", kept.last == "\r" { kept.removeLast() }
      if scalar.properties.generalCategory != .control || scalar.properties.isWhitespace { kept.append(scalar) }
    }
    guard kept.contains(where: isVisible) else { return "" }
    return trimmed(kept.map { $0 == "\r" || $0 == "\u{85}" || $0 == "\u{2028}" || $0 == "\u{2029}" ? "\n" : $0 })
  }

  /// The same on one line, for names, addresses and the like: invisible and bidi control characters are removed, tabs
  /// and line breaks become spaces.
  package static func line(_ text: String) -> String {
    var text = clean(text)
    let isPlain = text.withUTF8 { bytes in trimmedRangeIfComposed(bytes) != nil && bytes.allSatisfy { $0 >= 0x20 } }
    if isPlain { return text }
    let scalars = Array(text.unicodeScalars)
    var kept: [Unicode.Scalar] = []
    for (index, scalar) in scalars.enumerated() {
      if scalar != " ", scalar.properties.isWhitespace, scalar.properties.generalCategory != .spaceSeparator {
        if kept.last != " " { kept.append(" ") }
      } else if !isInvisible(scalar) || joins(scalars, at: index) {
        kept.append(scalar)
      }
    }
    return kept.contains(where: isVisible) ? trimmed(kept) : ""
  }

  private static func trimmed(_ scalars: [Unicode.Scalar]) -> String {
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? start
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[start..<end])
    return String(result)
  }

  /// Whether a character is visible on its own: not a blank, nor a combining mark.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark, .spacingMark: false
    default: !isInvisible(scalar)
    }
  }

  /// Fillers, zero-width spaces, bidi controls: `Default_Ignorable_Code_Point`, the Braille blank, and annotation
  /// marks.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}" || "\u{FFF9}"..."\u{FFFB}" ~= scalar
  }

  /// Whether an invisible character changes how its neighbours look: variation selectors, and (non-)joiners inside
  /// scripts and emoji that use them.
  private static func joins(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    let former = index > 0 ? scalars[index - 1] : " "
    switch scalars[index] {
    case "\u{FE00}"..."\u{FE0F}": return isVisible(former)
    case "\u{200C}", "\u{200D}":
      guard index + 1 < scalars.count else { return false }
      func takesJoiners(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x600 && !isInvisible(scalar) || "\u{FE00}"..."\u{FE0F}" ~= scalar
      }
      return takesJoiners(former) && takesJoiners(scalars[index + 1])
    default: return false
    }
  }

  /// The first so many characters, counted as Unicode scalars: a single visible character can have any number of those.
  package static func start(of text: String, _ count: Int) -> String { String(String.UnicodeScalarView(text.unicodeScalars.prefix(count))) }

  /// The canonical decomposition (NFD) of one scalar.
  static func decomposition(of scalar: Unicode.Scalar) -> [Unicode.Scalar] { Array(String(scalar)._nfd) }

  /// The bytes trimmed, if they are recognizably NFC without control characters; `nil` if a full check is needed.
  ///
  /// Recognizable are ASCII and those two-byte lead values under which there is no combining mark, no letter that NFC
  /// replaces and no white space: most of Latin, Greek and Cyrillic text. U+0387 (CE 87) is the one exception.
  private static func trimmedRangeIfComposed(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var last: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0x20..<0x7F, 0x09, 0x0A, 0xC3...0xCB, 0xCE...0xD1: break
      case 0x80..<0xC0: if byte == 0x87 && last == 0xCE { return nil }
      default: return nil
      }
      last = byte
    }
    let start = bytes.firstIndex { !isASCIISpace($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isASCIISpace($0) }.map { $0 + 1 } ?? start
    return start..<end
  }

  /// White space as defined by `Unicode.Scalar.Properties.isWhitespace`.
  private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
}
