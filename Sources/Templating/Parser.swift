/// Tokens → syntax tree.
struct Parser {
  private let source: Source
  private let pieces: [Piece]
  private var index = 0
  private var context = HTMLContext()
  private var template: ParsedTemplate
  private var depth = 0
  /// Where the last tag or comment of the HTML started: the token, and the byte in it.
  private var opened = (piece: 0, byte: 0)

  static func parse(_ source: Source) throws(TemplateError) -> ParsedTemplate {
    var lexer = Lexer(source)
    var parser = Parser(source, try lexer.pieces())
    return try parser.document()
  }

  private init(_ source: Source, _ pieces: [Piece]) {
    self.source = source
    self.pieces = pieces
    template = ParsedTemplate(source: source)
  }

  private mutating func document() throws(TemplateError) -> ParsedTemplate {
    let (body, end) = try nodes(until: [])
    if let end { throw TemplateError("unexpected “\(end.word)”", at: end.position, length: end.word.count, in: source) }
    guard context.place == .text else {
      let piece = pieces[opened.piece]
      var position = piece.position
      position.advance(over: piece.bytes[..<opened.byte])
      throw TemplateError("unclosed tag, comment or script", at: position, in: source)
    }
    template.body = body
    return template
  }

  private struct End {
    let word: String
    let position: Position
    var tag: ExpressionParser
  }

  /// Parses nodes up to one of the closing words, which is returned, or the end.
  private mutating func nodes(until closers: Set<String>) throws(TemplateError) -> ([Syntax], End?) {
    depth += 1
    defer { depth -= 1 }
    var nodes: [Syntax] = []
    while index < pieces.count {
      let piece = pieces[index]
      index += 1
      guard depth < 60 else { throw TemplateError("nested too deeply", at: piece.position, in: source) }
      switch piece.kind {
      case .text:
        try follow(piece)
        nodes.append(.text(Array(piece.bytes)))
      case .output:
        var expressions = try ExpressionParser(piece, source)
        let value = try expressions.expression()
        try expressions.expectEnd()
        switch context.output() {
        case .success(let escaping): nodes.append(.output(value, escaping))
        case .failure(let problem): throw TemplateError(problem.message, at: value.position, length: value.length, in: source)
        }
      case .tag:
        var tag = try ExpressionParser(piece, source)
        let position = tag.position
        let word = try tag.name("a tag like if, for or block")
        if closers.contains(word) { return (nodes, End(word: word, position: position, tag: tag)) }
        if let node = try self.tag(word, position, &tag, isFirst: nodes.isEmpty && depth == 1) { nodes.append(node) }
      }
    }
    return (nodes, nil)
  }

  /// Advances the HTML context over static text.
  private mutating func follow(_ piece: Piece) throws(TemplateError) {
    var place = piece.bytes.startIndex
    while true {
      place += context.pass(piece.bytes[place...])
      guard place < piece.bytes.endIndex else { return }
      if context.place == .text { opened = (index - 1, place) }
      if let problem = context.step(piece.bytes[place]) {
        var position = piece.position
        position.advance(over: piece.bytes[..<place])
        position.column -= problem.back
        throw TemplateError(problem.message, at: position, length: problem.back, in: source)
      }
      place += 1
    }
  }

  private mutating func tag(
    _ word: String, _ position: Position, _ tag: inout ExpressionParser, isFirst: Bool
  ) throws(TemplateError) -> Syntax? {
    switch word {
    case "if": return try branches(position, &tag)
    case "for": return try loop(position, &tag)
    case "set":
      let name = try tag.name("a name")
      try tag.expect("=")
      let value = try tag.expression()
      try tag.expectEnd()
      return .set(name: name, value)
    case "block":
      let name = try tag.name("a block name")
      try tag.expectEnd()
      try expectText(position, "a block")
      let body = try body(of: "block", until: "endblock", position)
      return .block(name: name, position: position, body: body)
    case "partial", "call": return try partial(word, position, &tag)
    case "layout":
      guard template.layout == nil, template.parameters == nil else { throw error("the layout is already set", position, word) }
      template.layout = (name: try tag.text("a layout name"), position: position)
      try tag.expectEnd()
      return nil
    case "args":
      guard template.parameters == nil, template.layout == nil else {
        throw error("a partial can only have one {% args %}", position, word)
      }
      template.parameters = try parameters(&tag)
      return nil
    case "elif", "else", "endif", "empty", "endfor", "endblock", "endcall":
      throw error("unexpected “\(word)”", position, word)
    default:
      let known = ["if", "for", "set", "block", "partial", "call", "layout", "args", "endif", "endfor", "endblock", "endcall"]
      throw error("unknown tag “\(word)”\(Spelling.suggestion(for: word, among: known))", position, word)
    }
  }

