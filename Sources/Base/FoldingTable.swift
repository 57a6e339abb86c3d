/// What each scalar folds to, looked up for the blocks in which most of our text is written and worked out for the rest.
struct FoldingTable: Sendable {
  enum Folding: Sendable {
    case nothing
    case space
    case one(Unicode.Scalar)
    case two(Unicode.Scalar, Unicode.Scalar)
    case many([Unicode.Scalar])
  }

  /// Built on first use, in about a millisecond.
  static let shared = FoldingTable()

  /// Latin to Hebrew (U+0000–05FF), then the extended Latin and Greek of U+1E00–1FFF.
  private let entries: [Folding]

  private init() {
    entries = (0..<0x600).map(FoldingTable.compute(value:)) + (0x1E00..<0x2000).map(FoldingTable.compute(value:))
  }

  func folding(of scalar: Unicode.Scalar) -> Folding {
    let value = Int(scalar.value)
    if value < 0x600 { return entries[value] }
    if 0x1E00..<0x2000 ~= value { return entries[value - 0x1E00 + 0x600] }
    // Han ideographs have neither case nor accents.
    if 0x3400..<0xA000 ~= value { return .one(scalar) }
    return FoldingTable.compute(scalar)
  }

  private static func compute(value: Int) -> Folding {
    UInt32(exactly: value).flatMap(Unicode.Scalar.init).map(compute) ?? .nothing
  }

  private static func compute(_ scalar: Unicode.Scalar) -> Folding {
    if scalar.properties.isWhitespace { return .space }
    var folded: [Unicode.Scalar] = []
    for lower in scalar.properties.lowercaseMapping.unicodeScalars {
      for part in TextNormalizing.decomposition(of: lower) where !isDropped(part) {
        folded += baseLetters[part] ?? [part]
      }
    }
    return switch folded.count {
    case 0: .nothing
    case 1: .one(folded[0])
    case 2: .two(folded[0], folded[1])
    default: .many(folded)
    }
  }

  /// Accents, and what pasted text carries unseen: soft hyphens, zero-width spaces, byte order marks.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return properties.generalCategory == .nonspacingMark || properties.generalCategory == .enclosingMark
      || properties.isDefaultIgnorableCodePoint
  }

  /// Letters that have no canonical decomposition, as people type them who lack the key.
  private static let baseLetters: [Unicode.Scalar: [Unicode.Scalar]] = [
    "ς": ["σ"], "ß": ["s", "s"], "ø": ["o"], "ł": ["l"], "đ": ["d"], "ð": ["d"], "æ": ["a", "e"], "œ": ["o", "e"], "ı": ["i"],
    "þ": ["t", "h"], "ħ": ["h"], "ŧ": ["t"],
  ]
}
