/// A tag as written in the page.
struct Tag {
  var name: String
  var line: Int
  var isEnd: Bool
  var isSelfClosing: Bool
}

/// The tags of a page in order, without comments and doctype, and without the content of scripts, styles and text
/// areas.
struct TagScanner: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  /// Set inside a raw text element: only its end tag counts.
  private var rawElement: String?

  init(_ html: String) { bytes = Array(html.utf8) }

  mutating func next() -> Tag? {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        advance()
        continue
      }
      if starts(with: "<!--") {
        skip(past: "-->")
      } else if let tag = readTag() {
        if rawElement == nil || tag.isEnd && tag.name == rawElement {
          rawElement = !tag.isEnd && ["script", "style", "textarea", "title"].contains(tag.name) ? tag.name : nil
          return tag
        }
      } else {
        advance()
      }
    }
    return nil
  }

  /// Parses the tag at the index; nil, without advancing, unless a letter follows.
  private mutating func readTag() -> Tag? {
    let isEnd = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/")
    var end = index + (isEnd ? 2 : 1)
    let nameStart = end
    while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
    guard end > nameStart, rawElement == nil || isEnd else { return nil }
    let name = String(decoding: bytes[nameStart..<end], as: UTF8.self).lowercased()
    let start = line
    var quote: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      if index >= end {
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: ">") {
          break
        }
      }
      advance()
    }
    let isSelfClosing = index > 0 && bytes[index - 1] == UInt8(ascii: "/")
    advance()
    return Tag(name: name, line: start, isEnd: isEnd, isSelfClosing: isSelfClosing)
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 32) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
  }

  private mutating func advance() {
    if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { line += 1 }
    index += 1
  }

  private mutating func skip(past mark: String) {
    while index < bytes.count, !starts(with: mark) { advance() }
    index = Swift.min(bytes.count, index + mark.utf8.count)
  }

  private func starts(with mark: String) -> Bool { bytes[Swift.min(index, bytes.count)...].starts(with: mark.utf8) }
}
