/// What a text may have beyond CommonMark.
///
/// Two of the library's extensions could be led by a few kilobytes to fill the memory or to work for minutes: every row of a table is filled up
/// to the width of its head, and every beginning of a bare link looks through the rest of its word. A text that would have more of that than
/// people write is shown as it was typed.
struct MarkdownExtensions {
  /// Cells that the tables of one text may have together.
  static let mostCells = 5_000
  /// Bytes without a blank in them that may hold bare links.
  static let longestWord = 2_000

  private(set) var names = ["strikethrough"]

  init(for source: some Sequence<UInt8>) {
    var measure = Measure()
    for byte in source { measure.take(byte) }
    measure.endBlock()
    if measure.cells <= Self.mostCells { names.append("table") }
    if measure.longestWord <= Self.longestWord { names.append("autolink") }
  }

  /// What a text holds, at most: a table ends at a blank line, and has no more columns than its longest line has bars and one.
  private struct Measure {
    private(set) var cells = 0
    private(set) var longestWord = 0
    private var lines = 0
    private var mostBars = 0
    private var bars = 0
    private var isBlank = true
    private var word = 0
    private var endsInReturn = false

    mutating func take(_ byte: UInt8) {
      defer { endsInReturn = byte == UInt8(ascii: "\r") }
      switch byte {
      case UInt8(ascii: "\n") where endsInReturn: break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"): word = 0
      default:
        isBlank = false
        if byte == UInt8(ascii: "|") { bars += 1 }
        word += 1
        longestWord = max(longestWord, word)
      }
    }

    private mutating func endLine() {
      word = 0
      if isBlank { return endBlock() }
      lines += 1
      mostBars = max(mostBars, bars)
      bars = 0
      isBlank = true
    }

    mutating func endBlock() {
      if !isBlank { endLine() }
      if mostBars > 0 { cells += lines * (mostBars + 1) }
      (lines, mostBars, bars, isBlank) = (0, 0, 0, true)
    }
  }
}
