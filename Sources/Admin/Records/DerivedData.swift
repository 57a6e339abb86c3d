import Base
package import Store

/// Something that the database could work out from other rows and keeps ready all the same, because pages read it all the time. Triggers keep it in
/// step; this says how to tell whether they did, and how to recompute it.
package struct DerivedData: Sendable {
  /// What it is, as `roost check` names it.
  let name: String
  /// A query that counts the mistakes.
  let mistakes: String
  /// Recomputes everything.
  package let repair: String
  /// The same in pieces, where a million rows may have to be looked at.
  var pieces: Pieces?
  /// Whether it repeats names of other records with their words and keys, which an upgrade may change.
  package var repeatsNames = false
  /// The fields that it is, if only the product can work them out.
  private var fields: DerivedFields?
  /// The full-text index that it is, if it is one: whether that is right only the database knows.
  var searchIndex: String?

  package init(name: String, mistakes: String, repair: String, pieces: Pieces? = nil, searchIndex: String? = nil) {
    (self.name, self.mistakes, self.repair, self.pieces, self.searchIndex) = (name, mistakes, repair, pieces, searchIndex)
  }

  /// Fields of all records of a type. `wrong` gives those of a record that aren't as they should be, with what they should be.
  package static func fields(of type: RecordType, wrong: @escaping @Sendable (Record, Database) throws -> [String: FieldValue])
    -> DerivedData
  {
    var data = DerivedData(name: "totals and statuses of \(type.table)", mistakes: "SELECT 0", repair: "")
    data.fields = DerivedFields(type: type, wrong: wrong)
    return data
  }

  /// A repair of what is wrong only: found by reading, and repaired some rows at a time, so that others can write in between.
  package struct Pieces: Sendable {
    /// A query for the numbers of the rows that are wrong.
    let wrong: String
    /// Sets the rows right whose numbers are in the table `wrong`; a row that is right by then stays so.
    let repair: String

    package init(wrong: String, repair: String) {
      self.wrong = wrong
      self.repair = repair
    }

    static let rowsAtOnce = 500
  }

  /// Something that may be wrong in many rows: it has as many mistakes as rows that are wrong.
  package init(name: String, repair: String, pieces: Pieces, repeatsNames: Bool = false) {
    self.init(name: name, mistakes: "SELECT count(*) FROM (\(pieces.wrong))", repair: repair, pieces: pieces)
    self.repeatsNames = repeatsNames
  }

  /// What `roost check` says if it isn't as it should be.
  func problem(in db: Database) throws -> String? {
    let count = try fields?.mistakes(in: db) ?? db.value(SQL(raw: mistakes)) ?? 0
    return count == 0 ? nil : "\(name): \(count) wrong; run roost check --repair"
  }

  /// Rebuilds what is wrong; `false` if all was right already.
  func repair(in store: Store) throws -> Bool {
    if let fields {
      return try fields.repair(in: store)
    } else if let searchIndex {
      if try store.check(only: [.searchIndex(searchIndex)]).isEmpty { return false }
      try store.write { db in try db.script(repair) }
    } else if let pieces {
      let wrong = try store.read { db in try db.all(SQL(raw: pieces.wrong)) { $0.int(0) } }
      for start in stride(from: 0, to: wrong.count, by: Pieces.rowsAtOnce) {
        let rows = SQL.each(wrong[start..<min(start + Pieces.rowsAtOnce, wrong.count)])
        try store.write { db in _ = try db.run("WITH wrong (seq) AS \(rows) \(raw: pieces.repair)") }
      }
      return !wrong.isEmpty
    } else {
      if try store.read({ db in try problem(in: db) }) == nil { return false }
      try store.write { db in try db.script(repair) }
    }
    return true
  }

  /// The words of a list's records. That they match is looked at by the check of the whole file.
  package static func search(_ table: String) -> DerivedData {
    DerivedData(name: table, mistakes: "SELECT 0", repair: "INSERT INTO \(table) (\(table)) VALUES ('rebuild');", searchIndex: table)
  }

  /// How many records of each status a list has.
  package static func counts(of table: String) -> DerivedData {
    DerivedData(
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
