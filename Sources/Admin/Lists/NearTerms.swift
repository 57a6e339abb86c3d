import Store

/// The words of an index that are one slip away from a typed one: a letter wrong, missing, too much, or two of them changed over. The first letter
/// is hardly ever wrong.
struct NearTerms {
  let index: String
  let db: Database

  /// So many looks into the index are made at most; each takes some microseconds.
  private static let mostLooks = 250
  /// In shorter words a slip makes another word.
  static let fewestLetters = 5

  func hasBeginning(_ word: String) throws -> Bool {
    try db.text("SELECT term FROM \(raw: index)_terms WHERE term >= \(word) LIMIT 1")?.utf8.starts(with: word.utf8) == true
  }

  func find(_ word: String) throws -> [String] {
    let letters = Array(word.unicodeScalars)
    var looks = 0
    var found: [String] = []
    func next(_ least: String) throws -> String? {
      looks += 1
      return try db.text("SELECT term FROM \(raw: index)_terms WHERE term >= \(least) LIMIT 1")
    }
    func look(for letters: [Unicode.Scalar]) throws {
      let term = Self.text(letters)
      if term != word, !found.contains(term), try next(term) == term { found.append(term) }
    }
    for place in letters.indices.dropFirst() where looks < Self.mostLooks {
      try look(for: Array(letters[..<place] + letters[(place + 1)...]))
      var swapped = letters
      swapped.swapAt(place - 1, place)
      try look(for: swapped)
    }
    // From the end, where few words go on: most of the looks would go into the first letters.
    for place in (1...letters.count).reversed() where looks < Self.mostLooks {
      let start = Array(letters[..<place])
      let continuations = try continuations(of: Self.text(start), next)
      for letter in continuations where looks < Self.mostLooks {
        if place < letters.count { try look(for: start + [letter] + letters[(place + 1)...]) }
        try look(for: start + [letter] + letters[place...])
      }
    }
    return found
  }

  /// The letters that come after a beginning in words of the index.
  private func continuations(of start: String, _ next: (String) throws -> String?) throws -> [Unicode.Scalar] {
    var letters: [Unicode.Scalar] = []
    var least = start + "\u{1}"
    while let term = try next(least), term.utf8.starts(with: start.utf8),
      let letter = term.unicodeScalars.dropFirst(start.unicodeScalars.count).first
    {
      letters.append(letter)
      guard let after = Unicode.Scalar(letter.value + 1) else { break }
      least = start + String(after)
    }
    return letters
  }

  private static func text(_ letters: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: letters)
    return String(view)
  }
}
