/// What every database expresses in its own dialect.
extension SQL {
  /// Numbers for an `IN`, or as a table with one column: a single value regardless of their count, so that the
  /// statement stays the same.
  package static func each(_ numbers: some Sequence<Int>) -> SQL {
    "(SELECT value FROM json_each(\("[" + numbers.map(String.init).joined(separator: ",") + "]")))"
  }

  /// The values of a column in one text, separated by commas. `rows` is what follows FROM.
  package static func joined(_ column: String, of rows: SQL) -> SQL { "(SELECT group_concat(\(raw: column)) FROM \(rows))" }

  /// An index hint after a table's name: use this index, or none.
  package static func by(index: String?) -> SQL { index.map { "INDEXED BY \(raw: $0)" } ?? "NOT INDEXED" }

  /// A join with a hint: from left to right.
  package static let joinLeftToRight: SQL = "CROSS JOIN"
}

extension Database {
  /// How large the database is, in bytes.
  package func size() throws -> Int {
    try value("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()") ?? 0
  }

  /// The columns of a table, in order.
  package func columns(of table: String) throws -> [String] {
    try all("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid") { $0.text(0) }
  }

  /// An upper bound for the number of rows of a table, available immediately.
  package func mostRows(of table: String) throws -> Int { try value("SELECT max(rowid) FROM \(raw: table)") ?? 0 }
}
