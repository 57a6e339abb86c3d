extension Store {
  /// Brings the schema up to date: applies in order what has not been applied yet, all of it in one transaction. Throws, changing nothing, when a
  /// step fails, when the database has steps that are not among these, or when one of these is older than what it has.
  ///
  /// All or nothing, so that after an upgrade that failed the program of before still knows its database.
  ///
  /// Foreign keys are off while the steps run, so that one can rebuild a table; at the end they are checked where the steps could have broken
  /// some. `ON DELETE` does nothing there.
  ///
  /// `reworks` are done afterwards, those that are due. `progress` hears of it: of each statement of each step, of what is checked afterwards, and every second of what takes long; of nothing where
  /// the database is a new one.
  package func migrate(
    _ migrations: [Migration], reworks: [Rework] = [], progress: @escaping (UpgradeProgress) -> Void = { _ in }
  ) throws(StoreError) {
    do {
      try withWriter { database in
        // The usual start only looks, past another program that writes.
        if let history = try MigrationHistory(reading: database), try history.next(of: migrations) == nil,
          try !reworks.contains(where: { try $0.isDue(database) })
        {
          return
        }
        try database.execute("PRAGMA foreign_keys = OFF")
        // What is sorted for an index may be larger than the memory.
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
