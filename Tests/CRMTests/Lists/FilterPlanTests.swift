import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// Filters that are refused, and the limits of large lists.
@Suite struct FilterPlanTests {
  @Test func `what a visitor may not see can't be asked for either`() throws {
    for (filter, list, resource) in [
      ("company has acme", ListDefinition.contacts, Resource.companies), ("contacts is 0", .companies, .contacts),
      ("no_contacts", .companies, .contacts),
    ] {
      #expect(throws: Never.self) { try Predicate(filter, for: list) { _ in true } }
      #expect(throws: HTTPError.self) { try Predicate(filter, for: list) { $0 != resource } }
      #expect(throws: HTTPError.self) { try Predicate("not (name is x or \(filter))", for: list) { $0 != resource } }
    }
  }

  @Test func `what an index finds past all bounds is shown in the order of the page, or refused`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let most = ListPlan.mostRows
    try office.store.write { db in
      // Search isn't used here, and indexing this many takes time.
      try db.script("DROP TRIGGER company_search_insert; DROP TRIGGER company_record_insert;")
      try db.run(
        """
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(most + 50))
        INSERT INTO companies (id, name, name_sort, name_words, words, live_contacts, website, created_at, updated_at)
        SELECT '00000000-0000-7000-8000-' || printf('%012d', n), 'C' || n, printf('c%09d', n), '', '', n % 10000 = 9999,
          iif(n = 7, 'x.example', ''), '', '' FROM numbers
        """)
    }
    func names(_ query: String) -> [String] {
      owner.get("/admin/crm/companies?per_page=25&filter=\(query)").page.all("//a[@class='row-link']").map(\.text)
    }
    #expect(names("contacts+is+0") == (0..<25).map { "C\($0)" })
    #expect(names("contacts+is+0&sort=-name") == (0..<25).map { "C\(most + 50 - $0)" })
    #expect(names("no_contacts&sort=contacts") == (0..<25).map { "C\($0)" })
    #expect(names("contacts+is+1").count == 10)
    for refused in ["contacts+is+0+and+website+is+x.example", "website+is+x.example", "contacts+is+0&sort=website"] {
      let page = owner.get("/admin/crm/companies?filter=\(refused)")
      #expect(page.status == 400, "\(refused)")
      #expect(page.text.contains("This would take too long"))
    }
    #expect(owner.get("/admin/crm").text.contains("filter=contacts+is+0"))
  }
}
