/// Finds the words of a text: runs of letters, digits and their marks, folded.
enum WordScanner {
  /// Passes each word, and whether only optional characters separate it from the previous one: an apostrophe, a hyphen,
  /// `&`, or the dot of an initial.
  static func scan(_ text: String, _ word: (_ word: String, _ isJoined: Bool) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      if bytes.allSatisfy({ $0 < 0x80 }) { return scan(bytes, word) }
      var folded = TextFolding.foldUnicode(bytes, keepsJoints: true)
      folded.withUTF8 { scan($0, word) }
    }
  }

  private static func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ word: (String, Bool) -> Void) {
    var index = 0
    var start: Int?
    /// The end of the previous word, and whether it is a single letter.
    var end = -1
    var wasInitial = false
    func finish(_ first: Int, _ last: Int) {
      let isInitial = letters(bytes, first, last) == 1
      let isJoined =
        switch end >= 0 && first == end + 1 ? bytes[end] : 0 {
        case UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "-"), UInt8(ascii: "&"): true
        case UInt8(ascii: "."): wasInitial && isInitial
        default: false
        }
      word(lowercase(UnsafeBufferPointer(rebasing: bytes[first..<last])), isJoined)
      (end, wasInitial) = (last, isInitial)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if 97...122 ~= byte | 0x20 || 48...57 ~= byte {
          start = start ?? index
        } else if let first = start {
          finish(first, index)
          start = nil
        }
        index += 1
      } else {
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        let next = min(index + length, bytes.count)
        if isWord(bytes[index..<next]) {
          start = start ?? index
        } else if let first = start {
          finish(first, index)
          start = nil
        }
        index = next
      }
    }
    if let first = start { finish(first, bytes.count) }
  }

  private static func letters(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ last: Int) -> Int {
    bytes[first..<last].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  private static func lowercase(_ letters: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: letters.count) { out in
      for (index, byte) in letters.enumerated() { out[index] = 65...90 ~= byte ? byte | 0x20 : byte }
      return letters.count
    }
  }

  private static func isWord(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    // Greek and Cyrillic letters, the most common non-ASCII ones. Folded, the ano teleia is not among them.
    if let first = bytes.first, 0xCE...0xD1 ~= first { return true }
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return false }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    case .nonspacingMark, .spacingMark: true
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
