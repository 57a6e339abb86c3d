extension Store {
  /// Brings the schema up to date: applies pending migrations in order, in one transaction. Throws, changing nothing,
  /// if a step fails, if the database has steps that are not among these, or if a new step is older than one that it
  /// has.
  ///
  /// All or nothing, so that after a failed upgrade the previous version can still open its database.
  ///
  /// Foreign keys are off while the steps run, so that a step can rebuild a table; at the end they are checked where
  /// the steps could have broken them. `ON DELETE` has no effect there.
  ///
  /// Due `reworks` are run afterwards. `progress` is called for each statement of each step, for the checks afterwards,
  /// and every second during long work; not for a new database.
  package func migrate(
    _ migrations: [Migration], reworks: [Rework] = [], progress: @escaping (UpgradeProgress) -> Void = { _ in }
  ) throws(StoreError) {
    do {
      try withWriter { database in
        // The usual start only reads, without waiting for another program's write.
        if let history = try MigrationHistory(reading: database), try history.next(of: migrations) == nil,
          try !reworks.contains(where: { try $0.isDue(database) })
        {
          return
        }
        try database.execute("PRAGMA foreign_keys = OFF")
        // Sorting for an index can need more than the memory.
        try database.execute("PRAGMA temp_store = FILE")
        defer {
          try? database.execute("PRAGMA temp_store = MEMORY")
          try? database.execute("PRAGMA foreign_keys = ON")
        }
        try database.transaction("BEGIN IMMEDIATE") { database in try Upgrade(database, progress: progress).run(migrations, reworks) }
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("migration failed: \(error)")
    }
  }
}
