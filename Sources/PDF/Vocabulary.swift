/// The elements of the markup, named as in HTML.
enum Element: String, Sendable {
  case article, header, footer, section, div, address, h1, h2, h3, p, dl, dt, dd, hr, img
  case table, colgroup, col, thead, tbody, tr, th, td
  case a, span, strong, em, small, br

  /// Has neither content nor an end tag.
  var isVoid: Bool { self == .hr || self == .img || self == .col || self == .br }

  /// Part of a line of text.
  var isInline: Bool { Self.inline.contains(self) }

  var mayHoldText: Bool { isInline ? !isVoid : Self.texts.contains(self) || Self.containers.contains(self) }

  func mayHold(_ child: Element) -> Bool {
    switch self {
    case .article: child == .header || child == .footer || Self.blocks.contains(child)
    case .table: child == .colgroup || child == .thead || child == .tbody
    case .colgroup: child == .col
    case .thead, .tbody: child == .tr
    case .tr: child == .th || child == .td
    case .dl: child == .dt || child == .dd
    case .a: child != .a && child.isInline
    default: child.isInline ? mayHoldText : Self.containers.contains(self) && Self.blocks.contains(child)
    }
  }

  func mayHave(_ attribute: Attribute) -> Bool {
    switch attribute {
    case .class: self != .br && self != .colgroup
    case .paper: self == .article
    case .href: self == .a
    case .src, .alt, .height: self == .img
    case .width: self == .img || self == .col || self == .div
    case .colspan: self == .td || self == .th
    case .scope: self == .th
    case .carry: self == .tr
    case .carriedForward, .broughtForward: self == .table
    }
  }

  private static let inline: Set<Element> = [.a, .span, .strong, .em, .small, .br]
  private static let blocks: Set<Element> = [.section, .div, .address, .h1, .h2, .h3, .p, .dl, .table, .hr, .img]
  private static let texts: Set<Element> = [.h1, .h2, .h3, .p]
  /// Hold blocks, or a text of their own.
  private static let containers: Set<Element> = [.header, .footer, .section, .div, .address, .dt, .dd, .th, .td]
}

enum Attribute: String, Sendable {
  case `class`, href, src, alt, colspan, scope
  case paper = "data-paper"
  case width = "data-width"
  case height = "data-height"
  case carry = "data-carry"
  case carriedForward = "data-carried-forward"
  case broughtForward = "data-brought-forward"
}

/// The words of a `class`.
enum StyleClass: String, Sendable {
  // Letters.
  case muted, small, large, strong, number, right, center, lines
  // Blocks.
  case keep, follows, tight, space
  case pageBreak = "page-break"
  // `section`, `div`.
  case columns, box
  // `dl`, `table`.
  case facts, totals, plain
  // `tr`.
  case heading, note, grand
  // `p` in a header or footer.
  case pages
}
