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
      #expect(page.text.contains("Enter a letter or digit to search for."), "\(list) \(q)")
    }
    let log = owner.get("/admin/crm/activity?q=\(PercentEncoding.encode(q))")
    #expect(log.status == 200 && log.page.all("//ol[@class='timeline']").isEmpty)
    #expect(log.text.contains("Enter a letter or digit to search for."), "activity \(q)")
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

  @Test func `city, job title and industry count too`() {
    add(["name": "Ann", "city": "Θεσσαλονίκη", "job_title": "Architect"])
    add(["name": "Acme", "city": "Volos", "industry": "Shipping"], to: "companies")
    for q in ["thessaloniki", "θεσσαλ", "archit ann"] { #expect(found(q) == ["Ann"], "\(q)") }
    for q in ["volos", "shipp acme"] { #expect(found(q, in: "companies") == ["Acme"], "\(q)") }
  }

  @Test(arguments: ["contacts", "companies", "tasks"]) func `a record is found by its notes, as long as they are there`(list: String) throws
  {
    let (name, status) = list == "tasks" ? ("title", "open") : ("name", "active")
    owner.get("/admin/crm/\(list)/new")
    let created = owner.post("/admin/crm/\(list)", [name: "Ann", "status": status, "note": "Keeps bees"])
    #expect(created.status == 303, "\(created.text)")
    let id = try office.id("SELECT id FROM \(raw: list)")
    let record = "/admin/crm/\(list)/\(id)"
    #expect(found("bees", in: list) == ["Ann"])
    owner.get(record)
    owner.post(record + "/notes", ["note": "Μιλά ελληνικά"])
    owner.get(record + "/edit")
    owner.post(record, [name: "Ann B", "status": status, "version": "1"])
    for q in ["bees", "ελληνικα", "ann ελλην", "μιλα"] { #expect(found(q, in: list) == ["Ann B"], "\(q)") }
    let newest = try #require(JSON(parsing: office.id("SELECT notes FROM \(raw: list)")).array?.last?["id"]?.string)
    owner.get("\(record)/notes/\(newest)/edit")
    let edited = owner.post("\(record)/notes/\(newest)", ["note": "Sails", "version": "1"])
    #expect(edited.status == 303)
    #expect(found("ελληνικα", in: list).isEmpty)
    #expect(found("sail", in: list) == ["Ann B"])
    owner.get("\(record)/notes/\(newest)/delete")
    owner.post("\(record)/notes/\(newest)/delete", [:])
    #expect(found("sail", in: list).isEmpty)
    #expect(found("bees", in: list) == ["Ann B"])
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
        UPDATE contacts SET notes = '[{"id":"n1","text":"Keeps bees","by":"","at":""}]' WHERE id = 'c1';
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
    for word in ["darbel", "example", "loreal", SearchWords.inNotes("bees")] {
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

  // MARK: Phone numbers

  @Test(arguments: [
    (
      "+30 210 1234567",
      [
        "2101234567", "210 1234567", "+302101234567", "0030 210 1234567", "tel:+302101234567", "(+30) 210-123.45.67", "34567",
        "1234567", "302101234567", "+30 210", "2101 2", "٢١٠١٢٣٤٥٦٧",
      ]
    ),
    (
      "210-1234567 ext. 45", ["2101234567", "+30 210 1234567", "210-1234567 ext. 45", "2101234567x45", "tel:+302101234567;ext=45", "34567"]
    ),
    ("+49 1234 567890", ["01234 567890", "01234567890", "+49 1234", "01234", "0049 1234 567890", "1234567890", "67890"]),
    ("0049 30 1234567", ["+49 30 1234567", "030 1234567", "0049301234567"]),
    ("+44 (0)20 7946 0000", ["+442079460000", "020 7946 0000", "2079460000", "+44 (0)20 7946 0000", "46 0000"]),
    ("11888", ["11888"]),
  ])
  func `a number is found by its end and by its beginning, from home and from abroad`(number: String, typed: [String]) {
    add(["name": "Ann", "channel_type": "phone", "channel_label": "", "channel_value": number, "channel_primary": ""])
    add(["name": "Ben", "channel_type": "whatsapp", "channel_label": "", "channel_value": "+30 694 4999999", "channel_primary": ""])
    add(["name": "Acme", "phone": number], to: "companies")
    for q in typed {
      #expect(found(q) == ["Ann"], "\(q)")
      #expect(found(q, in: "companies") == ["Acme"], "\(q)")
    }
    #expect(found("4 999999") == ["Ben"])
    #expect(found("7654321") == [])
  }

  @Test(arguments: [
    ("+44 (0)20 7946 0000", "tel:+442079460000", "https://wa.me/442079460000"),
    ("210-1234567 ext. 45", "tel:+302101234567;ext=45", "https://wa.me/302101234567"),
    ("0049 30 1234567", "tel:+49301234567", "https://wa.me/49301234567"), ("12345", nil, nil), ("210 1234567 or 210 7654321", nil, nil),
  ])
  func `links dial the number, or there is none`(number: String, tel: String?, whatsApp: String?) throws {
    owner.get("/admin/crm/contacts/new")
    let fields = [("phone", number), ("whatsapp", number)].flatMap { kind, value in
      [("channel_type", kind), ("channel_label", ""), ("channel_value", value), ("channel_primary", "")]
    }
    owner.post("/admin/crm/contacts", [("name", "Ann"), ("status", "active"), ("csrf_token", owner.lastToken)] + fields)
    add(["name": "Acme", "phone": number], to: "companies")
    func links(_ page: String) -> [String] {
      owner.get(page).page.all("//a[@href and not(ancestor::div[@class='record-head'])]").compactMap { $0["href"] }.filter {
        $0.hasPrefix("tel:") || $0.contains("wa.me")
      }
    }
    let expected = [tel, whatsApp].compactMap(\.self)
    #expect(links("/admin/crm/contacts/" + (try office.id("SELECT id FROM contacts"))) == expected)
    #expect(links("/admin/crm/companies/" + (try office.id("SELECT id FROM companies"))) == Array(expected.prefix(1)))
    for list in ["contacts", "companies"] { #expect(links("/admin/crm/" + list) == Array(expected.prefix(1))) }
    #expect(owner.get("/admin/crm/contacts").text.contains(number))
  }

  @Test func `an upgrade reads the numbers that are there`() throws {
    let store = try Store.temporary()
    try store.migrate(crm.migrations)
    try store.write { db in
      try db.script(
        """
        INSERT INTO companies (id, name, name_sort, name_words, words, phone, created_at, updated_at) VALUES
          ('o1', 'Acme', 'acme', 'acme', 'acme', '+44 (0)20 7946 0000', '', '');
        INSERT INTO contacts (id, name, name_sort, words, channels, created_at, updated_at) VALUES
          ('c1', 'Ann', 'ann', 'ann', '{"phone":[{"label":"","value":"0049 30 1234567"},{"label":"x","value":"none"}]}', '', '');
        DELETE FROM folded_texts;
        """)
    }
    try store.migrate(crm.migrations, reworks: crm.reworks)
    func texts(_ sql: SQL) throws -> [String] { try store.read { db in try db.all(sql) { $0.text(0) } } }
    #expect(try texts("SELECT phone || '/' || phone_number FROM contacts") == ["0049 30 1234567/+49301234567"])
    #expect(try texts("SELECT phone || '/' || phone_number FROM companies") == ["+44 (0)20 7946 0000/+442079460000"])
    #expect(try crm.check(store) == [])
  }

  // MARK: Similar names

  @Test(arguments: [
    ("Παπαδόπουλος", ["papadopoulos", "papadopulos", "PAPADOP"]), ("Αιγαίο", ["aigaio", "egeo"]), ("Γιώργος", ["giorgos", "yorgos"]),
    ("Papadopoulos", ["Παπαδοπουλος", "παπαδόπουλος"]), ("Yorgos", ["Γιώργος", "giorgos"]), ("Smith", ["smyth", "Σμιθ"]),
  ])
  func `a name is found in the other letters`(name: String, typed: [String]) {
    add(["name": name + " X"])
    add(["name": "Nobody"])
    add(["name": name], to: "companies")
    for q in typed {
      #expect(found(q) == [name + " X"], "\(q)")
      #expect(found(q, in: "companies") == [name], "\(q)")
      #expect(owner.get("/admin/crm/contacts/suggestions.json?q=\(PercentEncoding.encode(q))").text.contains(name), "\(q)")
    }
  }

  @Test func `what has the words comes before what sounds like them, on any page`() {
    for number in 1...30 {
      add(["name": "Παπάς \(number)"])
      add(["name": "Papas \(number)"])
    }
    let expected = (1...30).reversed().map { "Papas \($0)" } + (1...30).reversed().map { "Παπάς \($0)" }
    var shown: [[String]] = []
    var page: Response? = owner.get("/admin/crm/contacts?q=papas&per_page=25")
    #expect(page?.page.first("//*[@id='list-total']")?.text == "60")
    #expect(page?.text.contains("No exact match") == false)
    #expect(page?.text.contains("Newest first.") == true)
    while let response = page {
      shown.append(response.page.all("//a[@class='row-link']").map(\.text))
      page = response.page.first("//a[@rel='next']")?["href"].map { owner.get($0) }
    }
    #expect(shown == [Array(expected[..<25]), Array(expected[25..<50]), Array(expected[50...])])
    let end = owner.get("/admin/crm/contacts?q=papas&per_page=25&before=end")
    #expect(end.page.all("//a[@class='row-link']").map(\.text) == Array(expected[35...]))
    let previous = end.page.first("//a[@rel='prev']")?["href"].map { owner.get($0) }
    #expect(previous?.page.all("//a[@class='row-link']").map(\.text) == Array(expected[10..<35]))
    let sorted = owner.get("/admin/crm/contacts?q=papas&sort=name&per_page=200")
    #expect(sorted.page.all("//a[@class='row-link']").map(\.text).count == 60)
    #expect(sorted.text.contains("Sorted by Name."))
  }

  @Test(arguments: [
    ("Bennett", ["benett", "bennettt", "bemnett", "bnenett"]), ("Παπαδόπουλος", ["παπαδοπυολος", "παπαδοπουλοσς", "παπαδπουλος"]),
    ("Rothschild", ["rothshild", "rotschild"]),
  ])
  func `one slip in a long word is forgiven where nothing is better, and it is said`(name: String, typed: [String]) {
    add(["name": name])
    add(["name": "Somebody Else"])
    for q in typed {
      #expect(found(q) == [name], "\(q)")
      #expect(
        owner.get("/admin/crm/contacts?q=\(PercentEncoding.encode(q))").text.contains("No exact match. Showing similar names."), "\(q)")
    }
    add(["name": "Benett", "email": "x@example.com"])
    #expect(!owner.get("/admin/crm/contacts?q=benett").text.contains("No exact match"))
    for none in ["xyzzyx", "ben tt", "zennett@example.com"] { #expect(found(none) == [], "\(none)") }
  }

  // MARK: Already there

  @Test func `an e-mail address or a phone number that somebody has already is told`() throws {
    add(["name": "Ann", "channel_type": "email", "channel_label": "", "channel_value": "ann.smith@example.com", "channel_primary": ""])
    add(["name": "Ben", "channel_type": "phone", "channel_label": "", "channel_value": "+30 210 1234567", "channel_primary": ""])
    add(["name": "Acme", "email": "info@acme.example", "phone": "210 7654321"], to: "companies")
    func there(_ q: String, in list: String = "contacts", for visitor: TestClient? = nil) -> Bool {
      let answer = (visitor ?? owner).get("/admin/crm/\(list)/existing.json?q=\(PercentEncoding.encode(q))")
      #expect(answer.status == 200)
      return answer.text.contains("\"href\":\"/admin/crm/\(list)/")
    }
    for q in ["ann.smith@example.com", "ANN.SMITH@Example.com "] { #expect(there(q), "\(q)") }
    for q in ["2101234567", "0030 210 1234567", "(+30) 210-123.45.67"] { #expect(there(q), "\(q)") }
    for q in ["info@acme.example", "+302107654321"] { #expect(there(q, in: "companies"), "\(q)") }
    for q in ["", "ann", "smith@example.com", "ann.smith@example.co", "ann.smith@example.com.gr", "34567", "210123456", "@", "%"] {
      #expect(!there(q), "\(q)")
    }
    #expect(!there("ann.smith@example.com", for: try office.visitor(.factory)))
    // Without scripts the saved page says so.
    owner.get("/admin/crm/contacts/new")
    let answer = owner.post("/admin/crm/contacts", ["name": "Anna", "status": "active", "email": "ann.smith@example.com"])
    #expect(answer.status == 303)
    #expect(owner.get(answer.headers["Location"] ?? "").text.contains("Anna saved. Ann already has ann.smith@example.com."))
  }
}
