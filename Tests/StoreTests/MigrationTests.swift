import Store
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

  @Test func `one that fails leaves nothing of itself and keeps those before it`() throws {
    let store = try Store.temporary()
    let broken = Migration("2_broken", "CREATE TABLE half (a); CREATE TABLE contacts (b);")
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first, broken]) }
    #expect(error?.message == "migration 2_broken failed: table contacts already exists")
    #expect(error?.sql?.contains("CREATE TABLE contacts (b)") == true)
    #expect(try store.read { try $0.value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") } == 0)
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
    #expect(error?.message.contains("newer version") == true)
  }

  @Test func `one that is older than an applied one is refused`() throws {
    let store = try Store.temporary()
    try store.migrate([MigrationTests.first])
    let error = #expect(throws: StoreError.self) { try store.migrate([Migration("0_early", "SELECT 1"), MigrationTests.first]) }
    #expect(error?.message == "migration 0_early is older than 1_contacts, which was applied already: give it a later date")
  }

  @Test func `two of one name are refused`() throws {
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
    let error = #expect(throws: StoreError.self) { try store.migrate([MigrationTests.first, MigrationTests.second, orphan]) }
    #expect(error?.message == "migration 3_orphan failed: tags refers to a missing row of contacts")
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags") } == 0)
    #expect(throws: StoreError.self) { try store.write { try $0.run("INSERT INTO tags VALUES (99)") } }
  }

  @Test func `one that commits by itself is refused`() throws {
    #expect(throws: StoreError.self) { try Store.temporary().migrate([Migration("1", "CREATE TABLE a (b); COMMIT;")]) }
  }
}
