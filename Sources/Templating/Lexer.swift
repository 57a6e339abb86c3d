/// A piece of a template: text as it stands, or what is between a pair of delimiters.
struct Piece {
  enum Kind: Equatable {
    case text
    /// `{{ … }}`
    case output
    /// `{% … %}`
    case tag
  }

  let kind: Kind
  let text: String
  let position: Position
}

/// Cuts a template into pieces. A tag alone on its line takes the line with it; `-` next to a delimiter takes the white space on that side.
struct Lexer {
  private let source: Source
  private let characters: [Character]
  private var index = 0
  private var position = Position()

  init(_ source: Source) {
    self.source = source
    characters = Array(source.text)
  }

  mutating func pieces() throws(TemplateError) -> [Piece] {
    var pieces: [Piece] = []
    var text: [Character] = []
    var textStart = position
    func flush() {
      if !text.isEmpty { pieces.append(Piece(kind: .text, text: String(text), position: textStart)) }
      text = []
    }
    while index < characters.count {
      guard characters[index] == "{", index + 1 < characters.count, let opened = Self.delimiter(characters[index + 1]) else {
        if text.isEmpty { textStart = position }
        text.append(characters[index])
        advance()
        continue
      }
      let start = position
      advance(2)
      let trimsBefore = take("-")
      let content = try content(until: opened.close, from: start)
      let trimsAfter = content.last == "-"
      let inner = String(trimsAfter ? content.dropLast() : content[...])
      let contentPosition = Position(line: start.line, column: start.column + 2 + (trimsBefore ? 1 : 0))
      if trimsBefore {
        while text.last?.isWhitespace == true { text.removeLast() }
      } else if opened.kind != .output, isAlone(text, pieces) {
        while text.last == " " || text.last == "\t" { text.removeLast() }
        skipRestOfLine()
      }
      flush()
      if trimsAfter { while index < characters.count, characters[index].isWhitespace { advance() } }
      if let kind = opened.kind { pieces.append(Piece(kind: kind, text: inner, position: contentPosition)) }
    }
    flush()
    return pieces
  }

  /// `nil` as kind: a comment.
  private static func delimiter(_ character: Character) -> (kind: Piece.Kind?, close: Character)? {
    switch character {
    case "{": (.output, "}")
    case "%": (.tag, "%")
    case "#": (nil, "#")
    default: nil
    }
  }

  private mutating func content(until close: Character, from start: Position) throws(TemplateError) -> [Character] {
    var content: [Character] = []
    var quote: Character?
    while index + 1 < characters.count {
      let character = characters[index]
      if quote == nil, character == close, characters[index + 1] == "}" {
        advance(2)
        return content
      }
      if close != "#" {
        if character == quote { quote = nil } else if quote == nil, character == "\"" || character == "'" { quote = character }
      }
      content.append(character)
      advance()
    }
    let open = close == "}" ? "{{" : "{\(close)"
    throw TemplateError("this “\(open)” is never closed", at: start, length: 2, in: source)
  }

  /// Only white space before the tag on its line, and after it.
  private func isAlone(_ text: [Character], _ pieces: [Piece]) -> Bool {
    let before = text.reversed().prefix { !$0.isNewline }
    guard before.allSatisfy({ $0 == " " || $0 == "\t" }), before.count < text.count || pieces.isEmpty || lastEndedLine else { return false }
    var ahead = index
    while ahead < characters.count, characters[ahead] == " " || characters[ahead] == "\t" { ahead += 1 }
    return ahead == characters.count || characters[ahead].isNewline
  }

  private var lastEndedLine = false

  private mutating func skipRestOfLine() {
    while index < characters.count, characters[index] == " " || characters[index] == "\t" { advance() }
    if index < characters.count { advance() }
    lastEndedLine = true
  }

  private mutating func take(_ character: Character) -> Bool {
    guard index < characters.count, characters[index] == character else { return false }
    advance()
    return true
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where index < characters.count {
      lastEndedLine = false
      if characters[index].isNewline {
        position.line += 1
        position.column = 1
      } else {
        position.column += 1
      }
      index += 1
    }
  }
}
