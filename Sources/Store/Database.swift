import CSQLite

/// One connection to the database, inside a transaction of `Store.read` or `Store.write`. Used by one thread at a time.
package final class Database {
  let handle: OpaquePointer
  private var cache = StatementCache()
  private var savepoints = 0
  private let trace: (@Sendable (String) -> Void)?
  /// How often a statement was run that may have written.
  private(set) var writes = 0
  /// Hears of the log's length; see `watchLog`.
  var logWatcher: ((Int) -> Void)?

  init(path: String, trace: (@Sendable (String) -> Void)? = nil) throws(StoreError) {
    _ = Self.library
    var opened: OpaquePointer?
    // No mutex inside SQLite: the store hands a connection to one thread at a time.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw StoreError(extendedCode: code, message: "\(path): \(message)", sql: nil)
    }
    handle = opened
    self.trace = trace
    try addFunctions()
  }

  /// Sets up the library, once, before its first connection.
  private static let library: Int32 = roost_sqlite3_forgo_memory_statistics()

  deinit {
    cache.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs a statement and returns how many rows it inserted, changed or deleted.
  @discardableResult
  package func run(_ sql: SQL) throws -> Int {
    try withStatement(sql) { statement in
      let before = sqlite3_total_changes64(handle)
      while try statement.step() {}
      // SQLite's count of the last statement stays as it is when this one changes no rows.
      return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }
  }

  /// Calls `body` for each row.
  package func each(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
    try withStatement(sql) { statement in
      while try statement.step() { try statement.withRow(body) }
    }
  }

  /// The rows, each made into a value.
  package func all<T>(_ sql: SQL, _ map: (borrowing Row) throws -> T) throws -> [T] {
    try withStatement(sql) { statement in
      var values: [T] = []
      while try statement.step() { values.append(try statement.withRow(map)) }
      return values
    }
  }

  /// The first row made into a value; `nil` when there is none. Further rows are not looked for.
  package func first<T>(_ sql: SQL, _ map: (borrowing Row) throws -> T) throws -> T? {
    try withStatement(sql) { statement in
      try statement.step() ? try statement.withRow(map) : nil
    }
  }

  /// The integer in the first column of the first row; `nil` when there is no row, or a NULL in it.
  package func value(_ sql: SQL) throws -> Int? { try first(sql) { $0.intOrNil(0) } ?? nil }

  /// The text in the first column of the first row; `nil` when there is no row, or a NULL in it.
  package func text(_ sql: SQL) throws -> String? { try first(sql) { $0.textOrNil(0) } ?? nil }

  /// The rowid of the last row inserted on this connection.
  package var lastInsertedRowID: Int { Int(sqlite3_last_insert_rowid(handle)) }

  /// How many rows the last statement that inserts, updates or deletes has changed.
  package var lastChangeCount: Int { Int(sqlite3_changes64(handle)) }

  /// A statement of one's own, for a bulk load.
  package func prepared(_ sql: String) throws -> Statement {
    trace?(sql)
    countWrite()
    return try Statement.prepare(sql, on: handle)
  }

  /// Undoes what `body` wrote if it throws, and goes on with the transaction around it.
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
      // Some errors (a full disk) have ended the whole transaction already, and the savepoint with it.
      if isInTransaction {
        try execute("ROLLBACK TO \(name)")
        try execute("RELEASE \(name)")
      }
      throw error
    }
  }

  /// For statements that are run past the cache.
  func countWrite() { writes += 1 }

  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Runs one of the store's own statements, which take no values and are not traced.
  func execute(_ sql: String) throws(StoreError) {
    let statement = try cache.take(sql, on: handle)
    defer { cache.put(statement) }
    while try statement.step() {}
  }

  /// Sets or asks for a setting of the connection; returns its value as text.
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
