/// The form in which text is searched and sorted: without case and without accents, in Greek and Latin alike.
///
/// Both what is indexed and what is asked for pass through here, because SQLite folds ASCII only, and its full-text index leaves the Greek
/// tonos standing. Folding works scalar by scalar, so that a prefix of a text folds to a prefix of its folding.
package enum TextFolding {
  /// Lower case, canonically decomposed, combining marks and invisible characters dropped, `ς` as `σ`, letters that do not decompose as
  /// their base letters (`ß` as `ss`, `ø` as `o`), runs of white space as one space, none at the ends. Idempotent.
  package static func fold(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in foldASCII(bytes) ?? foldUnicode(bytes) }
  }

  /// The folded words of a text: its runs of letters and digits, as the full-text index splits them.
  package static func words(_ text: String) -> [String] {
    var text = text
    return text.withUTF8(wordsASCII) ?? fold(text).unicodeScalars.split { !isWordScalar($0) }.map { String($0) }
  }

  /// `nil` when a byte is not ASCII.
  private static func wordsASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    var words: [String] = []
    var start: Int?
    for index in 0...bytes.count {
      if index < bytes.count, 97...122 ~= bytes[index] | 0x20 || 48...57 ~= bytes[index] {
        start = start ?? index
      } else if let first = start {
        words.append(lowercase(UnsafeBufferPointer(rebasing: bytes[first..<index])))
        start = nil
      }
    }
    return words
  }

  private static func lowercase(_ letters: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: letters.count) { out in
      for (index, byte) in letters.enumerated() { out[index] = 65...90 ~= byte ? byte | 0x20 : byte }
      return letters.count
    }
  }

  /// The decimal digits of a text as ASCII digits: what phone numbers are compared by.
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

  /// `nil` when a byte is not ASCII.
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

  /// One pass over bytes; `nil` when one of them is not ASCII.
  private static func foldASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    return String(unsafeUninitializedCapacity: bytes.count) { out in
      var count = 0
      var spaceIsDue = false
      for byte in bytes {
        if byte == 0x20 || 0x09...0x0D ~= byte {
          spaceIsDue = count > 0
          continue
        }
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

  private static func foldUnicode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let table = FoldingTable.shared
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var spaceIsDue = false
    func append(_ scalar: Unicode.Scalar) {
      if spaceIsDue {
        out.append(0x20)
        spaceIsDue = false
      }
      if scalar.isASCII {
        out.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        out.append(contentsOf: scalar.utf8)
      }
    }
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&rest) {
      switch table.folding(of: scalar) {
      case .nothing: continue
      case .space: spaceIsDue = !out.isEmpty
      case .one(let a): append(a)
      case .two(let a, let b):
        append(a)
        append(b)
      case .many(let all): all.forEach(append)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return 97...122 ~= scalar.value || 48...57 ~= scalar.value }
    return switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
