import Base

extension Store {
  /// Brings the schema up to date: applies in order what has not been applied yet, each step in a transaction of its own. Throws, changing
  /// nothing, when the database has steps that are not among these, or one of these is older than what it has; throws at a step that fails,
  /// keeping those before it.
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
    guard let next = migrations.first(where: { step in !applied.contains { $0.name == step.name } }) else { return false }
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
    guard Set(migrations.map(\.name)).count == migrations.count else { throw StoreError("two migrations have the same name") }
    for past in applied {
      guard let present = migrations.first(where: { $0.name == past.name }) else {
        throw StoreError("the database has migration \(past.name), which this program does not know: it was used by a newer version")
      }
      guard present.checksum == past.checksum else {
        throw StoreError("migration \(past.name) was changed after it had been applied: put it back and write a new one")
      }
    }
    // Everybody goes the same way: nothing slips in between steps that some have taken already.
    guard let latest = applied.max(by: { $0.name.prefix(10) < $1.name.prefix(10) })?.name else { return }
    for step in migrations where step.day < latest.prefix(10) && !applied.contains(where: { $0.name == step.name }) {
      throw StoreError("migration \(step.name) is older than \(latest), which was applied already: give it a later date")
    }
  }

  private func checkForeignKeys() throws {
    let broken = try database.first("PRAGMA foreign_key_check") { "\($0.text(0)) refers to a missing row of \($0.text(2))" }
    if let broken { throw StoreError(broken) }
  }
}
