/// Parses the content of delimiters: words, then expressions by precedence.
struct ExpressionParser {
  enum Token: Equatable {
    case name(String)
    case text(String)
    case number(Int)
    case symbol(String)
    case end
  }

  private let source: Source
  private var tokens: [(token: Token, position: Position, length: Int)] = []
  private var index = 0
  private var depth = 0
  private static let mostTokens = 500
  private static let pairs = ["==", "!=", "<=", ">="]

  init(_ piece: Piece, _ source: Source) throws(TemplateError) {
    self.source = source
    try tokenize(piece.bytes, from: piece.position)
  }

  var next: Token { tokens[index].token }
  var position: Position { tokens[index].position }
  var isAtEnd: Bool { next == .end }

  func error(_ message: String) -> TemplateError {
    TemplateError(message, at: tokens[index].position, length: tokens[index].length, in: source)
  }

  private mutating func tokenize(_ bytes: ArraySlice<UInt8>, from start: Position) throws(TemplateError) {
    var position = start
    var rest = bytes
    func fail(_ message: String) -> TemplateError { TemplateError(message, at: position, in: source) }
    func add(_ token: Token, _ bytes: ArraySlice<UInt8>) {
      let length = bytes.characterCount
      tokens.append((token, position, length))
      position.column += length
      rest = rest[bytes.endIndex...]
    }
    while let byte = rest.first {
      if byte.isSpace {
        let space = rest.prefix { $0.isSpace }
        position.advance(over: space)
        rest = rest[space.endIndex...]
      } else if byte.isDigit {
        let digits = rest.prefix { $0.isDigit }
        guard let n = Int(digits.text) else { throw fail("number too large") }
        add(.number(n), digits)
      } else if byte.isInWord {
        let word = rest.prefix { $0.isInWord }.text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !word.isEmpty else { throw fail("unexpected “\(rest.text.prefix(1))”") }
        add(.name(String(word)), rest.prefix(word.utf8.count))
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        guard let close = rest.dropFirst().firstIndex(of: byte) else { throw fail("unterminated string") }
        add(.text(rest[(rest.startIndex + 1)..<close].text), rest[...close])
      } else {
        let symbol = rest.prefix(Self.pairs.contains { rest.starts(with: $0.utf8) } ? 2 : 1)
        guard symbol.count == 2 || "()[].,|=<>~+-".utf8.contains(byte) else { throw fail("unexpected “\(symbol.text)”") }
        add(.symbol(symbol.text), symbol)
      }
      // The maximum depth: every operator can nest its left operand one deeper, for every later traversal of the tree.
      if tokens.count > Self.mostTokens { throw fail("too long") }
    }
    tokens.append((.end, position, 1))
  }

