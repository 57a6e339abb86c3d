/// The one connection that writes.
///
/// Sendable because `database` is touched only with `lock` held.
final class Writer: @unchecked Sendable {
  private let lock = Lock()
  private var database: Database?

  init(_ database: Database) { self.database = database }

  /// Runs `body` alone with the connection, outside any transaction.
  func with<T>(_ body: (Database) throws -> T) throws -> T {
    lock.lock("write called inside write: pass the Database on instead")
    defer { lock.unlock() }
    guard let database else { throw StoreError.closed }
    return try body(database)
  }

  /// Closes the connection after a last `body`.
  func close(_ body: (Database) -> Void) {
    lock.lock("close called inside write")
    defer { lock.unlock() }
    if let database { body(database) }
    database = nil
  }
}
