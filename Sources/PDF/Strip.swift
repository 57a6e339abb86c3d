/// Something to draw, at its place in a strip.
struct Mark {
  enum Content {
    /// At its left end and top.
    case line(Paragraph, Paragraph.Line)
    case fill(Color, width: Double, height: Double)
    case picture(Picture, width: Double, height: Double)
    case code(PDFCode, side: Double)
  }

  var x: Double
  var y: Double
  let content: Content
  /// What it is part of, for readers that don't see; nil for decoration and what is repeated on every page.
  let tag: Tag?
}

/// A node of the document's structure (ISO 32000-1, 14.8.4).
final class Tag {
  let name: String
  let parent: Tag?

  init(_ name: String, in parent: Tag?) {
    (self.name, self.parent) = (name, parent)
  }

  var holdsText: Bool { name == "TD" || name == "TH" || name == "Lbl" || name == "LBody" }
}

/// What is never divided between pages: a line of a text, a row of a table, a block that is kept whole.
struct Strip {
  /// The space above; none at the top of a page.
  var gap = 0.0
  var height = 0.0
  /// Of the first line, where there is one: neighbours in a row are aligned by it.
  var baseline: Double?
  var marks: [Mark] = []
  var isKeptWithNext = false
  var startsPage = false
  /// Goes on with a row that the page before has the beginning of.
  var continuesRow = false
  /// The table that it is a row of.
  var table: TableFrame?
  /// The sum of the table up to here.
  var carry: String?

  /// One below the other, as one.
  static func stacked(_ strips: [Strip]) -> Strip {
    var whole = Strip()
    for (index, strip) in strips.enumerated() {
      if index > 0 { whole.height += strip.gap }
      whole.add(strip, x: 0, y: whole.height)
      whole.height += strip.height
    }
    whole.gap = strips.first?.gap ?? 0
    whole.isKeptWithNext = strips.last?.isKeptWithNext ?? false
    whole.startsPage = strips.first?.startsPage ?? false
    return whole
  }

  /// Side by side, with their first lines on one level.
  static func beside(_ columns: [(x: Double, strips: [Strip])]) -> Strip {
    let cells = columns.map { (x: $0.x, strip: stacked($0.strips)) }
    let baseline = cells.compactMap(\.strip.baseline).max()
    var whole = Strip()
    for (x, strip) in cells {
      let y = strip.baseline.flatMap { own in baseline.map { $0 - own } } ?? 0
      whole.add(strip, x: x, y: y)
      whole.height = max(whole.height, y + strip.height)
    }
    return whole
  }

  /// Side by side, divided where the lines of the longest end: for what is taller than a page.
  static func zipped(_ columns: [(x: Double, strips: [Strip])]) -> [Strip] {
    var result: [Strip] = []
    var next = columns.map { _ in 0 }
    while true {
      var strip = Strip()
      for (column, index) in zip(columns, next) where index < column.strips.count {
        strip.height = max(strip.height, column.strips[index].space(isFirst: index == 0))
      }
      for (which, column) in columns.enumerated() {
        var y = 0.0
        while next[which] < column.strips.count {
          let part = column.strips[next[which]]
          let space = part.space(isFirst: next[which] == 0)
          guard y == 0 || y + space <= strip.height + 0.01 else { break }
          strip.add(part, x: column.x, y: y + space - part.height)
          y += space
          next[which] += 1
        }
      }
      guard !strip.marks.isEmpty || strip.height > 0 else { break }
      result.append(strip)
    }
    keepEnds(of: &result)
    return result
  }

  /// No page ends with the first line of a text, and none begins with its last.
  static func keepEnds(of lines: inout [Strip]) {
    guard lines.count > 1 else { return }
    lines[0].isKeptWithNext = true
    lines[lines.count - 2].isKeptWithNext = true
  }

  static func height(of strips: [Strip]) -> Double {
    strips.enumerated().reduce(0) { $0 + $1.element.space(isFirst: $1.offset == 0) }
  }

  func space(isFirst: Bool) -> Double { isFirst ? height : gap + height }

  mutating func add(_ other: Strip, x: Double, y: Double) {
    if baseline == nil, let theirs = other.baseline { baseline = y + theirs }
    marks.reserveCapacity(marks.count + other.marks.count)
    for mark in other.marks {
      var mark = mark
      mark.x += x
      mark.y += y
      marks.append(mark)
    }
  }
}
