#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Removes the files of a bulk load that was killed. Only for the program that has the claim.
  package func removeLeftovers() throws {
    for index in try read({ try SearchIndex.all(in: $0) }) { unlink("\(path)-\(index.name)") }
  }

  /// `write` for a bulk load, while nobody else has the database open: pages go straight into the file, with a rollback
  /// journal for the few existing ones, instead of into the log and from there into the file; that is half the writing,
  /// and just as safe. `nil`, and nothing done, if others have it open; programs that open it during the load are
  /// refused and told `holder`.
  ///
  /// Foreign keys are not checked: the caller has looked up all references.
  package func load<T>(as holder: String, _ body: (Database) throws -> T) throws -> T? {
    do { try lockFile.claim(as: holder) } catch { return nil }
    defer { lockFile.release() }
    closeIdleReaders()
    return try withWriter { database in
      // Fails immediately if others have it open.
      let mode = writer.busyWait.wait(until: 0) { try? database.pragma("main.journal_mode = DELETE") }
      defer { _ = try? database.pragma("main.journal_mode = WAL") }
      guard mode == "delete" else { return nil }
      try database.pragma("foreign_keys = OFF")
      // Sorting for an index can need more than the memory.
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
