import Foundation
@testable import Store
import Synchronization
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

  @Test func `a backup is a complete snapshot`() throws {
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

  @Test func `a backup overwrites nothing and leaves no incomplete file`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/precious.txt"
    try write("precious", to: path)
    #expect(throws: StoreError.self) { try store.backup(to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    #expect(throws: StoreError.self) { try store.backup(to: folder.path + "/no/such/folder") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["precious.txt"])
  }

  @Test func `the remains of a killed backup don't block the next one`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/copy.sqlite"
    for ending in ["", "-wal", "-shm", "-journal"] { try write("half", to: path + ".partial" + ending) }
    try store.backup(to: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.sqlite"])
    #expect(try Store(path: path).check() == [])
  }

  @Test func `a backup gets its name after verification, and a failing one gets none`() throws {
    struct Refused: Error {}
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/copy.sqlite"
    #expect(throws: Refused.self) {
      try store.backup(to: path) { copy in
        #expect(try copy.read { try $0.value("SELECT count(*) FROM notes") } == 500)
        #expect(!FileManager.default.fileExists(atPath: path))
        throw Refused()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `of two concurrent backups to one name the second is refused, and the first unharmed`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let path = folder.path + "/copy.sqlite"
    try store.backup(to: path) { _ in
      #expect { try store.backup(to: path) } throws: { "\($0)".contains("another backup is running") }
      #expect(throws: StoreError.self) { try Store.refuseBackup(to: path) }
    }
    #expect(try Store(path: path).check() == [])
    #expect { try Store.refuseBackup(to: path) } throws: { "\($0)".contains("the file already exists") }
  }

  @Test func `writes continue while a database is checked or copied`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    let writeSomething: @Sendable () throws -> Void = {
      _ = try store.write { db in try db.run("INSERT INTO notes (text) VALUES ('meanwhile')") }
    }
    let part = CheckPart("somebody writes") { _ in
      try writeSomething()
      return []
    }
    #expect(try store.check(also: [part]) == [])
    try store.write { db in
      // While another connection holds the write lock, the check doesn't wait.
      #expect(try store.check() == [])
      _ = try db.value("SELECT 1")
    }
    try store.backup(to: folder.path + "/copy.sqlite") { _ in try writeSomething() }
    #expect(try store.read { try $0.value("SELECT count(*) FROM notes WHERE text = 'meanwhile'") } == 2)
  }

  @Test func `a failing part is a problem, and the others still run`() throws {
    struct Broken: Error {}
    let store = try makeStore()
    let last = Mutex<Store.CheckProgress?>(nil)
    let parts = [CheckPart("broken") { _ in throw Broken() }, CheckPart("fine") { _ in ["one", "two"] }]
    let problems = try store.check(also: parts) { progress in last.withLock { $0 = progress.done >= $0?.done ?? 0 ? progress : $0 } }
    #expect(problems == ["broken could not be checked: Broken()", "one", "two"])
    let end = try #require(last.withLock { $0 })
    #expect(end.done == end.all && end.all > 8)
  }

  @Test func `a page damaged on disk is found`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/data.sqlite"
    let store = try Store(path: path)
    try store.migrate(UpkeepTests.history)
    try store.write { db in for number in 0..<500 { try db.run("INSERT INTO notes (text) VALUES (\("note number \(number)"))") } }
    store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in stride(from: 3 * 4_096, to: bytes.count, by: 4_096) { bytes[place] = 77 }
    try bytes.write(to: URL(fileURLWithPath: path))
    let problems = try Store(path: path).check()
    #expect(!problems.isEmpty)
    #expect(problems.allSatisfy { $0.contains("damaged") || $0.contains("could not be checked") || $0.contains("does not match") })
  }

  @Test func `a database file is identified without touching it`() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/x"
    #expect(DatabaseFile(path).kind == .missing)
    try write("", to: path)
    #expect(DatabaseFile(path).kind == .empty)
    try write(String(repeating: "text ", count: 100), to: path)
    #expect(DatabaseFile(path).kind == .other)
    try write("SQLite format 3\0", to: path)
    #expect(DatabaseFile(path).kind == .other, "cut off within its head")
    let store = try Store(path: folder.path + "/data.sqlite")
    let file = DatabaseFile(store.path)
    #expect(file.kind == .database && file.hasLog && file.pageSize == 4_096)
  }

  @Test func `reading after a backup still can't write`() throws {
    let store = try makeStore()
    let folder = try ScratchFolder()
    try store.backup(to: folder.path + "/copy.sqlite")
    #expect(throws: StoreError.self) { try store.read { try $0.run("DELETE FROM links") } }
  }

  @Test func `an intact database has no problems`() throws {
    #expect(try makeStore().check() == [])
  }

  @Test func `a missing referenced row is found`() throws {
    let store = try makeStore()
    try store.withWriter { db in
      try db.execute("PRAGMA foreign_keys = OFF")
      try db.run("INSERT INTO links VALUES (7777)")
    }
    #expect(try store.check() == ["links row 2 references a missing row of notes"])
  }

  @Test func `an outdated full-text index is found`() throws {
    let store = try makeStore()
    try store.write { try $0.run("UPDATE notes SET text = 'changed behind the index' WHERE id = 7") }
    let problems = try store.check()
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("full-text index notes_search does not match its text") == true)
  }

  @Test func `the schema is text in a stable order, without shadow tables`() throws {
    let schema = try makeStore().schema()
    let starts = schema.split(separator: ";\n").map { $0.drop { $0 == "\n" }.prefix(27) }.filter { $0.hasPrefix("CREATE") }
    #expect(
      starts == [
        "CREATE TABLE links (note IN", "CREATE INDEX links_note ON ", "CREATE TABLE migrations (\n ", "CREATE TABLE notes (id INTE",
        "CREATE TRIGGER notes_search", "CREATE VIRTUAL TABLE notes_",
      ])
  }

  @Test func `statistics help the planner`() throws {
    let store = try makeStore()
    _ = try store.read { try $0.value("SELECT count(*) FROM links WHERE note = \(1)") }
    try store.optimize()
    #expect(try store.check() == [])
  }

  @Test func `a search index that doesn't find its rows is noticed`() throws {
    let store = try Store.temporary()
    try store.write { db throws in
      try db.script(
        """
        CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
        CREATE VIRTUAL TABLE note_search USING fts5 (words, content = 'notes', content_rowid = 'id', detail = none, tokenize = 'ascii');
        """)
      for number in 0..<5_000 { try db.run("INSERT INTO notes (words) VALUES (\("word\(number) other\(number * 7)"))") }
      try db.script("INSERT INTO note_search (note_search) VALUES ('rebuild')")
    }
    #expect(try store.check() == [])
    try store.write { try $0.run("DELETE FROM note_search_idx") }
    let problems = try store.check()
    #expect(problems.count == 1 && problems[0].contains("note_search"), "\(problems)")
  }
}
