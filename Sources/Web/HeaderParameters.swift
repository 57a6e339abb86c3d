/// Parses the common syntax of many header fields: a word, then `; name=value` pairs whose values can be quoted.
struct HeaderParameters {
  private let bytes: [UInt8]
  private var index = 0

  init(_ header: String) { bytes = Array(header.utf8) }

  /// The part before the first semicolon, trimmed.
  mutating func word() -> String {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: ";") { index += 1 }
    return Self.trimmed(bytes[start..<index])
  }

  /// All remaining pairs, names in lower case. A piece without `=` is skipped.
  mutating func rest() -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    while index < bytes.count {
      index += 1
      let start = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "="), bytes[index] != UInt8(ascii: ";") { index += 1 }
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
      let name = Self.trimmed(bytes[start..<index]).lowercased()
      index += 1
      pairs.append((name: name, value: value()))
    }
    return pairs
  }

  /// Ends at the next semicolon outside quotes.
  private mutating func value() -> String {
    while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return word() }
    index += 1
    var out: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      // Browsers escape quotes and backslashes with a backslash; anywhere else it is part of a Windows path.
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count, Self.isEscapable(bytes[index + 1]) { index += 1 }
      out.append(bytes[index])
      index += 1
    }
    _ = word()
    return String(decoding: out, as: UTF8.self)
  }

  private static func isEscapable(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let head = bytes.drop(while: isSpace)
    let length = head.lastIndex { !isSpace($0) }.map { $0 + 1 - head.startIndex } ?? 0
    return String(decoding: head.prefix(length), as: UTF8.self)
  }
}
