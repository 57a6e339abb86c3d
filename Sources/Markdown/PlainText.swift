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
    // A word that is longer than half of it all is cut in the middle.
    let isFar = collected.distance(from: end, to: collected.endIndex) > limit / 2
    return trimmed(isFar ? collected : String(collected[..<end])) + "…"
  }

  mutating func add(_ literal: String) {
    for character in literal {
      if character.isWhitespace { space() } else { collected.append(character) }
    }
    guard collected.count > limit else { return }
    collected = String(collected.prefix(limit))
    isCut = true
  }

  private mutating func space() {
    if !collected.isEmpty, collected.last != " " { collected.append(" ") }
  }

  private func trimmed(_ text: String) -> String { text.last == " " ? String(text.dropLast()) : text }
}
