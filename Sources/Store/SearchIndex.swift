/// A full-text index (FTS5) of the database.
struct SearchIndex: Sendable {
  let name: String
  /// The statement that made it.
  private let sql: String
  /// The tables that it consists of, without its name.
  private static let inner = ["data", "idx", "content", "docsize", "config"]

  static func all(in database: Database) throws -> [SearchIndex] {
    try database.all(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5 %' ORDER BY name"
    ) { SearchIndex(name: $0.text(0), sql: $0.text(1)) }
  }

  /// Compares it with the text that it is made from.
  ///
  /// SQLite's own check is an INSERT, which would keep everybody else from writing as long as it takes. So it is done to a copy of the index in a
  /// temporary database: the copying takes a tenth of the time, and locks nothing.
  func problems(in database: Database) throws -> [String] {
    // What is written is the copy only.
    try database.pragma("query_only = OFF")
    defer { _ = try? database.pragma("query_only = ON") }
    try copy(in: database)
    defer { try? drop(in: database) }
    do {
      let quoted = CheckPart.quoted(name)
      // Rank 1: also compare the index with the table that it is made from, if it names one.
      try database.run("INSERT INTO temp.\(raw: quoted) (\(raw: quoted), rank) VALUES ('integrity-check', 1)")
      return try isFoundByItsWords(in: database) ? [] : ["full-text index \(name) does not find what is there: run roost check --repair"]
    } catch let error as StoreError {
      return ["full-text index \(name) does not match its text (\(error.message)): run roost check --repair"]
    }
  }

  /// SQLite's check passes over the table by which a search finds its way into the index. So some rows, from all over the table, are looked up by a
  /// word of theirs.
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
    // In the temporary database its text is a view of the table that has it.
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

  /// The table that has the text; `nil` where the index has it itself, or nowhere.
  private var source: String? { sql.firstMatch(of: #/\bcontent\s*=\s*['"]([^'"]+)['"]/#).map { String($0.output.1) } }

  private var definition: String { sql.firstMatch(of: #/(?i)\bUSING\s+fts5\b/#).map { String(sql[$0.range.lowerBound...]) } ?? "" }

  private func innerTables(in database: Database) throws -> [String] {
    let names = Self.inner.map { name + "_" + $0 }
    return try database.all("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name IN \(SQL.list(names))") { $0.text(0) }.map(
      CheckPart.quoted)
  }
}
