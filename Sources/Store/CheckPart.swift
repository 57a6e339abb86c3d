/// Something to look through, on a connection of its own and in one read transaction.
package struct CheckPart: Sendable {
  /// What is looked through, for a person who waits.
  package let name: String
  /// One line per problem.
  let run: @Sendable (Database) throws -> [String]

  /// A part with its work.
  package init(_ name: String, _ run: @escaping @Sendable (Database) throws -> [String]) {
    self.name = name
    self.run = run
  }

  /// A database has so many problems at most, of each part; a damaged page may spoil thousands of rows.
  static let mostProblems = 20

  /// That all pages belong to something, and to one thing only; that no row is malformed or lacks what it must have.
  static let pages = CheckPart("pages") { database in
    try database.all("PRAGMA quick_check(\(raw: String(mostProblems)))") { $0.text(0) }.filter { $0 != "ok" }.map(describe)
  }

  /// That a full-text index has the words of its text, and no others.
  package static func searchIndex(_ name: String) -> CheckPart {
    CheckPart("full-text index \(name)") { database in
      guard let index = try SearchIndex.all(in: database).first(where: { $0.name == name }) else {
        return ["full-text index \(name) is missing"]
      }
      return try index.problems(in: database)
    }
  }

  static let references = CheckPart("references") { database in
    try database.all("PRAGMA foreign_key_check") { row in
      "\(row.text(0)) row \(row.textOrNil(1) ?? "without rowid") refers to a missing row of \(row.text(2))"
    }
  }

  /// That each index of a table has an entry for each row, and no other.
  static func table(_ name: String) -> CheckPart {
    CheckPart("table \(name)") { database in
      try database.all("PRAGMA integrity_check(\(raw: quoted(name)))") { $0.text(0) }.filter { $0 != "ok" }.prefix(mostProblems).map(
        describe)
    }
  }

  private static func describe(_ finding: String) -> String { "the database file is damaged (\(finding)): restore a backup" }

  /// A name as SQL has it.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
