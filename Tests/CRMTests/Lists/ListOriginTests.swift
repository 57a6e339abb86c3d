import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// The way from a list to a record, on to the next one, and back to the row.
@Suite struct ListOriginTests {
  private static let site = "http://crm.test"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(demo: DemoOffice(contacts: 60, seed: 7), features: [.specimens])
    owner = try office.visitor(.owner)
    owner.headers["Host"] = "crm.test"
  }

  /// Follows a link, as a browser does: it says from where, and goes on where it is sent.
  private func follow(_ href: String, from page: String?, _ visitor: TestClient? = nil) -> (address: String, response: Response) {
    let visitor = visitor ?? owner
    visitor.headers["Referer"] = page.map { Self.site + $0.prefix { $0 != "#" } }
    var (address, response) = (href, visitor.get(String(href.prefix { $0 != "#" })))
    while response.status == 303 { (address, response) = (response.location, visitor.get(response.location)) }
    visitor.headers["Referer"] = nil
    return (address, response)
  }

  private func link(_ selector: String, of response: Response) -> String {
    response.page.first("//div[@class='record-place']/a[\(selector)]")?["href"] ?? ""
  }

  private func back(of response: Response) -> String { link("@class='breadcrumb'", of: response) }

  private func ids(_ response: Response) -> [String] {
    response.page.all("//a[@class='row-link']").map { String(($0["href"] ?? "").split(separator: "/").last ?? "") }
  }

  /// The pages of a list, from this one on, by their addresses.
  private func pages(_ address: String, _ visitor: TestClient? = nil) -> [(address: String, ids: [String])] {
    var pages: [(String, [String])] = []
    var next: String? = address
    while let address = next {
      let response = (visitor ?? owner).get(address)
      pages.append((address, ids(response)))
      next = response.page.first("//nav[@class='pagination-pages']//a[@rel='next']")?["href"]
    }
    return pages
  }

  private func isOnItsPage(_ address: String, _ response: Response, _ visitor: TestClient? = nil) -> Bool {
    let id = String(address.split(separator: "/").last ?? "")
    let back = back(of: response).split(separator: "#").map(String.init)
    return back.count == 2 && back[1] == "row-" + id && ids((visitor ?? owner).get(back[0])).contains(id)
  }

  /// From the first record to the last and back to the first, over all pages, as a browser goes.
  private func walk(_ list: String, _ path: String, _ visitor: TestClient? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    let all = pages(list, visitor)
    let ids = all.flatMap(\.ids)
    guard let first = ids.first else {
      Issue.record("nothing is in \(list)", sourceLocation: sourceLocation)
      return
    }
    var (address, response) = follow("\(path)/\(first)", from: list, visitor)
    for (rel, expected) in [("next", ids.dropFirst()), ("prev", ids.dropLast().reversed()[...])] {
      for id in expected {
        (address, response) = follow(link("@rel='\(rel)'", of: response), from: address, visitor)
        #expect(address == "\(path)/\(id)", "\(list) \(rel)", sourceLocation: sourceLocation)
        #expect(isOnItsPage(address, response, visitor), "\(back(of: response))", sourceLocation: sourceLocation)
      }
      let (end, answer) = follow(link("@rel='\(rel)'", of: response), from: address, visitor)
      #expect(end == address, sourceLocation: sourceLocation)
      #expect(
        answer.text.contains(rel == "next" ? "This is the last record in the list." : "This is the first record in the list."),
        sourceLocation: sourceLocation)
    }
  }

  @Test func `the way back leads to the same page of the list, and to the row`() throws {
    let page = try #require(pages("/admin/crm/contacts?sort=-city&per_page=25").dropFirst().first)
    let (_, record) = follow("/admin/crm/contacts/\(page.ids[3])", from: page.address)
    #expect(back(of: record) == "\(page.address)#row-\(page.ids[3])")
    #expect(owner.get(page.address).page.first("//tr[@id='row-\(page.ids[3])']") != nil)
    // A tab, and a form that was posted.
    let (files, tab) = follow("/admin/crm/contacts/\(page.ids[3])/files", from: "/admin/crm/contacts/\(page.ids[3])")
    #expect(back(of: tab) == back(of: record))
    #expect(link("@rel='next'", of: tab).contains("tab=files"))
    #expect(follow(link("@rel='next'", of: tab), from: files).address == "/admin/crm/contacts/\(page.ids[4])/files")
    // From elsewhere, and typed: the list as it begins.
    for other in ["/admin/crm/companies", nil, "/admin/inbox", "/admin/crm/contactsx?sort=city"] {
      _ = follow("/admin/crm/contacts/\(page.ids[3])", from: page.address)
      let (_, elsewhere) = follow("/admin/crm/contacts/\(page.ids[3])", from: other)
      #expect(back(of: elsewhere) == "/admin/crm/contacts", "\(other ?? "-")")
      #expect(
        back(of: follow("/admin/crm/contacts/\(page.ids[3])/files", from: "/admin/crm/contacts/\(page.ids[3])").response)
          == "/admin/crm/contacts")
    }
  }

  @Test func `another site’s page is no list of ours`() throws {
    let id = try office.id("SELECT id FROM contacts LIMIT 1")
    let path = "/admin/crm/contacts"
    for (referer, fetched, isKnown) in [
      ("http://crm.test\(path)?sort=city", nil, true), ("http://crm.test:80\(path)?sort=city", nil, true),
      ("https://evil.test\(path)?sort=city", nil, false), ("https://evil.test\(path)?sort=city", "cross-site", false),
      ("http://crm.test\(path)?sort=city", "cross-site", false), ("https://inner.test\(path)?sort=city", "same-origin", true),
      ("crm.test\(path)?sort=city", nil, false), ("http://crm.test", nil, false), ("://\(path)", nil, false),
    ] as [(String, String?, Bool)] {
      owner.headers["Referer"] = referer
      owner.headers["Sec-Fetch-Site"] = fetched
      let back = back(of: owner.get("\(path)/\(id)"))
      #expect(back == (isKnown ? "\(path)?sort=city#row-\(id)" : path), "\(referer) \(fetched ?? "-")")
    }
  }

  @Test(arguments: ["contacts", "companies", "tasks", "specimens"])
  func `next and previous go through the list in each order it can have`(list: String) throws {
    let type = try #require(office.composition.records.all.first { $0.list.name == list })
    owner.get(type.path + "/new")
    if list != "contacts" {
      for number in 0..<28 {
        let fields = [(type.nameField?.name ?? "", "Thing \(number % 5) \(number)"), ("status", type.list.usualStatus)]
        #expect(owner.post(type.path, fields + [("csrf_token", owner.lastToken)]).status == 303)
      }
    }
    if list == "specimens" {
      try office.store.write { db in
        for column in type.list.columns.compactMap({ $0.sort?.key }) where column.expression.allSatisfy({ $0.isLetter || $0 == "_" }) {
          if case .never = column.empty { continue }
          let value: SQL = column.isNumber ? "seq * 7 % 5" : "'v' || (seq * 7 % 5)"
          let other: SQL = column.expression == "price" ? ", price_currency = 'EUR'" : ""
          _ = try db.run("UPDATE specimens SET \(raw: column.expression) = \(value)\(other) WHERE seq % 3 > 0 AND \(column.isEmpty)")
        }
      }
    }
    for column in type.list.columns where column.sort != nil {
      for order in [column.id, "-" + column.id] {
        let address = "\(type.path)?sort=\(order)&per_page=25"
        let all = pages(address)
        let ids = all.flatMap(\.ids)
        #expect(ids.count > 25)
        // One step from each, whatever is in the cookie: the address says it.
        for (number, id) in ids.enumerated() {
          let state = all.first { $0.ids.contains(id) }?.address.split(separator: "?").last ?? ""
          #expect(
            owner.get("\(type.path)/\(id)/next?\(state)").location == "\(type.path)/\(ids[min(number + 1, ids.count - 1)])", "\(order)")
          #expect(owner.get("\(type.path)/\(id)/previous?\(state)").location == "\(type.path)/\(ids[max(number - 1, 0)])", "\(order)")
        }
      }
    }
  }

  @Test(arguments: [
    "?sort=-city&per_page=25", "?per_page=25", "?per_page=25&filter=city+is_not_empty", "?status=inactive", "?q=a&per_page=25",
    "?q=a&sort=city&per_page=25", "?q=papadopoulos", "?q=papadopoulso", "?status=trashed", "?view=cards&per_page=25",
  ])
  func `a walk through a list and back always returns to the page of the record`(query: String) throws {
    try office.store.write { db in
      _ = try db.run("UPDATE contacts SET status_before = status, status = 'trashed' WHERE seq % 9 = 0")
      _ = try db.run("UPDATE contacts SET status = 'inactive' WHERE seq % 9 = 1")
    }
    for name in ["Maria Papadopoulos", "Μαρία Παπαδοπούλου", "Νίκος Παπαδόπουλος"] {
      owner.get("/admin/crm/contacts/new")
      #expect(owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).status == 303)
    }
    walk("/admin/crm/contacts" + query, "/admin/crm/contacts")
  }

  @Test func `somebody who sees their own records alone goes through those`() throws {
    let visitor = try office.visitor(.factory)
    visitor.headers["Host"] = "crm.test"
    let user = try office.id("SELECT user_id FROM user_roles WHERE role_id = \(Role.factory.id)")
    try office.store.write { db in
      _ = try db.run("UPDATE contacts SET owner_id = \(user) WHERE seq % 2 = 0")
    }
    let other = try office.id("SELECT id FROM contacts WHERE owner_id IS NOT \(user) LIMIT 1")
    for query in ["?per_page=25", "?sort=-email&per_page=25", "?q=a", "?filter=city+is_not_empty"] {
      walk("/admin/crm/contacts" + query, "/admin/crm/contacts", visitor)
      for step in ["next", "previous"] { #expect(visitor.get("/admin/crm/contacts/\(other)/\(step)\(query)").status == 404) }
    }
  }

  @Test(arguments: ["", "&filter=city+is_not+Volos", "&filter=city+is_not+Volos&q=m"])
  func `from a record that was edited it goes on from its new place`(filter: String) throws {
    let list = "/admin/crm/contacts?sort=city&per_page=25\(filter)"
    let all = pages(list)
    try #require(all[0].ids.count > 4)
    let record = all[0].ids[4]
    let (address, response) = follow("/admin/crm/contacts/\(record)", from: list)
    let seq = try #require(try office.store.read { db in try db.value("SELECT seq FROM contacts WHERE id = \(record)") })
    try office.store.write { db in _ = try db.run("UPDATE contacts SET city = 'Volos', city_sort = 'volos' WHERE id = \(record)") }
    // Where it is now, or would be if the filter let it through.
    let others = Set(all.flatMap(\.ids)).subtracting([record])
    func beside(_ comparison: String, _ direction: String) throws -> String? {
      try office.store.read { db in
        try db.all(
          """
          SELECT id FROM contacts WHERE (city_sort = '', city_sort, seq) \(raw: comparison) (0, 'volos', \(seq))
          ORDER BY city_sort = '' \(raw: direction), city_sort \(raw: direction), seq \(raw: direction)
          """
        ) { $0.text(0) }
      }.first { others.contains($0) }
    }
    for (rel, expected) in [("next", try beside(">", "")), ("prev", try beside("<", "DESC"))] {
      let (found, page) = follow(link("@rel='\(rel)'", of: response), from: address)
      #expect(found == "/admin/crm/contacts/\(try #require(expected))", "\(rel)")
      #expect(isOnItsPage(found, page), "\(rel) \(back(of: page))")
    }
  }

  @Test func `from a record that a search no longer finds it goes on among what is similar`() throws {
    owner.get("/admin/crm/contacts/new")
    for name in ["Gwendolen A", "Gwendolen B", "Gwendolen C"] {
      #expect(owner.post("/admin/crm/contacts", ["name": name, "status": "active"]).status == 303)
    }
    let list = pages("/admin/crm/contacts?q=gwendolan")[0]
    try #require(list.ids.count == 3)
    let (address, response) = follow("/admin/crm/contacts/\(list.ids[1])", from: list.address)
    owner.get("\(address)/edit")
    #expect(owner.post(address, ["name": "Somebody Else", "status": "active", "version": "1"]).status == 303)
    #expect(follow(link("@rel='next'", of: response), from: address).address == "/admin/crm/contacts/\(list.ids[2])")
    #expect(follow(link("@rel='prev'", of: response), from: address).address == "/admin/crm/contacts/\(list.ids[0])")
  }

  @Test func `without a list the usual order is followed, in the trash among what is there`() throws {
    let all = pages("/admin/crm/contacts").flatMap(\.ids)
    let (address, response) = follow("/admin/crm/contacts/\(all[5])", from: nil)
    #expect(follow(link("@rel='next'", of: response), from: address).address == "/admin/crm/contacts/\(all[6])")
    #expect(follow(link("@rel='prev'", of: response), from: address).address == "/admin/crm/contacts/\(all[4])")
    try office.store.write { db in
      _ = try db.run("UPDATE contacts SET status_before = status, status = 'trashed' WHERE id IN (\(all[1]), \(all[7]))")
    }
    let (trashed, page) = follow("/admin/crm/contacts/\(all[1])", from: nil)
    #expect(follow(link("@rel='next'", of: page), from: trashed).address == "/admin/crm/contacts/\(all[7])")
  }

  @Test func `two windows with two lists don't mix`() throws {
    let (one, other) = (pages("/admin/crm/contacts?sort=city"), pages("/admin/crm/contacts?sort=-email"))
    let (address, response) = follow("/admin/crm/contacts/\(one[0].ids[2])", from: one[0].address)
    _ = follow("/admin/crm/contacts/\(other[0].ids[9])", from: other[0].address)
    let (next, page) = follow(link("@rel='next'", of: response), from: address)
    #expect(next == "/admin/crm/contacts/\(one[0].ids[3])")
    #expect(back(of: page) == "\(one[0].address)#row-\(one[0].ids[3])")
  }

  @Test func `records in several tabs of a browser each keep their list`() throws {
    let lists = ["?sort=city&filter=status+is+active", "?sort=-email", "?q=a", "?filter=country+is+ES,GR", "?per_page=25"]
    let path = "/admin/crm/contacts"
    let ids = pages(path).flatMap(\.ids)
    let opened = zip(lists, ids).map { list, id in (path + list, "\(path)/\(id)") }
    for (list, address) in opened { _ = follow(address, from: list) }
    // A tab of each, in any order, and the step from there.
    for (list, address) in opened.reversed() + opened {
      let id = address.split(separator: "/").last ?? ""
      let (below, page) = follow(address + "/files", from: address)
      #expect(back(of: page) == "\(list)#row-\(id)")
      #expect(link("@rel='next'", of: page).contains(list.dropFirst(path.count + 1)))
      #expect(back(of: follow(address, from: below).response) == "\(list)#row-\(id)")
    }
    // What is opened from elsewhere forgets its own list alone.
    _ = follow(opened[1].1, from: "/admin/inbox")
    #expect(back(of: follow(opened[1].1 + "/files", from: opened[1].1).response) == path)
    #expect(back(of: follow(opened[2].1 + "/files", from: opened[2].1).response).hasPrefix(opened[2].0))
  }

  @Test func `the cookie forgets the record that was seen longest ago, and stays short`() throws {
    let path = "/admin/crm/contacts"
    let ids = pages(path).flatMap(\.ids)
    func isKept(_ id: String) -> Bool { owner.cookie(ListOrigin.cookie)?.contains(id) ?? false }
    for (number, id) in ids.prefix(7).enumerated() {
      _ = follow("\(path)/\(id)", from: path + "?sort=city")
      // The first one is looked at now and then.
      if number % 2 == 1 { _ = follow("\(path)/\(ids[0])/files", from: "\(path)/\(ids[0])") }
    }
    #expect(ids.prefix(7).map(isKept) == [true, false, false, true, true, true, true])
    let long = { (word: String) in "?filter=" + (0..<25).map { "city+is+\(word)\($0)ABCDEFGHIJ,Z" }.joined(separator: "+or+") }
    for (number, id) in ids.prefix(3).enumerated() {
      let (_, page) = follow("\(path)/\(id)", from: path + long("c\(number)"))
      #expect(back(of: page).hasPrefix(path + "?filter"))
      let value = owner.cookie(ListOrigin.cookie) ?? ""
      #expect(isKept(id) && value.utf8.count <= 1_500)
    }
  }

  @Test func `what is no address of this list is ignored, and what is too long isn't kept`() throws {
    let all = pages("/admin/crm/contacts").flatMap(\.ids)
    let path = "/admin/crm/contacts/\(all[2])"
    let long = "?filter=" + PercentEncoding.encode((0..<200).map { "city is \"City \($0)\"" }.joined(separator: " or "))
    for query in [
      "?sort=nothing", "?filter=%28", "?after=%%%", "?status=lost", "?per_page=7", "?q=\(String(repeating: "x", count: 300))", long,
    ] {
      owner.set(cookie: ListOrigin.cookie, "")
      let (address, response) = follow(path, from: "/admin/crm/contacts" + query)
      #expect(response.status == 200 && back(of: response) == "/admin/crm/contacts", "\(query.prefix(40))")
      #expect(owner.cookie(ListOrigin.cookie) == "")
      #expect(follow(link("@rel='next'", of: response), from: address).address == "/admin/crm/contacts/\(all[3])")
      #expect(query == long || owner.get(path + "/next" + query).location == "/admin/crm/contacts/\(all[3])")
    }
    for cookie in [
      "", "?", "\(all[2])", "\(all[2])?sort=nothing", "\(all[2])?%zz", "x?sort=city", String(repeating: "z", count: 5_000),
      "\(all[2])?q=" + String(repeating: "y", count: 3_000), "\(all[3])?sort=city",
    ] {
      owner.set(cookie: ListOrigin.cookie, cookie)
      let (_, response) = follow(path, from: path + "/files")
      let isList = cookie == "\(all[2])"
      #expect(back(of: response) == (isList ? "/admin/crm/contacts#row-\(all[2])" : "/admin/crm/contacts"), "\(cookie.prefix(60))")
    }
    #expect(owner.get(path + "/next?tab=nothing").location == "/admin/crm/contacts/\(all[3])")
    #expect(owner.get("/admin/crm/contacts/0/next").status == 404)
    #expect(owner.get("/admin/crm/companies/\(all[2])/next").status == 404)
  }

  @Test func `moving a record to the trash leads back to the list as it was`() throws {
    let page = try #require(pages("/admin/crm/contacts?sort=city&per_page=25").dropFirst().first)
    let (address, _) = follow("/admin/crm/contacts/\(page.ids[0])", from: page.address)
    owner.headers["Referer"] = Self.site + address
    #expect(owner.post("\(address)/trash", [:]).location == page.address)
  }

  @Test func `the cookie is for the pages of its list, and gone with the browser`() throws {
    func isOfList(_ cookie: String) -> Bool { cookie.hasPrefix(ListOrigin.cookie) }
    let id = try office.id("SELECT id FROM contacts LIMIT 1")
    owner.headers["Referer"] = Self.site + "/admin/crm/contacts?q=a%2Cb&sort=city"
    let set = owner.get("/admin/crm/contacts/\(id)").headers.all("Set-Cookie").filter(isOfList)
    #expect(set == ["roost_list=\(id)?q=a%2Cb&sort=city; Path=/admin/crm/contacts; HttpOnly; SameSite=Lax"])
    // It is set once.
    #expect(owner.get("/admin/crm/contacts/\(id)").headers.all("Set-Cookie").filter(isOfList).isEmpty)
    owner.headers["Referer"] = Self.site + "/admin/crm/contacts/\(id)"
    #expect(owner.get("/admin/crm/contacts/\(id)/events").headers.all("Set-Cookie").filter(isOfList).isEmpty)
  }
}
