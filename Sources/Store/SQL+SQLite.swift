/// What every database says in words of its own.
extension SQL {
  /// Numbers for an `IN`, or for the one column of a table: a single value however many they are, so that the statement stays the same.
  package static func each(_ numbers: some Sequence<Int>) -> SQL {
    "(SELECT value FROM json_each(\("[" + numbers.map(String.init).joined(separator: ",") + "]")))"
  }

  /// Values of a column in one text, with commas between them. `rows` is what follows FROM.
  package static func joined(_ column: String, of rows: SQL) -> SQL { "(SELECT group_concat(\(raw: column)) FROM \(rows))" }

  /// A hint behind a table's name: by this index, or by none.
  package static func by(index: String?) -> SQL { index.map { "INDEXED BY \(raw: $0)" } ?? "NOT INDEXED" }

  /// A join with a hint: from left to right.
  package static let joinLeftToRight: SQL = "CROSS JOIN"
}

extension Database {
  /// How large the database is, in bytes.
  package func size() throws -> Int {
    try value("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()") ?? 0
  }

  /// The columns of a table, in their order.
  package func columns(of table: String) throws -> [String] {
    try all("SELECT name FROM pragma_table_info(\(table)) ORDER BY cid") { $0.text(0) }
  }

  /// A number that a table has no more rows than, known at once.
  package func mostRows(of table: String) throws -> Int { try value("SELECT max(rowid) FROM \(raw: table)") ?? 0 }
}
