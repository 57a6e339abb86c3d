extension Database {
  /// Runs `body` between `begin` and COMMIT, or ROLLBACK when it throws. The connection is usable again afterwards in any case.
  func transaction<T>(_ begin: String, _ body: (Database) throws -> T) throws -> T {
    try execute(begin)
    do {
      let result = try body(self)
      guard isInTransaction else { throw StoreError("the transaction was ended by a statement inside it") }
      try execute("COMMIT")
      return result
    } catch {
      // Some errors (a full disk) have rolled back already; then there is nothing to undo. The first error is the one to tell.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}
