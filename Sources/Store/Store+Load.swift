#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Removes the files that a bulk load which was killed has left. For the program that has the claim.
  package func removeLeftovers() throws {
    for index in try read({ try SearchIndex.all(in: $0) }) { unlink("\(path)-\(index.name)") }
  }

  /// `write` for a bulk load, for when nobody else has the database open: pages go straight into the file, with a rollback journal for the few that
  /// were there before, instead of into the log and from there into the file: half the writing. Just as safe. `nil`, and nothing done, when others
  /// have it open; who comes meanwhile is refused. `holder` is what they are told.
  ///
  /// Foreign keys are not checked: rows refer to what the caller has looked up.
  package func load<T>(as holder: String, _ body: (Database) throws -> T) throws -> T? {
    do { try lockFile.claim(as: holder) } catch { return nil }
    defer { lockFile.release() }
    closeIdleReaders()
    return try withWriter { database in
      // Fails at once while others are there.
      let mode = writer.patience.wait(until: 0) { try? database.pragma("main.journal_mode = DELETE") }
      defer { _ = try? database.pragma("main.journal_mode = WAL") }
      guard mode == "delete" else { return nil }
      try database.pragma("foreign_keys = OFF")
      // What is sorted for an index may be larger than the memory.
      try database.pragma("temp_store = FILE")
      defer {
        try? FullTextLoad.detach(from: database)
        _ = try? database.pragma("temp_store = MEMORY")
        _ = try? database.pragma("foreign_keys = ON")
      }
      return try database.transaction("BEGIN EXCLUSIVE", body)
    }
  }
}
