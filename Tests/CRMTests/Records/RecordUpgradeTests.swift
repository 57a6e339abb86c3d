import Base
@testable import Admin
@testable import CRM
import Store
import Testing

/// A database from before all record types could have interactions, comments and files.
@Suite struct RecordUpgradeTests {
  /// The rebuilt tables, with the order of their rows and the columns that reference a record now.
  private static let tables = [
    ("interactions", "seq"), ("interaction_parties", "interaction, position"), ("comments", "seq"), ("folders", "id"),
    ("notifications", "seq"), ("files", "seq"), ("file_links", "folder_id, file_id"), ("interaction_files", "interaction, file_id"),
    ("contacts", "seq"), ("companies", "seq"), ("memberships", "rowid"), ("activity", "seq"),
  ]

  /// Everything of every kind: anchors and parties of both types, users and plain names; threads; deleted, edited,
  /// trashed; replies; shared, linked, attached files and profile pictures. Numbers have gaps, and empty differs from
  /// NULL.
  private static let office = """
    INSERT INTO users (id, email, email_key, name, created_at) VALUES
      ('u1', 'a@example.com', 'a@example.com', 'Olga', ''), ('u2', 'b@example.com', 'b@example.com', 'Tom', '');
    INSERT INTO contacts (seq, id, name, name_sort, words, status, status_before, owner_id, created_at, updated_at) VALUES
      (3, 'c3', 'Ann', 'ann', 'ann', 'active', NULL, 'u1', '1', '2'), (7, 'c1', 'Ben', 'ben', 'ben', 'trashed', 'active', NULL, '3', '4'),
      (8, 'c2', 'Γιώργος', 'γιωργοσ', 'γιωργοσ', 'inactive', NULL, NULL, '5', '6');
    INSERT INTO companies (seq, id, name, name_sort, name_words, words, created_at, updated_at) VALUES
      (2, 'o2', 'Acme', 'acme', 'acme', 'acme', '', ''), (5, 'o1', 'Beta', 'beta', 'beta', 'beta', '', '');
    INSERT INTO memberships (id, contact_id, company_id, is_primary, created_at) VALUES ('m1', 'c3', 'o2', 1, ''), ('m2', 'c1', 'o2', 0, '');
    INSERT INTO interactions (seq, id, contact_id, company_id, type, direction, subject, body, occurred_at, zone, minutes, outcome, connector,
        external_id, logged_by, version, thread, deleted_at, created_at, updated_at) VALUES
      (4, 'i4', 'c3', NULL, 'call', 'inbound', 'Hello', 'Body', '2026-01-02', 'Europe/Athens', 5, 'done', '', 'x1', 'u1', 3, 'i4', NULL, 'a', 'b'),
      (6, 'i6', NULL, 'o2', 'note', 'internal', '', 'Line' || char(10) || 'two', '2026-01-01', 'UTC', NULL, '', 'mail', 'x1', NULL, 1, 'i4', NULL, '', ''),
      (9, 'i9', 'c1', NULL, 'task', 'outbound', 'Gone', '', '2025-01-01', 'UTC', 0, '', '', NULL, 'u2', 2, NULL, '2026-02-01', '', '');
    INSERT INTO interaction_parties (interaction, position, contact_id, company_id, user_id, name, details, captured_at) VALUES
      (4, 0, 'c2', NULL, NULL, 'Γ.', 'then', '1'), (4, 1, NULL, 'o1', NULL, 'Beta', '', '2'), (4, 2, NULL, NULL, 'u2', 'Tom', '', '3'),
      (4, 5, NULL, NULL, NULL, 'their accountant', '', '4'), (6, 0, 'c3', NULL, NULL, 'Ann', 'Buyer', '5'), (9, 0, 'c3', NULL, NULL, 'Ann', '', '6');
    INSERT INTO comments (seq, id, contact_id, company_id, thread, parent_id, author_id, author_name, body, version, created_at, edited_at, deleted_at) VALUES
      (2, 'k2', 'c3', NULL, 2, NULL, 'u1', 'Olga', 'First', 1, '1', NULL, NULL), (3, 'k3', 'c3', NULL, 2, 'k2', NULL, 'Tom', 'Answer', 2, '2', '3', NULL),
      (5, 'k5', 'c3', NULL, 2, 'k3', 'u1', 'Olga', 'Deeper', 1, '4', NULL, '5'), (6, 'k6', NULL, 'o2', 6, NULL, 'u2', 'Tom', 'On Acme', 1, '6', NULL, NULL);
    INSERT INTO notifications (seq, user_id, comment_id, reason, created_at, read_at) VALUES
      (1, 'u1', 'k3', 'reply', '1', NULL), (4, 'u1', 'k6', 'mention', '2', '3');
    INSERT INTO folders (id, parent_id, name, purpose, contact_id, company_id, created_by, created_at) VALUES
      ('f9', NULL, 'Contact', 'files', 'c3', NULL, 'u1', '1'), ('f1', 'f9', 'Images', 'images', 'c3', NULL, NULL, '2'),
      ('f5', NULL, 'Company', 'files', NULL, 'o2', NULL, '3'), ('f7', NULL, 'Shared', 'shared', NULL, NULL, 'u2', '4'),
      ('f8', 'f7', 'Inner', 'shared', NULL, NULL, NULL, '5');
    INSERT INTO files (seq, id, folder_id, name, name_folded, type, size, checksum, width, created_at, trashed_at) VALUES
      (2, 'p2', 'f1', 'a.png', 'a.png', 'image/png', 5, printf('%064d', 1), 10, '1', NULL),
      (3, 'p3', 'f8', 'b.txt', 'b.txt', 'text/plain', 7, printf('%064d', 2), NULL, '2', '3');
    INSERT INTO file_links (folder_id, file_id, created_at) VALUES ('f5', 'p2', '1'), ('f9', 'p3', '2');
    INSERT INTO interaction_files (interaction, file_id) VALUES (4, 'p3'), (6, 'p2');
    UPDATE contacts SET avatar_id = 'p2' WHERE id = 'c3';
    INSERT INTO activity (at, actor_name, action, record_type, record_id, record_name) VALUES
      ('1', 'Olga', 'contact.created', 'contact', 'c3', 'Ann'), ('2', 'Olga', 'company.deleted', 'company', 'gone', 'Gone');
    """

