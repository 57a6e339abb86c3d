/// The fields that records of one kind have, in order. A template is checked against shapes before it is ever rendered.
package final class ViewSchema: Sendable {
  package let name: String
  let fields: [(name: String, kind: Kind)]
  private let indices: [String: Int]

  package init(_ name: String, _ fields: [(String, Kind)]) {
    self.name = name
    self.fields = fields.map { (name: $0.0, kind: $0.1) }
    indices = Dictionary(fields.enumerated().map { ($1.0, $0) }) { first, _ in first }
    precondition(indices.count == fields.count, "the shape \(name) names a field twice")
  }

  func index(of field: String) -> Int? { indices[field] }
}

/// What a value can be, as far as it is known before rendering.
package indirect enum Kind: Sendable {
  case any, bool, int, text, html
  case list(Kind)
  case record(ViewSchema)
  /// A text of each row, in templates of rows.
  case slot
  /// A template that was chosen by code.
  case fragment
  /// May be null: a template has to ask before it uses it.
  case optional(Kind)

  var description: String {
    switch self {
    case .any: "any"
    case .bool: "a truth value"
    case .int: "a number"
    case .text: "text"
    case .html: "markup"
    case .list(let item): "a list of \(item.description)"
    case .record(let shape): "a \(shape.name)"
    case .slot: "a row’s text"
    case .fragment: "a template"
    case .optional(let kind): "optional \(kind.description)"
    }
  }

  /// Tells kinds apart, for partials that are called with different ones.
  var signature: String {
    switch self {
    case .any: "*"
    case .bool: "b"
    case .int: "i"
    case .text: "t"
    case .html: "h"
    case .list(let item): "[\(item.signature)]"
    case .record(let shape): "\(UInt(bitPattern: ObjectIdentifier(shape).hashValue))"
    case .slot: "s"
    case .fragment: "f"
    case .optional(let kind): "\(kind.signature)?"
    }
  }

  /// What is left when null is ruled out.
  var present: Kind {
    if case .optional(let kind) = self { return kind }
    return self
  }

  var isOptional: Bool {
    if case .optional = self { return true }
    return false
  }
}
