package import Store

/// What of a list's SQL only SQLite understands: which index a statement takes, the full-text index, lists of numbers as JSON.
extension SQL {
  /// A table, read by this index and no other; without the table's name before it.
  static func table(_ table: String, by index: String) -> SQL { "\(raw: table) INDEXED BY \(raw: table)_\(raw: index)" }

  /// A query for what an index of words finds.
  static func rows(matching match: String, in index: String) -> SQL { "SELECT 1 FROM \(raw: index) WHERE \(raw: index) MATCH \(match)" }
}

extension ListQuery {
  /// What the index of words finds of a match, alone.
  func found(_ match: String) -> SQL { "\(raw: list.searchTable)(\(match))" }

  /// The number of a row in the index of words, which is that of its record.
  var foundNumber: String { "\(list.searchTable).rowid" }

  /// The table, joined to what the search finds in it. `CROSS JOIN` fixes the order: the index of words first.
  func joined(_ match: String) -> SQL {
    """
    \(raw: list.searchTable) CROSS JOIN \(raw: list.table) ON seq = \(raw: foundNumber) AND \(raw: list.searchTable) MATCH \(match)
    """
  }

  /// A found record's status. What a search finds lies all over the file, so it comes from an index of the few that don't have the usual one
  /// instead of the row.
  var foundStatus: SQL {
    // A constant of the program, as the index has it.
    """
    coalesce((SELECT status FROM \(SQL.table(list.table, by: "not_" + list.usualStatus))
      WHERE seq = \(raw: foundNumber) AND status <> '\(raw: list.usualStatus)'), '\(raw: list.usualStatus)')
    """
  }

  /// The first records, in the order of `tried`, that something is true of. `CROSS JOIN` keeps the order, and reads no more than is wanted.
  func first(_ limit: Int, of tried: SQL, asking asked: SQL) -> SQL {
    "SELECT tried FROM (\(tried)) CROSS JOIN \(raw: list.table) ON seq = tried WHERE true\(asked) LIMIT \(limit)"
  }

  /// Rows by their numbers, in the order of the numbers.
  package func rows(numbered numbers: some Collection<Int>, reading columns: SQL) -> SQL {
    let wanted: SQL = "SELECT value AS number FROM json_each(\("[" + numbers.map(String.init).joined(separator: ",") + "]"))"
    return "SELECT \(columns) FROM (\(wanted)) CROSS JOIN \(raw: list.table) ON seq = number"
  }
}
