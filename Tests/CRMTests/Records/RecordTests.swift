import Base
@testable import Admin
@testable import CRM
import Store
import Testing

/// The one row of each record in `records`, and what references it.
@Suite struct RecordTests {
  private let store: Store

  init() throws {
    store = try Store.temporary()
    try store.migrate(crm.migrations)
  }

  private func insert(_ table: String, _ id: String, into store: Store? = nil) throws {
    let words: SQL = table == "companies" ? ", name_words" : ""
    let values: SQL = table == "companies" ? ", ''" : ""
    try (store ?? self.store).write { db in
      _ = try db.run(
        """
        INSERT INTO \(raw: table) (id, name, name_sort, words, created_at, updated_at\(words))
        VALUES (\(id), \("Name of " + id), \("name of " + id), '', '', ''\(values))
        """)
    }
  }

  private func texts(_ sql: SQL, in store: Store? = nil) throws -> [String] {
    try (store ?? self.store).read { db in try db.all(sql) { $0.text(0) } }
  }

  @Test(arguments: [("contacts", "contact"), ("companies", "company")])
  func `a record comes and goes with its row`(table: String, type: String) throws {
    try insert(table, "b")
    try insert(table, "a")
    #expect(try texts("SELECT id || ' ' || type FROM records WHERE type <> 'role' ORDER BY id") == ["a \(type)", "b \(type)"])
    #expect(throws: StoreError.self) { try store.write { try $0.run("UPDATE \(raw: table) SET id = 'c' WHERE id = 'a'") } }
    try store.write { _ = try $0.run("DELETE FROM \(raw: table) WHERE id = 'a'") }
    #expect(try texts("SELECT id FROM records WHERE type <> 'role'") == ["b"])
  }

  @Test func `no two records have one id, whatever their types`() throws {
    try insert("contacts", "a")
    #expect(throws: StoreError.self) { try insert("companies", "a") }
  }

  @Test func `a record takes along what hangs on it, and is held by its folders`() throws {
    try insert("contacts", "a")
    try insert("companies", "b")
    try store.write { db in
      try db.script(
        """
        INSERT INTO interactions (seq, id, record_id, type, occurred_at, created_at, updated_at) VALUES
          (1, 'i1', 'a', 'note', '', '', ''), (2, 'i2', 'b', 'note', '', '', '');
        INSERT INTO interaction_parties (interaction, position, record_id, name, captured_at) VALUES (2, 0, 'a', 'Ann', '');
        INSERT INTO comments (seq, id, record_id, thread, author_name, body, created_at) VALUES (1, 'c', 'a', 1, 'x', 'x', '');
        INSERT INTO folders (id, name, purpose, record_id, created_at) VALUES ('f', 'Contact', 'files', 'a', '');
        """)
    }
    #expect(throws: StoreError.self) { try store.write { try $0.run("DELETE FROM contacts WHERE id = 'a'") } }
    try store.write { db in
      try db.run("DELETE FROM folders")
      _ = try db.run("DELETE FROM contacts WHERE id = 'a'")
    }
    #expect(try texts("SELECT id FROM interactions") == ["i2"])
    #expect(try texts("SELECT name || coalesce(record_id, '') FROM interaction_parties") == ["Ann"])
    #expect(try texts("SELECT id FROM comments") == [])
    #expect(try crm.check(store) == [])
  }

