import Base
import Store

/// What a person types into a search box, as an FTS5 expression: every word has to be there as the beginning of a word.
enum SearchExpression {
  private static let mostWords = 8
  /// Beginnings of so many letters the index has ready, in a list of its own each.
  private static let indexedLetters = 5
  /// Beyond this many words with one beginning it is quicker to let the index put them together.
  private static let mostTerms = 24

  /// `nil` when there is nothing to search for. `index` is the FTS5 table. Words are letters and digits only, so quoting them is all the escaping
  /// there is.
  static func match(_ q: String, in index: String, _ db: Database) throws -> String? {
    let words = words(of: q)
    guard !words.isEmpty else { return nil }
    let typed = try words.map { word in
      let parts = try word.parts.map { try beginning($0, in: index, db) }.joined(separator: " AND ")
      return try word.joined.map { "((\(parts)) OR \(try beginning($0, in: index, db)))" } ?? parts
    }.joined(separator: " AND ")
    let numbers = try PhoneWords.asked(q).map { try beginning($0, in: index, db) }
    return numbers.isEmpty ? typed : (["(\(typed))"] + numbers).joined(separator: " OR ")
  }

  /// The same as a condition on the columns that the index is made of: for rows that were found otherwise.
  static func condition(_ q: String, on columns: [String]) -> SQL {
    let typed = SQL.all(words(of: q)) { SQL.hasWord($0, inWordsOf: columns) }
    let numbers = PhoneWords.asked(q).map { SQL.hasWord($0, inWordsOf: columns) }
    return "(\(SQL(joining: ["(\(typed))"] + numbers, separator: " OR ")))"
  }

  /// The words that have to be there, without those that another one begins with: they would say nothing more, and looking for the rows of a few
  /// letters among those of other words costs most of all.
  static func words(of q: String) -> [SearchWords.Asked] {
    let typed = Array(SearchWords.asked(mailbox(of: q)).prefix(mostWords))
    return typed.indices.filter { number in
      guard let word = typed[number].alone else { return true }
      return !typed.indices.contains { other in
        typed[other].parts.contains { $0.utf8.starts(with: word.utf8) } && (other < number || typed[other] != typed[number])
      }
    }.map { typed[$0] }
  }

  /// Whatever begins like this. For a long beginning FTS5 would first put together the rows of every word that has it, which for a common name costs
  /// more than all the rest; such words are few, so they are named, and their rows are read only as far as they are wanted.
  private static func beginning(_ word: String, in index: String, _ db: Database) throws -> String {
    guard word.unicodeScalars.count > indexedLetters, let terms = try terms(beginningWith: word, in: index, db), !terms.isEmpty else {
      return "\"\(word)\"*"
    }
    return "(\(terms.map { "\"\($0)\"" }.joined(separator: " OR ")))"
  }

  /// The words of an index with this beginning; `nil` if they are many. From one to the next by a look into the index each: to read on would lead
  /// through all rows of the first.
  private static func terms(beginningWith word: String, in index: String, _ db: Database) throws -> [String]? {
    var terms: [String] = []
    var least = word
    while let term = try db.text("SELECT term FROM \(raw: index)_terms WHERE term >= \(least) LIMIT 1"), term.utf8.starts(with: word.utf8) {
      if terms.count == mostTerms { return nil }
      terms.append(term)
      least = term + "\u{1}"
    }
    return terms
  }

  /// Of a whole e-mail address only what stands before the `@`: that finds its owner, and half of all records may share what follows.
  private static func mailbox(of q: String) -> String {
    guard let at = q.firstIndex(of: "@"), at > q.startIndex, !q.contains(" ") else { return q }
    return String(q[..<at])
  }
}

extension SearchWords.Asked {
  /// A single word that is asked for in one way.
  fileprivate var alone: String? { joined == nil && parts.count == 1 ? parts[0] : nil }
}
