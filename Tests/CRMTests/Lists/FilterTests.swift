import Base
@testable import Admin
import CRM
import Foundation
import Store
import Synchronization
import Testing
import Web
import XML

/// Filters of lists: results, texts, and limits.
@Suite struct FilterTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(demo: DemoOffice(contacts: 130, seed: 7))
    owner = try office.visitor(.owner)
    try office.store.write { db in
      try db.run("UPDATE contacts SET birthday = '19' || (50 + seq % 40) || '-0' || (1 + seq % 9) || '-1' || (seq % 10) WHERE seq % 3 = 0")
      try db.run("UPDATE contacts SET consent = 'email,phone' WHERE seq % 4 = 0")
      try db.run("UPDATE contacts SET consent = 'phone' WHERE seq % 4 = 1")
      try db.run("UPDATE contacts SET opted_out_at = created_at WHERE seq % 5 = 0")
      try db.run("UPDATE contacts SET channels = '{}' WHERE seq % 11 = 0")
      try db.run("UPDATE contacts SET status_before = status, status = 'trashed' WHERE seq % 13 = 0")
      try db.run("UPDATE companies SET live_contacts = seq % 4")
      try db.run("UPDATE contacts SET owner_id = (SELECT id FROM users) WHERE seq % 6 = 0")
    }
  }

  private func address(_ filter: String, _ list: String = "contacts", _ more: String = "") -> String {
    "/admin/crm/\(list)?filter=\(filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")\(more)"
  }

  private func ids(_ response: Response) -> [String] {
    response.page.all("//a[@class='row-link']").map { String(($0["href"] ?? "").split(separator: "/").last ?? "") }
  }

  private func all(_ address: String) -> [String] {
    var found: [String] = []
    var page: Response? = owner.get(address)
    while let response = page {
      #expect(response.status == 200, "\(address)")
      found += ids(response)
      page = response.page.first("//a[@rel='next']")?["href"].map { owner.get($0) }
    }
    return found
  }

  /// A filter, and the equivalent SQL condition.
  static let filters = [
    ("city is Αθήνα", "city = 'Αθήνα'"), ("city is αθηνα,MADRID", "city IN ('Αθήνα', 'Madrid')"),
    ("city is_not Αθήνα", "city <> 'Αθήνα'"), ("not city is Αθήνα", "city <> 'Αθήνα'"), ("city begins_with ΑΘ", "city LIKE 'Αθ%'"),
    ("job_title has manager", "' ' || lower(job_title) LIKE '% manager%'"), ("job_title is_empty", "job_title = ''"),
    ("name has γιώργος or name begins_with m", "name LIKE '%Γιώργος%' OR name LIKE 'm%'"),
    ("status is inactive", "status = 'inactive'"), ("country is GR,es", "country IN ('GR', 'ES')"),
    ("country is_not GR and status is active", "country <> 'GR' AND status = 'active'"), ("language is el", "language = 'el'"),
    ("birthday is_empty", "birthday = ''"), ("birthday is_not_empty", "birthday <> ''"),
    ("birthday before 1960-01-01", "birthday <> '' AND birthday < '1960-01-01'"), ("birthday since 1980-05-15", "birthday >= '1980-05-15'"),
    ("birthday between 1970-01-01,1960-01-01", "birthday BETWEEN '1960-01-01' AND '1970-01-01'"),
    ("not birthday before 1960-01-01", "birthday = '' OR birthday >= '1960-01-01'"),
    ("birthday until 1960-01-01 or birthday after 1980-01-01", "birthday <> '' AND (birthday <= '1960-01-01' OR birthday > '1980-01-01')"),
    ("consent has email", "consent LIKE '%email%'"), ("consent has_all email,phone", "consent = 'email,phone'"),
    ("consent has_none email", "consent NOT LIKE '%email%'"), ("consent is_empty", "consent = ''"),
    ("opted_out is yes", "opted_out_at IS NOT NULL"), ("opted_out is no", "opted_out_at IS NULL"),
    ("opted_out is_not yes and consent has phone", "opted_out_at IS NULL AND consent LIKE '%phone%'"),
    ("owner is_empty", "owner_id IS NULL"), ("owner is_not_empty", "owner_id IS NOT NULL"),
    ("channels is_empty", "channels = '{}'"), ("no_channels", "channels = '{}'"), ("companies is_not_empty", "company_id IS NOT NULL"),
    ("company has ltd", "' ' || lower(company_name) LIKE '% ltd%'"), ("created_at since 2026-01-01", "created_at >= '2026-01-01'"),
    ("created_at is last_90_days", "created_at >= '2026-08-21T'"),
    ("not (city is Αθήνα or city is Madrid)", "city NOT IN ('Αθήνα', 'Madrid')"),
  ]

  @Test(arguments: filters)
  func `a filter finds just what it asks for, in every order`(filter: String, sql: String) throws {
    for (tab, statuses) in [("all", "'active', 'inactive'"), ("trashed", "'trashed'")] {
      let expected = try office.store.read { db in
        try db.all(SQL(raw: "SELECT id FROM contacts WHERE status IN (\(statuses)) AND (\(sql)) ORDER BY name_sort, seq")) { $0.text(0) }
      }
      #expect(all(address(filter, "contacts", "&per_page=25&status=\(tab)")) == expected)
      for sort in ["-created_at", "city", "job_title", "-birthday", "company", "owner", "country", "consent"] {
        #expect(Set(all(address(filter, "contacts", "&per_page=25&status=\(tab)&sort=\(sort)"))) == Set(expected), "\(sort)")
      }
      let page = owner.get(address(filter, "contacts", "&status=\(tab)"))
      #expect(page.page.first("//*[@aria-current='page']//*[contains(@class, 'count')]")?.text == String(expected.count))
      let export = owner.get(address(filter, "contacts", "&status=\(tab)").replacing("contacts?", with: "contacts/export.csv?"))
      #expect(export.text.split(separator: "\r\n").dropFirst().map { String($0.prefix(36)) } == expected)
    }
    #expect(all(address(filter, "contacts", "&q=a")).count < 130)
    #expect(Set(all(address(filter, "contacts", "&q=a&sort=job_title"))) == Set(all(address(filter, "contacts", "&q=a"))))
  }

  @Test(arguments: [
    ("contacts is 0", "live_contacts = 0"), ("no_contacts", "live_contacts = 0"), ("contacts above 1", "live_contacts > 1"),
    ("contacts at_most 1", "live_contacts <= 1"), ("contacts between 3,2", "live_contacts BETWEEN 2 AND 3"),
    ("roles has supplier,partner", "roles IN ('supplier', 'partner')"), ("description is_empty", "description = ''"),
    ("industry is_not_empty and contacts is 1,2", "industry <> '' AND live_contacts IN (1, 2)"),
  ])
  func `numbers are compared as numbers`(filter: String, sql: String) throws {
    let expected = try office.store.read { db in
      try db.all(SQL(raw: "SELECT id FROM companies WHERE status <> 'trashed' AND (\(sql)) ORDER BY live_contacts DESC, seq DESC")) {
        $0.text(0)
      }
    }
    #expect(all(address(filter, "companies", "&sort=-contacts")) == expected)
  }

  @Test(arguments: [
    "nonsense is x", "city = x", "city above 3", "contacts is many", "status is gone", "status is \"\"", "country is XX",
    "birthday is tomorrowish",
    "birthday before this_week", "opted_out is maybe", "owner is me@example.com", "channels is x", "city is \"\"", "city has \"!!\"",
    "city is",
    "consent has fax", "notes is_empty",
  ])
  func `what a list can't be asked is refused, and said`(filter: String) {
    for path in ["contacts", "contacts/export.csv"] {
      let response = owner.get(address(filter, path))
      #expect(response.status == 400)
      #expect(response.text.contains("Bad request"))
    }
  }

  @Test func `nothing that a filter holds becomes SQL`() throws {
    for value in ["'; DROP TABLE contacts; --", "%", "_", "\\", "' OR '1'='1", "\u{10FFFF}"] {
      let quoted = value.replacing("\"", with: "\"\"")
      for filter in ["city is \"\(quoted)\"", "city begins_with \"\(quoted)\"", "source is_not \"\(quoted)\""] {
        #expect([200, 400].contains(owner.get(address(filter)).status))
      }
      #expect(all(address("city is \"\(quoted)\"")).isEmpty)
    }
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 130)
  }

  @Test func `each condition is a chip that can be taken off`() throws {
    let filter = "city is Αθήνα and (status is active or not (birthday before 1960-01-01 and country is GR,ES))"
    let page = owner.get(address(filter, "contacts", "&q=a"))
    let group = try #require(page.page.first("//*[@id='list-filter']"))
    #expect(
      group.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        == "City is Αθήνα (not ( Birthday is before 1 Jan 1960 and Country is Spain or Greece ) or Status is Active ) Clear all")
    let off = page.page.all("//*[@id='list-filter']//a[not(@class='filter-label')]").compactMap { $0["href"] }
    let athens = "city+is+%CE%91%CE%B8%CE%AE%CE%BD%CE%B1"
    #expect(
      off.map { $0.replacing("/admin/crm/contacts?q=a", with: "") } == [
        "&filter=not+(birthday+before+1960-01-01+and+country+is+ES,GR)+or+status+is+active",
        "&filter=" + athens + "+and+(country+is_not+ES,GR+or+status+is+active)",
        "&filter=" + athens + "+and+(not+birthday+before+1960-01-01+or+status+is+active)",
        "&filter=" + athens + "+and+not+(birthday+before+1960-01-01+and+country+is+ES,GR)", "",
      ])
    for href in off { #expect(owner.get(href).status == 200) }
    // All links of the page keep the filter.
    for href in page.page.all("//nav[@id='list-tabs']//a").compactMap({ $0["href"] }) { #expect(href.contains("filter=")) }
    #expect(page.page.first("//input[@name='filter']")?["value"]?.contains("city is Αθήνα") == true)
  }

  @Test func `chips speak the page's language, and name people and named filters`() throws {
    let olga = try office.id("SELECT id FROM users")
    let page = owner.get(address("owner is \(olga) and no_channels or country is GR"))
    #expect(page.status == 400, "a named filter stands alone")
    let named = owner.get(address("owner is \(olga) and channels is_empty"))
    #expect(named.text.contains("No e-mail or phone"))
    #expect(named.text.contains("Owner is Olga Owner"))
    owner.acceptLanguage = "el"
    let greek = owner.get(address("country is GR or birthday is last_30_days"))
    #expect(greek.text.contains("Χώρα: Ελλάδα"))
    #expect(greek.text.contains("Γενέθλια: τις τελευταίες 30 ημέρες"))
  }

  @Test func `filters find what one may see, and nothing else`() throws {
    let maker = try office.visitor(.factory, name: "Mia Member")
    let mia = try office.id("SELECT id FROM users WHERE name = 'Mia Member'")
    try office.store.write { db in try db.run("UPDATE contacts SET owner_id = \(mia) WHERE seq % 10 = 0") }
    for filter in ["status is active", "city is_not_empty", "owner is_not_empty", "owner is \(mia)"] {
      let expected = try office.store.read { db in
        try db.all("SELECT id FROM contacts WHERE owner_id = \(mia) AND status = 'active' ORDER BY name_sort, seq") { $0.text(0) }
      }
      let page = maker.get(address(filter, "contacts", "&status=active"))
      #expect(ids(page) == expected)
    }
  }

  @Test func `today, this week and this month are those of whoever asks`() throws {
    // 2026-11-18T12:26:40Z, a Wednesday.
    try office.store.write { db in
      for (number, moment) in [
        "2026-11-18T00:00:00.000Z", "2026-11-17T23:59:59.999Z", "2026-11-17T22:30:00.000Z", "2026-11-16T00:00:00.000Z",
        "2026-11-15T23:00:00.000Z",
        "2026-11-01T00:00:00.000Z", "2026-10-31T23:59:59.999Z",
      ].enumerated() {
        try db.run("UPDATE contacts SET updated_at = \(moment), source = 'moment' WHERE seq = \(number * 2 + 1)")
      }
    }
    func count(_ filter: String) -> Int {
      all(address("source is moment and " + filter)).count
        + all(address("source is moment and " + filter, "contacts", "&status=trashed")).count
    }
    #expect(count("updated_at is today") == 1)
    #expect(count("updated_at is this_week") == 4)
    #expect(count("updated_at is this_month") == 6)
    #expect(count("updated_at is last_2_days") == 3)
    #expect(count("updated_at before today") == 6)
    #expect(count("updated_at is_not today") == 6)
    #expect(count("updated_at since 2026-11-17") == 3)
    #expect(count("updated_at after 2026-11-17") == 1)
    try office.store.write { db in try db.run("UPDATE users SET time_zone = 'Europe/Athens'") }
    #expect(count("updated_at is today") == 3)
    #expect(count("updated_at is this_week") == 5)
  }

  /// As if the list had a million records: the planner uses `record_counts`.
  private func pretendMillions() throws {
    try office.store.write { db in try db.run("UPDATE record_counts SET n = 1000000 WHERE status <> 'trashed'") }
  }

  @Test func `of a million records only what an index or a search leaves is looked at`() throws {
    try pretendMillions()
    for (filter, more) in [
      ("city is Αθήνα", ""), ("city is Αθήνα and job_title has manager", ""),
      ("city is Αθήνα and job_title has manager", "&sort=job_title"),
      ("birthday is_empty", "&q=papad"), ("birthday is_empty", "&status=trashed"), ("channels is_empty", ""),
      ("no_channels", "&sort=country"),
      ("created_at is last_30_days and status is active", ""), ("company begins_with a and source is_empty", ""),
      ("city is Αθήνα", "&q=a&sort=source"),
    ] {
      #expect(owner.get(address(filter, "contacts", more)).status == 200, "\(filter)\(more)")
    }
    for (filter, more) in [
      ("birthday is_empty", ""), ("city is_not Αθήνα", ""), ("city is Αθήνα or birthday is_empty", ""),
      ("not city is Αθήνα", "&status=active"),
      ("job_title has manager", "&sort=city"),
    ] {
      for path in ["contacts", "contacts/export.csv"] {
        let response = owner.get(address(filter, path, more))
        #expect(response.status == 400, "\(filter)\(more)")
        #expect(response.text.contains("This would take too long"))
        #expect(response.text.contains("City"))
      }
    }
    for sort in ["job_title", "-birthday", "owner", "email"] {
      let response = owner.get("/admin/crm/contacts?sort=\(sort)")
      #expect(response.status == 400)
      #expect(response.text.contains("This would take too long"))
      #expect(owner.get("/admin/crm/contacts?sort=\(sort)&q=papad").status == 200)
      #expect(owner.get("/admin/crm/contacts?sort=\(sort)&status=trashed").status == 200)
    }
    func offered() -> [String] {
      owner.get("/admin/crm/contacts").page.all("//th[@data-column]").filter { $0["aria-sort"] != nil }.compactMap { $0["data-column"] }
    }
    #expect(offered() == ["name", "company", "city", "created_at"])
    try office.store.write { db in try db.run("UPDATE record_counts SET n = 100 WHERE status <> 'trashed'") }
    #expect(offered() == ["name", "company", "email", "phone", "status", "job_title", "city", "created_at"])
  }

  @Test func `no filter and no sort reads a table from end to end`() throws {
    let statements = Mutex<[String]>([])
    let office = try TestApp(trace: { sql in statements.withLock { $0.append(sql) } })
    let owner = try office.visitor(.owner)
    try DemoOffice(contacts: 40, seed: 3).load(into: office.store, by: nil, named: "Demo", now: office.now)
    try office.store.write { db in try db.run("UPDATE record_counts SET n = 1000000 WHERE status <> 'trashed'") }
    statements.withLock { $0 = [] }
    for filter in Self.filters.map(\.0) {
      for more in ["", "&q=a", "&sort=-created_at", "&sort=job_title", "&status=active&sort=city"] {
        owner.get(address(filter, "contacts", more))
      }
    }
    for filter in ["contacts is 0", "contacts above 2 and city is_not_empty", "industry begins_with s"] {
      owner.get(address(filter, "companies"))
    }
    let pages = Set(
      statements.withLock { $0 }.filter { $0.contains("FROM contacts") || $0.contains("FROM companies") || $0.contains("_search") })
    #expect(pages.count > 30)
    for sql in pages where sql.hasPrefix("SELECT") {
      let plan = try office.store.read { db in
        try db.all(SQL(raw: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "'x'"))) { $0.text(3) }
      }
      #expect(!plan.contains { $0.hasPrefix("SCAN contacts") || $0.hasPrefix("SCAN companies") }, "\(sql) needs \(plan)")
    }
  }

  @Test func `what an index finds in great number is shown in order all the same`() throws {
    // A third live in Athens, out of a hundred thousand according to the planner's statistics: in name order a page
    // fills quickly.
    try office.store.write { db in
      for number in 0..<3_000 {
        let athens = number % 3 == 0
        try db.run(
          """
          INSERT INTO contacts (id, name, name_sort, words, city, city_sort, created_at, updated_at)
          VALUES (\(RecordID.make(at: office.now)), \("Zora \(number)"), \("zora \(number * 7_919 % 3_000)"), '',
            \(athens ? "Αθήνα" : ""), \(athens ? "αθηνα" : ""), '', '')
          """)
      }
      try db.run("UPDATE record_counts SET n = 110000 WHERE status = 'active'")
    }
    for sort in ["name", "-name", "company"] {
      let expected = try office.store.read { db in
        try db.all(
          SQL(
            raw: "SELECT id FROM contacts WHERE status <> 'trashed' AND city_sort = 'αθηνα' ORDER BY "
              + ["name": "name_sort, seq", "-name": "name_sort DESC, seq DESC", "company": "company_sort = '', company_sort, seq"][
                sort, default: ""])
        ) { $0.text(0) }
      }
      #expect(expected.count > 1_000)
      #expect(all(address("city is Αθήνα", "contacts", "&per_page=200&sort=\(sort)")) == expected)
      #expect(ids(owner.get(address("city is Αθήνα", "contacts", "&per_page=25&before=end&sort=\(sort)"))) == expected.suffix(25))
    }
  }
}
