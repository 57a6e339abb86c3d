import Base

/// Reads filters out of addresses. Bounded in length, depth, conditions and values, whatever is sent.
package struct FilterParser {
  /// In bytes.
  static let longest = 2_000
  static let deepest = 8
  static let mostConditions = 30
  static let mostValues = 60
  static let keywords: Set<String> = ["and", "or", "not"]

  private enum Token: Equatable {
    case open, close, comma
    case word(String)
    case quoted(String)

    var text: String {
      switch self {
      case .open: "("
      case .close: ")"
      case .comma: ","
      case .word(let text), .quoted(let text): String(text.prefix(40))
      }
    }
  }

  private var tokens: ArraySlice<Token>
  private var depth = 0
  private var conditions = 0
  private var values = 0

  init(_ text: String) throws(InvalidFilter) { tokens = try Self.tokens(of: text)[...] }

  package mutating func parse() throws(InvalidFilter) -> Predicate {
    let predicate = try disjunction()
    if let rest = tokens.first { throw .unexpected(rest.text) }
    return predicate
  }

  private mutating func disjunction() throws(InvalidFilter) -> Predicate {
    var parts = [try conjunction()]
    while take(.word("or")) { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(InvalidFilter) -> Predicate {
    var parts = [try part()]
    while take(.word("and")) { parts.append(try part()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func part() throws(InvalidFilter) -> Predicate {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw .tooDeep }
    if take(.word("not")) { return .not(try part()) }
    if take(.open) {
      let inner = try disjunction()
      guard take(.close) else { throw .unexpected(tokens.first?.text ?? "") }
      return inner
    }
    return .condition(try condition())
  }

  private mutating func condition() throws(InvalidFilter) -> Predicate.Condition {
    conditions += 1
    if conditions > Self.mostConditions { throw .tooManyConditions }
    guard case .word(let field)? = tokens.first, !Self.keywords.contains(field) else { throw .unexpected(tokens.first?.text ?? "") }
    tokens.removeFirst()
    guard case .word(let name)? = tokens.first else { throw .unexpected(tokens.first?.text ?? "") }
    guard let known = FilterOperator(rawValue: name) else { throw .unknownOperator(String(name.prefix(40))) }
    tokens.removeFirst()
    var condition = Predicate.Condition(field, known)
    switch known.arity {
    case .none: break
    case .one: condition.values = [try value()]
    case .two:
      condition.values = [try value()]
      guard take(.comma) else { throw .unexpected(tokens.first?.text ?? "") }
      condition.values.append(try value())
    case .several:
      repeat { condition.values.append(try value()) } while take(.comma)
    }
    return condition
  }

  private mutating func value() throws(InvalidFilter) -> String {
    values += 1
    if values > Self.mostValues { throw .tooManyValues }
    switch tokens.first {
    case .word(let text)?, .quoted(let text)?:
      tokens.removeFirst()
      return text
    case let other: throw .unexpected(other?.text ?? "")
    }
  }

  private mutating func take(_ token: Token) -> Bool {
    guard tokens.first == token else { return false }
    tokens.removeFirst()
    return true
  }

  // MARK: Tokens

  private static func tokens(of text: String) throws(InvalidFilter) -> [Token] {
    var tokens: [Token] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      switch scalar {
      case " ": rest.removeFirst()
      case "(", ")", ",":
        tokens.append(scalar == "(" ? .open : scalar == ")" ? .close : .comma)
        rest.removeFirst()
      case "\"":
        rest.removeFirst()
        tokens.append(.quoted(try quoted(&rest)))
      default:
        let word = rest.prefix(while: isWordScalar)
        guard !word.isEmpty else { throw .unexpected(String(rest.prefix(20))) }
        tokens.append(.word(String(word)))
        rest = rest[word.endIndex...]
      }
    }
    return tokens
  }

  private static func quoted(_ rest: inout Substring.UnicodeScalarView) throws(InvalidFilter) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar != "\"" {
        text.append(scalar)
      } else if rest.first == "\"" {
        text.append(scalar)
        rest.removeFirst()
      } else {
        return String(text)
      }
    }
    throw .unexpected("")
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "_-.@/:".unicodeScalars.contains(scalar)
    }
    return scalar.properties.isAlphabetic
  }
}
