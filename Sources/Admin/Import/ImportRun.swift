import Base
import Store

/// A row on its way: ready to be written, or why it can't be.
package struct ImportItem<Prepared: Sendable>: Sendable {
  let line: Int
  let result: Result<Prepared, ImportProblem>
}

/// What became of a row.
package enum Written {
  case created, changed, unchanged
}

/// The rows of one file, and what has become of them so far.
package final class ImportRun<Prepared: Sendable> {
  private(set) var outcome: Importer.Outcome
  private let rows: ReadAhead<ImportItem<Prepared>>
  private var batch: ArraySlice<ImportItem<Prepared>> = []
  private var problems: [ImportProblem] = []
  private let skipped: (ImportProblem) -> Void
  private let progress: (Importer.Outcome) -> Void

  package init(
    _ rows: ReadAhead<ImportItem<Prepared>>, _ outcome: Importer.Outcome, skipped: @escaping (ImportProblem) -> Void,
    progress: @escaping (Importer.Outcome) -> Void
  ) {
    self.rows = rows
    self.outcome = outcome
    self.skipped = skipped
    self.progress = progress
  }

  /// The next row, which stays the next one.
  var first: ImportItem<Prepared>? {
    if batch.isEmpty { batch = rows.next()?[...] ?? [] }
    return batch.first
  }

  /// The next rows, at most so many; none at the end.
  package func next(_ count: Int) -> ArraySlice<ImportItem<Prepared>> {
    if first == nil { return [] }
    defer { batch = batch.dropFirst(count) }
    return batch.prefix(count)
  }

  /// Calls `body` for all rows.
  package func each(_ body: (ImportItem<Prepared>) throws -> Void) rethrows {
    while true {
      let rows = next(.max)
      if rows.isEmpty { return }
      for row in rows { try body(row) }
      tellProgress()
    }
  }

  /// Tells of what has come since the last time. Between transactions: its reader may be slow, and nobody could write while it reads.
  func tellProgress() {
    problems.forEach(skipped)
    problems = []
    progress(outcome)
  }

  /// Writes a row by `body`. What is wrong with it is kept to be told, and the next may come.
  package func write(_ item: ImportItem<Prepared>, _ body: (Prepared) throws -> Written) throws {
    do {
      switch try body(try item.result.get()) {
      case .created: outcome.created += 1
      case .changed: outcome.changed += 1
      case .unchanged: outcome.unchanged += 1
      }
    } catch {
      problems.append(try ImportProblem(error, line: item.line))
      outcome.skipped += 1
    }
  }

  /// Has something else told about the file.
  package func remark(_ text: String) { outcome.remarks.append(text) }

  /// The batch that the rows belong to, once it has been begun; `nil` to take it away again.
  func set(batch: Int?) { outcome.batch = batch }
}
