/// Lends connections to one thread each, and lets a thread wait when all are lent.
///
/// Sendable because `idle`, `opened` and `isClosed` are touched only with `lock` held, and a lent connection only by its borrower.
final class ConnectionPool: @unchecked Sendable {
  private let lock = Lock()
  private let limit: Int
  private let open: @Sendable () throws(StoreError) -> Database
  /// The last one returned is lent next: its page cache is the warmest, and what is never needed is never opened.
  private var idle: [Database] = []
  private var opened = 0
  private var isClosed = false

  init(limit: Int, open: @escaping @Sendable () throws(StoreError) -> Database) {
    self.limit = max(1, limit)
    self.open = open
  }

  func with<T>(_ body: (Database) throws -> T) throws -> T {
    let database = try borrow()
    defer { giveBack(database) }
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

  private func borrow() throws(StoreError) -> Database {
    lock.lock()
    while idle.isEmpty && opened == limit && !isClosed { lock.wait() }
    if isClosed {
      lock.unlock()
      throw StoreError.closed
    }
    if let database = idle.popLast() {
      lock.unlock()
      return database
    }
    opened += 1
    lock.unlock()
    do {
      return try open()
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
