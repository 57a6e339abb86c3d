/// What has been applied to a database, as its table `migrations` tells.
struct MigrationHistory {
  private(set) var applied: [(name: String, checksum: String)]

  /// `nil` for a database that has no history yet.
  init?(reading database: Database) throws {
    guard try database.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'") == 1 else { return nil }
    applied = try database.all("SELECT name, checksum FROM migrations ORDER BY position") { ($0.text(0), $0.text(1)) }
  }

  /// The history, begun where there is none.
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

  /// The first migration that is not applied yet; `nil` when there is none. Throws when the history is not a beginning of theirs.
  func next(of migrations: [Migration]) throws(StoreError) -> Migration? {
    try check(migrations)
    return migrations.first { step in !applied.contains { $0.name == step.name } }
  }

  mutating func add(_ step: Migration) { applied.append((step.name, step.checksum)) }

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
}
