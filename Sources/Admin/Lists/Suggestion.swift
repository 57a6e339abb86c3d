import Base
package import Store

/// What a type-ahead offers.
package struct Suggestion: Sendable {
  package let id: String
  package let name: String
  package let detail: String

  package init(id: String, name: String, detail: String) {
    self.id = id
    self.name = name
    self.detail = detail
  }

  /// The records of a list that fit what was typed, the best first; none from the trash. `details` are the columns that tell namesakes apart, as far as they
  /// may be seen.
  package static func find(
    _ q: String, in list: ListDefinition, details: [String], scope: Scope, reach: RecordReach, limit: Int, in db: Database
  ) throws -> [Suggestion] {
    try ranked(q, in: list, details: details, scope: scope, reach: reach, limit: limit, in: db).map(\.item)
  }

  /// What `find` finds, and how well it fits.
  static func ranked(
    _ q: String, in list: ListDefinition, details: [String], scope: Scope, reach: RecordReach, limit: Int, in db: Database
  ) throws -> [(item: Suggestion, quality: MatchQuality)] {
    try search(q, list, details, scope, reach, limit).find(in: db) { make($0, details.count) }
  }

  /// The records that can be reached by this e-mail address or phone number, newest first; none from the trash.
  package static func reached(
    by address: String, in list: ListDefinition, details: [String], scope: Scope, reach: RecordReach, limit: Int, in db: Database
  ) throws -> [Suggestion] {
    try search(address, list, details, scope, reach, limit).reached(in: db) { make($0, details.count) }
  }

  private static func search(
    _ q: String, _ list: ListDefinition, _ details: [String], _ scope: Scope, _ reach: RecordReach, _ limit: Int
  ) -> RecordSearch {
    let columns = ["id", "name"] + details.map { list.reads($0, within: reach) }
    return RecordSearch(
      q: q, list: list, scope: scope, reach: reach, reading: SQL(joining: columns, separator: ", "), limit: limit, looksInNotes: false)
  }

  private static func make(_ row: borrowing Row, _ details: Int) -> Suggestion {
    var words: [String] = []
    for column in 2..<2 + details where !row.isEmpty(column) { words.append(row.text(column)) }
    return Suggestion(id: row.text(0), name: row.text(1), detail: words.joined(separator: " · "))
  }
}
