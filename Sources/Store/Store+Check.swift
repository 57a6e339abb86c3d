extension Store {
  /// Looks through the whole file: pages and indexes, foreign keys, full-text indexes. One line per problem; none means that all is well.
  ///
  /// Takes seconds per gigabyte. Writing waits only while full-text indexes are checked.
  package func check() throws -> [String] {
    var problems = try read { database in
      try database.all("PRAGMA integrity_check") { $0.text(0) }.filter { $0 != "ok" }
        + database.all("PRAGMA foreign_key_check") { row in
          "\(row.text(0)) row \(row.textOrNil(1) ?? "without rowid") refers to a missing row of \(row.text(2))"
        }
    }
    try write { database in
      let indexes = try database.all(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5 %' ORDER BY name"
      ) { $0.text(0) }
      for name in indexes {
        let quoted = "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        do {
          // Rank 1: also compare the index with the table that it is made from, if it names one. Nothing is written.
          try database.run("INSERT INTO \(raw: quoted) (\(raw: quoted), rank) VALUES ('integrity-check', 1)")
        } catch let error as StoreError {
          problems.append("full-text index \(name) does not match its text (\(error.message)); rebuild it")
        }
      }
    }
    return problems
  }
}
