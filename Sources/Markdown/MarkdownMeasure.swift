/// What a text asks of the library at most, seen by one look at its bytes, and whether that is more than people write.
///
/// Some things cost libcmark-gfm 0.29 far more than they cost their writer. Every row of a table is filled up to the width of its head, and whatever
/// looks like the line below a head has the whole paragraph read anew; each beginning of a bare link looks through what follows it; each
/// blank line is offered to every list that is open. A few kilobytes can fill the memory or take minutes. A text that would have more of one of
/// these than the measure is shown without it, as it was typed.
struct MarkdownMeasure {
  /// Cells that all tables may have together.
  private static let mostCells = 5_000
  /// Bytes that may be read again for lines that look like the one below a table's head.
  private static let mostRereading = 500_000_000
  /// Bytes that may be looked through for bare links.
  private static let mostLooking = 16_000_000
  /// Lists and quotes inside each other, begun on one line.
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
      // The empty piece between the two bytes of a line's end is none.
      if start > 0, end == start, end < source.count, source[end] == UInt8(ascii: "\n"), source[end - 1] == UInt8(ascii: "\r") {
        start = end + 1
        continue
      }
      take(Line(source[start..<end]), &block)
      start = end + 1
    }
    end(&block)
  }

  /// Lines up to a blank one. A table is within them, and has no more columns than its longest line has bars, and one.
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

/// What counts of one line.
private struct Line {
  let bytes: Int
  var isBlank = true
  var bars = 0
  /// What a bare link may begin with or hold: `@`, `:` and `w.`.
  var linkMarks = 0
  var mayUnderlineHead = false
  /// Lists and quotes that begin at its head.
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
