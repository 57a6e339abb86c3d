import CSQLite

/// What went wrong in the database.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// SQLite's primary result code; 0 when the complaint is the store's own.
  package let code: Int
  /// SQLite's extended result code; 0 likewise.
  package let extendedCode: Int
  /// What happened, in words for the log.
  package let message: String
  /// The statement, without its values.
  package let sql: String?
  /// The constraint that was violated, if that is what happened.
  package let constraint: Constraint?

  /// The store's own complaint.
  package init(_ message: String, sql: String? = nil) {
    (code, extendedCode, constraint) = (0, 0, nil)
    self.message = message
    self.sql = sql
  }

  /// SQLite's complaint, from its extended result code and its message.
  init(extendedCode: Int32, message: String, sql: String?) {
    self.extendedCode = Int(extendedCode)
    code = Int(extendedCode & 0xFF)
    constraint = extendedCode & 0xFF == SQLITE_CONSTRAINT ? Constraint(message: message) : nil
    let advice = StoreError.advice[extendedCode & 0xFF]
    self.message = advice.map { "\($0) (\(message))" } ?? message
    self.sql = sql
  }

  /// What SQLite last complained of on a connection.
  init(of connection: OpaquePointer, sql: String?) {
    self.init(
      extendedCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)), sql: sql)
  }

  /// What a write is told whose turn did not come in time.
  static let busy = StoreError(extendedCode: SQLITE_BUSY, message: "its turn did not come in time", sql: nil)

  /// What an ordinary write is told while the disk is full.
  static let full = StoreError(extendedCode: SQLITE_FULL, message: "what room is left is kept for signing in and deleting", sql: nil)

  /// What a store says that has been closed.
  static let closed = StoreError("the database is closed")

  /// The message, and the statement if there is one.
  package var description: String { sql.map { "\(message) in: \($0)" } ?? message }

  /// Whether another connection held the database for longer than we wait: trying again may help.
  package var isBusy: Bool { code == Int(SQLITE_BUSY) }

  /// Whether the disk is full: nothing was written.
  package var isFull: Bool { code == Int(SQLITE_FULL) || extendedCode == Int(SQLITE_IOERR) | 19 << 8 }

  /// What SQLite says in too few words.
  private static let advice: [Int32: String] = [
    SQLITE_BUSY: "the database is busy",
    SQLITE_FULL: "the disk is full; nothing was saved",
    SQLITE_READONLY: "the database may not be written here",
    SQLITE_CANTOPEN: "the database file can't be opened; check that its folder exists and may be written",
    SQLITE_CORRUPT: "the database file is damaged; restore a backup",
    SQLITE_NOTADB: "the file is not a database",
    SQLITE_IOERR: "the disk failed",
  ]
}

/// The rule of the schema that a write would have broken.
package enum Constraint: Hashable, Sendable {
  /// A UNIQUE or PRIMARY KEY: its columns as `table.column`, or the name of an index on expressions.
  case unique([String])
  /// A CHECK, by its name (or its text, if it has none).
  case check(String)
  /// A NOT NULL, as `table.column`.
  case notNull(String)
  /// A foreign key; SQLite does not say which.
  case foreignKey
  /// A trigger's RAISE, with its message.
  case raised(String)

  /// Reads SQLite's message, such as `UNIQUE constraint failed: contacts.id`.
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
