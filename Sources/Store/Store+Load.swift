extension Store {
  /// `write` for a bulk load, for when nobody else has the database open: pages go straight into the file, with a rollback journal for the few that
  /// were there before, instead of into the log and from there into the file: half the writing. Just as safe. `nil`, and nothing done, when others
  /// have it open; who comes meanwhile is refused. `holder` is what they are told.
  package func load<T>(as holder: String, _ body: (Database) throws -> T) throws -> T? {
    do { try lockFile.claim(as: holder) } catch { return nil }
    defer { lockFile.release() }
    return try withWriter { database in
      // Fails at once while others are there.
      let mode = writer.patience.wait(until: 0) { try? database.pragma("journal_mode = DELETE") }
      defer { _ = try? database.pragma("journal_mode = WAL") }
      guard mode == "delete" else { return nil }
      return try database.transaction("BEGIN IMMEDIATE", body)
    }
  }
}
