/// Upper bounds for the parsing cost of a text, estimated in one pass over its bytes, and whether they exceed what
/// people write.
///
/// Some input costs libcmark-gfm 0.29 far more than its size. Every row of a table is padded to the width of its head;
/// whatever looks like the delimiter row of a table makes it reread the whole paragraph; each potential start of a bare
/// link scans what follows it; each blank line is offered to every open list. A few kilobytes can fill the memory or
/// take minutes. A text beyond one of these bounds is shown as plain text.
struct MarkdownMeasure {
  /// The maximum number of cells in all tables together.
  private static let mostCells = 5_000
  /// The maximum number of bytes reread for lines that look like delimiter rows.
  private static let mostRereading = 500_000_000
  /// The maximum number of bytes scanned for bare links.
  private static let mostLooking = 16_000_000
  /// The maximum depth of lists and quotes opened on one line.
  private static let deepest = 20

  private var cells = 0
  private var rereading = 0
  private var looking = 0
  private var depth = 0

  var mayHaveTables: Bool { cells <= Self.mostCells && rereading <= Self.mostRereading }
  var mayHaveLinks: Bool { looking <= Self.mostLooking }
  var mayBeRead: Bool { depth <= Self.deepest }

  init(_ source: UnsafeBufferPointer<UInt8>) {
    var block = Block()
    var start = 0
    for end in 0...source.count where end == source.count || source[end] == UInt8(ascii: "\n") || source[end] == UInt8(ascii: "\r") {
      // The empty piece between the two bytes of a CRLF doesn't count.
      if start > 0, end == start, end < source.count, source[end] == UInt8(ascii: "\n"), source[end - 1] == UInt8(ascii: "\r") {
        start = end + 1
        continue
      }
      take(Line(source[start..<end]), &block)
      start = end + 1
    }
    end(&block)
  }

  /// Lines up to a blank one. A table can't extend beyond them, and has at most one column more than its longest line
  /// has bars.
  private struct Block {
    var lines = 0
    var bytes = 0
    var mostBars = 0
  }

  private mutating func take(_ line: Line, _ block: inout Block) {
    looking += line.linkMarks * line.bytes
    if line.isBlank { return end(&block) }
    block.lines += 1
    block.bytes += line.bytes + 1
    block.mostBars = max(block.mostBars, line.bars)
    if line.mayUnderlineHead { rereading += block.lines * block.bytes }
    depth = max(depth, line.depth)
  }

  private mutating func end(_ block: inout Block) {
    if block.mostBars > 0 { cells += block.lines * (block.mostBars + 1) }
    block = Block()
  }
}

/// The costs of one line.
private struct Line {
  let bytes: Int
  var isBlank = true
  var bars = 0
  /// Potential starts or parts of a bare link: `@`, `:` and `w.`.
  var linkMarks = 0
  var mayUnderlineHead = false
  /// Lists and quotes opened at the start of the line.
  var depth = 0

  init(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
    bytes = line.count
    var previous: UInt8 = 0
    for byte in line {
      switch byte {
      case UInt8(ascii: "|"): bars += 1
      case UInt8(ascii: "@"), UInt8(ascii: ":"): linkMarks += 1
      case UInt8(ascii: ".") where previous == UInt8(ascii: "w"): linkMarks += 1
      default: break
      }
      if !Self.isBlank(byte) { isBlank = false }
      previous = byte
    }
    mayUnderlineHead = line.reversed().prefix(while: Self.isUnderline).contains(UInt8(ascii: "-"))
    countDepth(line)
  }

  private mutating func countDepth(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
    var rest = line
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
      case UInt8(ascii: ">"): depth += 1
      case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
        guard rest.first.map(Self.isBlank) ?? true else { return }
        depth += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        rest = rest.drop { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard let mark = rest.popFirst(), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")"), rest.first.map(Self.isBlank) ?? true
        else { return }
        depth += 1
      default: return
      }
    }
  }

  private static func isUnderline(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "|"), UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0B, 0x0C: true
    default: false
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
