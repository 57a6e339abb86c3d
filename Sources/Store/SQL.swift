/// One SQL statement or a piece of one, with the values that belong to it.
///
/// Interpolated values are bound, never pasted: `"SELECT name FROM contacts WHERE id = \(id)"`. Another `SQL` is
/// spliced in with its values. Text that becomes part of the statement has to be labelled, `\(raw: column)`, and must
/// come from the program, never from a request.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
  /// The statement, with a `?` for each value.
  package private(set) var text: String
  /// The values, in the order of their `?`.
  package private(set) var values: [SQLValue]

  /// A statement without values.
  package init(stringLiteral text: String) {
    self.text = text
    values = []
  }

  /// A statement with the values of its interpolations.
  package init(stringInterpolation parts: StringInterpolation) {
    text = parts.text
    values = parts.values
  }

  /// A statement whose text the program has assembled. Never pass outside input.
  package init(raw text: String) {
    self.text = text
    values = []
  }

  /// The parts concatenated with `separator`.
  package init(joining parts: [SQL], separator: String = " ") {
    self.init(raw: "")
    for (index, part) in parts.enumerated() {
      if index > 0 { text += separator }
      self += part
    }
  }

  /// `(?, ?, ?)` for an IN; `(NULL)`, which matches nothing, for no values.
  package static func list(_ values: [some SQLBindable]) -> SQL {
    var sql = SQL(raw: values.isEmpty ? "(NULL)" : "(" + String(repeating: "?, ", count: values.count - 1) + "?)")
    sql.values = values.map(\.sqlValue)
    return sql
  }

  /// The concatenation of two pieces.
  package static func + (a: SQL, b: SQL) -> SQL {
    var sum = a
    sum += b
    return sum
  }

  /// Appends a piece.
  package static func += (a: inout SQL, b: SQL) {
    a.text += b.text
    a.values += b.values
  }

  /// Collects the parts of an interpolated statement.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: String
    fileprivate var values: [SQLValue] = []

    /// Called by the compiler.
    package init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + 2 * interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    /// A literal part.
    package mutating func appendLiteral(_ literal: String) { text += literal }

    /// Binds a value.
    package mutating func appendInterpolation(_ value: some SQLBindable) {
      text += "?"
      values.append(value.sqlValue)
    }

    /// Binds a value, or NULL. Without this the compiler would warn about every optional, as it does in strings.
    package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
      text += "?"
      values.append(value.sqlValue)
    }

    /// Splices a piece of a statement.
    package mutating func appendInterpolation(_ sql: SQL) {
      text += sql.text
      values += sql.values
    }

    /// Pastes text that the program has assembled, such as the name of a column.
    package mutating func appendInterpolation(raw: String) { text += raw }
  }
}
