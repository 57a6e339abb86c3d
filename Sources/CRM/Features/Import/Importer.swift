package import Base
package import Store

/// Brings records in from CSV files. A row is written whole or not at all; a bad one is reported and skipped. Rows are known by their `id` in the
/// file, kept as the record's external id, so that importing a file again changes what it brought instead of doubling it.
package struct Importer: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case contacts, companies, memberships
  }

  package struct Outcome: Sendable {
    package var written = 0
    package var skipped = 0
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
    var file = try ImportFile(path: path)
    for needed in kind.neededColumns where file.columns[needed] == nil {
      throw ImportRefusal(
        description: "\(path) has no column “\(needed)”; \(kind.rawValue) need \(kind.neededColumns.joined(separator: ", "))")
    }
    var outcome = Outcome()
    var isDone = false
    let now = clock.now()
    while !isDone {
      var problems: [ImportProblem] = []
      var written = 0
      try store.write { db in
        for _ in 0..<Self.rowsAtOnce {
          guard let row = file.next() else {
            isDone = true
            break
          }
          do {
            let row = try row.get()
            try db.savepoint { try write(row, kind, now: now, in: db) }
            written += 1
          } catch let problem as ImportProblem {
            problems.append(problem)
          } catch let error as StoreError where error.constraint != nil {
            problems.append(ImportProblem(line: (try? row.get().line) ?? 0, reason: error.message))
          }
        }
      }
      problems.forEach(skipped)
      outcome.written += written
      outcome.skipped += problems.count
      progress(outcome)
    }
    try store.optimize()
    return outcome
  }

  private func write(_ row: ImportRow, _ kind: Kind, now: Timestamp, in db: Database) throws {
    switch kind {
    case .companies: try CompanyImport.write(row, now: now, in: db)
    case .contacts: try ContactImport.write(row, now: now, in: db)
    case .memberships: try MembershipImport.write(row, now: now, in: db)
    }
  }
}

extension Importer.Kind {
  /// Columns without which a file says nothing.
  var neededColumns: [String] {
    switch self {
    case .companies: ["id", "name"]
    case .contacts: ["id", "first_name", "last_name"]
    case .memberships: ["contact_id", "company_id"]
    }
  }
}
