import Base
import Store
import Testing

struct DatabaseTests {
  private struct Refusal: Error {}

  private func makeStore() throws -> Store {
    let store = try Store.temporary()
    try store.migrate([
      Migration(
        "1",
        """
        CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss INTEGER REFERENCES people (id));
        INSERT INTO people VALUES (1, 'Kore', NULL), (2, 'Nikos', 1), (3, 'Eleni', 1), (4, 'Petros', 3);
        """)
    ])
    return store
  }

  @Test func `run counts the rows that changed`() throws {
    try makeStore().write { db throws in
      #expect(try db.run("UPDATE people SET name = name || '!' WHERE boss = 1") == 2)
      #expect(try db.run("UPDATE people SET name = 'x' WHERE id = 99") == 0)
      #expect(try db.run("CREATE TABLE other (a)") == 0)
      #expect(try db.run("DELETE FROM people WHERE id = 4") == 1)
    }
  }

  @Test func `first takes one row, value and text its first column`() throws {
    try makeStore().read { db throws in
      #expect(try db.first("SELECT name, id FROM people ORDER BY id") { "\($0.text(0))-\($0.int(1))" } == "Kore-1")
      #expect(try db.first("SELECT name FROM people WHERE id = 99") { $0.text(0) } == nil)
      #expect(try db.value("SELECT max(id) FROM people") == 4)
      #expect(try db.value("SELECT boss FROM people WHERE id = 1") == nil)
      #expect(try db.text("SELECT name FROM people WHERE id = 99") == nil)
    }
  }

  @Test func `returning gives rows of a write`() throws {
    let store = try makeStore()
    let id = try store.write { try $0.first("INSERT INTO people (name) VALUES (\("Maria")) RETURNING id") { $0.int(0) } }
    #expect(id == 5)
    #expect(try store.read { try $0.text("SELECT name FROM people WHERE id = 5") } == "Maria")
  }

  @Test func `a query can run inside itself`() throws {
    func tree(of boss: Int, in db: Database) throws -> [String] {
      var names: [String] = []
      try db.each("SELECT id, name FROM people WHERE boss = \(boss) ORDER BY id") { row in
        names.append(row.text(1))
        names += try tree(of: row.int(0), in: db)
      }
      return names
    }
    #expect(try makeStore().read { try tree(of: 1, in: $0) } == ["Nikos", "Eleni", "Petros"])
  }

  @Test func `a statement works again after an error in it and after a throw out of its rows`() throws {
    try makeStore().write { db throws in
      func add(_ name: String?) throws { try db.run("INSERT INTO people (name) VALUES (\(name))") }
      #expect(throws: StoreError.self) { try add(nil) }
      try add("Anna")
      #expect(throws: Refusal.self) { try db.each("SELECT id FROM people") { _ in throw Refusal() } }
      #expect(try db.all("SELECT id FROM people") { $0.int(0) }.count == 5)
    }
  }

  @Test func `more different statements than the cache holds`() throws {
    try makeStore().read { db throws in
      for round in 0..<2 {
        for number in 0..<600 { #expect(try db.value("SELECT \(raw: String(number)) + \(round)") == number + round) }
      }
    }
  }

  @Test func `a statement compiled before the schema changed still works`() throws {
    let store = try makeStore()
    let columns = { try store.read { db in try db.first("SELECT * FROM people WHERE id = 1") { $0.columnCount } } }
    #expect(try columns() == 3)
    try store.write { try $0.run("ALTER TABLE people ADD COLUMN nickname TEXT") }
    #expect(try columns() == 4)
  }

  @Test(arguments: ["SELEC 1", "", "  -- nothing\n", "SELECT 1; SELECT 2", "SELECT nothing FROM nowhere"])
  func `anything but one statement is refused`(sql: String) throws {
    #expect(throws: StoreError.self) { try makeStore().read { try $0.run(SQL(raw: sql)) } }
  }

  @Test func `blanks and comments around a statement are fine`() throws {
    #expect(try makeStore().read { try $0.value("-- before\nSELECT 1; -- after\n ; ") } == 1)
  }

  @Test func `a wrong number of values is refused`() throws {
    #expect(throws: StoreError("1 values for 2 parameters", sql: "SELECT ?, ?")) {
      try makeStore().read { try $0.run("SELECT ?, \(1)") }
    }
  }

  @Test func `an error names the statement and what is wrong with it`() throws {
    let error = #expect(throws: StoreError.self) { try makeStore().read { try $0.run("SELECT x FROM people WHERE id = \(1)") } }
    #expect(error?.description == "no such column: x in: SELECT x FROM people WHERE id = ?")
    #expect(error?.code == 1)
  }

  @Test func `a prepared statement loads many rows`() throws {
    let store = try Store.temporary()
    try store.migrate([Migration("1", "CREATE TABLE t (id TEXT, n INTEGER, d REAL, b BLOB, at TEXT, flag INTEGER, other TEXT)")])
    let now = Clock.system.now()
    try store.write { db throws in
      let insert = try db.prepared("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)")
      for number in 0..<1000 {
        insert.bind(1, RecordID.make(at: now))
        insert.bind(2, number)
        insert.bind(3, Double(number) / 2)
        insert.bind(4, [UInt8(truncatingIfNeeded: number)])
        insert.bind(5, now)
        insert.bind(6, number % 2 == 0)
        if number % 2 == 0 { insert.bind(7, "text" as String?) } else { insert.bindNull(7) }
        try insert.execute()
      }
    }
    try store.read { db throws in
      #expect(try db.value("SELECT count(*) FROM t WHERE length(id) = 36 AND at = \(now)") == 1000)
      #expect(try db.value("SELECT sum(n) + sum(flag) + count(other) FROM t") == 499_500 + 500 + 500)
      let select = try db.prepared("SELECT n, d, b FROM t WHERE n = ?")
      for number in [7, 300] {
        select.bind(1, number)
        let (found, more): (Bool, Bool)
        found = try select.step()
        try select.withRow { row in
          let (integer, double, bytes) = (row.int(0), row.double(1), row.bytes(2))
          #expect(integer == number && double == Double(number) / 2 && bytes == [UInt8(truncatingIfNeeded: number)])
        }
        more = try select.step()
        #expect(found && !more)
        select.reset()
      }
    }
  }
}
