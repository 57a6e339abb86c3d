/// The fields of a kind of records, in order. A template is checked against schemas before it is ever rendered.
package final class ViewSchema: Sendable {
  package let name: String
  let fields: [(name: String, kind: Kind)]
  private let indices: [String: Int]

  package init(_ name: String, _ fields: [(String, Kind)]) {
    self.name = name
    self.fields = fields.map { (name: $0.0, kind: $0.1) }
    indices = Dictionary(fields.enumerated().map { ($1.0, $0) }) { first, _ in first }
    precondition(indices.count == fields.count, "the schema \(name) names a field twice")
  }

  func index(of field: String) -> Int? { indices[field] }
}

/// The type of a value, as far as it is known before rendering.
package indirect enum Kind: Sendable {
  case any, bool, int, text, html
  case list(Kind)
  case record(ViewSchema)
  /// A text that differs between rows, in row templates.
  case slot
  /// A template that code has chosen.
  case fragment
  /// Can be null: a template has to test it before using it.
  case optional(Kind)

  var description: String {
    switch self {
    case .any: "any"
    case .bool: "a boolean"
    case .int: "a number"
    case .text: "text"
    case .html: "markup"
    case .list: "a list"
    case .record(let schema): "a \(schema.name)"
    case .slot: "a row’s text"
    case .fragment: "a template"
    case .optional(let kind): "optional \(kind.description)"
    }
  }

  /// Identifies types, for partials that are called with different ones.
  var signature: String {
    switch self {
    case .any: "*"
    case .bool: "b"
    case .int: "i"
    case .text: "t"
    case .html: "h"
    case .list(let item): "[\(item.signature)]"
    case .record(let schema): "\(UInt(bitPattern: ObjectIdentifier(schema).hashValue))"
    case .slot: "s"
    case .fragment: "f"
    case .optional(let kind): "\(kind.signature)?"
    }
  }

  /// The type without null.
  var present: Kind {
    if case .optional(let kind) = self { return kind }
    return self
  }

  var isOptional: Bool {
    if case .optional = self { return true }
    return false
  }
}
