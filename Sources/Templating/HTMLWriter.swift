/// Writes HTML in code, safe by construction: tags can only be literals of the program, and everything else is escaped.
package struct HTMLWriter: ~Copyable {
  private var bytes = ByteBuffer(capacity: 2_048)

  package init() {}

  /// The number of bytes written since the last call.
  package var count: Int { bytes.count }

  /// Literal HTML in the source.
  package mutating func markup(_ literal: StaticString) {
    bytes.append(literal)
  }

  /// Text, between tags or inside a quoted attribute.
  package mutating func text(_ text: String) { Escape.html(text, into: &bytes) }

  package mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) { Escape.html(utf8, into: &bytes) }

  /// HTML that was written before.
  package mutating func html(_ html: HTML) { html.bytes.withUnsafeBufferPointer { bytes.append($0) } }

  /// The content written since the last call.
  package mutating func finish() -> HTML {
    defer { bytes.removeAll() }
    return HTML(bytes: bytes.bytes)
  }
}
