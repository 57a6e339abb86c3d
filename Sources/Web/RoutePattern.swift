/// The path of a route: literal segments and placeholders, `/contacts/{id}/edit`.
struct RoutePattern {
  enum Segment {
    case literal(String)
    case placeholder(String)
  }

  let segments: [Segment]

  var placeholders: [String] {
    segments.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
  }

  init(_ text: String) throws(RouteError) {
    guard text.hasPrefix("/") else { throw RouteError("\(text): a pattern must start with a slash") }
    var segments: [Segment] = []
    if text != "/" {
      for piece in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
        segments.append(try Self.segment(piece, of: text))
      }
    }
    self.segments = segments
    let names = placeholders
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw RouteError("\(text): {\(twice)} is used twice")
    }
  }

  private static func segment(_ piece: Substring, of text: String) throws(RouteError) -> Segment {
    if piece.isEmpty { throw RouteError("\(text): a pattern must not have empty segments or a trailing slash") }
    if piece.hasPrefix("{"), piece.hasSuffix("}"), piece.count > 2 {
      let name = piece.dropFirst().dropLast()
      if name.utf8.allSatisfy(isNameByte) { return .placeholder(String(name)) }
    }
    if piece.contains(where: { "{}?#% ".contains($0) }) {
      throw RouteError("\(text): “\(piece)” is neither a plain segment nor a {placeholder}")
    }
    return .literal(String(piece))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// An invalid table of routes; found when the router is built.
package struct RouteError: Error, CustomStringConvertible, Equatable {
  /// The pattern and what is wrong with it.
  package let description: String

  init(_ description: String) { self.description = description }
}
