@testable import Store
import Testing

struct MigrationTests {
  private static let first = Migration("1_contacts", "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
  private static let second = Migration("2_tags", "CREATE TABLE tags (contact INTEGER NOT NULL REFERENCES contacts (id)); -- tags\n")

  @Test func `each is applied once, in order`() throws {
    let store = try Store.temporary()
    try store.migrate([MigrationTests.first])
    try store.migrate([MigrationTests.first, MigrationTests.second])
    try store.migrate([MigrationTests.first, MigrationTests.second])
    #expect(
      try store.read { try $0.all("SELECT name FROM migrations ORDER BY position") { $0.text(0) } } == ["1_contacts", "2_tags"])
    #expect(try store.read { try $0.all("SELECT applied_at FROM migrations") { $0.timestamp(0) } }.count == 2)
  }

  @Test func `an upgrade reports its progress, a new database doesn't`() throws {
    let store = try Store.temporary()
    var heard: [UpgradeProgress.Work] = []
    try store.migrate([MigrationTests.first, MigrationTests.second]) { heard.append($0.work) }
    #expect(heard == [])
    let third = Migration(
      "3_third",
      """
      CREATE TABLE a (b); -- with; a semicolon
      CREATE TRIGGER c AFTER INSERT ON a BEGIN UPDATE a SET b = ';'; DELETE FROM a; END;
      INSERT INTO tags SELECT id FROM contacts
      """)
    let fourth = Migration("4_fourth", "DROP TABLE a;\n")
    try store.migrate([MigrationTests.first, MigrationTests.second, third, fourth]) { heard.append($0.work) }
    #expect(
      heard == [
        .step("3_third", number: 1, of: 2, statement: "CREATE TABLE a"),
        .step("3_third", number: 1, of: 2, statement: "CREATE TRIGGER c AFTER INSERT ON a BEGIN UPDATE a SET b = '"),
        .step("3_third", number: 1, of: 2, statement: "INSERT INTO tags SELECT id FROM contacts"),
        .step("4_fourth", number: 2, of: 2, statement: "DROP TABLE a"),
        .references(of: "tags"),
      ])
  }

  @Test func `a failing one undoes itself and those before it`() throws {
    let store = try Store.temporary()
    let broken = Migration("2_broken", "CREATE TABLE half (a); CREATE TABLE contacts (b);")
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first, broken]) }
    #expect(error?.message == "migration 2_broken failed: table contacts already exists")
    #expect(error?.sql?.contains("CREATE TABLE contacts (b)") == true)
    #expect(try store.read { try $0.value("SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'contacts', 'migrations')") } == 0)
    try store.migrate([MigrationTests.first, MigrationTests.second])
  }

  @Test func `a changed one is refused`() throws {
    let store = try Store.temporary()
    try store.migrate([MigrationTests.first])
    let error = #expect(throws: StoreError.self) { try store.migrate([Migration("1_contacts", "CREATE TABLE contacts (id)")]) }
    #expect(error?.message.contains("1_contacts was changed") == true)
  }

  @Test func `a database of a newer version is refused`() throws {
    let store = try Store.temporary()
    try store.migrate([MigrationTests.first, MigrationTests.second])
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first]) }
    #expect(error?.message.contains("upgraded by a newer one") == true)
  }

  @Test func `one that is older than an applied one is refused`() throws {
    let store = try Store.temporary()
    try store.migrate([MigrationTests.first])
    let error = #expect(throws: StoreError.self) { try store.migrate([Migration("0_early", "SELECT 1"), MigrationTests.first]) }
    #expect(error?.message == "migration 0_early is older than 1_contacts, which is already applied: give it a later date")
  }

  @Test func `duplicate names are refused`() throws {
    #expect(throws: StoreError.self) { try Store.temporary().migrate([MigrationTests.first, MigrationTests.first]) }
  }

  @Test func `a table can be rebuilt under its foreign keys`() throws {
    let store = try Store.temporary()
    let filled = Migration("3_filled", "INSERT INTO contacts VALUES (1, 'Eleni'); INSERT INTO tags VALUES (1);")
    let rebuilt = Migration(
      "4_rebuilt",
      """
      CREATE TABLE new_contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''));
      INSERT INTO new_contacts SELECT * FROM contacts;
      DROP TABLE contacts;
      ALTER TABLE new_contacts RENAME TO contacts;
      """)
    try store.migrate([MigrationTests.first, MigrationTests.second, filled, rebuilt])
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags JOIN contacts ON id = contact") } == 1)
    // And they are on again.
    #expect(throws: StoreError.self) { try store.write { try $0.run("INSERT INTO tags VALUES (99)") } }
  }

  @Test func `one that breaks a foreign key is undone`() throws {
    let store = try Store.temporary()
    let orphan = Migration("3_orphan", "INSERT INTO tags VALUES (99)")
    try store.migrate([MigrationTests.first, MigrationTests.second])
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first, MigrationTests.second, orphan]) }
    #expect(error?.message == "migration 3_orphan failed: tags references a missing row of contacts")
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags") } == 0)
    #expect(throws: StoreError.self) { try store.write { try $0.run("INSERT INTO tags VALUES (99)") } }
  }

  /// Ways to leave `tags` or `labels` without the row that they reference, in a database with contact 1 and its tag.
  static let breaks = [
    "INSERT INTO tags VALUES (99)",
    "UPDATE tags SET contact = 99",
    "UPDATE TAGS SET Contact = 99",
    "DELETE FROM contacts",
    "UPDATE contacts SET id = 99 WHERE id = 1",
    "UPDATE OR REPLACE contacts SET email = 'a' WHERE id = 2",
    "INSERT OR REPLACE INTO contacts VALUES (5, 'Nikos', 'a')",
    "DROP TABLE contacts",
    "DROP TABLE contacts; CREATE TABLE contacts (id INTEGER PRIMARY KEY)",
    "CREATE TABLE n (id INTEGER PRIMARY KEY); INSERT INTO n VALUES (2); DROP TABLE contacts; ALTER TABLE n RENAME TO contacts",
    "ALTER TABLE tags ADD COLUMN other INTEGER NOT NULL DEFAULT 99 REFERENCES contacts (id)",
    "ALTER TABLE tags RENAME TO labels; INSERT INTO labels VALUES (99)",
    "CREATE TABLE new (contact INTEGER REFERENCES contacts); INSERT INTO new VALUES (99); ALTER TABLE new RENAME TO labels",
    "CREATE TRIGGER gone AFTER INSERT ON notes BEGIN DELETE FROM contacts; END; INSERT INTO notes VALUES ('a')",
    "CREATE TABLE codes (code TEXT UNIQUE); CREATE TABLE uses (code REFERENCES codes (code)); INSERT INTO uses VALUES ('x')",
  ]

  private static let filled = Migration(
    "1_filled",
    """
    CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE);
    CREATE TABLE tags (contact INTEGER NOT NULL REFERENCES contacts (id));
    CREATE TABLE notes (text TEXT);
    INSERT INTO contacts VALUES (1, 'Eleni', 'a'), (2, 'Anna', 'b');
    INSERT INTO tags VALUES (1);
    """)

  @Test(arguments: breaks)
  func `a key that a step breaks is found at the end, and the whole upgrade is undone`(sql: String) throws {
    let store = try Store.temporary()
    try store.migrate([Self.filled])
    let harmless = Migration("3_harmless", "UPDATE notes SET text = ''; CREATE INDEX by_text ON notes (text)")
    let error = #expect(throws: StoreError.self) { try store.migrate([Self.filled, Migration("2_broken", sql), harmless]) }
    #expect(error?.message.hasPrefix("migration 2_broken failed: ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(" references a missing row of ") == true)
    #expect(try store.read { try $0.all("SELECT name FROM migrations") { $0.text(0) } } == ["1_filled"])
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags JOIN contacts ON contacts.id = contact") } == 1)
  }

  @Test(arguments: [
    "UPDATE contacts SET name = 'Elena'", "ALTER TABLE contacts ADD COLUMN city TEXT", "CREATE INDEX by_name ON contacts (name)",
    "INSERT INTO notes VALUES ('a'); DELETE FROM notes; DROP TABLE notes",
  ])
  func `tables whose keys the steps did not write are not checked`(sql: String) throws {
    let store = try Store.temporary()
    try store.migrate([Self.filled])
    try store.withWriter { db in
      try db.execute("PRAGMA foreign_keys = OFF")
      try db.run("INSERT INTO tags VALUES (99)")
    }
    try store.migrate([Self.filled, Migration("2_harmless", sql)])
    #expect(throws: StoreError.self) {
      try store.migrate([Self.filled, Migration("2_harmless", sql), Migration("3", "UPDATE tags SET contact = contact")])
    }
  }

  @Test func `with nothing to do it doesn't wait for a writer`() throws {
    let folder = try ScratchFolder()
    let (one, other) = (try Store(path: folder.path + "/a.sqlite"), try Store(path: folder.path + "/a.sqlite"))
    try one.migrate([MigrationTests.first])
    try one.write { db in
      try db.run("INSERT INTO contacts VALUES (1, 'Eleni')")
      try other.migrate([MigrationTests.first])
    }
  }

  @Test(arguments: ["CREATE TABLE a (b); COMMIT;", "SAVEPOINT s;", "ROLLBACK; BEGIN;", "END"])
  func `one that starts or ends a transaction is refused and undone`(sql: String) throws {
    let store = try Store.temporary()
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first, Migration("2", sql)]) }
    #expect(error?.message == "migration 2 must not start or end transactions")
    #expect(try store.read { try $0.value("SELECT count(*) FROM sqlite_schema") } == 0)
  }
}
