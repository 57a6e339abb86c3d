import Base
import Store
import Synchronization

/// What a person types into a search box, as FTS5 expressions: every word has to be there as the beginning of a word. Words are letters and digits
/// only, so quoting them is all the escaping there is.
///
/// What sounds like the words is looked for only where few have the words themselves, and not before it is asked for: that costs more.
final class SearchMatch: Sendable {
  /// What has the words as they are typed.
  let exact: String
  private let words: [SearchWords.Asked]
  private let typed: [String]
  private let index: String
  /// An address or a number is one or it isn't.
  private let isName: Bool
  private let q: String
  /// The columns whose words count, where those of others are in the index too.
  private let columns: [String]?
  /// Whether the visitor sees only a part of what is in the index. Nothing is looked for then that depends on what else is there, so that neither what is found
  /// nor how long it takes tells of it.
  private let isLimited: Bool
  private let known = Mutex<String??>(nil)

  /// Where more have the words, nobody looks through what is only similar.
  private static let few = 50

  /// What somebody may find in a list; `nil` when there is nothing to search for.
  convenience init?(
    _ q: String, in list: ListDefinition, _ scope: Scope, _ reach: RecordReach, looksInNotes: Bool = true, _ db: Database
  ) throws {
    let all = list.searchColumns(within: reach)
    let columns = all == list.searchColumns ? nil : all
    try self.init(q, in: list.searchTable, columns: columns, isLimited: scope != .all || columns != nil, looksInNotes: looksInNotes, db)
  }

  /// `index` is the FTS5 table.
  init?(
    _ q: String, in index: String, columns: [String]? = nil, isLimited: Bool = false, looksInNotes: Bool = true, _ db: Database
  ) throws {
    (self.q, self.columns, self.isLimited) = (q, columns, isLimited)
    words = Self.words(of: q)
    guard !words.isEmpty else { return nil }
    let terms = SearchTerms(index: index, db: db)
    self.index = index
    let beginning = looksInNotes ? terms.beginningAnywhere : terms.beginning
    typed = try words.map { word in
      let parts = try word.parts.map(beginning).joined(separator: " AND ")
      return try word.joined.map { "((\(parts)) OR \(try beginning($0)))" } ?? parts
    }
    let numbers = try PhoneWords.asked(q).map(terms.beginning)
    exact =
      numbers.isEmpty ? typed.joined(separator: " AND ") : (["(\(typed.joined(separator: " AND ")))"] + numbers).joined(separator: " OR ")
    isName = numbers.isEmpty && !q.contains("@")
  }

  /// ` AND …`: what has to be asked of each record besides, since the index doesn't know in which column it has a word.
  func asked(of list: ListDefinition) -> SQL {
    guard let columns else { return "" }
    return " AND \(Self.condition(q, on: columns.map { list.table + "." + $0 }))"
  }

  /// Whether `asked` asks for anything.
  var asksRecords: Bool { columns != nil }

  /// What is like the words and doesn't have them.
  func similar(in db: Database) throws -> String? { try alike(in: db).map(withoutExact) }

  /// The same without what is only a typing error away, which costs most to find.
  func sounding(in db: Database) throws -> String? { try sounding(SearchTerms(index: index, db: db)).map(withoutExact) }

  private func withoutExact(_ match: String) -> String { "(\(match)) NOT (\(exact))" }

  /// Both.
  func all(in db: Database) throws -> String { try alike(in: db).map { "(\(exact)) OR (\($0))" } ?? exact }

  /// What sounds like the words, in Greek letters or Latin ones; where there is nothing better, what is one slip away.
  private func alike(in db: Database) throws -> String? {
    if let known = known.withLock(\.self) { return known }
    let found = try findAlike(SearchTerms(index: index, db: db))
    known.withLock { $0 = .some(found) }
    return found
  }

  private func findAlike(_ terms: SearchTerms) throws -> String? {
    let alike = try sounding(terms)
    guard isName, !isLimited, try ([exact] + [alike].compactMap(\.self)).allSatisfy({ try terms.count($0, upTo: 1) == 0 }) else {
      return alike
    }
    return try each { try terms.oneSlip(from: $0) }
  }

  private func sounding(_ terms: SearchTerms) throws -> String? {
    guard isName, try isLimited || terms.count(exact, upTo: Self.few + 1) <= Self.few else { return nil }
    return try each { try terms.sounding(like: $0) }
  }

  /// Each word as it is typed or in another way, the only one in the other way alone; `nil` if none has another.
  private func each(_ other: (String) throws -> String?) throws -> String? {
    var found = false
    let all = try zip(words, typed).map { word, typed -> String in
      let others = try word.parts.map(other)
      guard others.contains(where: { $0 != nil }) else { return typed }
      found = true
      let parts = zip(word.parts, others).map { $1 ?? "\"\($0)\"*" }.joined(separator: " AND ")
      return words.count == 1 ? parts : "(\(typed) OR (\(parts)))"
    }
    return found ? all.joined(separator: " AND ") : nil
  }

