/// What the `Cookie` header holds, read leniently (RFC 6265 §5.4): a broken pair is passed over, other people's cookies must not break a page.
package struct Cookies: Sendable {
  private let pairs: [(name: Substring, value: Substring)]

  /// Reads the header, if there is one.
  package init(_ header: String?) {
    pairs = (header ?? "").split(separator: ";").compactMap { piece in
      guard let equals = piece.firstIndex(of: "=") else { return nil }
      return (Self.trimmed(piece[..<equals]), Self.unquoted(Self.trimmed(piece[piece.index(after: equals)...])))
    }
  }

  /// The first cookie of that name: browsers send the one of the longest path first.
  package subscript(_ name: String) -> String? { pairs.first { $0.name == name }.map { String($0.value) } }

  private static func trimmed(_ text: Substring) -> Substring {
    let head = text.drop { $0 == " " || $0 == "\t" }
    return head.lastIndex { $0 != " " && $0 != "\t" }.map { head[...$0] } ?? ""
  }

  private static func unquoted(_ text: Substring) -> Substring {
    text.utf8.count > 1 && text.first == "\"" && text.last == "\"" ? text.dropFirst().dropLast() : text
  }
}
