import CMarkdown
package import Templating

/// Markdown (CommonMark with GitHub's tables, strikethrough and bare links), for notes and messages.
///
/// Parsed by libcmark-gfm; the HTML is written here, from a fixed set of tags and with every text escaped, so that user
/// input can never become HTML of its own. Raw HTML is shown as text; images are links; a line break is a line break.
package enum Markdown {
  /// The text as HTML. `people` are the users who can be mentioned, names by id: a link to `user:` and an id shows the
  /// name that belongs to the id, whatever its text says.
  package static func html(_ source: String, people: [String: String] = [:]) -> HTML {
    var renderer = MarkdownRenderer(people: people)
    if !MarkdownTree.walk(source, { renderer.context($0, entering: $1) }) { renderer.writeAsTyped(source) }
    return renderer.finish()
  }

  /// The parts of a text that are neither code nor markup nor part of a link.
  package static func texts(in source: String) -> [String] {
    var texts: [String] = []
    var links = 0
    let isRead = MarkdownTree.walk(source) { node, entering in
      if node.kind == .link { links += entering ? 1 : -1 }
      if entering, links == 0, node.kind == .text { texts.append(node.literal) }
    }
    return isRead ? texts : []
  }

  /// The text without markup, on one line: for headlines and excerpts. At most `limit` characters, cut at a word with
  /// `…`.
  package static func plain(_ source: String, limit: Int) -> String {
    var words = PlainText(limit: limit)
    // The start of the text is enough: markup rarely takes more space than the words it applies to.
    let beginning = String(source.prefix(1_000 + 4 * limit))
    if !MarkdownTree.walk(beginning, { words.context($0, entering: $1) }) { words.add(beginning) }
    return words.text
  }
}
