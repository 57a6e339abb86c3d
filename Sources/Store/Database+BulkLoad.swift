extension Database {
  /// What a load may keep in memory while it sorts, in bytes.
  private static let loadingCache = 256 << 20

  /// Runs `body` while a table has neither indexes nor triggers, and then makes them again from their own definitions: an index that is built
  /// from sorted rows costs a tenth of one that grows row by row. For loading a table that is empty, or nearly; inside `Store.write`, so that
  /// nobody ever sees the table without them.
  ///
  /// A unique index finds a double only when it is made again: then everything is undone. What triggers would have kept in step is the caller's
  /// to set right. Indexes that belong to constraints of the table stay.
  package func withoutIndexes<T>(of table: String, _ body: () throws -> T) throws -> T {
    let dropped = try all(
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = \(table) AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
    ) { (type: $0.text(0), name: $0.text(1), sql: $0.text(2)) }
    for object in dropped { try script("DROP \(object.type) \(object.name)") }
    let cache = try pragma("cache_size") ?? ""
    try pragma("cache_size = -\(Self.loadingCache >> 10)")
    try pragma("threads = 2")
    defer { _ = try? pragma("cache_size = \(cache)") }
    let result = try body()
    for object in dropped { try script(object.sql) }
    return result
  }
}
