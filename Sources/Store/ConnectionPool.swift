#if canImport(Glibc)
  import Glibc
#endif

/// Lends each connection to one thread at a time and blocks when all are lent. A thread that already has one gets the
/// same one again: if it could take a second, threads holding one each could deadlock.
///
/// Sendable because `idle`, `lent`, `opened` and `isClosed` are accessed only with `lock` held, and a lent connection
/// only by its borrower.
final class ConnectionPool: @unchecked Sendable {
  private let lock = Lock()
  private let limit: Int
  private let open: @Sendable () throws(StoreError) -> Database
  /// Last in, first out: the most recently used connection has the warmest page cache, and unneeded ones are never
  /// opened.
  private var idle: [Database] = []
  /// The connection that each thread holds.
  private var lent: [pthread_t: Database] = [:]
  private var opened = 0
  private var isClosed = false

  init(limit: Int, open: @escaping @Sendable () throws(StoreError) -> Database) {
    self.limit = max(1, limit)
    self.open = open
  }

  func with<T>(_ body: (Database) throws -> T) throws -> T {
    let (database, isMine) = try borrow()
    defer { if !isMine { giveBack(database) } }
    return try body(database)
  }

  /// Closes idle connections now and lent ones when they are returned; refuses new loans.
  func close() {
    lock.lock()
    isClosed = true
    idle.removeAll()
    lock.wakeAll()
    lock.unlock()
  }

  /// Closes the idle connections; they are reopened on demand.
  func closeIdle() {
    lock.lock()
    opened -= idle.count
    idle.removeAll()
    lock.unlock()
  }

  /// The connection that this thread already holds, or a free one.
  private func borrow() throws(StoreError) -> (Database, isMine: Bool) {
    lock.lock()
    if let mine = lent[pthread_self()] {
      lock.unlock()
      return (mine, true)
    }
    while idle.isEmpty && opened == limit && !isClosed { lock.wait() }
    if isClosed {
      lock.unlock()
      throw StoreError.closed
    }
    if let database = idle.popLast() {
      lent[pthread_self()] = database
      lock.unlock()
      return (database, false)
    }
    opened += 1
    lock.unlock()
    do {
      let database = try open()
      lock.lock()
      lent[pthread_self()] = database
      lock.unlock()
      return (database, false)
    } catch {
      lock.lock()
      opened -= 1
      lock.wakeOne()
      lock.unlock()
      throw error
    }
  }

  private func giveBack(_ database: Database) {
    lock.lock()
    lent[pthread_self()] = nil
    if isClosed || database.isInTransaction {
      // A connection that could not be reset is not lent again.
      opened -= 1
    } else {
      idle.append(database)
    }
    lock.wakeOne()
    lock.unlock()
  }
}
