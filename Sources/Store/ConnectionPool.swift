#if canImport(Glibc)
  import Glibc
#endif

/// Lends connections to one thread each, and lets a thread wait when all are lent. A thread that has one gets the same one again: if it could take
/// a second, threads that hold one each could wait for each other's for ever.
///
/// Sendable because `idle`, `lent`, `opened` and `isClosed` are touched only with `lock` held, and a lent connection only by its borrower.
final class ConnectionPool: @unchecked Sendable {
  private let lock = Lock()
  private let limit: Int
  private let open: @Sendable () throws(StoreError) -> Database
  /// The last one returned is lent next: its page cache is the warmest, and what is never needed is never opened.
  private var idle: [Database] = []
  /// What each thread has at the moment.
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

  /// Closes idle connections now, lent ones when they come back, and refuses new loans.
  func close() {
    lock.lock()
    isClosed = true
    idle.removeAll()
    lock.wakeAll()
    lock.unlock()
  }

  /// Closes the connections that nobody uses; they are opened again when they are needed.
  func closeIdle() {
    lock.lock()
    opened -= idle.count
    idle.removeAll()
    lock.unlock()
  }

  /// The connection that this thread has already, or else one for it.
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
      // A connection that could not be brought back to rest is not lent again.
      opened -= 1
    } else {
      idle.append(database)
    }
    lock.wakeOne()
    lock.unlock()
  }
}
