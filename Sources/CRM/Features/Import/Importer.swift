package import Base
package import Store
import Synchronization

/// Brings records in from CSV files. A row is written whole or not at all; a bad one is reported and skipped. Rows are known by their `id` in the
/// file, kept as the record's external id, so that importing a file again changes what it brought instead of doubling it.
package struct Importer: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case contacts, companies, memberships, interactions
  }

  package struct Outcome: Sendable {
    package var written = 0
    package var skipped = 0
    /// Columns of the file that Roost has no place for.
    package var unusedColumns: [String] = []
  }

  /// How many rows are read and prepared at a time.
  private static let rowsAhead = 5_000
  /// How many are written before others may have their turn.
  private static let rowsAtOnce = 250
  /// What the pages may take that rows go to, in bytes: many indexes, each in its own order.
  private static let cache = 160 << 20

  let store: Store
  let clock: Clock

  package init(store: Store, clock: Clock = .system) {
    self.store = store
    self.clock = clock
  }

  /// Imports a file; hears of every skipped row, and now and then of progress.
  package func run(
    _ kind: Kind, path: String, skipped: @escaping (ImportProblem) -> Void, progress: @escaping (Outcome) -> Void
  ) throws -> Outcome {
    switch kind {
    case .companies: try run(CompanyImport.self, kind, path, skipped, progress)
    case .contacts: try run(ContactImport.self, kind, path, skipped, progress)
    case .memberships: try run(MembershipImport.self, kind, path, skipped, progress)
    case .interactions: try run(InteractionImport.self, kind, path, skipped, progress)
    }
  }

  private func run<Target: ImportTarget>(
    _ target: Target.Type, _ kind: Kind, _ path: String, _ skipped: @escaping (ImportProblem) -> Void,
    _ progress: @escaping (Outcome) -> Void
  ) throws -> Outcome {
    let now = clock.now()
    let (outcome, rows) = try open(target, kind, path, now)
    let run = ImportRun(rows, outcome, skipped: skipped, progress: progress)
    let count = try ImportFile.lines(in: path)
    let isLoaded = try store.load(as: "roost import") { db in
      guard try Target.favoursLoading(count, in: db) else { return false }
      try Target.load(run, now: now, in: db)
      return true
    }
    if isLoaded != true { try write(target, run, now) }
    run.tellProgress()
    // All rows are there. The planner's statistics can wait: closing measures again.
    try? store.optimize()
    return run.outcome
  }

  /// The way beside others who read and write: a short piece of work after the other.
  private func write<Target: ImportTarget>(_ target: Target.Type, _ run: ImportRun<Target.Prepared>, _ now: Timestamp) throws {
    try store.writeInSteps(cacheBytes: Self.cache, committed: run.tellProgress) { db in
      let rows = run.next(Self.rowsAtOnce)
      let writer = try Target.Writer(db, now: now)
      for row in rows { try run.write(row) { try writer.write($0, line: row.line) } }
      return !rows.isEmpty
    }
  }

  private func open<Target: ImportTarget>(
    _ target: Target.Type, _ kind: Kind, _ path: String, _ now: Timestamp
  ) throws -> (Outcome, ReadAhead<ImportItem<Target.Prepared>>) {
    let file = try ImportFile(path: path)
    for needed in Target.neededColumns where file.columns[needed] == nil {
      throw ImportRefusal(
        description: "\(path) has no column “\(needed)”; \(kind.rawValue) need \(Target.neededColumns.joined(separator: ", "))")
    }
    var outcome = Outcome()
    outcome.unusedColumns = file.columns.keys.filter { !Target.knownColumns.contains($0) }.sorted()
    let source = Mutex(file)
    let rows = ReadAhead<ImportItem<Target.Prepared>> {
      source.withLock { file in
        var batch: [ImportItem<Target.Prepared>] = []
        batch.reserveCapacity(Self.rowsAhead)
        while batch.count < Self.rowsAhead, let row = file.next() {
          do throws(ImportProblem) {
            let row = try row.get()
            batch.append(ImportItem(line: row.line, result: .success(try Target.prepare(row, now: now))))
          } catch {
            batch.append(ImportItem(line: error.line, result: .failure(error)))
          }
        }
        return batch
      }
    }
    return (outcome, rows)
  }
}

extension ImportProblem {
  /// What a row's failure means: a rule of the database that it breaks is a problem of the row, anything else one of the whole import.
  init(_ error: any Error, line: Int) throws {
    switch error {
    case let problem as ImportProblem: self = problem
    case let error as StoreError where error.constraint != nil: self.init(line: line, reason: error.message)
    default: throw error
    }
  }
}
