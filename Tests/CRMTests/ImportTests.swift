import Base
import CRM
import Foundation
import Store
import Testing

/// Files from elsewhere, good and bad.
@Suite final class ImportTests {
  let store: Store
  let folder: URL

  /// Somebody else who has the database open, so that rows come in beside others instead of all at once.
  private var other: Store?

  init() throws {
    store = try Store.temporary()
    try store.migrate(Application.migrations)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Imports lines; what was written, and why the rest was skipped, by line.
  private func bring(_ kind: Importer.Kind, _ lines: String) throws -> (Importer.Outcome, [String]) {
    let path = folder.appendingPathComponent("\(kind.rawValue).csv")
    try Data(lines.utf8).write(to: path)
    var problems: [String] = []
    let outcome = try Importer(store: store).run(
      kind, path: path.path, skipped: { problems.append("\($0.line): \($0.reason)") }, progress: { _ in })
    return (outcome, problems)
  }

  private func texts(_ sql: SQL) throws -> [String] { try store.read { db in try db.all(sql) { $0.text(0) } } }

  private let companies = "id,name,city,country\n1,Acme,Oslo,NO\n2,Βήτα Α.Ε.,Αθήνα,GR\n"
  private let heading = "id,first_name,last_name,email,phone,company_id,status,created_at\n"

  @Test func `good rows come in whole, bad ones are named by line and reason`() throws {
    _ = try bring(.companies, companies)
    let (outcome, problems) = try bring(
      .contacts,
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
    #expect(try Application.check(store).isEmpty)
  }

  @Test func `a file may come again, and changes what it brought`() throws {
    _ = try bring(.companies, companies)
    let rows = heading + "1,Ann,Archer,ann@example.com,,1,active,\n2,Ben,Brook,ben@example.com,,2,active,\n"
    _ = try bring(.contacts, rows)
    let (outcome, problems) = try bring(.contacts, rows.replacing("Ben", with: "Benjamin"))
    #expect(problems.isEmpty && outcome.written == 2)
    #expect(try texts("SELECT name FROM contacts ORDER BY seq") == ["Ann Archer", "Benjamin Brook"])
    #expect(try texts("SELECT count(*) FROM memberships") == ["2"])
    #expect(try Application.check(store).isEmpty)
  }

  @Test func `memberships and interactions find their ends`() throws {
    _ = try bring(.companies, companies)
    _ = try bring(.contacts, heading + "1,Ann,Archer,ann@example.com,,1,active,\n")
    let (joined, problems) = try bring(
      .memberships, "id,contact_id,company_id,role,since,is_primary\n1,1,1,boss,2025-01-01,1\n2,1,2,adviser,2025-01-01,0\n3,9,1,,,0\n")
    #expect(joined.written == 2 && problems == ["4: there is no contact 9"])
    #expect(try texts("SELECT role FROM memberships ORDER BY role") == ["adviser", "boss"])
    let (told, wrong) = try bring(
      .interactions,
      "id,contact_id,kind,subject,body,happened_at,duration_min\n1,1,call,Hello,Body,2025-01-01 10:00:00,5\n2,1,dream,,,2025-01-01 10:00:00,\n3,7,call,,,2025-01-01 10:00:00,\n4,1,call,,,soon,\n5,1,call,,,2025-01-01 10:00:00,-3\n"
    )
    #expect(told.written == 1)
    #expect(wrong.count == 4)
    #expect(try Application.check(store).isEmpty)
  }

  @Test func `a file without the columns that matter is refused whole`() throws {
    #expect(throws: (any Error).self) { try bring(.contacts, "email\nann@example.com\n") }
    #expect(throws: (any Error).self) { try bring(.contacts, "") }
  }

  @Test func `columns without a place are told`() throws {
    let (outcome, _) = try bring(.companies, "id,name,shoe_size\n1,Acme,44\n")
    #expect(outcome.unusedColumns == ["shoe_size"])
  }
}
