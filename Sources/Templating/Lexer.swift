/// A token of a template: literal text, or the content of delimiters.
struct Piece {
  enum Kind: Equatable {
    case text
    /// `{{ … }}`
    case output
    /// `{% … %}`
    case tag
  }

  let kind: Kind
  let bytes: ArraySlice<UInt8>
  let position: Position
}

/// Splits a template into tokens. A tag alone on its line removes the whole line; `-` next to a delimiter removes the
/// white space on that side.
struct Lexer {
  private let source: Source
  private let bytes: [UInt8]
  private var index = 0
  private var position = Position()

  init(_ source: Source) {
    self.source = source
    bytes = Array(source.text.utf8)
  }

  mutating func pieces() throws(TemplateError) -> [Piece] {
    var pieces: [Piece] = []
    while let (start, kind, close) = nextDelimiter() {
      var text = Piece(kind: .text, bytes: bytes[index..<start], position: position)
      go(to: start)
      let opened = position
      go(to: start + 2)
      let trimsBefore = index < bytes.count && bytes[index] == UInt8(ascii: "-")
      if trimsBefore { go(to: index + 1) }
      let inside = position
      var content = try content(until: close, from: opened)
      let trimsAfter = content.last == UInt8(ascii: "-")
      if trimsAfter { content.removeLast() }
      if trimsBefore {
        text = Piece(kind: .text, bytes: text.bytes.dropLast { $0.isSpace }, position: text.position)
      } else if kind != .output, isAlone(after: text.bytes, isFirst: pieces.isEmpty) {
        text = Piece(kind: .text, bytes: text.bytes.dropLast { $0 == 0x20 || $0 == 0x09 }, position: text.position)
        skipRestOfLine()
      }
      if !text.bytes.isEmpty { pieces.append(text) }
      if trimsAfter { go(to: bytes[index...].firstIndex { !$0.isSpace } ?? bytes.count) }
      if let kind { pieces.append(Piece(kind: kind, bytes: content, position: inside)) }
    }
    if index < bytes.count { pieces.append(Piece(kind: .text, bytes: bytes[index...], position: position)) }
    return pieces
  }

  /// The next `{{`, `{%` or `{#`. `nil` as kind: a comment.
  private func nextDelimiter() -> (start: Int, kind: Piece.Kind?, close: UInt8)? {
    var place = index
    while let open = bytes[place...].firstIndex(of: UInt8(ascii: "{")), open + 1 < bytes.count {
      switch bytes[open + 1] {
      case UInt8(ascii: "{"): return (open, .output, UInt8(ascii: "}"))
      case UInt8(ascii: "%"): return (open, .tag, UInt8(ascii: "%"))
      case UInt8(ascii: "#"): return (open, nil, UInt8(ascii: "#"))
      default: place = open + 1
      }
    }
    return nil
  }

  private mutating func content(until close: UInt8, from start: Position) throws(TemplateError) -> ArraySlice<UInt8> {
    let first = index
    var place = index
    var quote: UInt8?
    while place + 1 < bytes.count {
      let byte = bytes[place]
      if quote == nil, byte == close, bytes[place + 1] == UInt8(ascii: "}") {
        go(to: place + 2)
        return bytes[first..<place]
      }
      if close != UInt8(ascii: "#") {
        if byte == quote {
          quote = nil
        } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        }
      }
      place += 1
    }
    let open = close == UInt8(ascii: "}") ? "{{" : "{" + [close].text
    throw TemplateError("unclosed “\(open)”", at: start, length: 2, in: source)
  }

  /// Only white space before and after the tag on its line.
  private func isAlone(after text: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
    let line = text.lastIndex { $0.isLineEnd }.map { text[($0 + 1)...] } ?? text
    guard line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }), line.count < text.count || isFirst else { return false }
    let ahead = bytes[index...].first { $0 != 0x20 && $0 != 0x09 }
    return ahead?.isLineEnd ?? true
  }

  private mutating func skipRestOfLine() {
    let rest = bytes[index...].drop { $0 == 0x20 || $0 == 0x09 }
    go(to: rest.startIndex + (rest.starts(with: "\r\n".utf8) ? 2 : rest.isEmpty ? 0 : 1))
  }

  private mutating func go(to place: Int) {
    position.advance(over: bytes[index..<place])
    index = place
  }
}

extension Position {
  /// Skips a text, counting lines and characters.
  mutating func advance(over bytes: ArraySlice<UInt8>) {
    guard bytes.allSatisfy({ $0 < 0x80 && !(0x0B...0x0D ~= $0) }) else {
      for character in bytes.text {
        if character.isNewline { self = Position(line: line + 1, column: 1) } else { column += 1 }
      }
      return
    }
    var rest = bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      self = Position(line: line + 1, column: 1)
      rest = rest[(end + 1)...]
    }
    column += rest.count
  }
}

extension ArraySlice<UInt8> {
  fileprivate func dropLast(_ isDropped: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    self[..<(lastIndex { !isDropped($0) }.map { $0 + 1 } ?? startIndex)]
  }
}
