import Templating

/// Renders the nodes of a tree as HTML.
struct MarkdownRenderer: ~Copyable {
  private let people: [String: String]
  private var out = HTMLWriter()
  /// A mention whose own text is skipped.
  private var mention: MarkdownNode?

  init(people: [String: String]) { self.people = people }

  mutating func finish() -> HTML { out.finish() }

  /// Plain text, line by line.
  mutating func writeAsTyped(_ source: String) {
    out.markup("<p>")
    for (index, line) in source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if index > 0 { out.markup("<br>") }
      out.text(String(line))
    }
    out.markup("</p>")
  }

  mutating func context(_ node: MarkdownNode, entering: Bool) {
    if let mention {
      if node.node == mention.node { self.mention = nil }
      return
    }
    switch node.kind {
    case .document, nil: break
    case .paragraph:
      if !node.isTight { entering ? out.markup("<p>") : out.markup("</p>") }
    // Headings belong to the page; those of a note are only bold lines.
    case .heading: entering ? out.markup("<p class=\"note-heading\">") : out.markup("</p>")
    case .quote: entering ? out.markup("<blockquote>") : out.markup("</blockquote>")
    case .list: list(node, entering)
    case .item: entering ? out.markup("<li>") : out.markup("</li>")
    case .strong: entering ? out.markup("<strong>") : out.markup("</strong>")
    case .emph: entering ? out.markup("<em>") : out.markup("</em>")
    case .strikethrough: entering ? out.markup("<s>") : out.markup("</s>")
    case .link, .image: link(node, entering)
    case .text, .rawInline: out.text(node.literal)
    case .code:
      out.markup("<code>")
      out.text(node.literal)
      out.markup("</code>")
    case .codeBlock:
      // Wide content scrolls, by keyboard too.
      out.markup("<pre tabindex=\"0\"><code>")
      out.text(node.literal)
      out.markup("</code></pre>")
    case .rawBlock:
      out.markup("<p>")
      out.text(node.literal)
      out.markup("</p>")
    case .rule: out.markup("<hr>")
    case .softBreak, .lineBreak: out.markup("<br>")
    case .table: entering ? out.markup("<div class=\"note-table\"><table>") : out.markup("</tbody></table></div>")
    case .tableHead: entering ? out.markup("<thead><tr>") : out.markup("</tr></thead><tbody>")
    case .tableRow: entering ? out.markup("<tr>") : out.markup("</tr>")
    case .tableCell: cell(node, entering)
    }
  }

  private mutating func list(_ node: MarkdownNode, _ entering: Bool) {
    guard node.isOrdered else { return entering ? out.markup("<ul>") : out.markup("</ul>") }
    guard entering else { return out.markup("</ol>") }
    out.markup("<ol start=\"")
    out.text(String(node.firstNumber))
    out.markup("\">")
  }

  private mutating func cell(_ node: MarkdownNode, _ entering: Bool) {
    if node.isInTableHead {
      entering ? out.markup("<th scope=\"col\">") : out.markup("</th>")
    } else {
      entering ? out.markup("<td>") : out.markup("</td>")
    }
  }

  private mutating func link(_ node: MarkdownNode, _ entering: Bool) {
    switch LinkTarget(node.address) {
    case .outside(let address):
      guard entering else { return out.markup("</a>") }
      out.markup("<a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href=\"")
      out.text(address)
      out.markup("\">")
    case .user(let id):
      // An unknown user: only the text is shown.
      guard let name = people[id] else { return }
      out.markup("<span class=\"mention\">")
      out.text(name)
      out.markup("</span>")
      mention = node
    case .refused(let address):
      // Neither followed nor hidden: the target is shown after the text.
      guard !entering, !address.isEmpty else { return }
      out.markup(" (")
      out.text(address)
      out.markup(")")
    }
  }
}

/// Allowed link targets.
enum LinkTarget {
  case outside(String)
  /// A mention, by user id.
  case user(String)
  case refused(String)

  init(_ address: String) {
    let scheme = address.prefix { $0 != ":" }.lowercased()
    guard address.utf8.count > scheme.utf8.count, !address.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      self = .refused(address)
      return
    }
    switch scheme {
    case "http", "https", "mailto", "tel": self = .outside(address)
    case "user": self = .user(String(address.dropFirst("user:".count)))
    default: self = .refused(address)
    }
  }
}
