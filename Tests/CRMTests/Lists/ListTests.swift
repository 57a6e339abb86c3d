import Base
@testable import Admin
import CRM
import Foundation
import Store
import Synchronization
import Testing
import Web
import XML

/// The list engine, tested with the list of contacts.
@Suite struct ListTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(demo: DemoOffice(contacts: 130, seed: 7))
    owner = try office.visitor(.owner)
  }

  private func names(_ response: Response) -> [String] { response.page.all("//a[@class='row-link']").map(\.text) }

  private func follow(_ response: Response, _ rel: String) -> Response? {
    response.page.first("//a[@rel='\(rel)']")?["href"].map { owner.get($0) }
  }

  /// The records of every page, from this one to the last.
  private func pages(from address: String, _ rel: String) -> [[String]] {
    var pages: [[String]] = []
    var page: Response? = owner.get(address)
    while let response = page {
      pages.append(response.page.all("//a[@class='row-link']").map { String(($0["href"] ?? "").split(separator: "/").last ?? "") })
      page = follow(response, rel)
    }
    return pages
  }

  @Test(arguments: [
    ("contacts", "name", "name_sort"), ("contacts", "company", "company_sort"), ("contacts", "city", "city_sort"),
    ("contacts", "created_at", "created_at"), ("contacts", "updated_at", "updated_at"), ("companies", "name", "name_sort"),
    ("companies", "industry", "industry_sort"), ("companies", "contacts", "live_contacts"), ("contacts", "birthday", "birthday"),
    ("contacts", "job_title", "fold(job_title)"), ("contacts", "email", "fold(email)"), ("contacts", "consent", "consent"),
    ("contacts", "opted_out", "coalesce(opted_out_at, '')"), ("contacts", "country", "country"),
  ])
  func `paging forth and back shows every record once, in order`(list: String, sort: String, column: String) throws {
    // A few times and names are repeated: then the order of creation decides.
    try office.store.write { db in
      _ = try db.run("UPDATE \(raw: list) SET created_at = '2026-11-0' || (seq % 7), updated_at = '2026-11-1' || (seq * 5 % 9)")
      // Some have no value, which sorts last in both directions.
      _ = try db.run("UPDATE \(raw: list) SET city = '', city_sort = '' WHERE seq % 3 = 0")
      _ = try db.run("UPDATE companies SET industry = '', industry_sort = '' WHERE seq % 4 = 0")
      _ = try db.run("UPDATE contacts SET company_name = '', company_sort = '' WHERE seq % 4 = 0")
      _ = try db.run("UPDATE contacts SET birthday = '2000-01-0' || (seq % 9 + 1), opted_out_at = created_at WHERE seq % 3 = 0")
      _ = try db.run("UPDATE contacts SET consent = 'email' WHERE seq % 3 = 1")
      _ = try db.run("UPDATE contacts SET job_title = 'ÉΣ' || seq WHERE seq % 7 = 1")
    }
    func sorted(_ direction: String) throws -> [String] {
      try office.store.read { db in
        try db.all(
          """
          SELECT id FROM \(raw: list) WHERE status <> 'trashed'
          ORDER BY \(raw: column) = '', \(raw: column) \(raw: direction), seq \(raw: direction)
          """
        ) { $0.text(0) }
      }
    }
    for (order, expected) in [(sort, try sorted("ASC")), ("-" + sort, try sorted("DESC"))] {
      #expect(expected.count > 25)
      let address = "/admin/crm/\(list)?per_page=25&sort=\(order)"
      #expect(pages(from: address, "next") == expected.chunks(of: 25), "\(order)")
      // From the end: full pages; the first one is full and overlaps the second.
      let back = expected.reversed().chunks(of: 25).map { Array($0.reversed()) }
      #expect(pages(from: address + "&before=end", "prev") == back.dropLast() + [Array(expected.prefix(25))], "\(order)")
      // The export has the same order, in chunks of its own.
      let export = owner.get("/admin/crm/\(list)/export.csv?sort=\(order)").text
      #expect(export.split(separator: "\r\n").dropFirst().map { String($0.prefix(36)) } == expected, "\(order)")
    }
  }

  @Test(arguments: [
    ("παπαδ", "Παπαδ"), ("ΠΑΠΑΔ", "Παπαδ"), ("munoz", "Muñoz"), ("MUÑ", "Muñoz"), ("helene", "Hélène"),
  ])
  func `search folds case and accents`(typed: String, found: String) throws {
    let encoded = typed.utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
    let list = names(owner.get("/admin/crm/contacts?q=\(encoded)"))
    #expect(!list.isEmpty)
    #expect(list.contains { $0.contains(found) }, "\(list)")
  }

  @Test func `a telephone number is found however it is typed`() throws {
    let phone = try office.id("SELECT phone FROM contacts WHERE phone <> '' LIMIT 1")
    let name = try office.id("SELECT name FROM contacts WHERE phone = \(phone) LIMIT 1")
    for typed in [phone, phone.filter { $0 != " " }, phone.filter(\.isNumber)] {
      let encoded = typed.replacing("+", with: "%2B").replacing(" ", with: "%20")
      #expect(names(owner.get("/admin/crm/contacts?q=\(encoded)")).contains(name), "\(typed)")
    }
  }

  @Test func `a search finds people by their company, and company by a new name`() throws {
    let company = try office.id("SELECT company_id FROM contacts WHERE company_id IS NOT NULL LIMIT 1")
    try office.store.write { db in
      try db.run(
        "UPDATE companies SET name = 'Quetzal Works', name_sort = 'quetzal works', name_words = 'quetzal works' WHERE id = \(company)")
    }
    let found = owner.get("/admin/crm/contacts?q=quetz")
    #expect(!names(found).isEmpty)
    #expect(found.text.contains("Quetzal Works"))
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test func `nothing is sorted for a page, whatever the planner takes the data for`() throws {
    let statements = Mutex<[String]>([])
    let office = try TestApp(trace: { sql in statements.withLock { $0.append(sql) } })
    let owner = try office.visitor(.owner)
    // The planner's statistics after an index was recreated: one is missing.
    try office.store.write { db in
      try db.script("ANALYZE")
      try db.run(
        """
        INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl_name, name, '1000000 401 1 1' FROM sqlite_schema
        WHERE type = 'index' AND tbl_name IN ('contacts', 'companies') AND name NOT LIKE '%_by_name'
        """)
    }
    statements.withLock { $0 = [] }
    let sorts = [
      "contacts": ["name", "company", "city", "created_at", "updated_at"],
      "companies": ["name", "industry", "city", "contacts", "created_at", "updated_at"],
    ]
    for (list, columns) in sorts {
      for order in columns.flatMap({ [$0, "-" + $0] }) {
        for tab in ["all", "active"] { #expect(owner.get("/admin/crm/\(list)?sort=\(order)&status=\(tab)").status == 200) }
      }
    }
    owner.get("/admin/crm")
    #expect(owner.get("/admin/crm/contacts?status=active&filter=no_channels").status == 200)
    #expect(owner.get("/admin/crm/companies?status=active&filter=no_contacts").status == 200)
    let pages = Set(statements.withLock { $0 }.filter { $0.contains("ORDER BY") && $0.contains("FROM co") && $0.contains("status = ?") })
    #expect(pages.count >= 40)
    // Statistics are read when a file is opened.
    let fresh = try Store(path: office.store.path)
    for sql in pages {
      let plan = try fresh.read { db in
        try db.all(SQL(raw: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "'x'"))) { $0.text(3) }
      }
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(sql) needs \(plan)")
    }
  }

  @Test(arguments: ["a", "zor", "zora be", "nobody"])
  func `a search counts and shows what is there, in each tab and for each who looks`(q: String) throws {
    let maker = try office.visitor(.factory, name: "Mia Member")
    let mia = try office.id("SELECT id FROM users WHERE name = 'Mia Member'")
    try office.store.write { db in
      for number in 0..<90 {
        let status = ["active", "inactive", "active", "trashed"][number % 4]
        try db.run(
          """
          INSERT INTO contacts (id, name, name_sort, words, status, status_before, owner_id, created_at, updated_at)
          VALUES (\(RecordID.make(at: office.now)), \("Zora Beta \(number)"), \("zora beta \(number)"), \("zora beta \(number)"), \(status),
            \(status == "trashed" ? "active" : nil as String?), \(number % 3 == 0 ? mia : nil as String?), '', '')
          """)
      }
    }
    let words = q.split(separator: " ")
    for (visitor, own) in [(owner, "true"), (maker, "(owner_id = '\(mia)' OR created_by = '\(mia)')")] {
      for (tab, statuses) in [
        ("all", "'active', 'inactive'"), ("active", "'active'"), ("inactive", "'inactive'"), ("trashed", "'trashed'"),
      ] {
        let found = SQL(
          raw: "FROM contacts WHERE status IN (\(statuses)) AND \(own) AND "
            + words.map { "(' ' || replace(words, char(57347), '') || ' ' || company_words) LIKE '% \($0)%'" }.joined(separator: " AND "))
        let expected = try office.store.read { db in try db.all("SELECT id \(found) ORDER BY seq DESC") { $0.text(0) } }
        let encoded = q.replacing(" ", with: "+")
        var page = visitor.get("/admin/crm/contacts?per_page=25&status=\(tab)&q=\(encoded)")
        #expect(page.page.first("//*[@aria-current]//*[contains(@class, 'count')]")?.text ?? "0" == String(expected.count))
        var shown: [String] = []
        while true {
          shown += page.page.all("//a[@class='row-link']").map { String(($0["href"] ?? "").split(separator: "/").last ?? "") }
          guard let next = follow(page, "next") else { break }
          page = next
        }
        #expect(shown == expected, "\(tab) for \(own)")
      }
    }
  }

  @Test func `what a search finds is counted without reading a record`() throws {
    let statements = Mutex<[String]>([])
    let office = try TestApp(trace: { sql in statements.withLock { $0.append(sql) } })
    let owner = try office.visitor(.owner)
    for list in ["contacts", "companies"] {
      for address in ["?q=ann", "?q=ann&status=trashed", "?q=ann&sort=city", "?q=ann+lee&per_page=200"] {
        owner.get("/admin/crm/\(list)\(address)")
      }
    }
    let counts = Set(statements.withLock { $0 }.filter { $0.contains("_search(?)") })
    #expect(counts.count >= 4)
    for sql in counts {
      let plan = try office.store.read { db in
        try db.all(SQL(raw: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "'x'"))) { $0.text(3) }
      }
      #expect(plan.contains { $0.contains("COVERING INDEX") } && !plan.contains { $0.contains("PRIMARY KEY") }, "\(sql) needs \(plan)")
    }
  }

  @Test func `a long beginning finds every word that has it, be they few or many`() throws {
    func add(_ name: String) {
      owner.get("/admin/crm/contacts/new")
      #expect(owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).status == 303)
    }
    func found(_ q: String) -> Set<String> {
      let encoded = q.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      return Set(names(owner.get("/admin/crm/contacts?per_page=100&q=" + encoded)))
    }
    let few = ["Zanzibaros Αλεξανδρόπουλος", "Zanzibarou Αλεξανδροπούλου", "Zanzibart Smith"]
    for name in few { add(name) }
    #expect(found("zanzib") == Set(few))
    #expect(found("ZANZIBAR") == Set(few))
    #expect(found("zanzibarou") == [few[1]])
    #expect(found("zanzibaro αλεξανδροπουλ") == Set(few.prefix(2)))
    #expect(found("zanzibaroxx smith") == [])
    #expect(found("zanzibarxyz") == [])
    let many = (0..<40).map { "Zanzibaq\(String(UnicodeScalar(UInt8(97 + $0 % 26))))\($0) Jones" }
    for name in many { add(name) }
    #expect(found("zanzibaq") == Set(many))
    #expect(found("zanzib jones") == Set(many))
    #expect(found("zanzibaqa") == [many[0], many[26]])
    try office.store.write { db in _ = try db.run("DELETE FROM contacts WHERE name = \(few[0])") }
    #expect(found("zanzibaro") == [few[1]])
    #expect(try crm.check(office.store).isEmpty)
  }

  @Test(arguments: [
    "sort=nonsense", "status=gone", "per_page=7", "after=!!!", "view=tiles", "filter=none", "q=" + String(repeating: "x", count: 201),
    "before=AAAA",
  ])
  func `an address that means nothing is refused`(query: String) {
    #expect(owner.get("/admin/crm/contacts?\(query)").status == 400)
  }

  /// The input, and the words searched for.
  @Test(arguments: [
    ("'", []), ("\"", []), ("*", []), ("-", []), ("%", []), ("(", []), ("a* OR b*", ["a", "or", "b"]),
    ("a OR b", ["a", "or", "b"]), ("a NOT b", ["a", "not", "b"]), ("NEAR(a b)", ["near", "a", "b"]), ("-a", ["a"]), ("^x", ["x"]),
    ("{a b}: c", ["a", "b", "c"]), ("name: a", ["name", "a"]), ("\"a b\"", ["a", "b"]), ("%a", ["a"]),
  ])
  func `nothing that is typed is taken for a search language`(typed: String, words: [String]) throws {
    owner.get("/admin/crm/contacts/new")
    for name in ["Norabel Orban Beanot", "Near Abel Bexter", "Abel Bor Cex", "Xenia Name Abba", "Abbott Orly Nott Bex"] {
      #expect(owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).status == 303)
    }
    let everybody = try office.store.read { db in
      try db.all("SELECT name, replace(words, char(57347), '') || ' ' || company_words FROM contacts WHERE status <> 'trashed'") {
        (name: $0.text(0), words: $0.text(1).split(separator: " "))
      }
    }
    let expected = everybody.filter { one in
      !words.isEmpty && words.allSatisfy { word in one.words.contains { $0.hasPrefix(word) } }
    }.map(\.name)
    let encoded = typed.utf8.map { "%" + String(UInt16($0) + 0x100, radix: 16, uppercase: true).suffix(2) }.joined()
    let page = owner.get("/admin/crm/contacts?per_page=200&q=\(encoded)")
    #expect(page.status == 200)
    #expect(names(page).sorted() == expected.sorted())
  }

  @Test func `columns are chosen, moved, removed and reset without script`() throws {
    func heads() -> [String] { owner.get("/admin/crm/contacts").page.all("//th[@data-column]").compactMap { $0["data-column"] } }
    let path = "/admin/crm/contacts/columns"
    let standard = heads()
    owner.get(path)
    let moved = owner.post(
      path,
      [("csrf_token", owner.lastToken), ("return_to", "/admin/crm/contacts"), ("view", "table")] + standard.map { ("columns", $0) } + [
        ("move_up", "email")
      ])
    #expect(moved.status == 200)
    let order = moved.page.all("//input[@name='columns']").compactMap { $0["value"] }.filter { !$0.contains("{") }
    #expect(order.prefix(2) == ["name", "email"])
    #expect(heads() == standard, "nothing changes before it is applied")
    let applied = owner.post(
      path,
      [
        ("csrf_token", owner.lastToken), ("return_to", "/admin/crm/contacts"), ("view", "table"), ("columns", "city"), ("columns", "name"),
        ("apply", "yes"),
      ])
    #expect(applied.status == 303)
    #expect(heads() == ["city", "name"])
    let unknown = owner.post(path, [("csrf_token", owner.lastToken), ("view", "table"), ("columns", "nonsense"), ("apply", "yes")])
    #expect(unknown.status == 303)
    #expect(heads() == standard)
    owner.post(path, [("csrf_token", owner.lastToken), ("view", "table"), ("columns", "city"), ("apply", "yes")])
    #expect(heads() == ["name", "city"], "a required column comes back, first")
    owner.post(path, [("csrf_token", owner.lastToken), ("return_to", "/admin/crm/contacts"), ("view", "table"), ("reset", "yes")])
    #expect(heads() == standard)
  }

  @Test func `the export has what the list shows, and no formula for a spreadsheet`() throws {
    owner.get("/admin/crm/contacts/new")
    owner.post("/admin/crm/contacts", ["name": "=HYPERLINK(\"http://x\")", "status": "active"])
    let export = owner.get("/admin/crm/contacts/export.csv")
    #expect(export.status == 200)
    #expect(export.headers["Content-Disposition"] == "attachment; filename=\"contacts.csv\"")
    // A stream can be read once.
    let text = export.text
    #expect(text.split(separator: "\r\n").count == 132)
    #expect(text.contains("'=HYPERLINK"))
    #expect(!text.contains(",=HYPERLINK"))
  }

  @Test func `a page takes the same number of queries however many rows it has`() throws {
    let counter = QueryCounter()
    let office = try TestApp(trace: { _ in counter.add() })
    let owner = try office.visitor(.owner)
    try DemoOffice(contacts: 5, seed: 1).load(into: office.store, by: nil, named: "Demo", now: office.now)
    func queries(_ target: String) -> Int {
      owner.get(target)
      let before = counter.count
      #expect(owner.get(target).status == 200)
      return counter.count - before
    }
    let few = ["/admin/crm/contacts", "/admin/crm/contacts?q=a", "/admin/crm/companies", "/admin/crm"].map(queries)
    try DemoOffice(contacts: 200, seed: 2).load(into: office.store, by: nil, named: "Demo", now: office.now)
    let many = ["/admin/crm/contacts", "/admin/crm/contacts?q=a", "/admin/crm/companies", "/admin/crm"].map(queries)
    #expect(few == many)
    #expect(many[0] <= 8, "\(many)")
  }
}

extension Sequence {
  /// The elements in groups of that size; the rest comes last.
  fileprivate func chunks(of size: Int) -> [[Element]] {
    reduce(into: []) { chunks, element in
      if chunks.last.map({ $0.count < size }) == true { chunks[chunks.count - 1].append(element) } else { chunks.append([element]) }
    }
  }
}
