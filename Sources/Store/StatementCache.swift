/// The compiled statements of one connection by their text, so that each is compiled once.
struct StatementCache {
  private var statements: [String: Statement] = [:]
  private var uses = 0
  private let capacity: Int

  init(capacity: Int = 256) { self.capacity = capacity }

  /// A free statement: the cached one, or a new one if a query runs inside itself.
  mutating func take(_ sql: String, on connection: OpaquePointer) throws(StoreError) -> Statement {
    uses += 1
    if let statement = statements[sql] {
      if statement.isInUse { return try Statement.prepare(sql, on: connection) }
      statement.isInUse = true
      statement.lastUse = uses
      return statement
    }
    let statement = try Statement.prepare(sql, on: connection)
    statement.isInUse = true
    statement.lastUse = uses
    if statements.count >= capacity { dropOldest() }
    statements[sql] = statement
    return statement
  }

  /// Returns a statement, reset and without bindings.
  func put(_ statement: Statement) {
    statement.clear()
    statement.isInUse = false
  }

  mutating func removeAll() { statements.removeAll() }

  private mutating func dropOldest() {
    let oldest = statements.min { $0.value.lastUse < $1.value.lastUse }
    if let oldest { statements[oldest.key] = nil }
  }
}
