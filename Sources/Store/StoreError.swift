import CSQLite

/// A database error.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// SQLite's primary result code; 0 for the store's own errors.
  package let code: Int
  /// SQLite's extended result code; 0 likewise.
  package let extendedCode: Int
  /// A description for the log.
  package let message: String
  /// The statement, without its values.
  package let sql: String?
  /// The violated constraint, if any.
  package let constraint: Constraint?

  /// One of the store's own errors.
  package init(_ message: String, sql: String? = nil) {
    (code, extendedCode, constraint) = (0, 0, nil)
    self.message = message
    self.sql = sql
  }

  /// SQLite's error, from its extended result code and its message.
  init(extendedCode: Int32, message: String, sql: String?) {
    self.extendedCode = Int(extendedCode)
    code = Int(extendedCode & 0xFF)
    constraint = extendedCode & 0xFF == SQLITE_CONSTRAINT ? Constraint(message: message) : nil
    let advice = StoreError.advice[extendedCode & 0xFF]
    self.message = advice.map { "\($0) (\(message))" } ?? message
    self.sql = sql
  }

  /// The last error of a connection.
  init(of connection: OpaquePointer, sql: String?) {
    self.init(
      extendedCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)), sql: sql)
  }

  /// The error of a write whose turn did not come in time.
  static let busy = StoreError(extendedCode: SQLITE_BUSY, message: "timed out waiting for another write", sql: nil)

  /// The error of an ordinary write while the disk is full.
  static let full = StoreError(extendedCode: SQLITE_FULL, message: "the remaining space is reserved for signing in and deleting", sql: nil)

  /// The error of a closed store.
  static let closed = StoreError("the database is closed")

  /// The message, and the statement if there is one.
  package var description: String { sql.map { "\(message) in: \($0)" } ?? message }

  /// Whether another connection held the database for longer than we wait: a retry can help.
  package var isBusy: Bool { code == Int(SQLITE_BUSY) }

  /// Whether the disk is full: nothing was written.
  package var isFull: Bool { code == Int(SQLITE_FULL) || extendedCode == Int(SQLITE_IOERR) | 19 << 8 }

  /// Longer texts for SQLite's shortest messages.
  private static let advice: [Int32: String] = [
    SQLITE_BUSY: "the database is busy",
    SQLITE_FULL: "the disk is full; nothing was saved",
    SQLITE_READONLY: "the database is read-only",
    SQLITE_CANTOPEN: "the database file can't be opened; check that its folder exists and is writable",
    SQLITE_CORRUPT: "the database file is damaged; restore a backup",
    SQLITE_NOTADB: "the file is not a database",
    SQLITE_IOERR: "disk I/O error",
  ]
}

/// The constraint that a write would have violated.
package enum Constraint: Hashable, Sendable {
  /// A UNIQUE or PRIMARY KEY: its columns as `table.column`, or the name of an index on expressions.
  case unique([String])
  /// A CHECK, by its name (or its text, if it has none).
  case check(String)
  /// A NOT NULL, as `table.column`.
  case notNull(String)
  /// A foreign key; SQLite doesn't say which.
  case foreignKey
  /// A trigger's RAISE, with its message.
  case raised(String)

  /// Parses SQLite's message, such as `UNIQUE constraint failed: contacts.id`.
  init(message: String) {
    func rest(after prefix: String) -> String? { message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : nil }
    if let columns = rest(after: "UNIQUE constraint failed: ") {
      if columns.hasPrefix("index '"), columns.hasSuffix("'") {
        self = .unique([String(columns.dropFirst(7).dropLast())])
      } else {
        self = .unique(columns.split(separator: ",").map { String($0.drop { $0 == " " }) })
      }
    } else if let name = rest(after: "CHECK constraint failed: ") {
      self = .check(name)
    } else if let column = rest(after: "NOT NULL constraint failed: ") {
      self = .notNull(column)
    } else if message.hasPrefix("FOREIGN KEY constraint failed") {
      self = .foreignKey
    } else {
      self = .raised(message)
    }
  }
}
