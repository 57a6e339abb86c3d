import Base

/// How addresses write a filter: `city is "New York",Athens and (status is active or birthday is_empty)`. `and` binds closer than `or`, `not`
/// closest. A value is quoted unless it is one word; a quote inside is written twice.
extension Predicate {
  package var text: String {
    switch self {
    case .and(let parts): parts.map { $0.inside(.and) }.joined(separator: " and ")
    case .or(let parts): parts.map { $0.inside(.or) }.joined(separator: " or ")
    case .not(let part): "not " + part.inside(.not)
    case .condition(let condition): condition.text
    }
  }

  private enum Place {
    case and, or, not
  }

  private func inside(_ place: Place) -> String {
    switch (self, place) {
    case (.condition, _), (.and, .or), (.not, _): text
    default: "(" + text + ")"
    }
  }

  /// A filter's text in a URL. A person can read it there: only what has to be is percent-encoded, and a space is a `+`.
  static func urlEncoded(_ text: String) -> String {
    PercentEncoding.encode(text) { byte in PercentEncoding.isUnreserved(byte) || " (),:@/".utf8.contains(byte) }.replacing(" ", with: "+")
  }

  /// Reads what `text` writes, in its normal form.
  package init(parsing text: String) throws(InvalidFilter) {
    guard text.utf8.count <= FilterParser.longest else { throw .tooLong }
    var parser = try FilterParser(text)
    self = try parser.parse().normalized
  }
}

extension Predicate.Condition {
  package var text: String {
    let head = field + " " + self.operator.rawValue
    return values.isEmpty ? head : head + " " + values.map(Self.quoted).joined(separator: ",")
  }

  private static func quoted(_ value: String) -> String {
    if !value.isEmpty, value.unicodeScalars.allSatisfy(FilterParser.isWordScalar), !FilterParser.keywords.contains(value) { return value }
    return "\"" + value.replacing("\"", with: "\"\"") + "\""
  }
}

/// Why an address's filter is none.
package enum InvalidFilter: Error, Equatable {
  case tooLong
  case tooDeep
  case tooManyConditions
  case tooManyValues
  /// The unexpected text; empty at the end.
  case unexpected(String)
  case unknownOperator(String)

  var message: Message {
    switch self {
    case .tooLong: Message("The filter is too long: {n} characters at most.", numbers: ["n": FilterParser.longest])
    case .tooDeep: Message("The filter has parentheses in parentheses, more than {n} deep.", numbers: ["n": FilterParser.deepest])
    case .tooManyConditions: Message("The filter has more than {n} conditions.", numbers: ["n": FilterParser.mostConditions])
    case .tooManyValues: Message("The filter has more than {n} values.", numbers: ["n": FilterParser.mostValues])
    case .unexpected(""): Message("The filter ends too early. It reads like: city is Athens and status is active")
    case .unexpected(let text):
      Message("The filter can’t be read at “{text}”. It reads like: city is Athens and status is active", ["text": text])
    case .unknownOperator(let name): Message("A filter can’t use “{name}”.", ["name": name])
    }
  }
}
