/// The form in which text is searched, sorted and compared: without case, accents and characters that nobody types, for
/// all scripts.
///
/// Both the index and the query use it, because SQLite folds ASCII only and its full-text index keeps the Greek tonos.
/// Folding works scalar by scalar, so that a prefix of a text folds to a prefix of its folding.
package enum TextFolding {
  /// The version of the folding: incremented with every change of its results, so that stored results are rebuilt.
  package static let version = 3

  /// Lower case, decomposed, combining marks, apostrophes and invisible characters dropped, `ς` as `σ`, letters without
  /// a decomposition as their base letters (`ß` as `ss`, `ø` as `o`), ligatures and full width as plain letters, digits
  /// of any script as ASCII, a hyphen within a word as a space, runs of white space as one space, trimmed. Idempotent.
  package static func fold(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in foldASCII(bytes) ?? foldUnicode(bytes, keepsJoints: false) }
  }

  /// The folded prefix of every text with this prefix: a hyphen at the end could turn out to be within a word.
  package static func beginning(_ text: String) -> String {
    let folded = fold(text)
    let beginning = folded.utf8.dropLast(folded.utf8.reversed().prefix { $0 == UInt8(ascii: "-") }.count)
    return beginning.isEmpty || beginning.last == UInt8(ascii: " ") ? folded : String(Substring(beginning))
  }

  /// Whether two names are the same in any spelling: `Jean-Luc` as `jean luc` or `jeanluc`.
  package static func isSame(_ one: String, _ other: String) -> Bool {
    let (one, other) = (fold(one), fold(other))
    func letters(_ folded: String) -> [UInt8] { folded.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") } }
    return one == other || !letters(one).isEmpty && letters(one) == letters(other)
  }

  /// The folded words of a text: its runs of letters and digits.
  package static func words(_ text: String) -> [String] {
    var words: [String] = []
    WordScanner.scan(text) { word, _ in words.append(word) }
    return words
  }

  /// The decimal digits of a text as ASCII digits.
  package static func digits(_ text: String) -> String {
    var text = text
    if let digits = text.withUTF8(digitsASCII) { return digits }
    var digits = String()
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        if 48...57 ~= scalar.value { digits.unicodeScalars.append(scalar) }
      } else if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
        digits += String(Int(value))
      }
    }
    return digits
  }

  /// `nil` if a byte isn't ASCII.
  private static func digitsASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    return String(unsafeUninitializedCapacity: bytes.count) { out in
      var count = 0
      for byte in bytes where 48...57 ~= byte {
        out[count] = byte
        count += 1
      }
      return count
    }
  }

  /// One pass over the bytes; `nil` if one of them isn't ASCII, or is a hyphen.
  private static func foldASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "-") }) else { return nil }
    return String(unsafeUninitializedCapacity: bytes.count) { out in
      var count = 0
      var spaceIsDue = false
      for byte in bytes {
        if byte == 0x20 || 0x09...0x0D ~= byte {
          spaceIsDue = count > 0
          continue
        }
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") { continue }
        if spaceIsDue {
          out[count] = 0x20
          count += 1
          spaceIsDue = false
        }
        out[count] = 65...90 ~= byte ? byte | 0x20 : byte
        count += 1
      }
      return count
    }
  }

  /// `keepsJoints`: apostrophes and hyphens are kept in their plain form, for splitting into words.
  static func foldUnicode(_ bytes: UnsafeBufferPointer<UInt8>, keepsJoints: Bool) -> String {
    let table = FoldingTable.shared
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var spaceIsDue = false
    var hyphens = 0
    func endHyphens(beforeLetter: Bool) {
      if hyphens == 1, beforeLetter, !keepsJoints, let last = out.last, last != 0x20, last != UInt8(ascii: "-") {
        out.append(0x20)
      } else {
        for _ in 0..<hyphens { out.append(UInt8(ascii: "-")) }
      }
      hyphens = 0
    }
    func append(_ scalar: Unicode.Scalar) {
      if hyphens > 0 { endHyphens(beforeLetter: true) }
      appendSpace()
      if scalar.isASCII {
        out.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        out.append(contentsOf: scalar.utf8)
      }
    }
    func appendSpace() {
      if spaceIsDue {
        out.append(0x20)
        spaceIsDue = false
      }
    }
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&rest) {
      switch table.folding(of: scalar) {
      case .nothing: continue
      case .space:
        endHyphens(beforeLetter: false)
        spaceIsDue = !out.isEmpty
      case .apostrophe: if keepsJoints { append("'") }
      case .hyphen:
        appendSpace()
        hyphens += 1
      case .one(let a): append(a)
      case .two(let a, let b):
        append(a)
        append(b)
      case .many(let all): all.forEach(append)
      }
    }
    endHyphens(beforeLetter: false)
    return String(decoding: out, as: UTF8.self)
  }
}
