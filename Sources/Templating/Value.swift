/// A value in a template. Code creates them; templates only read them.
package enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case text(String)
  /// Safe HTML.
  case html(HTML)
  case list([Value])
  case record(ViewData)
  /// A text that differs between rows.
  case slot(Slot)
  /// Another template, with its data.
  case fragment(Fragment)

  /// Null, false, 0, the empty text and the empty list are false.
  package var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let value): value
    case .int(let n): n != 0
    case .text(let text): !text.isEmpty
    case .html(let html): !html.bytes.isEmpty
    case .list(let items): !items.isEmpty
    case .record, .slot, .fragment: true
    }
  }

  /// The value as text; empty if it has none.
  package var text: String {
    switch self {
    case .text(let text): text
    case .int(let n): String(n)
    case .bool(let value): value ? "true" : "false"
    case .html(let html): html.markup
    case .null, .list, .record, .slot, .fragment: ""
    }
  }

  package var int: Int? {
    if case .int(let n) = self { return n }
    return nil
  }
}

/// HTML written by code that escapes its values: an `HTMLWriter`.
package struct HTML: Sendable, Equatable {
  let bytes: [UInt8]

  package static let empty = HTML(bytes: [])

  package var markup: String { String(decoding: bytes, as: UTF8.self) }

  package static func + (a: HTML, b: HTML) -> HTML { HTML(bytes: a.bytes + b.bytes) }

  /// The same with a literal of the program inserted `place` bytes from the start.
  package func inserting(_ literal: StaticString, at place: Int) -> HTML {
    var bytes = bytes
    bytes.insert(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount), at: place)
    return HTML(bytes: bytes)
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  package init(nilLiteral: ()) { self = .null }
}

extension Value {
  /// Equality as in templates: types must agree.
  static func same(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.text(let x), .text(let y)): x == y
    default: false
    }
  }
}
