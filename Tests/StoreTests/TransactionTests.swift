import Base
import Store
import Synchronization
import Testing

struct TransactionTests {
  private struct Refusal: Error {}

  private func makeStore() throws -> Store {
    let store = try Store.temporary()
    try store.migrate([Migration("1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")])
    return store
  }

  private func count(_ store: Store) throws -> Int? { try store.read { try $0.value("SELECT count(*) FROM notes") } }

  @Test func `written data can be read`() throws {
    let store = try makeStore()
    let rowID = try store.write { db throws in
      #expect(try db.run("INSERT INTO notes (text) VALUES (\("first"))") == 1)
      return db.lastInsertedRowID
    }
    #expect(try store.read { try $0.text("SELECT text FROM notes WHERE id = \(rowID)") } == "first")
  }

  @Test func `a throw undoes the whole write, and the next one works`() throws {
    let store = try makeStore()
    #expect(throws: Refusal.self) {
      try store.write { db in
        try db.run("INSERT INTO notes (text) VALUES ('lost')")
        throw Refusal()
      }
    }
    #expect(try count(store) == 0)
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('kept')") }
    #expect(try count(store) == 1)
  }

  @Test func `a failing statement undoes the whole write, and the next one works`() throws {
    let store = try makeStore()
    #expect(throws: StoreError.self) {
      try store.write { db in
        try db.run("INSERT INTO notes (text) VALUES ('lost')")
        try db.run("INSERT INTO notes (text) VALUES (NULL)")
      }
    }
    #expect(try count(store) == 0)
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('kept')") }
    #expect(try count(store) == 1)
  }

  @Test func `a statement that ends the transaction is detected`() throws {
    let store = try makeStore()
    #expect(throws: StoreError.self) { try store.write { try $0.run("COMMIT") } }
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('kept')") }
    #expect(try count(store) == 1)
  }

  @Test func `a commit that fails undoes the write`() throws {
    let store = try makeStore()
    try store.migrate([
      Migration("1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"),
      Migration("2", "CREATE TABLE tags (note INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)"),
    ])
    let error = #expect(throws: StoreError.self) { try store.write { try $0.run("INSERT INTO tags VALUES (17)") } }
    #expect(error?.constraint == .foreignKey)
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags") } == 0)
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('kept')") }
  }

  @Test func `a savepoint that throws undoes only its own part`() throws {
    let store = try makeStore()
    try store.write { db throws in
      try db.run("INSERT INTO notes (text) VALUES ('outer')")
      #expect(throws: Refusal.self) {
        try db.savepoint {
          try db.run("INSERT INTO notes (text) VALUES ('inner')")
          try db.savepoint { try db.run("INSERT INTO notes (text) VALUES ('innermost')") }
          throw Refusal()
        }
      }
      try db.savepoint { try db.run("INSERT INTO notes (text) VALUES ('kept')") }
    }
    #expect(try store.read { try $0.all("SELECT text FROM notes ORDER BY id") { $0.text(0) } } == ["outer", "kept"])
  }

  @Test func `a read sees one snapshot, whatever is written, and does not wait`() throws {
    let store = try makeStore()
    try store.read { db throws in
      #expect(try db.value("SELECT count(*) FROM notes") == 0)
      try store.write { try $0.run("INSERT INTO notes (text) VALUES ('meanwhile')") }
      #expect(try db.value("SELECT count(*) FROM notes") == 0)
    }
    #expect(try count(store) == 1)
    try store.write { db throws in
      try db.run("INSERT INTO notes (text) VALUES ('not yet committed')")
      #expect(try count(store) == 1)
    }
    #expect(try count(store) == 2)
  }

  @Test func `a nested read uses the same reader, so that threads can't deadlock`() throws {
    let store = try Store.temporary(readers: 1)
    try store.migrate([Migration("1", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")])
    try store.read { db throws in
      #expect(try count(store) == 0)
      try store.write { try $0.run("INSERT INTO notes (text) VALUES ('meanwhile')") }
      #expect(try count(store) == 0)
      #expect(throws: Refusal.self) { try store.read { _ in throw Refusal() } }
      #expect(try db.value("SELECT count(*) FROM notes") == 0)
    }
    #expect(try count(store) == 1)
  }

  @Test func `a read can't write`() throws {
    let store = try makeStore()
    let error = #expect(throws: StoreError.self) { try store.read { try $0.run("INSERT INTO notes (text) VALUES ('no')") } }
    #expect(error?.message.contains("read-only") == true)
    #expect(try count(store) == 0)
  }

  @Test func `a closed store says so`() throws {
    let store = try makeStore()
    store.close()
    store.close()
    #expect(throws: StoreError("the database is closed")) { try store.read { _ in } }
    #expect(throws: StoreError("the database is closed")) { try store.write { _ in } }
  }

  @Test func `eight threads read and write without losing or mixing anything`() async throws {
    let store = try Store.temporary(readers: 3)
    try store.migrate([Migration("1", "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)")])
    try store.write { db throws in
      for id in 0..<10 { try db.run("INSERT INTO accounts VALUES (\(id), 100)") }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for round in 0..<150 {
            let from = (worker + round) % 10
            let to = (worker * 3 + round + 1) % 10
            try store.write { db in
              try db.run("UPDATE accounts SET balance = balance - 1 WHERE id = \(from)")
              try db.run("UPDATE accounts SET balance = balance + 1 WHERE id = \(to)")
            }
            let total = try store.read { db in
              var total = 0
              for id in 0..<10 { total += try db.value("SELECT balance FROM accounts WHERE id = \(id)") ?? 0 }
              return total
            }
            #expect(total == 1000)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.check() == [])
  }

  @Test func `one observer takes no other's place`() throws {
    let store = try makeStore()
    let first = Atomic(0)
    let second = Atomic(0)
    store.afterWrite { first.add(1, ordering: .relaxed) }
    store.afterWrite { second.add(1, ordering: .relaxed) }
    try store.write { _ in }
    #expect(first.load(ordering: .relaxed) == second.load(ordering: .relaxed) && first.load(ordering: .relaxed) > 0)
  }

  @Test func `observers are told of each write, and the last is as cheap as the first`() throws {
    let store = try makeStore()
    let heard = Atomic(0)
    store.afterWrite { heard.add(1, ordering: .relaxed) }
    #expect(throws: CancellationError.self) { try store.write { _ in throw CancellationError() } }
    // A function taken out of generic storage repeatedly is wrapped each time: a server would crash after some ten
    // thousand writes.
    for _ in 0..<100_000 { try store.write { _ in } }
    #expect(heard.load(ordering: .relaxed) == 100_000)
  }

  @Test func `the file is readable by its owner only`() throws {
    let store = try makeStore()
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('secret')") }
    #expect(permissions(of: store.path) == 0o600)
    #expect(permissions(of: store.path + "-wal") == 0o600)
  }

  @Test func `a file that isn't a database is refused with a message`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/letter.txt"
    try write(String(repeating: "Dear Sir or Madam, ", count: 400), to: path)
    let error = #expect(throws: StoreError.self) { try Store(path: path) }
    #expect(error?.message.contains("the file is not a database") == true)
    #expect(throws: StoreError.self) { try Store(path: folder.path + "/no/such/folder/x.sqlite") }
  }

  @Test func `the trace gets statements without their values`() throws {
    let statements = Mutex<[String]>([])
    let store = try Store.temporary { sql in statements.withLock { $0.append(sql) } }
    try store.read { db in _ = try db.value("SELECT \(42)") }
    #expect(statements.withLock { $0 } == ["SELECT ?"])
  }
}
