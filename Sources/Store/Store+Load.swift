extension Store {
  /// `write` for a bulk load. When nobody else has the database open, pages go straight into the file, with a rollback journal for the few that
  /// were there before, instead of into the log and from there into the file: half the writing. Just as safe.
  package func load<T>(_ body: (Database) throws -> T) throws -> T {
    try withWriter { database in
      // While others are there this fails at once, and the log it is.
      try database.pragma("busy_timeout = 0")
      _ = try? database.pragma("journal_mode = DELETE")
      try database.pragma("busy_timeout = \(ConnectionSettings.patience)")
      defer { _ = try? database.pragma("journal_mode = WAL") }
      return try database.transaction("BEGIN IMMEDIATE", body)
    }
  }
}