  /// The same as a condition on the columns that the index is made of: for rows that were found otherwise.
  static func condition(_ q: String, on columns: [String]) -> SQL {
    func has(_ word: String) -> SQL { SQL.hasWord(word, inWordsOf: columns) }
    let numbers = PhoneWords.asked(q).map(has)
    let isName = numbers.isEmpty && !q.contains("@")
    let typed = SQL.all(words(of: q)) { word in
      let terms = [word, SearchWords.inNotes(word)] + (isName ? [SearchTerms.sound(of: word)].compactMap(\.self) : [])
      return "(\(SQL(joining: terms.map(has), separator: " OR ")))"
    }
    return "(\(SQL(joining: ["(\(typed))"] + numbers, separator: " OR ")))"
  }

  private static let mostWords = 8
  /// Parts of one word: of a script without spaces, a pair of characters each.
  private static let mostParts = 24

  /// The words that have to be there, without those that another one begins with: they would say nothing more, and looking for the rows of a few
  /// letters among those of other words costs most of all.
  static func words(of q: String) -> [SearchWords.Asked] {
    let typed = SearchWords.asked(mailbox(of: q)).prefix(mostWords).map { $0.limited(to: mostParts) }
    return typed.indices.filter { number in
      guard let word = typed[number].alone else { return true }
      return !typed.indices.contains { other in
        typed[other].parts.contains { $0.utf8.starts(with: word.utf8) } && (other < number || typed[other] != typed[number])
      }
    }.map { typed[$0] }
  }

  /// Of a whole e-mail address only the part before the `@`: that finds its owner, and half of all records may share what follows.
  private static func mailbox(of q: String) -> String {
    guard let at = q.firstIndex(of: "@"), at > q.startIndex, !q.contains(" ") else { return q }
    return String(q[..<at])
  }
}

extension SearchWords.Asked {
  /// A single word that is asked for in one way.
  fileprivate var alone: String? { joined == nil && parts.count == 1 ? parts[0] : nil }
}

/// Single words of an index of words, as parts of an expression.
private struct SearchTerms {
  let index: String
  let db: Database

  /// Beginnings of so many letters the index has ready, in a list of its own each.
  private static let indexedLetters = 5
  /// Beyond this many words with one beginning it is quicker to let the index put them together.
  private static let mostTerms = 24
  /// Fewer letters, or fewer sounds, are like too much.
  private static let (fewestLetters, fewestSounds) = (4, 3)

  /// Whatever begins like this. For a long beginning FTS5 would first put together the rows of every word that has it, which for a common name costs
  /// more than all the rest; such words are few, so they are named, and their rows are read only as far as they are wanted.
  func beginning(_ word: String) throws -> String {
    guard word.unicodeScalars.count > Self.indexedLetters, let terms = try terms(beginningWith: word), !terms.isEmpty else {
      return "\"\(word)\"*"
    }
    return any(terms)
  }

  /// The same with what notes have.
  func beginningAnywhere(_ word: String) throws -> String {
    let noted = SearchWords.inNotes(word)
    guard try NearTerms(index: index, db: db).hasBeginning(noted) else { return try beginning(word) }
    return "(\(try beginning(word)) OR \(try beginning(noted)))"
  }

  private func any(_ terms: [String]) -> String { "(\(terms.map { "\"\($0)\"" }.joined(separator: " OR ")))" }

  /// The words of an index with this beginning; `nil` if they are many. From one to the next by a look into the index each: to read on would lead
  /// through all rows of the first.
  private func terms(beginningWith word: String) throws -> [String]? {
    var terms: [String] = []
    var least = word
    while let term = try db.text("SELECT term FROM \(raw: index)_terms WHERE term >= \(least) LIMIT 1"), term.utf8.starts(with: word.utf8) {
      if terms.count == Self.mostTerms { return nil }
      terms.append(term)
      least = term + "\u{1}"
    }
    return terms
  }

  static func sound(of word: String) -> String? {
    guard word.unicodeScalars.count >= fewestLetters, let key = SearchWords.sound(of: word), key.unicodeScalars.count > fewestSounds else {
      return nil
    }
    return key
  }

  func sounding(like word: String) throws -> String? { try Self.sound(of: word).map(beginning) }

  func oneSlip(from word: String) throws -> String? {
    guard word.unicodeScalars.count >= NearTerms.fewestLetters, !word.utf8.contains(where: { 48...57 ~= $0 }) else { return nil }
    let near = NearTerms(index: index, db: db)
    // Of a word that is there, it is not the letters that are wrong.
    if try near.hasBeginning(word) { return nil }
    var terms = try near.find(word)
    if terms.isEmpty, let sound = Self.sound(of: word) { terms = try near.find(sound) }
    return terms.isEmpty ? nil : any(terms)
  }

  /// How many rows an expression finds, as far as is wanted.
  func count(_ match: String, upTo most: Int) throws -> Int {
    try db.value("SELECT count(*) FROM (\(SQL.rows(matching: match, in: index)) LIMIT \(most))") ?? 0
  }
}
