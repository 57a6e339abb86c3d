/// How a text looks. What is inside an element inherits it.
struct Style: Hashable, Sendable {
  /// In points, like every measure here.
  var size = 9.5
  var weight = Weight.regular
  var isItalic = false
  var color = Color.ink
  /// Figures of one width, so that they line up.
  var isTabular = false
  var alignment = Alignment.left
  /// Line breaks of the text are line breaks; white space otherwise.
  var keepsLines = false
  /// `{page}` and `{pages}` are the numbers.
  var numbersPages = false

  enum Weight: UInt32, Sendable { case regular = 400, medium = 500, strong = 600 }

  enum Alignment: Sendable {
    case left, center, right

    func indent(of width: Double, in whole: Double) -> Double {
      switch self {
      case .left: 0
      case .center: (whole - width) / 2
      case .right: whole - width
      }
    }
  }

  /// From one baseline to the next.
  var lineHeight: Double { size * (size > 14 ? 1.2 : 1.42) }

  /// The style inside an element of this one.
  func inside(_ markup: Markup) -> Style {
    var style = self
    switch markup.element {
    case .h1: (style.size, style.weight) = (20, .strong)
    case .h2: (style.size, style.weight) = (11.5, .strong)
    case .h3, .strong: style.weight = .strong
    case .em: style.isItalic = true
    case .small: style.size = Self.small
    case .a: style.color = .link
    default: break
    }
    for word in markup.classes { style.apply(word) }
    return style
  }

  private static let small = 8.0

  private mutating func apply(_ word: StyleClass) {
    switch word {
    case .muted: color = .muted
    case .small: size = Self.small
    case .large: size = 12
    case .number: (alignment, isTabular) = (.right, true)
    case .right: alignment = .right
    case .center: alignment = .center
    case .lines: keepsLines = true
    case .pages: numbersPages = true
    case .grand: (size, weight) = (12, .strong)
    case .strong, .heading: weight = .strong
    default: break
    }
  }
}

struct Color: Hashable, Sendable {
  let red: Double
  let green: Double
  let blue: Double

  init(_ rgb: UInt32) {
    red = Double(rgb >> 16 & 0xFF) / 255
    green = Double(rgb >> 8 & 0xFF) / 255
    blue = Double(rgb & 0xFF) / 255
  }

  static let ink = Color(0x15181E)
  static let muted = Color(0x646B78)
  static let link = Color(0x1D4F91)
  /// A line between rows, one that ends something, and the ground of a box.
  static let hairline = Color(0xDFE2E7)
  static let rule = Color(0x8A919E)
  static let ground = Color(0xF4F5F7)
  static let white = Color(0xFFFFFF)
}

/// How a block is placed on the page.
struct Box: Sendable {
  /// The space above, except at the top of a page or of what holds the block.
  var gap = 0.0
  /// The least space below, before another block.
  var below = 0.0
  /// Never divided between pages, unless taller than one.
  var isKept = false
  /// On one page with the line before it.
  var follows = false
  var startsPage = false

  init() {}

  init(_ markup: Markup) {
    let classes = markup.classes
    switch markup.element {
    case .h1: gap = 24
    case .h2: gap = 16
    case .h3, .section: gap = 12
    case .p: gap = 4
    case .table, .dl: gap = classes.contains(.totals) ? 8 : 14
    case .hr: gap = 8
    default: break
    }
    if classes.contains(.space) { gap = max(gap, 8) + 16 }
    if classes.contains(.tight) { gap = 0 }
    if classes.contains(.box) { below = 12 }
    isKept = classes.contains(.keep) || classes.contains(.totals)
    follows = classes.contains(.follows) || classes.contains(.totals)
    startsPage = classes.contains(.pageBreak)
  }
}

/// A page and its margins.
struct Paper: Equatable, Sendable {
  let width: Double
  let height: Double

  static let a4 = Paper(width: 210 * 72 / 25.4, height: 297 * 72 / 25.4)
  static let letter = Paper(width: 612, height: 792)

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  init?(_ name: String) {
    switch name {
    case "a4": self = .a4
    case "letter": self = .letter
    default: return nil
    }
  }

  var side: Double { 20 * 72 / 25.4 }
  var top: Double { 18 * 72 / 25.4 }
  var bottom: Double { 13 * 72 / 25.4 }
  /// Between the running header or footer and what is on the page.
  var distance: Double { 16 }

  /// The width of what is on the page.
  var measure: Double { width - 2 * side }
}
