import CSQLite

/// A compiled statement of one connection. For bulk loads, get one from `Database.prepared`: bind, `execute()`, again. It must not be used
/// outside the `read` or `write` that made it.
package final class Statement {
  /// The statement as it was written.
  package let sql: String
  let handle: OpaquePointer
  private let connection: OpaquePointer
  private var misreading: StoreError?

  /// What the statement cache needs to know.
  var isInUse = false
  var lastUse = 0

  private init(_ handle: OpaquePointer, sql: String, on connection: OpaquePointer) {
    self.handle = handle
    self.sql = sql
    self.connection = connection
  }

  /// Compiles the one statement that `sql` holds.
  static func prepare(_ sql: String, on connection: OpaquePointer) throws(StoreError) -> Statement {
    var rest = Substring(sql)
    guard let statement = try takeFirst(of: &rest, on: connection) else { throw StoreError("there is nothing to run", sql: sql) }
    guard try takeFirst(of: &rest, on: connection) == nil else {
      throw StoreError("this is more than one statement; run them with Database.script", sql: sql)
    }
    return statement
  }

  /// Compiles the first statement of a script and takes it off; `nil` when only blanks and comments are left.
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

  /// Statements are kept for long: SQLite then takes their memory from the heap and leaves its small fast pool to what is short-lived.
  private static let persistent = UInt32(SQLITE_PREPARE_PERSISTENT)

  deinit { sqlite3_finalize(handle) }

  /// Goes to the next row; `false` when there is none. Throws a `StoreError`, also when the row before was misread.
  package func step() throws(StoreError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw StoreError(of: connection, sql: sql)
    }
  }

  /// Runs to the end and makes ready for the next round; what was bound stays bound.
  package func execute() throws(StoreError) {
    defer { reset() }
    while try step() {}
  }

  /// Ends the current round, so that values may be bound anew.
  package func reset() {
    // Its result repeats the error of the last step, which has been thrown already.
    sqlite3_reset(handle)
  }

  /// The row that `step()` went to, counted as `Row` counts.
  package func withRow<T>(_ body: (borrowing Row) throws -> T) throws -> T {
    let result = try body(Row(self))
    if let misreading {
      self.misreading = nil
      throw misreading
    }
    return result
  }

  /// Forgets values too, so that nothing of one request stays in memory for the next.
  func clear() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    misreading = nil
  }

  /// Called by `Row` when a column can't be what the caller takes it for.
  func reportMisread(column: Int, wanted: String) {
    let name = sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? String(column)
    misreading = misreading ?? StoreError("column \(name) does not hold \(wanted)", sql: sql)
  }

  /// Whether the statement can't change the database.
  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }
}
