/// How text is split into the terms of a word index, and the query for it.
package enum SearchWords {
  /// All terms of a text: its words; those divided by a hyphen or an apostrophe also joined; and for scripts without
  /// spaces between words each pair of neighbouring characters, so that a word is found anywhere.
  package static func indexed(_ text: String) -> [String] {
    var words: [String] = []
    var (joined, parts) = ("", 0)
    func endJoined() { if parts > 1 { words.append(joined) } }
    WordScanner.scan(text) { word, isJoined in
      if isJoined {
        joined += word
        parts += 1
      } else {
        endJoined()
        (joined, parts) = (word, 1)
      }
      append(word, to: &words, isIndexed: true)
    }
    endJoined()
    return words
  }

  /// Prefix of a word's sound key, so that it is no prefix of another word.
  private static let sounds = "\u{E002}"

  /// The same for names, which are also found by their sound.
  package static func named(_ text: String) -> [String] {
    let words = indexed(text)
    return words + words.compactMap(sound)
  }

  /// Prefix of a word of a note, so that it is no prefix of another word: who is mentioned in a note isn't called so.
  private static let notes = "\u{E003}"

  /// The terms of a note.
  package static func noted(_ text: String) -> [String] { indexed(text).map(inNotes) }

  /// The indexed term for a word of a note.
  package static func inNotes(_ word: String) -> String { notes + word }

  /// The indexed term for a word's sound.
  package static func sound(of word: String) -> String? { word.utf8.count < 2 ? nil : SoundKey.of(word).map { sounds + $0 } }

  /// A word of a query.
  package struct Asked: Equatable, Sendable {
    /// Terms that all have to match.
    package let parts: [String]
    /// An alternative to them.
    package let joined: String?

    /// The same with fewer parts.
    package func limited(to most: Int) -> Asked { parts.count <= most ? self : Asked(parts: Array(parts.prefix(most)), joined: nil) }

    /// Whether it matches by prefix.
    package func isThere(_ has: (String) -> Bool) -> Bool { parts.allSatisfy(has) || joined.map(has) == true }
  }

  package static func asked(_ text: String) -> [Asked] {
    var groups: [[String]] = []
    WordScanner.scan(text) { word, isJoined in
      if isJoined { groups[groups.count - 1].append(word) } else { groups.append([word]) }
    }
    return groups.map { group in
      var parts: [String] = []
      for word in group { append(word, to: &parts, isIndexed: false) }
      return Asked(parts: parts, joined: group.count > 1 ? group.joined() : nil)
    }
  }

  private static func append(_ word: String, to words: inout [String], isIndexed: Bool) {
    // Scripts without spaces need three bytes or more.
    guard word.utf8.contains(where: { $0 >= 0xE0 }), word.unicodeScalars.contains(where: { isUnspaced($0) }) else {
      return words.append(word)
    }
    var rest = word.unicodeScalars[...]
    while let first = rest.first {
      let isRun = isUnspaced(first)
      let run = rest.prefix { isUnspaced($0) == isRun || isContinuation($0) }
      rest = rest[run.endIndex...]
      guard isRun else {
        words.append(String(String.UnicodeScalarView(run)))
        continue
      }
      let characters = characters(of: run)
      for (one, two) in zip(characters, characters.dropFirst()) { words.append(one + two) }
      // The last one alone too, so that a single character is found anywhere.
      if isIndexed || characters.count == 1, let last = characters.last { words.append(last) }
    }
  }

  /// Letters, each with its marks; Hangul syllables, which folding decomposes.
  private static func characters(of run: Substring.UnicodeScalarView) -> [String] {
    var characters: [String] = []
    for scalar in run {
      if !characters.isEmpty, isContinuation(scalar) {
        characters[characters.count - 1].unicodeScalars.append(scalar)
      } else {
        characters.append(String(scalar))
      }
    }
    return characters
  }

  private static func isContinuation(_ scalar: Unicode.Scalar) -> Bool {
    if 0x1160...0x11FF ~= scalar.value { return true }
    guard scalar.value >= 0x300 else { return false }
    let category = scalar.properties.generalCategory
    return category == .nonspacingMark || category == .spacingMark
  }

  /// Thai, Lao, Myanmar, Khmer, Han and kana; and Hangul, whose names have no space between family and given name.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x19E0...0x19FF, 0x3005...0x3007, 0x3040...0x30FF,
      0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F, 0xF900...0xFAFF, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
