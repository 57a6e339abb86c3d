/// Templates and catalogues are parsed as bytes: their syntax is ASCII, and everything else is passed through.
extension UInt8 {
  var isSpace: Bool { self == 0x20 || 0x09...0x0D ~= self }

  var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

  var isDigit: Bool { 48...57 ~= self }

  /// A letter, a digit, or part of a non-ASCII character.
  var isInWord: Bool { 97...122 ~= self | 0x20 || isDigit || self == UInt8(ascii: "_") || self >= 0x80 }

  var lowercased: UInt8 { 65...90 ~= self ? self | 0x20 : self }
}

extension Collection<UInt8> {
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The number of characters, as users perceive them.
  var characterCount: Int { allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") } ? count : text.count }
}

extension String {
  /// The text's bytes, usually in place. `withUTF8` retains the text, which takes longer than copying most texts.
  @inline(__always)
  func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
    if let result = try utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return try copy.withUTF8(body)
  }
}

extension BidirectionalCollection<UInt8> where SubSequence: BidirectionalCollection<UInt8> {
  /// Trimmed.
  var trimmed: SubSequence {
    let start = drop { $0.isSpace }
    return start[..<(start.lastIndex { !$0.isSpace }.map { start.index(after: $0) } ?? start.startIndex)]
  }
}
