import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// Finding somebody, however their name is written and typed.
@Suite struct SearchTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  private func add(_ fields: KeyValuePairs<String, String>, to list: String = "contacts") {
    owner.get("/admin/crm/\(list)/new")
    let answer = owner.post(
      "/admin/crm/\(list)", fields.map { ($0.key, $0.value) } + [("status", "active"), ("csrf_token", owner.lastToken)])
    #expect(answer.status == 303, "\(answer.text)")
  }

  private func found(_ q: String, in list: String = "contacts") -> [String] {
    owner.get("/admin/crm/\(list)?q=\(PercentEncoding.encode(q))").page.all("//a[@class='row-link']").map(\.text)
  }

  @Test(arguments: [
    ("D'Arbel", ["darbel", "d'arbel", "d’arbel", "D ARBEL", "arbel"]),
    ("Jean-Luc Picard", ["jeanluc", "jean luc", "jean-luc p", "jean‑luc"]),
    ("Hawaiʻi Tours", ["hawaii", "hawai'i", "hawaiʻi"]), ("ﬁancé ＦＵＬＬ", ["fiance", "full", "ｆｕｌｌ"]), ("山田太郎", ["太郎", "山田", "郎"]),
    ("สมชาย", ["ชาย", "สม"]), ("Sean O`Neil", ["oneil", "o'neil", "neil"]),
  ])
  func `a name is found by what people type for it`(name: String, typed: [String]) {
    add(["name": name])
    add(["name": "Somebody Else"])
    add(["name": name], to: "companies")
    for q in typed {
      #expect(found(q) == [name], "\(q)")
      #expect(found(q, in: "companies") == [name], "\(q)")
    }
  }

  @Test(arguments: ["%", "*", "-", "🎉", "' \" ?", "_"])
  func `what has nothing to search for finds nothing and says why`(q: String) {
    add(["name": "Ann 🎉 100%"])
    for list in ["contacts", "companies", "tasks"] {
      let page = owner.get("/admin/crm/\(list)?q=\(PercentEncoding.encode(q))")
      #expect(page.page.all("//a[@class='row-link']").isEmpty)
      #expect(page.text.contains("There is no letter or digit in it to search for."), "\(list) \(q)")
    }
    #expect(!owner.get("/admin/activity?q=\(PercentEncoding.encode(q))").text.contains("Ann 🎉"))
    #expect(!owner.get("/admin/crm/contacts?q=nobody").text.contains("no letter or digit"))
  }

  @Test(arguments: [
    ("D'Arbel", "D’Arbel"), ("D'Arbel", "darbel"), ("Jean-Luc", "jean‑luc"), ("Jean-Luc", "Jean Luc"), ("ﬁancé", "FIANCÉ"),
    ("Παπάς", "ΠΑΠΑΣ"),
  ])
  func `a name is confirmed as it is typed`(name: String, typed: String) throws {
    add(["name": name])
    let href = "/admin/crm/contacts/" + (try office.id("SELECT id FROM contacts"))
    owner.get(href)
    owner.post(href + "/trash", [:])
    owner.get(href + "/delete")
    for wrong in ["", "-", "d"] { #expect(owner.post(href + "/delete", ["confirm": wrong]).status == 422) }
    #expect(owner.post(href + "/delete", ["confirm": typed]).status == 303)
  }

  @Test(arguments: ["city", "-city"])
  func `texts sort folded, and empty ones come last`(sort: String) {
    for city in ["Zagreb", "aachen", "", "zug", "Åbo", "D'Este", "delft"] { add(["name": "In " + city, "city": city]) }
    let cities = ["aachen", "Åbo", "delft", "D'Este", "Zagreb", "zug"]
    let names = (sort == "city" ? cities : cities.reversed()).map { "In " + $0 } + ["In"]
    #expect(owner.get("/admin/crm/contacts?sort=\(sort)").page.all("//a[@class='row-link']").map(\.text) == names)
  }

  @Test func `an upgrade folds again what an earlier program has folded`() throws {
    let store = try Store.temporary()
    try store.migrate(crm.migrations)
    try store.write { db in
      try db.script(
        """
        INSERT INTO companies (id, name, name_sort, name_words, words, city, city_sort, created_at, updated_at) VALUES
          ('o1', 'L''Oréal', 'l''oreal', 'l oreal', 'l oreal', 'L''Aquila', 'l''aquila', '', '');
        INSERT INTO contacts (id, name, name_sort, words, channels, created_at, updated_at) VALUES
          ('c1', 'D''Arbel', 'd''arbel', 'd arbel', '{"email":[{"label":"","value":"x@example.com"}]}', '', ''),
          ('c2', 'Ann', 'ann', 'ann', '{}', '', '');
        INSERT INTO memberships (id, contact_id, company_id, is_primary, created_at) VALUES ('m1', 'c1', 'o1', 1, '');
        INSERT INTO tags (id, name, name_sort, color) VALUES ('t1', 'Côte d''Azur', 'cote d''azur', 1), ('t2', 'A-', 'a-', 2);
        DELETE FROM folded_texts;
        """)
    }
    try store.migrate(crm.migrations, reworks: crm.reworks)
    func texts(_ sql: SQL) throws -> [String] { try store.read { db in try db.all(sql) { $0.text(0) } } }
    #expect(try texts("SELECT name_sort || '/' || company_sort FROM contacts WHERE id = 'c1'") == ["darbel/loreal"])
    #expect(try texts("SELECT city_sort FROM companies") == ["laquila"])
    #expect(try texts("SELECT name_sort FROM tags ORDER BY id") == ["cote dazur", "a-"])
    for word in ["darbel", "example", "loreal"] {
      #expect(try texts("SELECT 'c' || rowid FROM contact_search(\("\"\(word)\"*"))") == ["c1"], "\(word)")
    }
    #expect(try crm.check(store) == [])
    let new = try Store.temporary()
    try new.migrate(crm.migrations)
    #expect(try store.schema() == new.schema())
    // Once is enough.
    try store.write { db in _ = try db.run("UPDATE contacts SET words = 'kept' WHERE id = 'c2'") }
    try store.migrate(crm.migrations, reworks: crm.reworks)
    #expect(try texts("SELECT words FROM contacts WHERE id = 'c2'") == ["kept"])
  }
}
