import XML

/// Checks the tags as written, not as repaired by a lenient parser: unclosed, closed twice, crossed, or nested where
/// HTML forbids it. Roost's templates write every end tag, so the tags of a page must pair up exactly.
enum TagNesting {
  static func check(_ html: String) -> [String] {
    var open: [(name: String, line: Int)] = []
    var broken: [String] = []
    for tag in TagScanner(html) {
      if tag.isEnd {
        if HTMLVocabulary.void.contains(tag.name) {
          broken.append("line \(tag.line): </\(tag.name)> end tag of a void element")
        } else if let start = open.lastIndex(where: { $0.name == tag.name }) {
          for left in open[(start + 1)...] {
            broken.append("line \(left.line): <\(left.name)> is not closed before </\(tag.name)>, line \(tag.line)")
          }
          open.removeSubrange(start...)
        } else {
          broken.append("line \(tag.line): </\(tag.name)> has no start tag")
        }
        continue
      }
      for ancestor in open where forbids(ancestor.name, tag.name) {
        broken.append("line \(tag.line): <\(tag.name)> inside the <\(ancestor.name)> of line \(ancestor.line)")
      }
      if open.last.map({ $0.name == "p" && blocks.contains(tag.name) }) ?? false {
        broken.append("line \(tag.line): <\(tag.name)> inside a <p>")
      }
      if HTMLVocabulary.void.contains(tag.name) { continue }
      if tag.isSelfClosing {
        if !HTMLVocabulary.svg.contains(tag.name) { broken.append("line \(tag.line): <\(tag.name)/> isn’t self-closing in HTML") }
      } else {
        open.append((tag.name, tag.line))
      }
    }
    return broken + open.map { "line \($0.line): <\($0.name)> is never closed" }
  }

  /// Elements that must not contain this one at any depth.
  private static func forbids(_ ancestor: String, _ name: String) -> Bool {
    switch ancestor {
    case "form": name == "form"
    case "a", "button": interactive.contains(name)
    case "label": name == "label"
    default: false
    }
  }

  private static let interactive: Set<String> = ["a", "button", "input", "select", "textarea", "details", "iframe", "label"]

  /// Start tags that implicitly end an open paragraph.
  private static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "table", "ul",
  ]
}
