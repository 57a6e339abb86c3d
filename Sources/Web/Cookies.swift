/// The `Cookie` header, parsed leniently (RFC 6265 §5.4): a malformed pair is skipped, so that other sites' cookies
/// can't break a page.
package struct Cookies: Sendable {
  private let pairs: [(name: Substring, value: Substring)]

  /// Parses the header, if there is one.
  package init(_ header: String?) {
    pairs = (header ?? "").utf8.split(separator: UInt8(ascii: ";")).compactMap { piece in
      guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let value = Self.trimmed(piece[piece.index(after: equals)...])
      return (Substring(Self.trimmed(piece[..<equals])), Substring(Self.unquoted(value)))
    }
  }

  /// Parses all of a request's `Cookie` headers as one.
  package init(_ headers: Headers) { self.init(headers.all("Cookie").joined(separator: ";")) }

  /// The first cookie of that name: browsers send the one of the longest path first.
  package subscript(_ name: String) -> String? { pairs.first { $0.name == name }.map { String($0.value) } }

  /// All cookies of that name. More than one means that another path or a sibling domain has set it.
  package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map { String($0.value) } }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let head = text.drop(while: isSpace)
    return head.lastIndex { !isSpace($0) }.map { head[...$0] } ?? head[head.endIndex...]
  }

  private static func unquoted(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let quote = UInt8(ascii: "\"")
    return text.count > 1 && text.first == quote && text.last == quote ? text.dropFirst().dropLast() : text
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
