import CSQLite

/// A compiled statement of one connection. For bulk loads, get one from `Database.prepared`: bind, `execute()`, repeat.
/// It must not be used outside the `read` or `write` that created it.
package final class Statement {
  /// The statement's SQL.
  package let sql: String
  let handle: OpaquePointer
  private let connection: OpaquePointer
  private var misreading: StoreError?

  /// For the statement cache.
  var isInUse = false
  var lastUse = 0

  private init(_ handle: OpaquePointer, sql: String, on connection: OpaquePointer) {
    self.handle = handle
    self.sql = sql
    self.connection = connection
  }

  /// Compiles the single statement in `sql`.
  static func prepare(_ sql: String, on connection: OpaquePointer) throws(StoreError) -> Statement {
    var rest = Substring(sql)
    guard let statement = try takeFirst(of: &rest, on: connection) else { throw StoreError("no statement", sql: sql) }
    guard try takeFirst(of: &rest, on: connection) == nil else {
      throw StoreError("more than one statement; use Database.script", sql: sql)
    }
    return statement
  }

  /// Compiles and removes the first statement of a script; `nil` if only blanks and comments are left.
  static func takeFirst(of script: inout Substring, on connection: OpaquePointer) throws(StoreError) -> Statement? {
    while !script.isEmpty {
      var compiled: OpaquePointer?
      var used = 0
      let code = script.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { text in
          var tail: UnsafePointer<CChar>?
          let code = sqlite3_prepare_v3(connection, text.baseAddress, Int32(text.count), persistent, &compiled, &tail)
          if let start = text.baseAddress, let tail { used = tail - start }
          return code
        }
      }
      guard code == SQLITE_OK else { throw StoreError(of: connection, sql: String(script.prefix(500))) }
      let sql = script.utf8.prefix(used)
      script = Substring(script.utf8.dropFirst(used))
      if let compiled { return Statement(compiled, sql: String(Substring(sql)), on: connection) }
    }
    return nil
  }

  /// Statements are long-lived: this makes SQLite take their memory from the heap and leave its small fast pool to
  /// short-lived allocations.
  private static let persistent = UInt32(SQLITE_PREPARE_PERSISTENT)

  deinit { sqlite3_finalize(handle) }

  /// Advances to the next row; `false` if there is none. Throws a `StoreError`, also if the previous row was misread.
  package func step() throws(StoreError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw StoreError(of: connection, sql: sql)
    }
  }

  /// Runs to the end and resets; bindings are kept.
  package func execute() throws(StoreError) {
    defer { reset() }
    while try step() {}
  }

  /// Resets the statement, so that values can be bound again.
  package func reset() {
    // Its result repeats the error of the last step, which has already been thrown.
    sqlite3_reset(handle)
  }

  /// The current row.
  package func withRow<T>(_ body: (borrowing Row) throws -> T) throws -> T {
    let result = try body(Row(self))
    if let misreading {
      self.misreading = nil
      throw misreading
    }
    return result
  }

  /// Clears bindings too, so that no request's data stays in memory for the next.
  func clear() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    misreading = nil
  }

  /// Called by `Row` if a column can't be converted.
  func reportMisread(column: Int, wanted: String) {
    let name = sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? String(column)
    misreading = misreading ?? StoreError("column \(name) is not \(wanted)", sql: sql)
  }

  /// Whether the statement can't change the database.
  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }
}
