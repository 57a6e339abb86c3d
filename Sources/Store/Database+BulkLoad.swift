extension Database {
  /// Memory that a load can use, in bytes: for pages while rows are inserted, and for sorting when an index is built.
  /// More is slower to sort, because it no longer fits into the processor's cache.
  private static let (pages, sorting) = (64 << 20, 2 << 20)

  /// Runs `body` while a table has no triggers and no indexes except those to keep, and then recreates them from their
  /// definitions: building an index from sorted rows costs a tenth of growing it row by row. For bulk loads, inside a
  /// write, so that nobody ever sees the table without them.
  ///
  /// A unique index finds duplicates only when it is rebuilt; then everything is rolled back. Whatever triggers
  /// maintain is up to the caller. Indexes of table constraints stay.
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