  private func error(_ message: String, _ position: Position, _ word: String) -> TemplateError {
    TemplateError(message, at: position, length: word.count, in: source)
  }

  private func expectText(_ position: Position, _ what: String) throws(TemplateError) {
    guard context.place == .text else { throw TemplateError("\(what) isn’t allowed inside an HTML tag", at: position, in: source) }
  }

  private mutating func body(of word: String, until closer: String, _ position: Position) throws(TemplateError) -> [Syntax] {
    let before = context
    let (nodes, end) = try nodes(until: [closer])
    guard let end else { throw error("unclosed “\(word)”: missing “\(closer)”", position, word) }
    try end.tag.expectEnd()
    guard context.meeting == before.meeting else {
      throw error("the \(word) must end in the HTML context in which it starts", position, word)
    }
    return nodes
  }

  private mutating func branches(_ position: Position, _ tag: inout ExpressionParser) throws(TemplateError) -> Syntax {
    let before = context
    var ends: [HTMLContext.Place] = []
    var branches: [(condition: Expr, body: [Syntax])] = []
    var condition = try tag.expression()
    try tag.expectEnd()
    while true {
      context = before
      let (body, end) = try nodes(until: ["elif", "else", "endif"])
      guard var end else { throw error("unclosed “if”: missing “endif”", position, "if") }
      branches.append((condition, body))
      ends.append(context.place)
      if end.word == "elif" {
        condition = try end.tag.expression()
        try end.tag.expectEnd()
        continue
      }
      try end.tag.expectEnd()
      var otherwise: [Syntax] = []
      context = before
      if end.word == "else" {
        otherwise = try self.otherwise(position)
      }
      ends.append(context.place)
      guard ends.allSatisfy({ HTMLContext.meeting($0) == HTMLContext.meeting(ends[0]) }) else {
        throw error("the branches of this “if” end in different HTML contexts", position, "if")
      }
      context.meet(ends)
      return .branches(branches, otherwise: otherwise)
    }
  }

  private mutating func otherwise(_ position: Position) throws(TemplateError) -> [Syntax] {
    let (body, end) = try nodes(until: ["endif", "elif", "else"])
    guard let end else { throw error("unclosed “if”: missing “endif”", position, "if") }
    guard end.word == "endif" else { throw error("“else” must be the last branch", end.position, end.word) }
    try end.tag.expectEnd()
    return body
  }

  private mutating func loop(_ position: Position, _ tag: inout ExpressionParser) throws(TemplateError) -> Syntax {
    let variable = try tag.name("a variable name")
    guard tag.take(word: "in") else { throw tag.error("expected “in”") }
    let list = try tag.expression()
    try tag.expectEnd()
    let before = context
    context.enterLoop()
    let (body, end) = try nodes(until: ["empty", "endfor"])
    guard let end else { throw error("unclosed “for”: missing “endfor”", position, "for") }
    try end.tag.expectEnd()
    guard context.meeting == before.meeting else {
      throw error("the loop must end in the HTML context in which it starts", position, "for")
    }
    var ends = [context.place, before.place]
    var empty: [Syntax] = []
    if end.word == "empty" {
      context = before
      empty = try self.body(of: "empty", until: "endfor", end.position)
      ends[1] = context.place
    }
    context.meet(ends)
    return .loop(variable: variable, over: list, body: body, empty: empty)
  }

  private mutating func partial(_ word: String, _ position: Position, _ tag: inout ExpressionParser) throws(TemplateError) -> Syntax {
    let name = try tag.text("a partial name")
    var arguments: [(name: String, value: Expr, position: Position)] = []
    while !tag.isAtEnd {
      let place = tag.position
      let argument = try tag.name("an argument name")
      try tag.expect("=")
      if arguments.contains(where: { $0.name == argument }) { throw error("duplicate argument “\(argument)”", place, argument) }
      arguments.append((argument, try tag.expression(), place))
      _ = tag.take(",")
    }
    try expectText(position, "a partial")
    let body = word == "call" ? try self.body(of: "call", until: "endcall", position) : nil
    return .partial(PartialCall(name: name, position: position, arguments: arguments, body: body))
  }

  private func parameters(_ tag: inout ExpressionParser) throws(TemplateError) -> [(name: String, fallback: Expr?)] {
    var parameters: [(name: String, fallback: Expr?)] = []
    while !tag.isAtEnd {
      let name = try tag.name("an argument name")
      if parameters.contains(where: { $0.name == name }) { throw tag.error("duplicate argument “\(name)”") }
      parameters.append((name, tag.take("=") ? try tag.expression() : nil))
      guard tag.take(",") else { break }
    }
    try tag.expectEnd()
    return parameters
  }
}
