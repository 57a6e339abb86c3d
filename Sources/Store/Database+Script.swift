extension Database {
  /// Runs several statements, as a migration holds them. They take no values, and rows that they give are passed over. An error names the
  /// statement that failed.
  package func script(_ sql: String) throws(StoreError) {
    countWrite()
    var rest = Substring(sql)
    while let statement = try Statement.takeFirst(of: &rest, on: handle) {
      while try statement.step() {}
    }
  }
}
