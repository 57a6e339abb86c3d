@testable import Admin
import CRM
import Store
import TestKit
import Testing

@Test func `the schema is what was last read and agreed`() throws {
  let store = try Store.temporary()
  try store.migrate(crm.migrations)
  assertSnapshot(of: try store.schema(), named: "schema")
}

@Test func `migrations run twice change nothing`() throws {
  let store = try Store.temporary()
  try store.migrate(crm.migrations)
  let schema = try store.schema()
  try store.migrate(crm.migrations)
  #expect(try store.schema() == schema)
}

@Test func `an office that is in use is brought up to date`() throws {
  let store = try Store.temporary()
  // As it was before interactions, files and comments existed.
  try store.migrate(crm.migrations.filter { $0.day < "2026-11-21" || $0.name == "2026-11-21-interactions" })
  try store.write { db in
    try db.script(
      """
      INSERT INTO contacts (id, name, name_sort, words, created_at, updated_at) VALUES ('c', 'Ann', 'ann', 'ann', '', '');
      INSERT INTO interactions (id, contact_id, type, occurred_at, external_id, created_at, updated_at) VALUES ('i', 'c', 'note', '', 'x1', '', '');
      INSERT INTO activity (at, actor_name, action, record_type, record_id, record_name) VALUES ('', 'X', 'contact.created', 'contact', 'c', 'Ann');
      """)
  }
  try store.migrate(crm.migrations)
  #expect(try crm.check(store).isEmpty)
  #expect(try store.read { try $0.text("SELECT version || connector FROM interactions") } == "1")
  #expect(try store.read { try $0.value("SELECT count(*) FROM activity WHERE before IS NULL") } == 1)
}

@Suite struct DerivationTests {
  @Test func `check names what is not in step, and repairing puts it right`() throws {
    let office = try TestApp()
    try DemoOffice(contacts: 30, seed: 3).load(into: office.store, by: nil, named: "Demo", now: office.now)
    #expect(try crm.check(office.store).isEmpty)
    try office.store.write { db in
      try db.run("UPDATE record_counts SET n = n + 1 WHERE list = 'contacts' AND status = 'active'")
      try db.run("UPDATE companies SET live_contacts = live_contacts + 1 WHERE seq = 1")
      try db.run("UPDATE contacts SET company_name = 'Nobody' WHERE seq = 1")
      try db.run("UPDATE media_usage SET bytes = bytes + 1")
    }
    #expect(try crm.check(office.store).count == 4)
    try crm.repair(office.store)
    #expect(try crm.check(office.store).isEmpty)
  }
}
