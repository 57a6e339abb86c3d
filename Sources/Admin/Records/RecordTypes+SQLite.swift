import Store

extension RecordTypes {
  /// A query for the newest records of each type whose names have some words, as `type` and `id`; `nil` where nothing is looked for;
  /// what has no letter or digit in it finds nothing.
  func search(_ words: String, limit: Int, in db: Database) throws -> SQL? {
    if words.isEmpty { return nil }
    let found = try all.compactMap { kind -> SQL? in
      guard let match = try SearchMatch(words, in: kind.list.searchTable, db)?.all(in: db) else { return nil }
      let (index, table) = (kind.list.searchTable, kind.table)
      return """
        SELECT '\(raw: kind.name)' AS type, id FROM (SELECT t.id FROM \(raw: index) s CROSS JOIN \(raw: table) t ON t.seq = s.rowid
          AND s.\(raw: index) MATCH \(match) ORDER BY s.rowid DESC LIMIT \(limit))
        """
    }
    return found.isEmpty ? "SELECT '' AS type, '' AS id WHERE false" : SQL(joining: found, separator: " UNION ALL ")
  }
}
