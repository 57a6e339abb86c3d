/// Writes markup in code, safely by construction: tags can only be literals of the program, and everything else is escaped.
package struct HTMLWriter: ~Copyable {
  private var bytes: [UInt8] = []

  package init() {}

  /// A piece of markup as it stands in the source.
  package mutating func markup(_ literal: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Text, between tags or inside a quoted attribute.
  package mutating func text(_ text: String) { Escape.html(text, into: &bytes) }

  package mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { Escape.html(utf8, into: &bytes) }

  /// Markup that was written before.
  package mutating func html(_ html: HTML) { bytes.append(contentsOf: html.bytes) }

  /// What was written since the last time.
  package mutating func finish() -> HTML {
    defer { bytes.removeAll(keepingCapacity: true) }
    return HTML(bytes: Array(bytes))
  }
}
