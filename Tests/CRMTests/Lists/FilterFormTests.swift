@testable import Admin
@testable import CRM
import Foundation
import Store
import Testing
import Web
import XML

/// The form of a filter: for every field of every list, what it makes of a filter that is there, and what it refuses.
@Suite struct FilterFormTests {
  let office: TestApp
  let owner: TestClient
  private static let contacts = "/admin/crm/contacts"
  private static let specimens = "/admin/crm/specimens"

  init() throws {
    office = try TestApp(demo: DemoOffice(contacts: 40, seed: 7), features: [.specimens])
    owner = try office.visitor(.owner)
    owner.get(Self.specimens + "/new")
    let response = owner.post(
      Self.specimens,
      [
        "name": "Zeta", "status": "active", "line": "Ada <b>Love</b>", "code": "Q7", "choice": "high", "choices": "b", "flag": "yes",
        "date": "2026-11-20",
        "time": "14:05", "moment": "2026-11-20T10:00", "duration": "90", "count": "12", "weight": "1.5", "price": "10",
        "price_currency": "USD",
        "share": "50", "email": "ada@example.com", "phone": "+30 210 555 0199", "web": "example.com", "country": "GR", "language": "el",
        "tags": "VIP",
      ])
    try #require(response.status == 303, "\(response.text)")
    // References to documents need one that is there.
    let customer = try office.id("SELECT id FROM contacts LIMIT 1")
    for list in ["quotes", "orders", "invoices"] {
      owner.get("/admin/crm/\(list)/new")
      try #require(owner.post("/admin/crm/\(list)", [("contact_id", customer), ("csrf_token", owner.lastToken)]).status == 303)
    }
    let id = try office.id("SELECT id FROM specimens WHERE name = 'Zeta'")
    try office.store.write { db in
      try db.run(
        "UPDATE specimens SET origin_id = \(id), owner_id = (SELECT id FROM users LIMIT 1), contact_id = (SELECT id FROM contacts LIMIT 1)")
    }
  }

  private func address(_ path: String, _ pairs: [(String, String)]) -> String { URLQuery.append(pairs, to: path) }

  /// The pairs that a form on a page would send, with some of them changed.
  private func fields(_ response: Response, _ changed: [(String, String)] = [], apply: Bool = true) -> [(String, String)] {
    var pairs: [(String, String)] = []
    let form = response.page.first("//form[@data-filter-form]")
    for input in form?.all(".//input | .//select") ?? [] {
      guard let name = input["name"], !changed.contains(where: { $0.0 == name }) else { continue }
      if let type = input["type"], ["checkbox", "radio"].contains(type), input["checked"] == nil { continue }
      let chosen = input.all(".//option[@selected]").first ?? input.all(".//option").first
      pairs.append((name, input["value"] ?? chosen?["value"] ?? ""))
    }
    return pairs + changed + (apply ? [("apply", "yes")] : [])
  }

  private func form(_ list: String, _ pairs: [(String, String)] = []) -> Response { owner.get(address(list + "/filter", pairs)) }

  private func applied(_ list: String, _ pairs: [(String, String)], _ values: [(String, String)]) -> Response {
    form(list, fields(form(list, pairs), values))
  }

  private func names(_ response: Response) -> [String] { response.page.all("//a[@class='row-link']").map(\.text) }

  /// A value of each kind of input.
  private func values(_ page: Response, _ field: ListField) -> [(String, String)] {
    var values: [(String, String)] = []
    for name in ["value1", "value2"] {
      if let box = page.page.first("//input[@type='checkbox' and @name='\(name)']") { values.append((name, box["value"] ?? "")) }
      if let select = page.page.first("//select[@name='\(name)']") {
        values.append((name, select.all(".//option").first { $0["value"] != "" }?["value"] ?? ""))
      }
      guard let input = page.page.first("//input[@name='\(name)' and not(@type='checkbox')]") else { continue }
      let text =
        switch field.comparison {
        case is DateComparison: "2026-11-20"
        case is TimeComparison: "14:05"
        case is NumberComparison, is MoneyComparison: "12"
        case let comparison as ReferenceComparison:
          comparison.table == "specimens" ? "Zeta" : (try? office.id("SELECT name FROM \(raw: comparison.table)")) ?? ""
        case is AboutComparison: (try? office.id("SELECT name FROM companies")) ?? ""
        default: "Ada"
        }
      #expect(input["id"] == "f-" + name)
      values.append((name, text))
    }
    return values
  }

