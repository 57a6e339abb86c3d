import CMarkdown
package import Templating

/// Markdown (CommonMark with GitHub's tables, strikethrough and bare links) as people write it in notes and messages.
///
/// libcmark-gfm reads it; the markup is written here, from a fixed set of tags and with every text escaped, so that nothing that somebody
/// typed can become markup of its own. Raw HTML is shown as the text that it is; pictures are links; a line break is a line break.
package enum Markdown {
  /// The text as markup. `people` are those who may be mentioned in it, names by id: a link to `user:` and an id shows the name that belongs to the
  /// id, whatever was typed for it.
  package static func html(_ source: String, people: [String: String] = [:]) -> HTML {
    var renderer = MarkdownRenderer(people: people)
    if !MarkdownTree.walk(source, { renderer.context($0, entering: $1) }) { renderer.writeAsTyped(source) }
    return renderer.finish()
  }

  /// The pieces of a text that are neither code nor markup nor part of a link.
  package static func texts(in source: String) -> [String] {
    var texts: [String] = []
    var links = 0
    let isRead = MarkdownTree.walk(source) { node, entering in
      if node.kind == .link { links += entering ? 1 : -1 }
      if entering, links == 0, node.kind == .text { texts.append(node.literal) }
    }
    return isRead ? texts : []
  }

  /// The text without its marks, on one line: for headlines and excerpts. At most `limit` characters, cut at a word with `…`.
  package static func plain(_ source: String, limit: Int) -> String {
    var words = PlainText(limit: limit)
    // Its beginning is enough: marks rarely take more room than the words that they are for.
    let beginning = String(source.prefix(1_000 + 4 * limit))
    if !MarkdownTree.walk(beginning, { words.context($0, entering: $1) }) { words.add(beginning) }
    return words.text
  }
}
