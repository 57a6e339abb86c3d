import Base
import Store

extension ErasedNames {
  /// Whether a column has one of these names, or a longer one that could be taken for one of them beside something else.
  static func couldMean(_ names: Set<String>, _ column: String) -> SQL {
    """
    EXISTS (SELECT 1 FROM json_each(\(list(names))) WHERE \(raw: column) = value OR instr(\(raw: column), value || ', ') > 0
      OR instr(\(raw: column), ', ' || value) > 0 OR instr(\(raw: column), value || ' (') > 0)
    """
  }

  /// Entries of other records, after one of the log, in which one of the names occurs, or the id.
  func mentions(after seq: Int, in db: Database) throws -> [Int] {
    // As they stand within JSON.
    let written = (all + [record.text]).map { String(JSON.string($0).text.dropFirst().dropLast()) }
    return try db.all(
      """
      SELECT seq FROM activity
      WHERE seq > \(seq) AND record_id <> \(record)
        AND EXISTS (SELECT 1 FROM json_each(\(Self.list(written))) WHERE instr(changes, value) > 0 OR instr(before, value) > 0)
      """
    ) { $0.int(0) }
  }

  private static func list(_ texts: some Sequence<String>) -> String { JSON.array(texts.map { .string($0) }).text }
}

extension RecordTypes {
  /// In larger indexes it takes too long while somebody waits.
  private static let mostToMerge = 20_000

  /// Makes the indexes of words forget what was removed from them: it stays in their older parts until these are merged.
  func forgetRemovedWords(in db: Database) throws {
    for type in all where try db.value("SELECT sum(n) FROM record_counts WHERE list = \(type.list.name)") ?? 0 <= Self.mostToMerge {
      let index = type.list.searchTable
      try db.run("INSERT INTO \(raw: index) (\(raw: index)) VALUES ('optimize')")
    }
  }
}
