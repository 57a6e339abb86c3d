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

  /// The records of a list whose names begin with what was typed, then those that hold its words; none from the trash. `details` are the
  /// columns that tell namesakes apart.
  package static func find(
    _ q: String, in list: ListDefinition, details: [String], scope: Scope, limit: Int, in db: Database
  ) throws -> [Suggestion] {
    let start = TextFolding.beginning(q)
    guard !start.isEmpty else { return [] }
    let read = (["id", "name"] + details).joined(separator: ", ")
    let live: SQL = "status IN \(SQL.list(list.liveStatuses))\(scope.condition(on: list.table))"
    var found = try db.all(
      """
      SELECT \(raw: read) FROM \(raw: list.table) WHERE \(live)
        AND name_sort >= \(start) AND name_sort < \(start + "\u{10FFFF}") ORDER BY name_sort LIMIT \(limit)
      """
    ) { make($0, details.count) }
    let match = found.count < limit ? try SearchMatch(q, in: list.searchTable, db) : nil
    for isSimilar in [false, true] where found.count < limit {
      guard let match = try isSimilar ? match?.similar(in: db) : match?.exact else { continue }
      let more = try db.all(
        """
        SELECT \(raw: read) FROM \(raw: list.searchTable) CROSS JOIN \(raw: list.table) ON seq = \(raw: list.searchTable).rowid
          AND \(raw: list.searchTable) MATCH \(match) WHERE \(live) LIMIT \(limit)
        """
      ) { make($0, details.count) }
      found += more.filter { candidate in !found.contains { $0.id == candidate.id } }
    }
    return Array(found.prefix(limit))
  }

  /// The records that can be reached by this e-mail address or phone number, newest first; none from the trash.
  package static func reached(
    by address: String, in list: ListDefinition, details: [String], scope: Scope, limit: Int, in db: Database
  ) throws -> [Suggestion] {
    let words = address.contains("@") ? SearchWords.indexed(address) : PhoneWords.whole(address)
    guard !words.isEmpty else { return [] }
    let match = words.map { "\"\($0)\"" }.joined(separator: " AND ")
    let read = (["id", "name"] + details).joined(separator: ", ")
    return try db.all(
      """
      SELECT \(raw: read) FROM \(raw: list.searchTable) CROSS JOIN \(raw: list.table) ON seq = \(raw: list.searchTable).rowid
        AND \(raw: list.searchTable) MATCH \(match)
      WHERE status IN \(SQL.list(list.liveStatuses))\(scope.condition(on: list.table))
        AND \(SQL.hasRun(of: words, inWordsOf: "\(list.table).\(list.searchColumns[0])")) ORDER BY seq DESC LIMIT \(limit)
      """
    ) { make($0, details.count) }
  }

  private static func make(_ row: borrowing Row, _ details: Int) -> Suggestion {
    var words: [String] = []
    for column in 2..<2 + details where !row.isEmpty(column) { words.append(row.text(column)) }
    return Suggestion(id: row.text(0), name: row.text(1), detail: words.joined(separator: " · "))
  }
}
