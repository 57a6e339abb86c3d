/// A part of an element's content, ready to be serialized.
enum HTMLContent {
  case element(HTMLNode)
  case text(String)
  /// The text of a script or style: never escaped.
  case raw(String)
  case comment(String)

  /// This part as HTML, with white space unchanged.
  var markup: String {
    switch self {
    case .text(let text): text.escapedForHTML()
    case .raw(let text): text
    case .comment(let text): "<!--\(text)-->"
    case .element(let node): node.isVoid ? node.startTag : node.startTag + node.inner + node.endTag
    }
  }
}

extension HTMLNode {
  var isVoid: Bool { HTMLVocabulary.void.contains(name) }

  var startTag: String {
    let written = attributes.map { attribute in
      HTMLVocabulary.switches.contains(attribute.name) && attribute.value.isEmpty
        ? " \(attribute.name)" : " \(attribute.name)=\"\(attribute.value.escapedForHTML(inAttribute: true))\""
    }
    return "<\(name)\(written.joined())>"
  }

  var endTag: String { "</\(name)>" }
}

extension String {
  func escapedForHTML(inAttribute: Bool = false) -> String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<" where !inAttribute: result += "&lt;"
      case ">" where !inAttribute: result += "&gt;"
      case "\"" where inAttribute: result += "&quot;"
      case "\u{A0}": result += "&nbsp;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
