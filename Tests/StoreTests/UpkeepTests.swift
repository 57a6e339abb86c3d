import Foundation
@testable import Store
import Testing

struct UpkeepTests {
  private static let history = [
    Migration(
      "1",
      """
      CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
      CREATE TABLE links (note INTEGER NOT NULL REFERENCES notes (id));
      CREATE INDEX links_note ON links (note);
      CREATE VIRTUAL TABLE notes_search USING fts5 (text, content = 'notes', content_rowid = 'id', prefix = '2 3');
      CREATE TRIGGER notes_search_insert AFTER INSERT ON notes BEGIN
        INSERT INTO notes_search (rowid, text) VALUES (new.id, new.text);
      END;
      """)
  ]

  private func makeStore() throws -> Store {
    let store = try Store.temporary()
    try store.migrate(UpkeepTests.history)
    try store.write { db throws in
      for number in 0..<500 { try db.run("INSERT INTO notes (text) VALUES (\("note number \(number)"))") }
      try db.run("INSERT INTO links VALUES (1)")
    }
    return store
  }

  @Test func `a backup is a complete database of its moment`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/copy.sqlite"
    try store.backup(to: path)
    try store.write { try $0.run("INSERT INTO notes (text) VALUES ('later')") }
    #expect(permissions(of: path) == 0o600)

    let copy = try Store(path: path)
    try copy.migrate(UpkeepTests.history)
    #expect(try copy.check() == [])
    #expect(try copy.schema() == store.schema())
    #expect(try copy.read { try $0.value("SELECT count(*) FROM notes") } == 500)
    #expect(try copy.read { try $0.value("SELECT count(*) FROM notes_search WHERE notes_search MATCH '\"42\"'") } == 1)
  }

  @Test func `a backup overwrites nothing and leaves nothing half done`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/precious.txt"
    try write("precious", to: path)
    #expect(throws: StoreError.self) { try store.backup(to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    #expect(throws: StoreError.self) { try store.backup(to: folder.path + "/no/such/folder") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["precious.txt"])
  }

  @Test func `reading after a backup still can't write`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    try store.backup(to: folder.path + "/copy.sqlite")
    #expect(throws: StoreError.self) { try store.read { try $0.run("DELETE FROM links") } }
  }

  @Test func `a sound database has no problems`() throws {
    #expect(try makeStore().check() == [])
  }

  @Test func `a missing row behind a foreign key is found`() throws {
    let store = try makeStore()
    try store.withWriter { db in
      try db.execute("PRAGMA foreign_keys = OFF")
      try db.run("INSERT INTO links VALUES (7777)")
    }
    #expect(try store.check() == ["links row 2 refers to a missing row of notes"])
  }

  @Test func `a full-text index that lags behind its table is found`() throws {
    let store = try makeStore()
    try store.write { try $0.run("UPDATE notes SET text = 'changed behind the index' WHERE id = 7") }
    let problems = try store.check()
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("full-text index notes_search does not match its text") == true)
  }

  @Test func `the schema is text in a stable order, without inner tables`() throws {
    let schema = try makeStore().schema()
    let starts = schema.split(separator: ";\n").map { $0.drop { $0 == "\n" }.prefix(27) }.filter { $0.hasPrefix("CREATE") }
    #expect(
      starts == [
        "CREATE TABLE links (note IN", "CREATE INDEX links_note ON ", "CREATE TABLE migrations (\n ", "CREATE TABLE notes (id INTE",
        "CREATE TRIGGER notes_search", "CREATE VIRTUAL TABLE notes_",
      ])
  }

  @Test func `measuring helps the planner`() throws {
    let store = try makeStore()
    _ = try store.read { try $0.value("SELECT count(*) FROM links WHERE note = \(1)") }
    try store.optimize()
    #expect(try store.check() == [])
  }
}
