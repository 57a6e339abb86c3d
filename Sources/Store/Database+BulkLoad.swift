extension Database {
  /// What a load may keep in memory, in bytes: of pages while rows come in, and of what is sorted for an index. More is slower to sort: the
  /// processor's own cache holds it no longer.
  private static let (pages, sorting) = (64 << 20, 2 << 20)

  /// Runs `body` while a table has neither triggers nor indexes but those to keep, and then makes them again from their own definitions: an index
  /// that is built from sorted rows costs a tenth of one that grows row by row. For loading many rows; inside a write, so that nobody ever sees
  /// the table without them.
  ///
  /// A unique index finds a double only when it is made again: then everything is undone. What triggers would have kept in step is the caller's
  /// to set right. Indexes that belong to constraints of the table stay.
  package func withoutIndexes<T>(of table: String, keeping kept: Set<String> = [], _ body: () throws -> T) throws -> T {
    let dropped = try all(
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = \(table) AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
    ) { (type: $0.text(0), name: $0.text(1), sql: $0.text(2)) }.filter { !kept.contains($0.name) }
    for object in dropped { try script("DROP \(object.type) \(object.name)") }
    let cache = try pragma("cache_size") ?? ""
    defer { _ = try? pragma("cache_size = \(cache)") }
    try pragma("cache_size = -\(Self.pages >> 10)")
    let result = try body()
    try pragma("cache_size = -\(Self.sorting >> 10)")
    for object in dropped { try script(object.sql) }
    return result
  }
}
