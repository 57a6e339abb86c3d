import CSQLite

/// One connection to the database, inside a transaction of `Store.read` or `Store.write`. Used by one thread at a time.
package final class Database {
  let handle: OpaquePointer
  private var cache = StatementCache()
  private var savepoints = 0
  private let trace: (@Sendable (String) -> Void)?
  /// The number of statements run that could have written.
  private(set) var writes = 0
  /// Called with the log's length; see `watchLog`.
  var logWatcher: ((Int) -> Void)?

  init(path: String, trace: (@Sendable (String) -> Void)? = nil) throws(StoreError) {
    _ = Self.library
    var opened: OpaquePointer?
    // No mutex inside SQLite: a connection is used by one thread at a time.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw StoreError(extendedCode: code, message: "\(path): \(message)", sql: nil)
    }
    handle = opened
    self.trace = trace
    _ = roost_sqlite3_keep_plans(handle)
    try addFunctions()
  }

  /// Configures the library, once, before its first connection.
  private static let library: Int32 = roost_sqlite3_forgo_memory_statistics()

  deinit {
    cache.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs a statement and returns the number of rows inserted, changed or deleted.
  @discardableResult
  package func run(_ sql: SQL) throws -> Int {
    try withStatement(sql) { statement in
      let before = sqlite3_total_changes64(handle)
      while try statement.step() {}
      // SQLite keeps the count of the previous statement if this one changes no rows.
      return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }
  }

  /// Calls `body` for each row.
  package func each(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
    try withStatement(sql) { statement in
      while try statement.step() { try statement.withRow(body) }
    }
  }

  /// All rows, each mapped to a value.
  package func all<T>(_ sql: SQL, _ map: (borrowing Row) throws -> T) throws -> [T] {
    try withStatement(sql) { statement in
      var values: [T] = []
      while try statement.step() { values.append(try statement.withRow(map)) }
      return values
    }
  }

  /// The first row mapped to a value; `nil` if there is none. Further rows are not read.
  package func first<T>(_ sql: SQL, _ map: (borrowing Row) throws -> T) throws -> T? {
    try withStatement(sql) { statement in
      try statement.step() ? try statement.withRow(map) : nil
    }
  }

  /// The integer in the first column of the first row; `nil` if there is no row, or a NULL.
  package func value(_ sql: SQL) throws -> Int? { try first(sql) { $0.intOrNil(0) } ?? nil }

  /// The text in the first column of the first row; `nil` if there is no row, or a NULL.
  package func text(_ sql: SQL) throws -> String? { try first(sql) { $0.textOrNil(0) } ?? nil }

  /// The rowid of the last row inserted on this connection.
  package var lastInsertedRowID: Int { Int(sqlite3_last_insert_rowid(handle)) }

  /// The number of rows changed by the last INSERT, UPDATE or DELETE.
  package var lastChangeCount: Int { Int(sqlite3_changes64(handle)) }

  /// An uncached statement, for a bulk load.
  package func prepared(_ sql: String) throws -> Statement {
    trace?(sql)
    countWrite()
    return try Statement.prepare(sql, on: handle)
  }

  /// A savepoint: undoes what `body` wrote if it throws; the surrounding transaction continues.
  @discardableResult
  package func savepoint<T>(_ body: () throws -> T) throws -> T {
    savepoints += 1
    defer { savepoints -= 1 }
    let name = "savepoint_\(savepoints)"
    try execute("SAVEPOINT \(name)")
    do {
      let result = try body()
      try execute("RELEASE \(name)")
      return result
    } catch {
      // Some errors (a full disk) have already ended the whole transaction, including the savepoint.
      if isInTransaction {
        try execute("ROLLBACK TO \(name)")
        try execute("RELEASE \(name)")
      }
      throw error
    }
  }

  /// For statements that bypass the cache.
  func countWrite() { writes += 1 }

  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Runs an internal statement, which takes no values and isn't traced.
  func execute(_ sql: String) throws(StoreError) {
    let statement = try cache.take(sql, on: handle)
    defer { cache.put(statement) }
    while try statement.step() {}
  }

  /// Sets or reads a PRAGMA; returns its value as text.
  @discardableResult
  func pragma(_ setting: String) throws(StoreError) -> String? {
    let statement = try Statement.prepare("PRAGMA \(setting)", on: handle)
    guard try statement.step() else { return nil }
    return withExtendedLifetime(statement) { Row($0).textOrNil(0) }
  }

  private func withStatement<T>(_ sql: SQL, _ body: (Statement) throws -> T) throws -> T {
    trace?(sql.text)
    let statement = try cache.take(sql.text, on: handle)
    defer { cache.put(statement) }
    if !statement.isReadOnly { writes += 1 }
    try statement.bind(sql.values)
    return try body(statement)
  }
}
