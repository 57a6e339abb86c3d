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

  private static let rowsAtOnce = 5_000
  let store: Store
  let clock: Clock

  package init(store: Store, clock: Clock = .system) {
    self.store = store
    self.clock = clock
  }

  /// Imports a file; hears of every skipped row, and of progress after each batch.
  package func run(
    _ kind: Kind, path: String, skipped: (ImportProblem) -> Void, progress: (Outcome) -> Void
  ) throws -> Outcome {
    switch kind {
    case .companies: try run(CompanyImport.self, kind, path, skipped, progress)
    case .contacts: try loadContacts(path, skipped, progress) ?? run(ContactImport.self, kind, path, skipped, progress)
    case .memberships: try run(MembershipImport.self, kind, path, skipped, progress)
    case .interactions: try run(InteractionImport.self, kind, path, skipped, progress)
    }
  }

  /// The usual way: some thousand rows in a transaction, with everything that reads and writes beside it going on.
  private func run<Target: ImportTarget>(
    _ target: Target.Type, _ kind: Kind, _ path: String, _ skipped: (ImportProblem) -> Void, _ progress: (Outcome) -> Void
  ) throws -> Outcome {
    let now = clock.now()
    var (outcome, rows) = try open(target, kind, path, now)
    while let batch = rows.next() {
      var problems: [ImportProblem] = []
      try store.write { db in
        for item in batch {
          do {
            let prepared = try item.result.get()
            try db.savepoint { try Target.write(prepared, line: item.line, now: now, in: db) }
          } catch {
            problems.append(try ImportProblem(error, line: item.line))
          }
        }
      }
      problems.forEach(skipped)
      outcome.written += batch.count - problems.count
      outcome.skipped += problems.count
      progress(outcome)
    }
    try store.optimize()
    return outcome
  }

  /// Contacts into an office that has none yet and that nobody has open: all of it goes in at once. `nil` where it is not so.
  private func loadContacts(_ path: String, _ skipped: (ImportProblem) -> Void, _ progress: (Outcome) -> Void) throws -> Outcome? {
    let now = clock.now()
    var (outcome, rows) = try open(ContactImport.self, .contacts, path, now)
    let isLoaded = try store.load(as: "roost import") { db in
      guard try ContactBulkLoad.serves(db) else { return false }
      try ContactBulkLoad(db: db, now: now).run(rows) { item, problem in
        if let problem {
          skipped(problem)
          outcome.skipped += 1
        } else {
          outcome.written += 1
        }
        if (outcome.written + outcome.skipped) % Self.rowsAtOnce == 0 { progress(outcome) }
      }
      return true
    }
    guard isLoaded == true else { return nil }
    progress(outcome)
    try store.optimize()
    return outcome
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
        batch.reserveCapacity(Self.rowsAtOnce)
        while batch.count < Self.rowsAtOnce, let row = file.next() {
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
