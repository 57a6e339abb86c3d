import CSQLite
import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// Builds the full-text index of a table during a bulk load, in a separate database and on a separate thread, in
/// parallel with the rows and the other indexes; at the end it replaces the table's index.
///
/// `@unchecked Sendable`: `side`, `insert` and `failure` belong to the queue until `finish` has waited for it.
package final class FullTextLoad: @unchecked Sendable {
  /// A row's number and the texts of the index's columns.
  package typealias Row = (rowid: Int, texts: [String])

  /// The maximum number of queued batches, so that a slow index doesn't fill the memory.
  private static let batchesAhead = 8
  /// The name under which the side database is attached.
  private static let schema = "full_text_load"

  private let table: String
  private let database: Database
  private let path: String
  private var side: Database?
  private var insert: Statement?
  private var failure: (any Error)?
  private let queue = DispatchQueue(label: "full-text load")
  private let room = DispatchSemaphore(value: batchesAhead)

  /// For an index over a table's own rows (`content = '…'`), in the transaction that loads them.
  package init(of table: String, in database: Database) throws {
    self.table = table
    self.database = database
    path = "\(String(cString: sqlite3_db_filename(database.handle, "main")))-\(table)"
    unlink(path)
    guard let definition = try database.text("SELECT sql FROM sqlite_schema WHERE name = \(table)") else {
      throw StoreError("no index \(table)")
    }
    let arguments = definition.split(separator: "(", maxSplits: 1).last?.split(separator: ")").first?.split(separator: ",") ?? []
    let own = arguments.map { String($0.drop { $0 == " " || $0 == "\n" }) }.filter { !$0.hasPrefix("content") }
    let columns = own.filter { !$0.contains("=") }.count
    let side = try Database(path: path)
    for setting in ["journal_mode = OFF", "synchronous = OFF", "cache_size = -8192", "locking_mode = EXCLUSIVE"] {
      try side.pragma(setting)
    }
    try side.script("CREATE VIRTUAL TABLE \(table) USING fts5 (\(own.joined(separator: ",")), content = '')")
    // More in memory, merged in larger steps: a quarter less work for the same number of segments in the end.
    try side.script("INSERT INTO \(table) (\(table), rank) VALUES ('hashsize', \(4 << 20)), ('automerge', 8)")
    try side.execute("BEGIN")
    let names = own.prefix(columns).joined(separator: ", ")
    insert = try side.prepared("INSERT INTO \(table) (rowid, \(names)) VALUES (?\(String(repeating: ", ?", count: columns)))")
    self.side = side
  }

  deinit {
    // The queue is empty: queued blocks hold a reference to this object.
    insert = nil
    unlink(path)
  }

  /// Adds rows, in the order of their numbers; blocks only if too many are queued.
  package func add(_ rows: [Row]) {
    room.wait()
    queue.async {
      defer { self.room.signal() }
      do { try self.index(rows) } catch { self.failure = self.failure ?? error }
    }
  }

  private func index(_ rows: [Row]) throws {
    guard failure == nil, let insert else { return }
    for row in rows {
      insert.bind(1, row.rowid)
      for (column, text) in row.texts.enumerated() { insert.bind(column + 2, text) }
      try insert.execute()
    }
  }

  /// No more rows: writes what is buffered.
  package func close() {
    queue.async {
      do {
        guard self.failure == nil, let side = self.side else { return }
        self.insert = nil
        try side.execute("COMMIT")
        self.side = nil
      } catch {
        self.failure = error
      }
    }
  }

  /// Waits for the index and moves it into place.
  package func finish() throws {
    queue.sync {}
    if let failure { throw failure }
    // Makes SQLite drop what it cached of the previous index, and then what it has written of the empty one.
    try database.script("INSERT INTO \(table) (\(table)) VALUES ('delete-all'); DELETE FROM \(table)_data")
    try database.run("ATTACH \(path) AS \(raw: Self.schema)")
    for part in ["data", "idx", "docsize"] {
      try database.script("INSERT INTO main.\(table)_\(part) SELECT * FROM \(Self.schema).\(table)_\(part)")
    }
  }

  /// After the transaction, which still uses what was read in it.
  static func detach(from database: Database) throws { try database.script("DETACH \(schema)") }
}
