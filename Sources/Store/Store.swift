import Synchronization

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

  /// Where the file is.
  package let path: String
  private let writer: Writer
  private let readers: ConnectionPool
  let checkpointer: Checkpointer
  private let temporaryFolder: TemporaryFolder?
  private let observer = Mutex<Observer?>(nil)

  /// In a type of its own: a bare function in generic storage is wrapped once more whenever it is looked at, until calling it ends the stack.
  private struct Observer {
    let hear: @Sendable () -> Void
  }

  /// Opens the database and makes the file if there is none, readable by its owner only.
  ///
  /// `readers` is how many may read at once; each opens when first needed and keeps up to `cachePerReader` bytes of pages. `mappedBytes` of
  /// the file are mapped into memory: faster, but counted as the process's memory. `trace` is told each statement's text.
  package convenience init(
    path: String, readers: Int = 8, durability: Durability = .full, cachePerReader: Int = 2 << 20, mappedBytes: Int = 0,
    trace: (@Sendable (String) -> Void)? = nil
  ) throws(StoreError) {
    let settings = ConnectionSettings(durability: durability, cacheBytes: cachePerReader, mappedBytes: mappedBytes, trace: trace)
    try self.init(path: path, readers: readers, settings: settings, temporaryFolder: nil)
  }

  private init(path: String, readers: Int, settings: ConnectionSettings, temporaryFolder: TemporaryFolder?) throws(StoreError) {
    self.path = path
    self.temporaryFolder = temporaryFolder
    let database = try settings.openWriter(path)
    writer = Writer(database)
    let checkpointer = Checkpointer(writer) { () throws(StoreError) in try settings.openCheckpointer(path) }
    database.watchLog { checkpointer.logHas($0) }
    self.checkpointer = checkpointer
    self.readers = ConnectionPool(limit: readers) { () throws(StoreError) in try settings.openReader(path) }
  }

  /// A fresh database in a folder of its own, removed with the store: for tests.
  package static func temporary(readers: Int = 8, trace: (@Sendable (String) -> Void)? = nil) throws -> Store {
    let folder = try TemporaryFolder()
    let settings = ConnectionSettings(durability: .off, cacheBytes: 2 << 20, mappedBytes: 0, trace: trace)
    return try Store(path: folder.path + "/store.sqlite", readers: readers, settings: settings, temporaryFolder: folder)
  }

  deinit { close() }

  /// Runs `body` in a read transaction: all its queries see the database as it was at the first of them. Waits when all readers are taken.
  /// Writing in it throws. Called inside itself it goes on with the same reader, and sees what that one sees.
  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    try readers.with { database in
      try database.isInTransaction ? body(database) : database.transaction("BEGIN", body)
    }
  }

  /// Runs `body` in the write transaction, after those who asked before. A throw undoes all that it wrote.
  ///
  /// Calling it inside itself is a programming error; hand the `Database` on instead.
  @discardableResult
  package func write<T>(_ body: (Database) throws -> T) throws -> T {
    let result = try writer.with { database in try database.transaction("BEGIN IMMEDIATE", body) }
    observer.withLock { $0 }?.hear()
    return result
  }

  /// Calls this after each write that is committed, on the thread that wrote; never for one that was undone.
  package func afterWrite(_ observer: @escaping @Sendable () -> Void) { self.observer.withLock { $0 = Observer(hear: observer) } }

  /// Measures the data, so that the planner chooses the right index: for after a bulk load. `close()` does it too.
  package func optimize() throws { try writer.with { try $0.execute("PRAGMA optimize") } }

  /// The connection that writes, outside any transaction.
  func withWriter<T>(_ body: (Database) throws -> T) throws -> T { try writer.with(body) }

  /// A connection that reads, outside any transaction.
  func withReader<T>(_ body: (Database) throws -> T) throws -> T { try readers.with(body) }

  /// Waits for the current write, then closes the file. Whoever still reads may finish; later calls throw. May be called twice.
  package func close() {
    readers.close()
    writer.close { database in
      // Planner statistics are a nicety: without them closing is still right.
      try? database.execute("PRAGMA optimize")
    }
    checkpointer.finish()
  }
}
