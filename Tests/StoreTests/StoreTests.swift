import Base
import Store
import Testing

struct StoreTests {
  @Test func `smoke`() throws {
    let store = try Store.temporary()
    try store.migrate([
      Migration("1", "CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER, at TEXT); CREATE VIRTUAL TABLE f USING fts5(x); -- end\n"),
      Migration("2", "CREATE VIRTUAL TABLE g USING fts5(n, content='t'); CREATE VIRTUAL TABLE h USING fts5(n, content='')"),
    ])
    let id = RecordID.make(at: Clock.system.now())
    try store.write { db in
      try db.run("INSERT INTO t VALUES (\(id), \(1), \(Clock.system.now()))")
      try db.run("INSERT INTO h (rowid, n) VALUES (1, 'hello')")
    }
    let back = try store.read { db in try db.all("SELECT * FROM t WHERE id = \(id)") { ($0.recordID(0), $0.int(1), $0.timestamp(2)) } }
    #expect(back[0].0 == id)
    print(try store.schema())
    print(try store.check())
    try store.backup(to: store.path + ".backup")
    #expect(throws: StoreError.self) { try store.backup(to: store.path + ".backup") }
    let s: SQL = "SELECT \("it's"), \(true ? "a" : "b")"
    #expect(s.text == "SELECT ?, ?")
    print(TextFolding.fold("  Μπίμπης  Ş İstanbul ıI Straße Łódź"), TextFolding.words("O'Neil, Ελένη ΓΙΏΡΓΟΣ"), Clock.system.now().text)
  }
}
