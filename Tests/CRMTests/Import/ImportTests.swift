import Base
@testable import Admin
import CRM
import Foundation
import Store
import Testing

/// Files from elsewhere, good and bad.
@Suite final class ImportTests {
  let store: Store
  let folder: URL
  /// Another program that has the database open, so that rows are imported in small batches instead of all at once.
  private var other: Store?

  init() throws {
    store = try Store.temporary()
    try store.migrate(crm.migrations)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Imports lines; the result, and why lines were skipped, by line.
  private func bring(_ kind: String, _ lines: String) throws -> (Importer.Outcome, [String]) {
    let path = folder.appendingPathComponent("\(kind).csv")
    try Data(lines.utf8).write(to: path)
    var problems: [String] = []
    var importer = Importer(crm, store: store)
    if other == nil { importer.bulkRows = 0 }
    let outcome = try importer.run(
      kind, path: path.path, skipped: { problems.append("\($0.line): \($0.reason)") }, progress: { _ in })
    return (outcome, problems)
  }

  private func texts(_ sql: SQL) throws -> [String] { try store.read { db in try db.all(sql) { $0.text(0) } } }

  private let companies = "id,name,city,country\n1,Acme,Oslo,NO\n2,Βήτα Α.Ε.,Αθήνα,GR\n"
  private let heading = "id,first_name,last_name,email,phone,company_id,status,created_at\n"

  /// Whether another program has the database open: then rows are imported in small batches, otherwise all at once.
  static let ways = [false, true]

  private func open(besideOthers: Bool) throws {
    guard besideOthers else { return }
    other = try Store(path: store.path)
    try other?.read { db in _ = try db.value("SELECT count(*) FROM contacts") }
  }

  @Test(arguments: ways)
  func `good rows come in whole, bad ones are named by line and reason`(besideOthers: Bool) throws {
    try open(besideOthers: besideOthers)
    _ = try bring("companies", companies)
    let (outcome, problems) = try bring(
      "contacts",
      heading + """
        1,Ann,Archer,ann@example.com,+47 22 123456,1,active,2025-05-02 01:30:10
        2,,,,,,active,
        3,Ben,Broken,no address,,,active,
        4,Cid,Nowhere,cid@example.com,,99,active,
        5,Dora,Short
        6,"Eve
        Two Lines",Ex,eve@example.com,,2,inactive,never
        7,Λίνα,Παππά,lina@example.com,,2,inactive,
        1,Anna,Archer,anna@example.com,,2,active,

        """)
    #expect(problems.map { $0.prefix { $0 != ":" } }.sorted() == ["3", "4", "5", "6", "7"], "\(problems)")
    #expect(outcome.written == 3)
    #expect(outcome.skipped == 5)
    #expect(
      try texts("SELECT name || ' ' || company_name FROM contacts ORDER BY external_id") == [
        "Anna Archer Βήτα Α.Ε.", "Λίνα Παππά Βήτα Α.Ε.",
      ])
    #expect(try crm.check(store).isEmpty)
  }

  @Test(arguments: ways)
  func `a file may come again, and changes what it brought`(besideOthers: Bool) throws {
    try open(besideOthers: besideOthers)
    _ = try bring("companies", companies)
    let rows = heading + "1,Ann,Archer,ann@example.com,,1,active,\n2,Ben,Brook,ben@example.com,,2,active,\n"
    _ = try bring("contacts", rows)
    let (outcome, problems) = try bring("contacts", rows.replacing("Ben", with: "Benjamin"))
    #expect(problems.isEmpty && outcome.written == 2)
    #expect(try texts("SELECT name FROM contacts ORDER BY seq") == ["Ann Archer", "Benjamin Brook"])
    #expect(try texts("SELECT count(*) FROM memberships") == ["2"])
    #expect(try crm.check(store).isEmpty)
  }

