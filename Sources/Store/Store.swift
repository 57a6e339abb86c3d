#if canImport(Glibc)
  import Glibc
#endif

/// The database file: one writer and several readers that don't block each other (write-ahead log).
///
/// A unit of work is a closure on one connection inside one transaction. It is synchronous, so that nothing can come
/// between its statements.
package final class Store: Sendable {
  /// What a finished write survives.
  package enum Durability: Sendable {
    /// A power failure.
    case full
    /// Nothing: for tests.
    case off
  }

  /// How urgent a write is when the disk is full.
  package enum Need: Sendable {
    case ordinary
    /// Signing in and out, and deleting: when the disk is full, such a write can use the disk reserve.
    case essential
  }

  /// Where the file is.
  package let path: String
  /// How long a write waits for its turn, in seconds.
  private let writeTimeout: Double
  /// How programs that have the file open coordinate.
  package let lockFile: LockFile
  let writer: Writer
  private let readers: ConnectionPool
  let checkpointer: Checkpointer
  private let bookkeeping = Bookkeeping()
  private let temporaryFolder: TemporaryFolder?
  private let commits: CommitObserver

  /// Opens the database; creates the file if it doesn't exist, readable by its owner only.
  ///
  /// `readers` is the maximum number of concurrent reads; each connection opens on demand and caches up to
  /// `cachePerReader` bytes of pages. `mappedBytes` of the file are memory-mapped: faster, but counted as the process's
  /// memory. A write whose turn doesn't come within `writeTimeout` seconds fails. `keepsReserve` keeps a disk reserve
  /// for `Need.essential`: for the server. `trace` is called with each statement's text.
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
    // Opening needs space too; if the disk was full before the start, the reserve is released first.
    let database: Database
    do {
      database = try settings.openWriter(path)
    } catch {
      guard error.isFull, unlink(DiskReserve.path(for: path)) == 0 else { throw error }
      database = try settings.openWriter(path)
    }
    writer = Writer(
      database, busyWait: BusyWait(lockFile), reserve: keepsReserve ? DiskReserve(path: DiskReserve.path(for: path)) : nil,
      onCommit: { commits.hear() })
    let checkpointer = Checkpointer(writer) { () throws(StoreError) in try settings.openCheckpointer(path) }
    database.watchLog { checkpointer.logHas($0) }
    self.checkpointer = checkpointer
    self.readers = ConnectionPool(limit: readers) { () throws(StoreError) in try settings.openReader(path) }
  }

  /// A new database in a folder of its own, removed together with the store: for tests. It begins with the bytes of another database's file.
  package static func temporary(
    from file: [UInt8] = [], readers: Int = 8, writeTimeout: Double = 5, trace: (@Sendable (String) -> Void)? = nil
  ) throws -> Store {
    let folder = try TemporaryFolder()
    if !file.isEmpty { try folder.write(file, as: "store.sqlite") }
    let settings = ConnectionSettings(durability: .off, cacheBytes: 2 << 20, mappedBytes: 0, trace: trace)
    return try Store(
      path: folder.path + "/store.sqlite", readers: readers, settings: settings, writeTimeout: writeTimeout, keepsReserve: false,
      temporaryFolder: folder)
  }

  deinit { close() }

  /// Runs `body` in a read transaction: all its queries see the same snapshot. Waits if all readers are taken. Writing
  /// in it throws. A nested call uses the same reader, and sees the same snapshot.
  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    try readers.with { database in
      try database.isInTransaction ? body(database) : database.transaction("BEGIN", body)
    }
  }

  /// Runs `body` in a write transaction, in the order of the calls, and returns when it is on disk. A throw rolls back
  /// everything it wrote. Throws a busy `StoreError` if its turn doesn't come in time.
  ///
  /// Writes that wait together share a transaction: `body` can run on another caller's thread, and a second time if the
  /// first was rolled back because of another's failure. So it must have no effect outside the database but its result.
  /// A nested call is a programming error; pass the `Database` on instead.
  @discardableResult
  package func write<T>(_ body: (Database) throws -> T) throws -> T { try write(.ordinary, body) }

  /// The same for a write that has to work even when the disk is full.
  @discardableResult
  package func write<T>(_ need: Need, _ body: (Database) throws -> T) throws -> T {
    try writer.write(need == .essential ? .essential : .shared, within: writeTimeout, body)
  }

  /// Schedules a write that nobody waits for and that can be lost: when a user was last seen, for example. Of several
  /// queued with the same key, only the first is run.
  package func writeSoon(_ key: String, _ body: @escaping @Sendable (Database) throws -> Void) {
    bookkeeping.add(key, body) { [writer, writeTimeout] all in try writer.write(.shared, within: writeTimeout, all) }
  }

  /// Registers a callback for each commit, called before the writer continues; never for a rollback.
  package func afterWrite(_ observer: @escaping @Sendable () -> Void) { commits.observe(observer) }

  /// Updates the planner's statistics, so that it chooses the right index: for after a bulk load. `close()` does it too.
  package func optimize() throws { try withWriter { try $0.execute("PRAGMA optimize") } }

  /// The connection that writes, exclusively and outside any transaction.
  func withWriter<T>(within seconds: Double? = nil, _ body: (Database) throws -> T) throws -> T {
    try writer.write(.alone, within: seconds ?? writeTimeout, body)
  }

  /// Whether somebody else waits to write, in this program or in another.
  var isWriterWanted: Bool { writer.isWanted || lockFile.othersWait }

  /// For writes that bypass `write`.
  func tellOfCommit() { commits.hear() }

  /// Leaves the file to the writing connection, as far as there are no readers.
  func closeIdleReaders() { readers.closeIdle() }

  /// A connection that reads, outside any transaction.
  func withReader<T>(_ body: (Database) throws -> T) throws -> T { try readers.with(body) }

  /// Waits for the current write, then closes the file. Running reads can finish; later calls throw. Can be called
  /// twice.
  package func close() {
    bookkeeping.finish()
    readers.close()
    writer.close { database in
      // Planner statistics are optional: closing without them is fine, and not worth waiting for another program.
      try? writer.busyWait.wait(until: 0) { try database.execute("PRAGMA optimize") }
    }
    checkpointer.finish()
  }
}
