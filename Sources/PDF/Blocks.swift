/// What a page is made of, from a line of text to a table.
protocol Block {
  var box: Box { get }
  /// The width it takes if nothing limits it.
  var naturalWidth: Double { get }
  /// Divided where a page can end. `page` is the height of one.
  func strips(width: Double, page: Double) throws(PDFError) -> [Strip]
}

struct ParagraphBlock: Block {
  let box: Box
  /// One, unless its text is very long.
  let paragraphs: [Paragraph]
  let tag: Tag?
  /// Never alone at the foot of a page.
  let isHeading: Bool

  var naturalWidth: Double { paragraphs.map(\.naturalWidth).max() ?? 0 }

  func strips(width: Double, page: Double) -> [Strip] {
    var strips: [Strip] = []
    for paragraph in paragraphs {
      for line in paragraph.lines(width: width) {
        let x = paragraph.style.alignment.indent(of: line.width, in: width)
        strips.append(
          Strip(
            height: line.height, baseline: line.baseline, marks: [Mark(x: x, y: 0, content: .line(paragraph, line), tag: tag)],
            isKeptWithNext: isHeading))
      }
    }
    Strip.keepEnds(of: &strips)
    return strips
  }
}

/// Blocks below each other.
struct GroupBlock: Block {
  let box: Box
  let blocks: [any Block]
  /// With a ground of its own.
  let isBoxed: Bool

  private static let padding = 12.0

  init(_ blocks: [any Block], box: Box, isBoxed: Bool = false) { (self.blocks, self.box, self.isBoxed) = (blocks, box, isBoxed) }

  var naturalWidth: Double { (blocks.map(\.naturalWidth).max() ?? 0) + (isBoxed ? 2 * Self.padding : 0) }

  func strips(width: Double, page: Double) throws(PDFError) -> [Strip] {
    guard isBoxed else { return try inner(width: width, page: page) }
    let strips = try inner(width: width - 2 * Self.padding, page: page - 2 * Self.padding)
    let height = Strip.height(of: strips) + 2 * Self.padding
    if height <= page { return [Self.onGround(Strip.stacked(strips), width, above: Self.padding, below: Self.padding)] }
    return strips.enumerated().map { index, strip in
      let isLast = index == strips.count - 1
      return Self.onGround(strip, width, above: index == 0 ? Self.padding : strip.gap, below: isLast ? Self.padding : 0)
    }
  }

  private static func onGround(_ strip: Strip, _ width: Double, above: Double, below: Double) -> Strip {
    var whole = Strip(height: strip.height + above + below, isKeptWithNext: strip.isKeptWithNext)
    whole.marks.append(Mark(x: 0, y: 0, content: .fill(.ground, width: width, height: whole.height), tag: nil))
    whole.add(strip, x: padding, y: above)
    return whole
  }

  private func inner(width: Double, page: Double) throws(PDFError) -> [Strip] {
    var all: [Strip] = []
    var below = 0.0
    for block in blocks {
      var strips = try block.strips(width: width, page: page)
      guard !strips.isEmpty else { continue }
      if block.box.isKept, Strip.height(of: strips) <= page { strips = [Strip.stacked(strips)] }
      strips[0].gap = all.isEmpty ? 0 : max(block.box.gap, below)
      below = block.box.below
      if block.box.startsPage { strips[0].startsPage = true }
      if block.box.follows, !all.isEmpty { all[all.count - 1].isKeptWithNext = true }
      all += strips
    }
    return all
  }
}

/// Groups side by side.
struct ColumnsBlock: Block {
  let box: Box
  let columns: [(width: Length, group: GroupBlock)]
  let gap: Double

  var naturalWidth: Double { columns.map(\.group.naturalWidth).reduce(0, +) + gap * Double(max(columns.count - 1, 0)) }

  func strips(width: Double, page: Double) throws(PDFError) -> [Strip] {
    let widths = ColumnWidths.fitted(columns.map { ($0.width, $0.group.naturalWidth) }, gap: gap, into: width)
    var x = 0.0
    var placed: [(x: Double, strips: [Strip])] = []
    for (column, width) in zip(columns, widths) {
      placed.append((x, try column.group.strips(width: width, page: page)))
      x += width + gap
    }
    let whole = Strip.beside(placed)
    guard whole.height > page else { return whole.marks.isEmpty ? [] : [whole] }
    return Strip.zipped(placed)
  }
}

struct RuleBlock: Block {
  let box: Box
  let naturalWidth = 0.0

  func strips(width: Double, page: Double) -> [Strip] {
    [Strip(height: 0.5, marks: [Mark(x: 0, y: 0, content: .fill(.hairline, width: width, height: 0.5), tag: nil)])]
  }
}

/// An image or a code, as large as its limits allow.
struct PictureBlock: Block {
  enum Content {
    case picture(Picture)
    case code(PDFCode)
  }

  let box: Box
  let content: Content
  let alignment: Style.Alignment
  let width: Length?
  let height: Length?
  let tag: Tag?

  /// A pixel of an image is this large if nothing limits it, and so is a module of a code.
  private static let pixel = 0.75
  private static let module = 2.0

  var naturalWidth: Double { size(within: .infinity, .infinity).width }

  func strips(width: Double, page: Double) -> [Strip] {
    let size = size(within: width, page)
    let x = alignment.indent(of: size.width, in: width)
    let drawn: Mark.Content =
      switch content {
      case .picture(let picture): .picture(picture, width: size.width, height: size.height)
      case .code(let code): .code(code, side: size.width)
      }
    return [Strip(height: size.height, marks: [Mark(x: x, y: 0, content: drawn, tag: tag)])]
  }

  private func size(within mostWidth: Double, _ mostHeight: Double) -> (width: Double, height: Double) {
    let natural =
      switch content {
      case .picture(let picture): (width: Double(picture.width) * Self.pixel, height: Double(picture.height) * Self.pixel)
      case .code(let code): (width: Double(code.side) * Self.module, height: Double(code.side) * Self.module)
      }
    let limits = (Self.limit(width, of: mostWidth), Self.limit(height, of: mostHeight))
    let isLimited = width != nil || height != nil
    let scale = min(
      mostWidth / natural.width, mostHeight / natural.height, limits.0 / natural.width, limits.1 / natural.height,
      isLimited ? .infinity : 1)
    return (natural.width * scale, natural.height * scale)
  }

  private static func limit(_ length: Length?, of whole: Double) -> Double {
    switch length {
    case .points(let points): points
    case .share(let share): whole * share
    case .auto, .stretch, nil: .infinity
    }
  }
}
