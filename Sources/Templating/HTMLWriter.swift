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

  /// The value of a quoted `href`, after the same check as in templates: an address of a scheme that could run something leads nowhere.
  package mutating func address(_ text: String) { Escape.html(Escape.isSafeAddress(text) ? text : Escape.blockedAddress, into: &bytes) }

  /// What was written since the last time.
  package mutating func finish() -> HTML {
    defer { bytes.removeAll(keepingCapacity: true) }
    return HTML(trusted: String(decoding: bytes, as: UTF8.self))
  }
}