  @Test func `every operator of every field of every list has a form, and its value makes a filter that the list takes`() throws {
    var asked = 0
    for list in office.composition.records.all.map(\.list) {
      let offered = Set(form(list.path).page.all("//select[@name='field']//option").compactMap { $0["value"] }.filter { !$0.isEmpty })
      #expect(offered == Set(list.fields.map(\.name)))
      for field in list.fields {
        for known in field.operators {
          let pairs = [("field", field.name), ("operator", known.rawValue)]
          let page = form(list.path, pairs)
          #expect(page.status == 200 && page.page.first("//option[@value='\(known.rawValue)' and @selected]") != nil)
          let answer = form(list.path, fields(page, values(page, field)))
          #expect(answer.status == 303, "\(list.name) \(pairs): \(answer.page.first("//main")?.text ?? "")")
          let shown = owner.get(answer.headers["Location"] ?? "")
          #expect(shown.status == 200 && shown.page.all("//*[@class='filter-chip']").count == 1, "\(pairs)")
          // The chip's form shows the same again, and makes the same of it.
          let again = owner.get(shown.page.first("//a[@class='filter-label']")?["href"] ?? "")
          #expect(again.status == 200)
          #expect(form(list.path, fields(again)).headers["Location"] == answer.headers["Location"], "\(list.name) \(pairs)")
          if known.arity != .none {
            let empty = form(list.path, fields(page, [("value1", ""), ("value2", ""), ("value1_period", "")]))
            #expect(empty.status == 422 || field.comparison is FlagComparison, "\(pairs)")
          }
          asked += 1
        }
      }
    }
    #expect(asked > 200)
  }

  @Test(arguments: [
    ("name", "contains", "has", [("value1", "zeta")]), ("line", "", "is", [("value1", "ada <b>love</b>")]),
    ("code", "", "begins_with", [("value1", "q")]), ("choice", "", "is", [("value1", "low"), ("value1", "high")]),
    ("choices", "", "has_all", [("value1", "b")]), ("flag", "", "is", [("value1", "yes")]), ("date", "", "is", [("value1", "2026-11-20")]),
    ("date", "", "between", [("value1", "2026-11-01"), ("value2", "2026-11-30")]), ("time", "", "until", [("value1", "14:05")]),
    ("moment", "", "since", [("value1", "2026-11-20")]), ("duration", "", "is", [("value1", "1:30")]),
    ("count", "", "above", [("value1", "11")]), ("weight", "", "is", [("value1", "1.5 kg")]),
    ("price", "", "at_least", [("value1", "10"), ("value1_currency", "USD")]), ("share", "", "is", [("value1", "50 %")]),
    ("country", "", "is", [("value1", "GR"), ("value2", "ES")]), ("language", "", "is", [("value1", "el")]),
    ("owner", "", "is", [("value1", "me")]), ("origin", "", "is", [("value1", "zet")]), ("tags", "", "has", [("value1", "vip")]),
    ("status", "", "is", [("value1", "active")]), ("created_at", "", "is", [("value1", ""), ("value1_period", "today")]),
  ])
  func `a value as people type it finds the record`(field: String, _: String, known: String, values: [(String, String)]) {
    let answer = applied(Self.specimens, [("field", field), ("operator", known), ("of", field)], values)
    #expect(answer.status == 303, "\(answer.text)")
    #expect(names(owner.get(answer.headers["Location"] ?? "")) == ["Zeta"])
  }

