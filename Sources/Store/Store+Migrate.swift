import Base

extension Store {
  /// Brings the schema up to date: applies in order what has not been applied yet, each step in a transaction of its own. Throws, changing
  /// nothing, when the database's history is not the beginning of the given one; throws at a step that fails, keeping those before it.
  ///
  /// Foreign keys are off while a step runs and all are checked at its end, so that a step can rebuild a table. `ON DELETE` does nothing there.
  package func migrate(_ migrations: [Migration]) throws(StoreError) {
    do {
      try withWriter { database in
        try database.execute("PRAGMA foreign_keys = OFF")
        defer { try? database.execute("PRAGMA foreign_keys = ON") }
        // Another program may be migrating too: what to do next is decided anew inside each transaction.
        while try database.transaction("BEGIN IMMEDIATE", { try MigrationHistory($0).applyNext(of: migrations) }) {}
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("migration failed: \(error)")
    }
  }
}

/// What has been applied to a database, in table `migrations`.
private struct MigrationHistory {
  private let database: Database
  private let applied: [(name: String, checksum: String)]

  init(_ database: Database) throws {
    self.database = database
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS migrations (
        position INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        checksum TEXT NOT NULL,
        applied_at TEXT NOT NULL
      )
      """)
    applied = try database.all("SELECT name, checksum FROM migrations ORDER BY position") { ($0.text(0), $0.text(1)) }
  }

  /// Applies the first migration that is not applied yet; `false` when there is none.
  func applyNext(of migrations: [Migration]) throws -> Bool {
    try check(migrations)
    guard applied.count < migrations.count else { return false }
    let next = migrations[applied.count]
    do {
      try database.script(next.sql)
      try checkForeignKeys()
    } catch let error as StoreError {
      throw StoreError("migration \(next.name) failed: \(error.message)", sql: error.sql)
    }
    guard database.isInTransaction else { throw StoreError("migration \(next.name) must not begin or end transactions") }
    try database.run(
      """
      INSERT INTO migrations (position, name, checksum, applied_at)
      VALUES (\(applied.count + 1), \(next.name), \(next.checksum), \(Clock.system.now()))
      """)
    return true
  }

  private func check(_ migrations: [Migration]) throws(StoreError) {
    let names = Set(migrations.map(\.name))
    guard names.count == migrations.count else { throw StoreError("two migrations have the same name") }
    for (index, past) in applied.enumerated() {
      guard names.contains(past.name) else {
        throw StoreError("the database has migration \(past.name), which this program does not know: it was used by a newer version")
      }
      let present = migrations[index]
      guard present.name == past.name else {
        throw StoreError("migration \(present.name) is listed before \(past.name), which was applied first: new ones go to the end")
      }
      guard present.checksum == past.checksum else {
        throw StoreError("migration \(past.name) was changed after it had been applied: put it back and write a new one")
      }
    }
  }

  private func checkForeignKeys() throws {
    let broken = try database.first("PRAGMA foreign_key_check") { "\($0.text(0)) refers to a missing row of \($0.text(2))" }
    if let broken { throw StoreError(broken) }
  }
}