  mutating func take(_ symbol: String) -> Bool {
    guard next == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  mutating func take(word: String) -> Bool {
    guard next == .name(word) else { return false }
    index += 1
    return true
  }

  mutating func name(_ what: String) throws(TemplateError) -> String {
    guard case .name(let name) = next else { throw error("expected \(what)") }
    index += 1
    return name
  }

  mutating func text(_ what: String) throws(TemplateError) -> String {
    guard case .text(let text) = next else { throw error("expected \(what) in quotes") }
    index += 1
    return text
  }

  func expectEnd() throws(TemplateError) {
    if !isAtEnd { throw error("unexpected text") }
  }

  mutating func expect(_ symbol: String) throws(TemplateError) {
    if !take(symbol) { throw error("expected “\(symbol)”") }
  }

  // MARK: Expressions, lowest precedence first

  mutating func expression() throws(TemplateError) -> Expr {
    depth += 1
    defer { depth -= 1 }
    guard depth < 60 else { throw error("expression nested too deeply") }
    let start = position
    let value = try or()
    guard take(word: "if") else { return value }
    let condition = try or()
    guard take(word: "else") else { throw error("expected “else”") }
    return make(.choose(value, if: condition, else: try expression()), from: start)
  }

  /// Mutating because `make` can consume tokens, and only then is the end of the expression known.
  private mutating func make(_ node: Expr.Node, from start: Position) -> Expr {
    let last = tokens[max(0, index - 1)]
    let length = last.position.line == start.line ? last.position.column + last.length - start.column : 1
    return Expr(node: node, position: start, length: length)
  }

  private mutating func or() throws(TemplateError) -> Expr {
    let start = position
    var left = try and()
    while take(word: "or") { left = make(.or(left, try and()), from: start) }
    return left
  }

  private mutating func and() throws(TemplateError) -> Expr {
    let start = position
    var left = try not()
    while take(word: "and") { left = make(.and(left, try not()), from: start) }
    return left
  }

  private mutating func not() throws(TemplateError) -> Expr {
    let start = position
    guard take(word: "not") else { return try comparison() }
    depth += 1
    defer { depth -= 1 }
    guard depth < 60 else { throw error("expression nested too deeply") }
    return make(.not(try not()), from: start)
  }

  private mutating func comparison() throws(TemplateError) -> Expr {
    let start = position
    let left = try sum()
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where take(symbol) { return make(.compare(symbol, left, try sum()), from: start) }
    if take(word: "in") { return make(.contains(item: left, in: try sum()), from: start) }
    return left
  }

  private mutating func sum() throws(TemplateError) -> Expr {
    let start = position
    var left = try filtered()
    while true {
      if take("~") {
        left = make(.concat(left, try filtered()), from: start)
      } else if take("+") {
        left = make(.add(left, try filtered(), sign: 1), from: start)
      } else if take("-") {
        left = make(.add(left, try filtered(), sign: -1), from: start)
      } else {
        return left
      }
    }
  }

  private mutating func filtered() throws(TemplateError) -> Expr {
    let start = position
    var value = try primary()
    while take("|") {
      let name = try name("a filter name")
      var arguments: [Expr] = []
      if take("("), !take(")") {
        repeat { arguments.append(try expression()) } while take(",")
        try expect(")")
      }
      value = make(.filter(name, value, arguments), from: start)
    }
    return value
  }

  private mutating func primary() throws(TemplateError) -> Expr {
    let start = position
    var value: Expr
    switch next {
    case .text(let text):
      index += 1
      value = make(.literal(.text(text)), from: start)
    case .number(let n):
      index += 1
      value = make(.literal(.int(n)), from: start)
    case .symbol("("):
      index += 1
      value = try expression()
      try expect(")")
    case .name("true"), .name("false"):
      value = Expr(node: .literal(.bool(next == .name("true"))), position: start, length: tokens[index].length)
      index += 1
    case .name("null"):
      index += 1
      value = make(.literal(.null), from: start)
    case .name("t") where tokens[index + 1].token == .symbol("("):
      index += 2
      value = try translation(from: start)
    case .name(let name):
      if Self.reserved.contains(name) { throw error("unexpected keyword “\(name)”") }
      index += 1
      value = make(.name(name), from: start)
    default: throw error(isAtEnd ? "expected an expression" : "not an expression")
    }
    while take(".") { value = make(.field(value, try name("a field name")), from: start) }
    return value
  }

  private mutating func translation(from start: Position) throws(TemplateError) -> Expr {
    var texts: [Expr] = []
    var named: [(name: String, value: Expr)] = []
    repeat {
      if case .name(let name) = next, tokens[index + 1].token == .symbol("=") {
        index += 2
        named.append((name, try expression()))
      } else {
        if !named.isEmpty || texts.count == 2 { throw error("t takes a string, a second one for plurals, then named values") }
        texts.append(try expression())
      }
    } while take(",")
    try expect(")")
    if texts.count == 2, !named.contains(where: { $0.name == "n" }) { throw error("plurals need a number: n=…") }
    return make(.translate(texts, named: named), from: start)
  }

  private static let reserved: Set<String> = ["if", "else", "and", "or", "not", "in", "for"]
}