  @Test(arguments: [
    ("date", "is", [("value1", "yesterdayish")], "Enter a date like 2026-11-20"),
    ("date", "is", [("value1", "2026-11-20"), ("value1_period", "today")], "Choose a date or a period, not both."),
    ("date", "before", [("value1", ""), ("value1_period", "this_week")], "Enter a date like 2026-11-20, or today."),
    ("time", "is", [("value1", "noon")], "Invalid time. Enter it like 14:05."),
    ("count", "is", [("value1", "many")], "Enter a whole number"),
    ("price", "above", [("value1", "dear"), ("value1_currency", "EUR")], "Enter an amount"),
    (
      "price", "between", [("value1", "1"), ("value1_currency", "EUR"), ("value2", "2"), ("value2_currency", "USD")],
      "Both amounts must be in the same currency."
    ),
    ("origin", "is", [("value1", "<i>nobody</i>")], "No match for “<i>nobody</i>”."),
    ("line", "has", [("value1", "!?")], "Enter a word to filter by."),
    ("line", "is", [("value1", "<script>" + String(repeating: "x", count: 300))], "At most 255 characters."),
    ("country", "is", [("value1", "Atlantis")], "Unknown country code “ATLANTIS”."),
    ("choice", "is", [("value1", "middling")], "Choose one of the values offered."),
    ("between", "is", [("value1", "x")], "Choose one of the values offered."),
    ("line", "above", [("value1", "x")], "Choose one of the values offered."),
  ])
  func `what is no value is refused at its control, and stays there`(
    field: String, known: String, values: [(String, String)], message: String
  ) {
    let answer = form(Self.specimens, [("field", field), ("of", field), ("operator", known)] + values + [("apply", "yes")])
    #expect(answer.status == 422)
    #expect(answer.page.all("//p[@class='field-error']").contains { $0.text.contains(message) }, "\(answer.text)")
    if answer.page.first("//input[@name='value1' and @type!='checkbox']") != nil {
      #expect(answer.page.first("//input[@name='value1']")?["value"] == values[0].1)
    }
    #expect(!answer.text.contains("<script>xx") && !answer.text.contains("<i>nobody"))
  }

