extension Database {
  /// Runs several statements, as in a migration. They take no values, and result rows are ignored. An error names the
  /// failing statement.
  package func script(_ sql: String) throws(StoreError) { try script(sql) { _ in } }

  /// `before` is called with each statement.
  func script(_ sql: String, before: (Statement) -> Void) throws(StoreError) {
    countWrite()
    var rest = Substring(sql)
    while let statement = try Statement.takeFirst(of: &rest, on: handle) {
      before(statement)
      while try statement.step() {}
    }
  }
}
