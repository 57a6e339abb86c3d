/// An element of the markup, checked against the vocabulary.
struct Markup: Sendable {
  let element: Element
  let attributes: [Attribute: String]
  let classes: Set<StyleClass>
  /// The line of the start tag, from 1.
  let line: Int
  var children: [Child] = []

  enum Child: Sendable {
    case element(Markup)
    /// Unescaped UTF-8, without control characters except line breaks and tabs.
    case text([UInt8])
  }

  var elements: [Markup] {
    children.compactMap { child in
      if case .element(let markup) = child { markup } else { nil }
    }
  }

  func error(_ problem: String) -> PDFError { .markup(line: line, problem) }

  /// An attribute's value as a length; nil without it.
  func length(_ attribute: Attribute) throws(PDFError) -> Length? {
    guard let text = attributes[attribute] else { return nil }
    guard let length = Length(text) else { throw error("\(attribute.rawValue)=“\(text)” is not a length") }
    return length
  }
}

/// `25mm`, `40%`, `auto` or `stretch`.
enum Length: Equatable, Sendable {
  /// Typographic points, 72 to an inch.
  case points(Double)
  /// Of what is there, from 0 to 1.
  case share(Double)
  case auto, stretch

  init?(_ text: String) {
    switch text {
    case "auto": self = .auto
    case "stretch": self = .stretch
    case _ where text.hasSuffix("mm"):
      guard let number = Self.number(text.dropLast(2)), number <= 400 else { return nil }
      self = .points(number * 72 / 25.4)
    case _ where text.hasSuffix("%"):
      guard let number = Self.number(text.dropLast()), number <= 100 else { return nil }
      self = .share(number / 100)
    default: return nil
    }
  }

  private static func number(_ text: Substring) -> Double? {
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }),
      let number = Double(text), number > 0
    else { return nil }
    return number
  }
}