  @Test func `check finds rows that are missing, of the wrong type or of nothing, and repairs them`() throws {
    for id in ["a", "b", "c", "d"] { try insert(id < "c" ? "contacts" : "companies", id) }
    try store.write { db in
      try db.script(
        """
        DELETE FROM records WHERE id IN ('a', 'c');
        UPDATE records SET type = 'company' WHERE id = 'b';
        INSERT INTO records (id, type) VALUES ('e', 'contact'), ('f', 'company');
        """)
    }
    #expect(
      try crm.check(store) == [
        "records of contacts: 3 wrong; run roost check --repair", "records of companies: 3 wrong; run roost check --repair",
      ])
    try crm.repair(store)
    #expect(try crm.check(store) == [])
    #expect(
      try texts("SELECT id || ' ' || type FROM records WHERE type <> 'role' ORDER BY id") == [
        "a contact", "b contact", "c company", "d company",
      ])
  }

  @Test func `a later type of records needs one line`() throws {
    let store = try Store.temporary()
    let table = Migration(
      "2099-01-01-vessels",
      """
      CREATE TABLE vessels (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, status TEXT NOT NULL,
        owner_id TEXT, created_by TEXT);
      INSERT INTO vessels (id, name, status) VALUES ('v2', 'Van', 'trashed'), ('v1', 'Lorry', 'active');
      """)
    try store.migrate(crm.migrations + [table, .records(of: "vessels", type: "vessel", on: "2099-01-01")])
    let vessel = RecordType(
      "vessel", label: "Vessel", icon: "truck", resource: .contacts, words: RecordType.Words(new: "", create: "", inTrash: ""),
      sections: [FormSection(id: "vessel", title: "Vessel", fields: [Field("name", "Name")])],
      list: ListDefinition(
        name: "vessels", title: "Vessels", path: "/admin/crm/vessels", icon: "truck", resource: .contacts, table: "vessels",
        searchTable: "vessel_search", columns: [], defaultColumns: ["name"], defaultSort: "name",
        words: ListDefinition.Words(newRecord: "", searchHint: "", one: "", many: "", emptyTitle: "", emptyText: "")))
    try insert("contacts", "c", into: store)
    try insert("companies", "o", into: store)
    try store.write { db in
      try db.run("INSERT INTO vessels (id, name, status, owner_id) VALUES ('v3', 'Bus', 'active', 'me')")
      for id in ["v1", "v2", "v3", "c", "o"] {
        try db.run(
          "INSERT INTO interactions (id, record_id, type, occurred_at, created_at, updated_at) VALUES (\(id), \(id), 'note', '', '', '')")
      }
    }
    let kinds = RecordTypes([vessel, .contact, .company])
    func names(_ reach: RecordReach) throws -> [String] {
      let record = reach.record("i.record_id")
      return try texts(
        "SELECT i.id || ' ' || \(record.type) || ' ' || coalesce(\(record.name), '–') FROM interactions i\(record.join) ORDER BY i.id",
        in: store)
    }
    let all = RecordReach(kinds, [.all, .all, .all])
    #expect(
      try names(all) == [
        "c contact Name of c", "o company Name of o", "v1 vessel Lorry", "v2 vessel –", "v3 vessel Bus",
      ])
    #expect(try names(all.everything)[3] == "v2 vessel Van")
    func held(_ reach: RecordReach) throws -> [String] {
      try texts("SELECT id FROM interactions i WHERE \(reach.record("i.record_id").isInReach) ORDER BY id", in: store)
    }
    let mine = RecordReach(kinds, [.own(user: "me"), .nothing, .all])
    let order = RecordReach(RecordTypes([.company, .contact, vessel]), [.nothing, .own(user: "me"), .own(user: "me")])
    for _ in 0..<2 {
      #expect(try names(mine) == ["c contact –", "o company Name of o", "v1 vessel –", "v2 vessel –", "v3 vessel Bus"])
      #expect(try held(mine) == ["o", "v3"])
      #expect(try names(order) == ["c contact –", "o company –", "v1 vessel –", "v2 vessel –", "v3 vessel Bus"])
      #expect(try held(order) == ["v3"])
      #expect(try held(all) == ["c", "o", "v1", "v3"])
      #expect(try held(all.withTrash) == ["c", "o", "v1", "v2", "v3"])
      #expect(try names(all.everything)[3] == "v2 vessel Van")
      let nothing = RecordReach(kinds, [.nothing, .nothing, .nothing])
      #expect(try names(nothing).allSatisfy { $0.hasSuffix("–") })
      #expect(try held(nothing) == [])
    }
    try store.write { _ = try $0.run("DELETE FROM vessels WHERE id = 'v1'") }
    #expect(try texts("SELECT count(*) FROM interactions", in: store) == ["4"])
  }
}
