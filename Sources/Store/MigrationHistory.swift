/// The migrations applied to a database, from its table `migrations`.
struct MigrationHistory {
  private(set) var applied: [(name: String, checksum: String)]

  /// `nil` for a database without a history.
  init?(reading database: Database) throws {
    guard try database.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'") == 1 else { return nil }
    applied = try database.all("SELECT name, checksum FROM migrations ORDER BY position") { ($0.text(0), $0.text(1)) }
  }

  /// The history, created if there is none.
  init(in database: Database) throws {
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS migrations (
        position INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        checksum TEXT NOT NULL,
        applied_at TEXT NOT NULL
      )
      """)
    applied = try MigrationHistory(reading: database)?.applied ?? []
  }

  /// The first migration that isn't applied yet; `nil` if there is none. Throws if the history isn't a prefix of them.
  func next(of migrations: [Migration]) throws(StoreError) -> Migration? {
    try check(migrations)
    return migrations.first { step in !applied.contains { $0.name == step.name } }
  }

  mutating func add(_ step: Migration) { applied.append((step.name, step.checksum)) }

  private func check(_ migrations: [Migration]) throws(StoreError) {
    guard Set(migrations.map(\.name)).count == migrations.count else { throw StoreError("two migrations have the same name") }
    for past in applied {
      guard let present = migrations.first(where: { $0.name == past.name }) else {
        throw StoreError("the database has migration \(past.name), which this version does not know: it was upgraded by a newer one")
      }
      guard present.checksum == past.checksum else {
        throw StoreError("migration \(past.name) was changed after it had been applied: revert it and write a new one")
      }
    }
    // The order is fixed: nothing can be inserted between steps that have been applied anywhere.
    guard let latest = applied.max(by: { $0.name.prefix(10) < $1.name.prefix(10) })?.name else { return }
    for step in migrations where step.day < latest.prefix(10) && !applied.contains(where: { $0.name == step.name }) {
      throw StoreError("migration \(step.name) is older than \(latest), which is already applied: give it a later date")
    }
  }
}