  /// Every value of every row as SQL literals, by column.
  private func rows(_ store: Store, _ table: String, _ order: String) throws -> [[String: String]] {
    try store.read { db in
      let columns = try db.all("SELECT name FROM pragma_table_xinfo(\(table)) WHERE hidden = 0") { $0.text(0) }
      let values = columns.map { "quote(\"\($0)\")" }.joined(separator: ", ")
      return try db.all("SELECT \(raw: values) FROM \(raw: table) ORDER BY \(raw: order)") { row in
        Dictionary(uniqueKeysWithValues: columns.indices.map { (columns[$0], row.text($0)) })
      }
    }
  }

  @Test func `every row of an office that is in use is there after the upgrade`() throws {
    let store = try Store.temporary()
    let before = crm.migrations.prefix { $0.name != "2026-11-27-records" }
    try store.migrate(Array(before))
    try store.write { db in try db.script(Self.office) }
    // Later migrations aren't applied yet.
    let tables = try store.read { db in Set(try db.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }) }
    let types = crm.records.all.filter { !tables.contains($0.table) }
    let later = ["records", "product_stock", "the order of", "users", "user_search"] + types.flatMap { [$0.table, $0.list.searchTable] }
    let problems = try crm.check(store).filter { problem in !later.contains { problem.contains($0) } }
    try #require(problems == [], "the office is sound")
    let was = try Self.tables.map { try rows(store, $0.0, $0.1) }
    try store.migrate(crm.migrations)
    for ((table, order), rows) in zip(Self.tables, was) {
      let expected = rows.map { row in
        guard !["contacts", "memberships"].contains(table), let contact = row["contact_id"], let company = row["company_id"] else {
          return row
        }
        var row = row
        row["contact_id"] = nil
        row["company_id"] = nil
        row["record_id"] = contact == "NULL" ? company : contact
        return row
      }
      #expect(!expected.isEmpty, "\(table)")
      // A later migration could have added columns.
      let columns = Set(expected.first?.keys.map(\.self) ?? [])
      #expect(try self.rows(store, table, order).map { row in row.filter { columns.contains($0.key) } } == expected, "\(table)")
    }
    #expect(
      try store.read { db in try db.all("SELECT record_id || ' ' || author_name FROM notifications ORDER BY seq") { $0.text(0) } }
        == ["c3 Tom", "o2 Tom"])
    #expect(
      try store.read { db in try db.all("SELECT id || ' ' || type FROM records WHERE type <> 'role' ORDER BY id") { $0.text(0) } } == [
        "c1 contact", "c2 contact", "c3 contact", "o1 company", "o2 company", "u1 user", "u2 user",
      ])
    let found = try crm.check(store)
    #expect(found == [], "\(found)")
  }

  /// What data folders of today's program have: later migrations have to sort after all of these.
  private static let released = """
    2026-11-20-activity 2026-11-20-column-views 2026-11-20-companies 2026-11-20-contacts 2026-11-20-kept-forms
    2026-11-20-memberships 2026-11-20-record-counts 2026-11-20-users 2026-11-21-activity-by-type
    2026-11-21-activity-insight 2026-11-21-comments 2026-11-21-company-search 2026-11-21-contact-search
    2026-11-21-interactions 2026-11-21-media 2026-11-21-out-of-reach 2026-11-21-overview 2026-11-21-parties
    2026-11-26-column-widths 2026-11-26-not-active 2026-11-26-security-log 2026-11-27-activity-version
    2026-11-27-batches 2026-11-27-comments-of-records 2026-11-27-company-order 2026-11-27-company-vat-number
    2026-11-27-contact-birthday 2026-11-27-contact-city-order 2026-11-27-folders-of-records
    2026-11-27-interactions-of-records 2026-11-27-records 2026-11-27-records-of-companies
    2026-11-27-records-of-contacts 2026-11-28-contact-leaves 2026-11-28-tags 2026-11-28-tasks
    2026-11-29-notifications-of-records 2026-11-29-tag-aliases 2026-11-30-company-number 2026-11-30-contact-numbers
    2026-11-30-erasures 2026-11-30-file-names 2026-11-30-folded-texts 2026-11-30-live-interactions
    2026-11-30-note-ids-of-companies 2026-11-30-note-ids-of-contacts 2026-11-30-note-ids-of-tasks
    2026-11-30-sent-forms 2026-11-30-time-zones 2026-12-01-job-lists 2026-12-01-jobs 2026-12-01-roles
    2026-12-01-settings 2026-12-01-totp 2026-12-01-view-as 2026-12-02-api-tokens 2026-12-02-consents
    2026-12-02-personal-archives 2026-12-02-webhooks 2026-12-03-logos 2026-12-03-products 2026-12-03-stock
    2026-12-03-vat-codes 2026-12-03-vat-codes-of-products 2026-12-04-numbers 2026-12-04-orders 2026-12-04-quotes
    2026-12-05-invoices 2026-12-05-payments 2026-12-05-shipments 2026-12-06-company-price-list
    2026-12-06-document-files 2026-12-06-notifications-of-customers 2026-12-06-quote-links 2026-12-07-invoice-parts
    2026-12-07-order-parts 2026-12-07-quote-parts 2026-12-07-stock-sums 2026-12-09-order-costs
    """

  @Test func `a data folder of an earlier program is upgraded`() throws {
    let released = Set(Self.released.split(whereSeparator: \.isWhitespace).map(String.init))
    let (old, new) = (try Store.temporary(), try Store.temporary())
    let former = crm.migrations.filter { released.contains($0.name) }
    #expect(former.count == released.count, "a released migration is renamed or gone")
    try old.migrate(former)
    try old.migrate(crm.migrations)
    try new.migrate(crm.migrations)
    #expect(try old.schema() == new.schema())
    #expect(try crm.check(old) == [])
  }

  @Test func `an upgraded database is as one that is made anew`() throws {
    let (old, new) = (try Store.temporary(), try Store.temporary())
    try old.migrate(Array(crm.migrations.prefix { $0.name != "2026-11-27-records" }))
    try old.write { db in try db.script(Self.office) }
    try old.migrate(crm.migrations)
    try new.migrate(crm.migrations)
    #expect(try old.schema() == new.schema())
  }
}
