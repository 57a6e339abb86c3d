import Base
import Store

/// How well a record fits what was typed.
enum MatchQuality: Int, Comparable {
  /// Its name is what was typed.
  case exact
  /// Its name begins with it.
  case beginning
  /// Its name has all the words.
  case name
  /// The words are in other fields or notes.
  case other
  /// It only sounds like the words, or is a typing error away from them.
  case similar

  static func < (a: MatchQuality, b: MatchQuality) -> Bool { a.rawValue < b.rawValue }
}

/// Finds the records of one list that fit what somebody types, for pickers and the search box. None from the trash.
struct RecordSearch {
  let q: String
  let list: ListDefinition
  let scope: Scope
  let reach: RecordReach
  /// SQL columns of the list's table to read. The first two are its id and its name.
  let reading: SQL
  let limit: Int
  /// Whether what is a typing error away is found too, where nothing fits better.
  var forgivesTypingErrors = true
  /// Whether the words of notes count.
  var looksInNotes = true

  /// So many times the limit of what has the words is looked at, so that those who are called so come first.
  private static let lookAhead = 4

  /// The best first, of equally good ones the newest; whose name begins with what was typed, by name.
  func find<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> [(item: Item, quality: MatchQuality)] {
    let start = TextFolding.beginning(q)
    guard !start.isEmpty else { return [] }
    var found: [(item: Item, quality: MatchQuality)] = []
    var known: Set<String> = []
    func add(_ row: borrowing Row, _ quality: MatchQuality) throws {
      if known.insert(row.text(0)).inserted { found.append((try make(row), quality)) }
    }
    let name = TextFolding.fold(q)
    try db.each(
      """
      SELECT \(reading) FROM \(raw: list.table) WHERE \(isLive)
        AND name_sort >= \(start) AND name_sort < \(start + "\u{10FFFF}") ORDER BY name_sort LIMIT \(limit)
      """
    ) { row in try add(row, TextFolding.fold(row.text(1)) == name ? .exact : .beginning) }
    guard found.count < limit, let match = try SearchMatch(q, in: list, scope, reach, looksInNotes: looksInNotes, db) else { return found }
    let asked = match.asked(of: list)
    try db.each(matching(match.exact, asking: asked, limit: limit * Self.lookAhead)) { row in
      try add(row, hasWords(row.text(1)) ? .name : .other)
    }
    if found.count < limit, let similar = try forgivesTypingErrors ? match.similar(in: db) : match.sounding(in: db) {
      try db.each(matching(similar, asking: asked, limit: limit)) { row in try add(row, .similar) }
    }
    return Array(
      found.enumerated().sorted { ($0.element.quality, $0.offset) < ($1.element.quality, $1.offset) }.map(\.element).prefix(limit))
  }

  /// The records that can be reached by this e-mail address or phone number, newest first.
  func reached<Item>(in db: Database, _ make: (borrowing Row) throws -> Item) throws -> [Item] {
    let parts = q.split(separator: "@", omittingEmptySubsequences: false)
    let words = parts.count == 1 ? PhoneWords.whole(q) : SearchWords.indexed(q)
    guard !words.isEmpty, parts.allSatisfy({ !$0.isEmpty }) else { return [] }
    return try db.all(
      matching(
        words.map { "\"\($0)\"" }.joined(separator: " AND "),
        asking: " AND \(SQL.hasRun(of: words, inWordsOf: "\(list.table).\(list.searchColumns[0])"))", limit: limit), make)
  }

  private var isLive: SQL { "status IN \(SQL.list(list.liveStatuses))\(scope.condition(on: list.table))" }

  private func matching(_ match: String, asking asked: SQL = "", limit: Int) -> SQL {
    """
    SELECT \(reading) FROM \(raw: list.searchTable) CROSS JOIN \(raw: list.table) ON seq = \(raw: list.searchTable).rowid
      AND \(raw: list.searchTable) MATCH \(match)
    WHERE \(isLive)\(asked) ORDER BY \(raw: list.searchTable).rowid DESC LIMIT \(limit)
    """
  }

  private func hasWords(_ name: String) -> Bool {
    let words = SearchWords.indexed(name)
    return SearchMatch.words(of: q).allSatisfy { $0.isThere { typed in words.contains { $0.utf8.starts(with: typed.utf8) } } }
  }
}
