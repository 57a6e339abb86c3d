/// The element as readable text for snapshots: one element per line, two spaces per level, white space collapsed,
/// attributes in source order. Deterministic, and parses to the same page except for white space between elements.
package func prettyPrinted(_ node: HTMLNode) -> String {
  var lines: [String] = []
  print(node, indent: "", into: &lines)
  return lines.joined(separator: "\n") + "\n"
}

private func print(_ node: HTMLNode, indent: String, into lines: inout [String]) {
  if node.isVoid {
    lines.append(indent + node.startTag)
  } else if HTMLVocabulary.preformatted.contains(node.name) {
    lines.append(indent + node.startTag + node.inner + node.endTag)
  } else if let text = node.onlyText {
    lines.append(indent + node.startTag + text + node.endTag)
  } else {
    lines.append(indent + node.startTag)
    print(node.contents, indent: indent + "  ", into: &lines)
    lines.append(indent + node.endTag)
  }
}

private func print(_ contents: [HTMLContent], indent: String, into lines: inout [String]) {
  for content in contents {
    if case .element(let child) = content {
      print(child, indent: indent, into: &lines)
    } else {
      let line = content.markup.collapsingWhiteSpace()
      if !line.isEmpty { lines.append(indent + line) }
    }
  }
}

extension HTMLNode {
  /// The collapsed content of an element that contains only text (no content counts as empty text).
  fileprivate var onlyText: String? {
    var markup = ""
    for content in contents {
      if case .element = content { return nil }
      markup += content.markup
    }
    return markup.collapsingWhiteSpace()
  }
}
