/// The words of a text, collected up to a limit.
struct PlainText {
  private let limit: Int
  private var collected = ""
  private var isCut = false

  init(limit: Int) { self.limit = limit }

  mutating func context(_ node: MarkdownNode, entering: Bool) {
    guard !isCut, entering else { return }
    switch node.kind {
    case .text, .code, .rawInline: add(node.literal)
    case .codeBlock, .rawBlock:
      space()
      add(node.literal)
    case .paragraph, .heading, .item, .tableCell, .softBreak, .lineBreak: space()
    default: break
    }
  }

  var text: String {
    guard isCut else { return trimmed(collected) }
    let end = collected.lastIndex(of: " ") ?? collected.endIndex
    // A word longer than half the limit is cut in the middle.
    let isFar = collected.distance(from: end, to: collected.endIndex) > limit / 2
    return trimmed(isFar ? collected : String(collected[..<end])) + "…"
  }

  mutating func add(_ literal: String) {
    var rest = literal.unicodeScalars[...]
    while let first = rest.first {
      if Self.isBlank(first) {
        space()
        rest.removeFirst()
      } else {
        let word = rest.prefix { !Self.isBlank($0) }
        collected += Substring(word)
        rest = rest[word.endIndex...]
      }
    }
    // Counting bytes is constant time, counting characters is not.
    guard collected.utf8.count > limit, collected.count > limit else { return }
    collected = String(collected.prefix(limit))
    isCut = true
  }

  private mutating func space() {
    if !collected.isEmpty, collected.utf8.last != UInt8(ascii: " ") { collected.append(" ") }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? scalar == " " || 9...13 ~= scalar.value : scalar.properties.isWhitespace
  }

  private func trimmed(_ text: String) -> String { text.last == " " ? String(text.dropLast()) : text }
}
