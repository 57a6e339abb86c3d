/// Something to check, on a connection of its own and in one read transaction.
package struct CheckPart: Sendable {
  /// What is being checked, for progress output.
  package let name: String
  /// One line per problem.
  let run: @Sendable (Database) throws -> [String]

  /// A part with its work.
  package init(_ name: String, _ run: @escaping @Sendable (Database) throws -> [String]) {
    self.name = name
    self.run = run
  }

  /// The maximum number of problems reported per part; one damaged page can affect thousands of rows.
  static let mostProblems = 20

  /// Every page is used exactly once; no row is malformed or violates a NOT NULL or CHECK.
  static let pages = CheckPart("pages") { database in
    try database.all("PRAGMA quick_check(\(raw: String(mostProblems)))") { $0.text(0) }.filter { $0 != "ok" }.map(describe)
  }

  /// A full-text index has the words of its text, and no others.
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
      "\(row.text(0)) row \(row.textOrNil(1) ?? "without rowid") references a missing row of \(row.text(2))"
    }
  }

  /// Each index of a table has an entry for each row, and no others.
  static func table(_ name: String) -> CheckPart {
    CheckPart("table \(name)") { database in
      try database.all("PRAGMA integrity_check(\(raw: quoted(name)))") { $0.text(0) }.filter { $0 != "ok" }.prefix(mostProblems).map(
        describe)
    }
  }

  private static func describe(_ finding: String) -> String { "the database file is damaged (\(finding)): restore a backup" }

  /// A quoted SQL identifier.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
