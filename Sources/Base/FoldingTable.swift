/// What each scalar folds to: a lookup table for the most common blocks, computed for the rest.
struct FoldingTable: Sendable {
  enum Folding: Sendable {
    case nothing
    case space
    /// Not typed between letters: `D'Arbel`.
    case apostrophe
    /// Interchangeable with a space between letters: `Jean-Luc`.
    case hyphen
    case one(Unicode.Scalar)
    case two(Unicode.Scalar, Unicode.Scalar)
    case many([Unicode.Scalar])
  }

  /// Built on first use, in about a millisecond.
  static let shared = FoldingTable()

  /// Latin to Hebrew (U+0000–05FF), then the extended Latin and Greek of U+1E00–1FFF and the punctuation after them.
  private let entries: [Folding]

  private init() {
    entries = (0..<0x600).map(FoldingTable.compute(value:)) + (0x1E00..<0x2070).map(FoldingTable.compute(value:))
  }

  func folding(of scalar: Unicode.Scalar) -> Folding {
    let value = Int(scalar.value)
    if value < 0x600 { return entries[value] }
    if 0x1E00..<0x2070 ~= value { return entries[value - 0x1E00 + 0x600] }
    // Han ideographs have neither case nor accents.
    if 0x3400..<0xA000 ~= value { return .one(scalar) }
    return FoldingTable.compute(scalar)
  }

  private static func compute(value: Int) -> Folding {
    UInt32(exactly: value).flatMap(Unicode.Scalar.init).map(compute) ?? .nothing
  }

  private static func compute(_ scalar: Unicode.Scalar) -> Folding {
    if apostrophes.contains(scalar) { return .apostrophe }
    if hyphens.contains(scalar) { return .hyphen }
    if scalar.properties.isWhitespace { return .space }
    if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue { return .one(digit(Int(value))) }
    var folded: [Unicode.Scalar] = []
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    let plain = lower.flatMap(TextNormalizing.decomposition).flatMap(CompatibilityForms.plain)
    for part in plain.flatMap(TextNormalizing.decomposition) where !isDropped(part) && !apostrophes.contains(part) {
      folded += baseLetters[part] ?? [part]
    }
    return switch folded.count {
    case 0: .nothing
    case 1: .one(folded[0])
    case 2: .two(folded[0], folded[1])
    default: .many(folded)
    }
  }

  private static func digit(_ value: Int) -> Unicode.Scalar { Unicode.Scalar(UInt8(ascii: "0") + UInt8(value)) }

  /// Combining accents, and invisible characters of pasted text: soft hyphens, zero-width spaces, byte order marks.
  /// Vowel signs and tones of Indic and South-East Asian scripts are marks too, but count as letters; their combining
  /// classes distinguish them.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint || properties.generalCategory == .enclosingMark { return true }
    guard properties.generalCategory == .nonspacingMark else { return scalar == "ـ" }
    let combining = properties.canonicalCombiningClass.rawValue
    return 1...8 ~= combining || 10...36 ~= combining || combining >= 200
  }

  /// Typewriter and typographic apostrophes, primes, and the letters used for them in Hawaiian, Ukrainian, Armenian and
  /// Hebrew.
  private static let apostrophes = Set(
    "'`´ʹʻʼʽʾʿˈˊˋˮ՚׳ʹ͵΄᾽᾿῾‘’‛′‵ꞌꞋ＇｀".unicodeScalars.map(\.self) + ["\u{374}", "\u{1FEF}", "\u{1FFD}", "\u{2EE}", "\u{201A}"])

  /// Hyphens and dashes, and the middle dots of Catalan words and of foreign names in Japanese.
  private static let hyphens = Set(
    "-‐‑‒–—−﹘﹣－֊־゠·‧・･".unicodeScalars.map(\.self) + ["\u{387}"])

  /// Letters without a canonical decomposition, as people without the right keyboard type them.
  private static let baseLetters: [Unicode.Scalar: [Unicode.Scalar]] = [
    "ς": ["σ"], "ß": ["s", "s"], "ø": ["o"], "ł": ["l"], "đ": ["d"], "ð": ["d"], "æ": ["a", "e"], "œ": ["o", "e"], "ı": ["i"],
    "þ": ["t", "h"], "ħ": ["h"], "ŧ": ["t"], "ŋ": ["n"], "ə": ["e"], "ɛ": ["e"], "ɔ": ["o"], "ɓ": ["b"], "ɖ": ["d"], "ɗ": ["d"],
    "ƙ": ["k"], "ƴ": ["y"], "ґ": ["г"], "ی": ["ي"], "ى": ["ي"], "ک": ["ك"], "ة": ["ه"], "ٱ": ["ا"],
  ]
}
