extension Database {
  /// Runs `body` between `begin` and COMMIT, or ROLLBACK if it throws. The connection is usable afterwards in any case.
  func transaction<T>(_ begin: String, _ body: (Database) throws -> T) throws -> T {
    try execute(begin)
    do {
      let result = try body(self)
      guard isInTransaction else { throw StoreError("the transaction was ended by a statement inside it") }
      try execute("COMMIT")
      return result
    } catch {
      // Some errors (a full disk) have already rolled back; then there is nothing to undo. The first error is the one
      // to report.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}
