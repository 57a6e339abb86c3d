extension Database {
  /// Runs several statements, as a migration holds them. They take no values, and rows that they give are passed over. An error names the
  /// statement that failed.
  package func script(_ sql: String) throws(StoreError) { try script(sql) { _ in } }

  /// `before` hears of each statement.
  func script(_ sql: String, before: (Statement) -> Void) throws(StoreError) {
    countWrite()
    var rest = Substring(sql)
    while let statement = try Statement.takeFirst(of: &rest, on: handle) {
      before(statement)
      while try statement.step() {}
    }
  }
}