  @Test(arguments: ways)
  func `memberships and interactions find their ends`(besideOthers: Bool) throws {
    try open(besideOthers: besideOthers)
    _ = try bring("companies", companies)
    _ = try bring("contacts", heading + "1,Ann,Archer,ann@example.com,,1,active,\n")
    let (joined, problems) = try bring(
      "memberships", "id,contact_id,company_id,role,since,is_primary\n1,1,1,boss,2025-01-01,1\n2,1,2,adviser,2025-01-01,0\n3,9,1,,,0\n")
    #expect(joined.written == 2 && problems == ["4: there is no contact 9"])
    #expect(try texts("SELECT role FROM memberships ORDER BY role") == ["adviser", "boss"])
    let (told, wrong) = try bring(
      "interactions",
      "id,contact_id,kind,subject,body,happened_at,duration_min\n1,1,call,Hello,Body,2025-01-01 10:00:00,5\n2,1,dream,,,2025-01-01 10:00:00,\n3,7,call,,,2025-01-01 10:00:00,\n4,1,call,,,soon,\n5,1,call,,,2025-01-01 10:00:00,-3\n"
    )
    #expect(told.written == 1)
    #expect(wrong.count == 4)
    _ = try bring("contacts", heading + "2,Ben,Brook,ben@example.com,,1,active,\n")
    #expect(
      try bring("interactions", "id,contact_id,kind,happened_at\n1,2,call,2025-01-01 10:00:00\n").1 == [
        "2: id: this interaction belongs to another record"
      ])
    #expect(try crm.check(store).isEmpty)
  }

  /// Many rows, some of them duplicates, and everything derived from them: the mirror of the primary company, counts,
  /// the search index.
  @Test(arguments: ways)
  func `what is kept ready from rows is right after both ways`(besideOthers: Bool) throws {
    try open(besideOthers: besideOthers)
    _ = try bring("companies", "id,name,phone\n" + (1...40).map { "\($0),Company \($0),\n" }.joined())
    func contacts(_ word: String) -> String {
      heading + (1...130).map { "\($0 % 120),Ann \(word)\($0),Ex,,,\($0 % 3 == 0 ? "" : String($0 % 40 + 1)),active,\n" }.joined()
    }
    #expect(try bring("contacts", contacts("a")).1.isEmpty)
    #expect(try texts("SELECT count(*) FROM contacts") == ["120"])
    #expect(try crm.check(store).isEmpty)
    let memberships =
      "contact_id,company_id,role,is_primary\n"
      + (1...110).map { "\($0),\($0 % 39 + 1),role \($0),\($0 % 2)\n\($0),\($0 % 40 + 1),again,0\n" }.joined()
    #expect(try bring("memberships", memberships).1.isEmpty)
    #expect(try crm.check(store).isEmpty)
    #expect(try texts("SELECT company_name FROM contacts WHERE external_id = '3'") == ["Company 4"])
    #expect(
      try texts("SELECT role FROM memberships m JOIN contacts c ON c.id = contact_id WHERE external_id = '3' AND is_primary") == ["again"])
    let interactions =
      "id,contact_id,kind,happened_at,subject\n"
      + (1...160).map { "\($0 % 150),\($0 % 150 % 120),call,2025-01-01 10:00:00,subject \($0)\n" }.joined()
    #expect(try bring("interactions", interactions).1.isEmpty)
    #expect(try texts("SELECT subject FROM interactions WHERE external_id = '5'") == ["subject 155"])
    // All of them again, changed.
    #expect(try bring("contacts", contacts("b")).1.isEmpty)
    #expect(try bring("memberships", memberships.replacing("again", with: "anew")).1.isEmpty)
    #expect(try bring("interactions", interactions.replacing("subject ", with: "text ")).1.isEmpty)
    #expect(try bring("companies", "id,name\n" + (1...40).map { "\($0),Firm \($0)\n" }.joined()).1.isEmpty)
    #expect(try crm.check(store).isEmpty)
    #expect(try texts("SELECT count(*) FROM contacts WHERE company_name LIKE 'Company%'") == ["0"])
    #expect(try texts("SELECT count(*) FROM contact_search WHERE contact_search MATCH 'b17'") == ["1"])
    #expect(try texts("SELECT count(*) FROM contact_search WHERE contact_search MATCH 'a17'") == ["0"])
    #expect(try texts("SELECT count(*) FROM contact_search WHERE contact_search MATCH 'company'") == ["0"])
    #expect(try texts("SELECT count(*) FROM interactions WHERE subject LIKE 'text%'") == ["150"])
  }

  @Test func `indexes, triggers and rules are as before after rows came in at once`() throws {
    let schema = try store.schema()
    _ = try bring("companies", companies)
    _ = try bring("contacts", heading + "1,Ann,Archer,ann@example.com,,1,active,\n")
    _ = try bring("memberships", "contact_id,company_id\n1,2\n")
    _ = try bring("interactions", "id,contact_id,kind,happened_at\n1,1,call,2025-01-01 10:00:00\n")
    #expect(try store.schema() == schema)
    #expect(try texts("SELECT type || count(*) FROM records WHERE type NOT IN ('role', 'user') GROUP BY type") == ["company2", "contact1"])
    #expect(throws: StoreError.self) { try store.write { try $0.run("UPDATE interactions SET record_id = 'x'") } }
    #expect(throws: StoreError.self) {
      try store.write { try $0.run("INSERT INTO memberships (id, contact_id, company_id, created_at) VALUES ('a', 'b', 'c', 'd')") }
    }
  }

  @Test func `others save while rows come in`() throws {
    try open(besideOthers: true)
    _ = try bring("companies", companies)
    let lines = heading + (1...1_000).map { "\($0),Ann,Archer \($0),,,1,active,\n" }.joined()
    let path = folder.appendingPathComponent("many.csv")
    try Data(lines.utf8).write(to: path)
    let (importer, contacts) = (Importer(crm, store: store), path.path)
    let finished = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      _ = try? importer.run("contacts", path: contacts, skipped: { _ in }, progress: { _ in })
      finished.signal()
    }
    var saves = 0
    while finished.wait(timeout: .now() + .milliseconds(5)) == .timedOut {
      try other?.write { db in try db.run("UPDATE companies SET description = description || 'x' WHERE external_id = '1'") }
      saves += 1
    }
    #expect(saves > 0)
    #expect(try texts("SELECT length(description) FROM companies WHERE external_id = '1'") == [String(saves)])
    #expect(try texts("SELECT count(*) FROM contacts") == ["1000"])
    #expect(try crm.check(store).isEmpty)
  }

  @Test func `a file without the columns that matter is refused whole`() throws {
    #expect(throws: (any Error).self) { try bring("contacts", "email\nann@example.com\n") }
    #expect(throws: (any Error).self) { try bring("contacts", "") }
  }

  @Test func `columns without a place are told`() throws {
    let (outcome, _) = try bring("companies", "id,name,shoe_size\n1,Acme,44\n")
    #expect(outcome.unusedColumns == ["shoe_size"])
  }
}
