/// A full-text index (FTS5) of the database.
struct SearchIndex: Sendable {
  let name: String
  /// The statement that created it.
  private let sql: String
  /// The suffixes of its shadow tables.
  private static let inner = ["data", "idx", "content", "docsize", "config"]

  static func all(in database: Database) throws -> [SearchIndex] {
    try database.all(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5 %' ORDER BY name"
    ) { SearchIndex(name: $0.text(0), sql: $0.text(1)) }
  }

  /// Compares it with the text that it indexes.
  ///
  /// SQLite's own check is an INSERT, which would block other writers for its whole duration. So it runs on a copy of
  /// the index in a temporary database: copying takes a tenth of the time and locks nothing.
  func problems(in database: Database) throws -> [String] {
    // Only the copy is written.
    try database.pragma("query_only = OFF")
    defer { _ = try? database.pragma("query_only = ON") }
    try copy(in: database)
    defer { try? drop(in: database) }
    do {
      let quoted = CheckPart.quoted(name)
      // Rank 1: also compare the index with its content table, if it has one.
      try database.run("INSERT INTO temp.\(raw: quoted) (\(raw: quoted), rank) VALUES ('integrity-check', 1)")
      return try isFoundByItsWords(in: database) ? [] : ["full-text index \(name) does not find existing rows: run roost check --repair"]
    } catch let error as StoreError {
      return ["full-text index \(name) does not match its text (\(error.message)): run roost check --repair"]
    }
  }

  /// SQLite's check doesn't cover the table by which a search locates terms in the index. So some rows from all over
  /// the table are looked up by one of their words.
  private func isFoundByItsWords(in database: Database) throws -> Bool {
    guard let source, let last = try database.value("SELECT max(rowid) FROM main.\(raw: CheckPart.quoted(source))"), last > 0 else {
      return true
    }
    let column = try database.text("SELECT name FROM pragma_table_info(\(name)) LIMIT 1") ?? ""
    let (table, index) = (CheckPart.quoted(source), CheckPart.quoted(name))
    for number in 0..<Self.samples {
      let start = last * number / Self.samples
      let row = try database.first(
        """
        SELECT rowid, \(raw: CheckPart.quoted(column)) FROM main.\(raw: table) WHERE rowid >= \(start) AND \(raw: CheckPart.quoted(column)) <> '' LIMIT 1
        """
      ) { (number: $0.int(0), text: $0.text(1)) }
      guard let row, let word = row.text.split(separator: " ").first, word.utf8.allSatisfy({ $0 != UInt8(ascii: "\"") }) else { continue }
      let found = try database.value(
        "SELECT 1 FROM main.\(raw: index) WHERE \(raw: index) MATCH \("\"\(word)\"") AND rowid = \(row.number)")
      if found == nil { return false }
    }
    return true
  }

  private static let samples = 40

  private func copy(in database: Database) throws {
    try drop(in: database)
    // In the temporary database its text is a view of the content table.
    if let source {
      try database.run("CREATE TEMP VIEW \(raw: CheckPart.quoted(source)) AS SELECT * FROM main.\(raw: CheckPart.quoted(source))")
    }
    try database.run("CREATE VIRTUAL TABLE temp.\(raw: CheckPart.quoted(name)) \(raw: definition)")
    for table in try innerTables(in: database) {
      try database.run("DELETE FROM temp.\(raw: table)")
      try database.run("INSERT INTO temp.\(raw: table) SELECT * FROM main.\(raw: table)")
    }
  }

  private func drop(in database: Database) throws {
    try database.run("DROP TABLE IF EXISTS temp.\(raw: CheckPart.quoted(name))")
    if let source { try database.run("DROP VIEW IF EXISTS temp.\(raw: CheckPart.quoted(source))") }
  }

  /// The content table; `nil` if the index stores the text itself, or nowhere.
  private var source: String? { sql.firstMatch(of: #/\bcontent\s*=\s*['"]([^'"]+)['"]/#).map { String($0.output.1) } }

  private var definition: String { sql.firstMatch(of: #/(?i)\bUSING\s+fts5\b/#).map { String(sql[$0.range.lowerBound...]) } ?? "" }

  private func innerTables(in database: Database) throws -> [String] {
    let names = Self.inner.map { name + "_" + $0 }
    return try database.all("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name IN \(SQL.list(names))") { $0.text(0) }.map(
      CheckPart.quoted)
  }
}
