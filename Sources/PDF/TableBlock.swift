/// A table: its head is repeated on every page, and where a page ends, its sum is carried forward.
struct TableBlock: Block {
  struct Row {
    let cells: [Cell]
    let kind: Kind
    /// The sum of the table up to here.
    let carry: String?

    /// A heading belongs to the row below, a note to the one above.
    enum Kind { case line, heading, note, grand }
  }

  struct Cell {
    let column: Int
    let span: Int
    let group: GroupBlock
  }

  /// How a kind of table looks.
  struct Look {
    let gap: Double
    let padding: Double
    let hasRules: Bool
    /// At the right of the page.
    let isRight: Bool

    static let lines = Look(gap: 14, padding: 6, hasRules: true, isRight: false)
    static let plain = Look(gap: 14, padding: 1.5, hasRules: false, isRight: false)
    static let totals = Look(gap: 28, padding: 2.5, hasRules: false, isRight: true)
  }

  struct Carrying {
    let forward: String
    let brought: String
    let style: Style
    let typesetter: Typesetter
  }

  let box: Box
  let columns: [Length]
  let head: [Row]
  let body: [Row]
  let look: Look
  let carrying: Carrying?

  var naturalWidth: Double { natural.reduce(0, +) + look.gap * Double(max(columns.count - 1, 0)) }

  private var natural: [Double] {
    var widths = columns.map { _ in 0.0 }
    for row in head + body {
      for cell in row.cells where cell.span == 1 && columns[cell.column] == .auto {
        widths[cell.column] = max(widths[cell.column], cell.group.naturalWidth)
      }
    }
    return widths
  }

  func strips(width: Double, page: Double) throws(PDFError) -> [Strip] {
    let grid = Grid(ColumnWidths.fitted(Array(zip(columns, natural)), gap: look.gap, into: width), gap: look.gap)
    let indent = look.isRight ? max(width - grid.width, 0) : 0
    let frame = TableFrame(width: grid.width, look: look, carrying: carrying)
    var strips: [Strip] = []
    for (index, row) in head.enumerated() {
      let isLast = index == head.count - 1
      strips.append(whole(row, grid, rule: isLast && look.hasRules ? .rule : nil, above: 0, cells: try cells(of: row, grid, page / 3)))
    }
    let headHeight = Strip.height(of: strips)
    // A head that fills the page would leave no room for rows.
    if headHeight <= page / 3 { frame.head = strips.map(\.repeated) }
    for index in strips.indices { strips[index].isKeptWithNext = true }
    let room = page - (frame.head.isEmpty ? 0 : headHeight) - 2 * frame.carryHeight
    var carry: String?
    for (index, row) in body.enumerated() {
      if let sum = row.carry { carry = sum }
      let next = index + 1 < body.count ? body[index + 1] : nil
      var rows = try self.strips(of: row, before: next, grid, room: room)
      if row.kind == .heading || next?.kind == .note, !rows.isEmpty { rows[rows.count - 1].isKeptWithNext = true }
      for index in rows.indices { rows[index].carry = carry }
      strips += rows
    }
    frame.indent(by: indent)
    for index in strips.indices {
      strips[index].table = frame
      strips[index].indent(by: indent)
    }
    return strips
  }

  private func cells(of row: Row, _ grid: Grid, _ page: Double) throws(PDFError) -> [(x: Double, strips: [Strip])] {
    var cells: [(x: Double, strips: [Strip])] = []
    for cell in row.cells {
      cells.append((grid.x(cell.column), try cell.group.strips(width: grid.width(cell.column, span: cell.span), page: page)))
    }
    return cells
  }

  private func strips(of row: Row, before next: Row?, _ grid: Grid, room: Double) throws(PDFError) -> [Strip] {
    let cells = try cells(of: row, grid, room - 4 * look.padding)
    let hasRule = look.hasRules && row.kind != .heading && next?.kind != .note
    let above =
      switch row.kind {
      case .line: look.padding
      case .heading: look.padding * 2
      case .note: 0.0
      case .grand: look.padding * 3
      }
    let one = whole(row, grid, rule: hasRule ? .hairline : nil, above: above, cells: cells)
    if one.height <= room { return [one] }
    var parts = Strip.zipped(cells)
    guard !parts.isEmpty else { return [one] }
    parts[0] = padded(parts[0], above: above, below: 0)
    for index in parts.indices.dropFirst() { parts[index].continuesRow = true }
    let last = parts.count - 1
    parts[last] = padded(parts[last], above: 0, below: look.padding)
    parts[last].continuesRow = last > 0
    if hasRule { addRule(.hairline, to: &parts[last], grid) }
    return parts
  }