  @Test func `a new condition joins what is asked already, and all else stays but the position`() throws {
    let state = "?q=a&sort=-name&status=active&filter=country+is_not_empty+or+city+is+Rome&view=table&per_page=25&from=26&after="
    let list = owner.get(Self.contacts + state)
    let button = try #require(list.page.first("//a[@data-key='f']")?["href"])
    let page = form(Self.contacts, fields(owner.get(button), [("field", "email")], apply: false))
    let answer = form(Self.contacts, fields(page, [("operator", "is_not_empty")]))
    let text = answer.headers["Location"] ?? ""
    #expect(
      text
        == Self.contacts
        + "?q=a&sort=-name&status=active&filter=(city+is+Rome+or+country+is_not_empty)+and+email+is_not_empty&view=table&per_page=25")
    #expect(owner.get(text).status == 200)
  }

  @Test func `a chip changes just its condition, wherever in the filter it is, and its cross takes it off`() throws {
    let filter = "(city is Rome or country is GR) and not (name begins_with A)"
    let list = owner.get(address(Self.contacts, [("filter", filter)]))
    let chips = list.page.all("//*[@class='filter-chip']")
    try #require(chips.count == 3)
    func changed(_ index: Int, _ values: [(String, String)]) -> String? {
      let page = owner.get(chips[index].first(".//a[@class='filter-label']")?["href"] ?? "")
      return form(Self.contacts, fields(page, values)).headers["Location"]
    }
    func url(_ filter: String) -> String { Self.contacts + "?filter=" + Predicate.urlEncoded(filter) }
    #expect(changed(0, [("value1", "Paris")]) == url("(city is Paris or country is GR) and not name begins_with A"))
    #expect(changed(1, [("operator", "is_empty")]) == url("(city is Rome or country is_empty) and not name begins_with A"))
    #expect(changed(2, [("value1", "B")]) == url("(city is Rome or country is GR) and not name begins_with B"))
    #expect(chips[1].first(".//a[@class='filter-remove']")?["href"] == url("city is Rome and not name begins_with A"))
  }

  @Test func `the chip of a filter with a name opens as its condition`() {
    let list = owner.get(Self.contacts + "?filter=no_channels")
    let page = owner.get(list.page.first("//a[@class='filter-label']")?["href"] ?? "")
    #expect(page.page.first("//select[@name='field']//option[@selected]")?["value"] == "channels")
    #expect(page.page.first("//select[@name='operator']//option[@selected]")?["value"] == "is_empty")
    #expect(
      form(Self.contacts, fields(page, [("operator", "is_not_empty")])).headers["Location"] == Self.contacts
        + "?filter=channels+is_not_empty")
  }

  @Test func `another field is asked for its own operators and values, and nothing is applied before they were seen`() {
    let page = form(Self.specimens, [("field", "line"), ("of", "line"), ("operator", "begins_with"), ("value1", "x")])
    let other = form(Self.specimens, fields(page, [("field", "date")]))
    #expect(other.status == 200)
    #expect(other.page.first("//input[@name='value1']")?["type"] == "date" && other.page.first("//input[@name='value1']")?["value"] == "")
    #expect(form(Self.specimens, [("apply", "yes"), ("of", "")]).text.contains("Choose a field."))
  }

  @Test func `one more value is one more control, up to a limit`() {
    var page = form(Self.specimens, [("field", "country"), ("operator", "is")])
    for count in 2...FilterParser.mostValues {
      page = form(Self.specimens, fields(page, [("more", "yes"), ("value\(count - 1)", "GR")], apply: false))
      #expect(page.page.all("//select[starts-with(@id, 'f-value')]").count == count)
    }
    #expect(page.page.first("//button[@name='more']") == nil)
  }

  @Test func `a name that means several records offers them`() throws {
    for name in ["Twin", "Twin", "Twin Peak"] {
      owner.get(Self.specimens + "/new")
      #expect(owner.post(Self.specimens, ["name": name, "status": "active"]).status == 303)
    }
    let page = applied(Self.specimens, [("field", "origin"), ("operator", "is")], [("value1", "twin")])
    #expect(page.status == 422 && page.text.contains("There are several matches for “twin”. Choose one."))
    let offered = page.page.all("//input[@type='radio' and @name='value1_choice']").compactMap { $0["value"] }
    try #require(offered.count == 3)
    let answer = form(Self.specimens, fields(page, [("value1_choice", offered[1])]))
    #expect(answer.headers["Location"] == Self.specimens + "?filter=origin+is+" + offered[1])
    // The only one of just this name is meant, whatever else begins with it.
    let exact = applied(Self.specimens, [("field", "origin"), ("operator", "is")], [("value1", "twin PEAK")])
    #expect(exact.status == 303)
  }

  @Test func `of several types the record of just the name is meant, and offered first`() throws {
    func make(_ list: String, _ name: String, _ fields: [(String, String)] = []) throws -> String {
      owner.get("/admin/crm/\(list)/new")
      let response = owner.post("/admin/crm/\(list)", [("name", name), ("status", "active"), ("csrf_token", owner.lastToken)] + fields)
      try #require(response.status == 303, "\(response.page.first("//main")?.text ?? "")")
      return String(response.location.split(separator: "/").last ?? "")
    }
    for number in 1...9 { _ = try make("contacts", "Alphaville \(number)") }
    let first = try make("companies", "Alphaville")
    func ask(_ name: String) -> Response { applied("/admin/crm/tasks", [("field", "about"), ("operator", "has")], [("value1", name)]) }
    func offered(_ page: Response) -> [String] {
      page.page.all("//input[@type='radio' and @name='value1_choice']").compactMap { $0["value"] }
    }
    #expect(ask("alphaville").location == "/admin/crm/tasks?filter=about+has+" + first)
    let second = try make("companies", "Alphaville")
    let page = ask("Alphaville")
    #expect(page.status == 422 && offered(page).count == 8 && Set(offered(page).prefix(2)) == [first, second])
    // A name is meant by its beginning and by its words, but not by a word elsewhere in the record, or by one that is similar.
    let only = try make("companies", "Betatron Works", [("city", "Gammaburgh")])
    for name in ["betatron w", "works betatron"] { #expect(ask(name).location.hasSuffix(only), "\(name)") }
    for name in ["Gammaburgh", "Betatrn"] {
      let page = ask(name)
      #expect(page.status == 422 && offered(page) == [only], "\(name)")
      #expect(page.text.contains("No record is named “\(name)”."))
    }
  }

  @Test(arguments: [("has", "Or"), ("has_all", "And"), ("has_none", "Or")])
  func `further values are labelled by what joins them`(known: String, joined: String) {
    let page = form(Self.contacts, [("field", "tags"), ("of", "tags"), ("operator", known), ("value1", "a"), ("value2", "b")])
    #expect(page.page.all("//label[starts-with(@for, 'f-value')]").map(\.text) == ["Value", joined])
  }

  @Test func `in Greek the form goes on, it doesn't turn a page`() {
    owner.get("/account")
    owner.post("/account", ["name": "Olga Owner", "language": "el", "time_zone": "UTC", "theme": "auto"])
    #expect(form(Self.contacts).page.all("//form[@data-filter-form]//button").map(\.text).contains("Συνέχεια"))
  }

  @Test func `nobody is offered, or may ask, what they can't see`() throws {
    let lists = office.composition.records.all.map(\.list)
    var hidden = 0
    for role in [Role.factory, .member, .manager] {
      let visitor = try office.visitor(role, name: role.rawValue)
      for list in lists {
        let page = visitor.get(list.path + "/filter")
        guard list.resource.level(of: role) >= .readOwn else {
          #expect(page.status == 404)
          continue
        }
        let offered = Set(page.page.all("//select[@name='field']//option").compactMap { $0["value"] }.filter { !$0.isEmpty })
        for field in list.fields {
          let may = field.resource.map { $0.level(of: role) >= .read } ?? true
          #expect(offered.contains(field.name) == may)
          let asked = visitor.get(list.path + "/filter?of=\(field.name)&field=\(field.name)&operator=is_empty&apply=yes")
          #expect(may || asked.status == 422)
          if !may { hidden += 1 }
        }
      }
    }
    #expect(hidden > 0)
  }

  @Test func `a condition of many values keeps them all, and one of too many says so`() throws {
    let values = (10...49).map { "v\($0)" }.joined(separator: ",")
    let page = form(Self.contacts, [("filter", "city is " + values), ("edit", "0")])
    let same = owner.get(address(Self.contacts + "/filter", fields(page)))
    #expect(same.status == 303)
    #expect(owner.get(same.location).page.all("//*[@class='filter-chip']").count == 1)
    for n in 10...49 { #expect(same.location.contains("v\(n)"), "\(n)") }
    let many = applied(Self.contacts, [("field", "city"), ("operator", "is")], (1...61).map { ("value\($0)", "v\($0)") })
    #expect(many.status == 422)
  }

  @Test(arguments: ["1", "-1", "999999999999999999999", "x", ""]) func `a condition that isn’t there can’t be changed`(n: String) {
    #expect(form(Self.contacts, [("filter", "city is Rome"), ("edit", n)]).status == 400)
    #expect(form(Self.contacts, [("edit", n)]).status == 400)
  }

  @Test func `who doesn’t see the users asks for their own alone`() throws {
    let factory = try office.visitor(.factory)
    let page = factory.get(Self.contacts + "/filter?field=owner")
    #expect(page.page.all("//select[@name='value1']/option").compactMap { $0["value"] } == ["", "me"])
    #expect(try office.visitor(.manager).get(Self.contacts + "/filter?field=owner").page.all("//select[@name='value1']/option").count > 3)
  }

  @Test func `a filter that is too long already takes no more, and says so`() {
    let long = (0..<30).map { "city is c\($0)" }.joined(separator: " or ")
    let answer = applied(Self.contacts, [("filter", long), ("field", "name"), ("operator", "has")], [("value1", "Ada")])
    #expect(answer.status == 422 && answer.text.contains("The filter has more than 30 conditions."))
    #expect(answer.page.first("//input[@name='value1']")?["value"] == "Ada")
  }

  @Test func `a list that is too large for a filter says so with its chips, in the reader's words`() throws {
    try office.store.write { db in try db.run("UPDATE record_counts SET n = 2000000 WHERE list = 'contacts' AND status = 'active'") }
    let filter = owner.get(Self.contacts + "?filter=city+has+rome+and+source+is_empty")
    #expect(filter.status == 400 && filter.text.contains("This would take too long"))
    #expect(filter.page.all("//*[@class='filter-chip']").count == 2)
    #expect(filter.page.first("//a[.='Clear filters']")?["href"] == Self.contacts)
    #expect(filter.text.contains("on one of these: Company, ") && filter.text.contains("Created") && !filter.text.contains("created_at"))
    let sort = owner.get(Self.contacts + "?sort=source")
    #expect(sort.status == 400 && sort.text.contains("sort them by “Source”"))
    owner.get("/account")
    owner.post("/account", ["name": "Olga Owner", "language": "el", "time_zone": "UTC", "theme": "auto"])
    #expect(owner.get(Self.contacts + "?filter=city+has+rome").text.contains("Εταιρεία, "))
  }

  @Test func `a filter that finds nothing offers to clear it`() {
    let page = owner.get(Self.contacts + "?q=a&filter=city+is+Nowhere")
    #expect(page.page.first("//a[.='Clear filters']")?["href"] == Self.contacts + "?q=a")
    #expect(owner.get(Self.contacts + "?filter=city+is+Nowhere").page.first("//a[.='Clear filters']")?["href"] == Self.contacts)
  }
}
