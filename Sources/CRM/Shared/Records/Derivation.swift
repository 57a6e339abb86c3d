import Store

/// Something that the database could work out from other rows and keeps ready all the same, because pages read it all the time. Triggers keep it in
/// step; this says how to tell whether they did, and how to work it out anew.
struct Derivation: Sendable {
  /// What it is, as `roost check` names it.
  let name: String
  /// A query that counts the mistakes.
  let mistakes: String
  /// Works everything out anew.
  let repair: String

  /// A line for each that isn't as it should be.
  static func problems(in db: Database, _ derivations: [Derivation]) throws -> [String] {
    try derivations.compactMap { derivation in
      let count = try db.value(SQL(raw: derivation.mistakes)) ?? 0
      return count == 0 ? nil : "\(derivation.name): \(count) wrong"
    }
  }

  /// How many records of each status a list has.
  static func counts(of table: String) -> Derivation {
    Derivation(
      name: "record_counts of \(table)",
      mistakes: """
        SELECT count(*) FROM (SELECT status, count(*) AS n FROM \(table) GROUP BY status) AS found
          FULL JOIN (SELECT status, n FROM record_counts WHERE list = '\(table)' AND n <> 0) AS kept ON kept.status = found.status
          WHERE found.n IS NOT kept.n
        """,
      repair: """
        DELETE FROM record_counts WHERE list = '\(table)';
        INSERT INTO record_counts (list, status, n) SELECT '\(table)', status, count(*) FROM \(table) GROUP BY status;
        """)
  }
}