  private func whole(
    _ row: Row, _ grid: Grid, rule: Color?, above: Double, cells: [(x: Double, strips: [Strip])]
  ) -> Strip {
    var strip = padded(Strip.beside(cells), above: above, below: look.padding)
    if row.kind == .grand {
      strip.marks.append(Mark(x: 0, y: look.padding, content: .fill(.ink, width: grid.width, height: 0.75), tag: nil))
    }
    if let rule { addRule(rule, to: &strip, grid) }
    return strip
  }

  private func padded(_ strip: Strip, above: Double, below: Double) -> Strip {
    var padded = Strip(height: above + strip.height + below, isKeptWithNext: strip.isKeptWithNext)
    padded.add(strip, x: 0, y: above)
    return padded
  }

  private func addRule(_ color: Color, to strip: inout Strip, _ grid: Grid) {
    strip.marks.append(Mark(x: 0, y: strip.height - 0.5, content: .fill(color, width: grid.width, height: 0.5), tag: nil))
  }

  /// Where the columns are.
  private struct Grid {
    let widths: [Double]
    let gap: Double
    private let lefts: [Double]

    init(_ widths: [Double], gap: Double) {
      (self.widths, self.gap) = (widths, gap)
      var x = 0.0
      lefts = widths.map { width in
        defer { x += width + gap }
        return x
      }
    }

    var width: Double { (lefts.last ?? 0) + (widths.last ?? 0) }

    func x(_ column: Int) -> Double { lefts[column] }

    func width(_ column: Int, span: Int) -> Double {
      let last = min(column + span, widths.count) - 1
      return lefts[last] + widths[last] - lefts[column]
    }
  }
}

/// What a table adds to the pages that it is divided between.
final class TableFrame {
  /// The rows repeated on each page.
  fileprivate(set) var head: [Strip] = []
  private var indent = 0.0
  private let width: Double
  private let look: TableBlock.Look
  private let carrying: TableBlock.Carrying?

  fileprivate init(width: Double, look: TableBlock.Look, carrying: TableBlock.Carrying?) {
    (self.width, self.look, self.carrying) = (width, look, carrying)
  }

  fileprivate func indent(by distance: Double) {
    indent = distance
    for index in head.indices { head[index].indent(by: distance) }
  }

  var padding: Double { look.padding }

  /// The height of a row with a sum carried; 0 if none is.
  var carryHeight: Double { carrying.map { $0.style.lineHeight + 2 * look.padding } ?? 0 }

  /// The sum at the foot of a page.
  func carriedForward(_ sum: String) throws(PDFError) -> Strip? {
    guard let carrying else { return nil }
    return try row(carrying.forward, sum, carrying)
  }

  /// The sum on the next page.
  func broughtForward(_ sum: String) throws(PDFError) -> Strip? {
    guard let carrying, var strip = try row(carrying.brought, sum, carrying) else { return nil }
    strip.marks.append(Mark(x: indent, y: strip.height - 0.5, content: .fill(.hairline, width: width, height: 0.5), tag: nil))
    return strip
  }

  private func row(_ label: String, _ sum: String, _ carrying: TableBlock.Carrying) throws(PDFError) -> Strip? {
    var style = carrying.style
    (style.isTabular, style.color) = (true, .muted)
    guard let label = try carrying.typesetter.paragraph(InlineText([.text(Array(label.utf8))], style: style, numbers: nil)) else {
      return nil
    }
    (style.weight, style.color) = (.medium, .ink)
    guard let sum = try carrying.typesetter.paragraph(InlineText([.text(Array(sum.utf8))], style: style, numbers: nil)) else { return nil }
    var strip = Strip(height: carryHeight)
    var right = indent + width
    for paragraph in [sum, label] {
      guard let line = paragraph.lines(width: .infinity).first else { continue }
      strip.marks.append(Mark(x: right - line.width, y: look.padding, content: .line(paragraph, line), tag: nil))
      right -= line.width + look.gap
    }
    return strip
  }
}

extension Strip {
  fileprivate mutating func indent(by distance: Double) {
    guard distance != 0 else { return }
    for index in marks.indices { marks[index].x += distance }
  }

  /// The same, as a repetition: not a part of the text.
  fileprivate var repeated: Strip {
    var strip = self
    strip.marks = marks.map { Mark(x: $0.x, y: $0.y, content: $0.content, tag: nil) }
    return strip
  }
}
