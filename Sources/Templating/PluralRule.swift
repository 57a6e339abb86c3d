/// The plural form for a number: the C expression of a PO file's Plural-Forms header.
struct PluralRule: Sendable {
  private let form: @Sendable (Int) -> Int
  /// How many forms there are.
  let count: Int

  static let english = PluralRule(count: 2) { $0 == 1 ? 0 : 1 }

  private init(count: Int, form: @escaping @Sendable (Int) -> Int) { (self.count, self.form) = (count, form) }

  func form(for n: Int) -> Int { max(0, form(n)) }

  /// `Plural-Forms: nplurals=2; plural=(n != 1);`
  init(header: String) throws {
    guard let start = header.range(of: "plural=", in: header) else {
      throw CatalogueError(file: "Plural-Forms", line: 1, reason: "missing “plural=”")
    }
    let expression = header[start...].prefix { $0 != ";" && $0 != "\n" }
    guard expression.utf8.count <= 500 else {
      throw CatalogueError(file: "Plural-Forms", line: 1, reason: "plural expression too long")
    }
    var parser = Parser(String(expression))
    let parsed = try parser.ternary()
    guard parser.isAtEnd else { throw CatalogueError(file: "Plural-Forms", line: 1, reason: "invalid plural expression") }
    form = { parsed.value($0) }
    count = header.range(of: "nplurals=", in: header).flatMap { Int(header[$0...].prefix(while: \.isNumber)) } ?? 2
  }

  private indirect enum Node: Sendable {
    case n
    case number(Int)
    case binary(String, Node, Node)
    case not(Node)
    case choose(Node, Node, Node)

    func value(_ n: Int) -> Int {
      switch self {
      case .n: return n
      case .number(let number): return number
      case .not(let node): return node.value(n) == 0 ? 1 : 0
      case .choose(let test, let a, let b): return test.value(n) != 0 ? a.value(n) : b.value(n)
      case .binary(let symbol, let a, let b):
        let x = a.value(n)
        if symbol == "&&" { return x != 0 && b.value(n) != 0 ? 1 : 0 }
        if symbol == "||" { return x != 0 || b.value(n) != 0 ? 1 : 0 }
        let y = b.value(n)
        switch symbol {
        case "==": return x == y ? 1 : 0
        case "!=": return x != y ? 1 : 0
        case "<": return x < y ? 1 : 0
        case ">": return x > y ? 1 : 0
        case "<=": return x <= y ? 1 : 0
        case ">=": return x >= y ? 1 : 0
        default: return y == 0 ? 0 : x % y
        }
      }
    }
  }

  private struct Parser {
    private let characters: [Character]
    private var index = 0
    private var depth = 0
    private static let levels = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["%"]]

    init(_ text: String) { characters = text.filter { !$0.isWhitespace } }

    var isAtEnd: Bool { index == characters.count }

    private mutating func take(_ symbol: String) -> Bool {
      guard characters[index...].starts(with: symbol) else { return false }
      index += symbol.count
      return true
    }

    mutating func ternary() throws -> Node {
      depth += 1
      defer { depth -= 1 }
      guard depth < 50 else { throw CatalogueError(file: "Plural-Forms", line: 1, reason: "plural expression nested too deeply") }
      let test = try binary(0)
      guard take("?") else { return test }
      let a = try ternary()
      guard take(":") else { throw CatalogueError(file: "Plural-Forms", line: 1, reason: "expected “:”") }
      return .choose(test, a, try ternary())
    }

    private mutating func binary(_ level: Int) throws -> Node {
      guard level < Self.levels.count else { return try unary() }
      var left = try binary(level + 1)
      while let symbol = Self.levels[level].first(where: { take($0) }) { left = .binary(symbol, left, try binary(level + 1)) }
      return left
    }

    private mutating func unary() throws -> Node {
      if take("!") { return .not(try unary()) }
      if take("(") {
        let inner = try ternary()
        guard take(")") else { throw CatalogueError(file: "Plural-Forms", line: 1, reason: "expected “)”") }
        return inner
      }
      if take("n") { return .n }
      let digits = characters[index...].prefix { $0.isNumber }
      guard let number = Int(String(digits)) else {
        throw CatalogueError(file: "Plural-Forms", line: 1, reason: "invalid plural expression")
      }
      index += digits.count
      return .number(number)
    }
  }
}

extension String {
  /// The index after the first occurrence of a text.
  fileprivate func range(of text: String, in whole: String) -> String.Index? {
    var index = startIndex
    // `nplurals=` ends in the same letters: the match has to start a word.
    while index < endIndex {
      if self[index...].hasPrefix(text), index == startIndex || !self[self.index(before: index)].isLetter {
        return self.index(index, offsetBy: text.count)
      }
      index = self.index(after: index)
    }
    return nil
  }
}
