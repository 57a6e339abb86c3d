#if canImport(Glibc)
  import Glibc
#endif

/// The database file: one writer, several readers, none of which waits for another kind (write-ahead log).
///
/// A unit of work is a closure on one connection inside one transaction. It is synchronous, so that nothing comes between its statements.
package final class Store: Sendable {
  /// How much a finished write survives.
  package enum Durability: Sendable {
    /// A power cut.
    case full
    /// Nothing: for tests.
    case off
  }

  /// How a write stands to a full disk.
  package enum Need: Sendable {
    case ordinary
    /// Signing in and out, and deleting: when the disk is full, such a write gets the room that is kept for it.
    case essential
  }

  /// Where the file is.
  package let path: String
  /// Seconds that a write waits for its turn.
  private let writeTimeout: Double
  /// By which programs that have the file open know of each other.
  package let lockFile: LockFile
  let writer: Writer
  private let readers: ConnectionPool
  let checkpointer: Checkpointer
  private let bookkeeping = Bookkeeping()
  private let temporaryFolder: TemporaryFolder?
  private let commits: CommitObserver

  /// Opens the database and makes the file if there is none, readable by its owner only.
  ///
  /// `readers` is how many may read at once; each opens when first needed and keeps up to `cachePerReader` bytes of pages. `mappedBytes` of
  /// the file are mapped into memory: faster, but counted as the process's memory. A write whose turn does not come within `writeTimeout` seconds
  /// fails. `keepsReserve` keeps some room on the disk for `Need.essential`: for the program that serves people. `trace` is told each statement's text.
  package convenience init(
    path: String, readers: Int = 8, durability: Durability = .full, cachePerReader: Int = 2 << 20, mappedBytes: Int = 0,
    writeTimeout: Double = 5, keepsReserve: Bool = false, trace: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) {
    let settings = ConnectionSettings(durability: durability, cacheBytes: cachePerReader, mappedBytes: mappedBytes, trace: trace)
    try self.init(
      path: path, readers: readers, settings: settings, writeTimeout: writeTimeout, keepsReserve: keepsReserve, temporaryFolder: nil)
  }

  private init(
    path: String, readers: Int, settings: ConnectionSettings, writeTimeout: Double, keepsReserve: Bool, temporaryFolder: TemporaryFolder?
  ) throws(StoreError) {
    self.path = path
    self.writeTimeout = writeTimeout
    self.temporaryFolder = temporaryFolder
    try DamagedLog.secure(path)
    lockFile = try LockFile(path: path + "-lock")
    let commits = CommitObserver()
    self.commits = commits
    // Opening takes room too; a disk that was full before the start gives up what was kept.
    let database: Database
    do {
      database = try settings.openWriter(path)
    } catch {
      guard error.isFull, unlink(DiskReserve.path(for: path)) == 0 else { throw error }
      database = try settings.openWriter(path)
    }
    writer = Writer(
      database, patience: BusyWait(lockFile), reserve: keepsReserve ? DiskReserve(path: DiskReserve.path(for: path)) : nil,
      onCommit: { commits.hear() })
    let checkpointer = Checkpointer(writer) { () throws(StoreError) in try settings.openCheckpointer(path) }
    database.watchLog { checkpointer.logHas($0) }
    self.checkpointer = checkpointer
    self.readers = ConnectionPool(limit: readers) { () throws(StoreError) in try settings.openReader(path) }
  }

  /// A fresh database in a folder of its own, removed with the store: for tests.
  package static func temporary(readers: Int = 8, writeTimeout: Double = 5, trace: (@Sendable (String) -> Void)? = nil) throws -> Store {
    let folder = try TemporaryFolder()
    let settings = ConnectionSettings(durability: .off, cacheBytes: 2 << 20, mappedBytes: 0, trace: trace)
    return try Store(
      path: folder.path + "/store.sqlite", readers: readers, settings: settings, writeTimeout: writeTimeout, keepsReserve: false,
      temporaryFolder: folder)
  }

  deinit { close() }

  /// Runs `body` in a read transaction: all its queries see the database as it was at the first of them. Waits when all readers are taken.
  /// Writing in it throws. Called inside itself it goes on with the same reader, and sees what that one sees.
  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    try readers.with { database in
      try database.isInTransaction ? body(database) : database.transaction("BEGIN", body)
    }
  }

  /// Runs `body` in the write transaction, after those who asked before, and returns when it is on disk. A throw undoes all that it wrote. Throws a
  /// busy `StoreError` when its turn doesn't come in time.
  ///
  /// Writes that wait together share a transaction: `body` may run on the thread of another, and once more when the first time came to nothing
  /// because of another's failure. So it has no effect outside the database but its result. Calling this inside itself is a programming error; hand
  /// the `Database` on instead.
  @discardableResult
  package func write<T>(_ body: (Database) throws -> T) throws -> T { try write(.ordinary, body) }

  /// The same for a write that may have to go on when the disk is full.
  @discardableResult
  package func write<T>(_ need: Need, _ body: (Database) throws -> T) throws -> T {
    try writer.write(need == .essential ? .essential : .shared, within: writeTimeout, body)
  }

  /// Writes something soon that nobody waits for and that may be lost: when somebody was last seen, say. Of several with one key that wait, the first
  /// is enough.
  package func writeSoon(_ key: String, _ body: @escaping @Sendable (Database) throws -> Void) {
    bookkeeping.add(key, body) { [writer, writeTimeout] all in try writer.write(.shared, within: writeTimeout, all) }
  }

  /// Calls this after each write that is committed, before the writer goes on; never for one that was undone.
  package func afterWrite(_ observer: @escaping @Sendable () -> Void) { commits.observe(observer) }

  /// Measures the data, so that the planner chooses the right index: for after a bulk load. `close()` does it too.
  package func optimize() throws { try withWriter { try $0.execute("PRAGMA optimize") } }

  /// The connection that writes, alone and outside any transaction.
  func withWriter<T>(within seconds: Double? = nil, _ body: (Database) throws -> T) throws -> T {
    try writer.write(.alone, within: seconds ?? writeTimeout, body)
  }

  /// Whether somebody else waits to write, in this program or in another.
  var isWriterWanted: Bool { writer.isWanted || lockFile.othersWait }

  /// For writes that go past `write`.
  func tellOfCommit() { commits.hear() }

  /// Leaves the file to the connection that writes, as far as nobody reads.
  func closeIdleReaders() { readers.closeIdle() }

  /// A connection that reads, outside any transaction.
  func withReader<T>(_ body: (Database) throws -> T) throws -> T { try readers.with(body) }

  /// Waits for the current write, then closes the file. Whoever still reads may finish; later calls throw. May be called twice.
  package func close() {
    bookkeeping.finish()
    readers.close()
    writer.close { database in
      // Planner statistics are a nicety: without them closing is still right, and nobody waits for another program's sake.
      try? writer.patience.wait(until: 0) { try database.execute("PRAGMA optimize") }
    }
    checkpointer.finish()
  }
}
