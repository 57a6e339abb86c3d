import Base
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// What the settings of the General, Lists and Security tabs do.
@Suite struct GeneralSettingTests {
  private let app: TestApp
  private let owner: TestClient
  private let root = "/admin/settings/crm"

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
  }

  /// Posts a tab's form as it is shown, with some inputs changed; an empty text leaves a box unchecked.
  private func choose(_ changes: [String: String], on tab: String = "") throws -> Response {
    let page = owner.get(root + tab).page
    var fields: [(String, String)] = []
    for input in page.all("//form[@action='\(root + tab)'][@method='post']//*[self::input or self::select or self::textarea]") {
      guard let name = input["name"], name != "csrf_token", input["type"] != "file", changes[name] == nil else { continue }
      if input.name == "select" {
        fields.append((name, input.first(".//option[@selected]")?["value"] ?? ""))
      } else if input.name == "textarea" {
        fields.append((name, input.text))
      } else if input["type"] != "checkbox" || input["checked"] != nil {
        fields.append((name, input["value"] ?? ""))
      }
    }
    fields += changes.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) } + [("csrf_token", owner.lastToken)]
    return owner.post(root + tab, fields)
  }

  @Test func `while the CRM is off nothing of it opens, and everything else does`() throws {
    let (manager, factory) = (try app.visitor(.manager, name: "Max Manager"), try app.visitor(.factory, name: "Fay Factory"))
    owner.get("/admin/crm/contacts/new")
    owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"])
    #expect(try choose(["crm_on": ""]).status == 303)
    let paths = app.composition.routes.filter { $0.method == .get && $0.pattern.hasPrefix("/admin/crm") }.map {
      $0.pattern.replacing(/\{[a-z]+\}/, with: "x")
    }
    #expect(paths.count > 40)
    for path in paths {
      #expect(manager.get(path).status == 404 && factory.get(path).status == 404, "\(path)")
      let notice = owner.get(path)
      #expect(notice.status == 503 && notice.text.contains("The CRM is switched off"), "\(path)")
    }
    for (name, client) in [("owner", owner), ("manager", manager), ("factory", factory)] {
      for path in ["/account", "/admin/inbox", "/account/totp"] { #expect(client.get(path).status == 200, "\(name) \(path)") }
      let links = client.get("/account").page.all("//nav[@id='sidebar']//a").compactMap { $0["href"] }
      #expect(!links.contains { $0.hasPrefix("/admin/crm") }, "\(name)")
      #expect(client.get("/account").page.first("//form[@role='search']") == nil)
    }
    manager.get("/account")
    #expect(manager.post("/admin/crm/contacts", ["name": "Bob", "status": "active"]).status == 404)
    #expect(manager.post(root + "/switch-on", [:]).status == 404)
    assertSnapshot(of: owner.get("/admin/crm"), named: "settings/crm-off")
    #expect(owner.post(root + "/switch-on", [:]).location == "/admin/crm")
    #expect(owner.get("/admin/crm").status == 200 && manager.get("/admin/crm/contacts").text.contains("Ann"))
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM activity WHERE record_type = 'settings'") } == 2)
  }

  @Test func `the language is for those who have chosen none and whose browser asks for none of ours`() throws {
    #expect(try choose(["default_language": "el"]).status == 303)
    for (asked, language) in [(nil, "el"), ("fr", "el"), ("en", "en"), ("de-AT, fr", "de")] as [(String?, String)] {
      let visitor = TestClient(app)
      visitor.acceptLanguage = asked
      #expect(visitor.get("/sign-in").page.first("//html")?["lang"] == language, "\(asked ?? "-")")
    }
    owner.get("/account")
    owner.post("/account", ["name": "Olga", "language": "en", "time_zone": "UTC", "theme": "auto"])
    #expect(owner.get("/account").page.first("//html")?["lang"] == "en")
  }

  @Test func `the time zone is what accounts get at their first sign-in`() throws {
    #expect(try choose(["default_time_zone": "Nowhere/Atall"]).status == 422)
    #expect(try choose(["default_time_zone": "Asia/Tokyo"]).status == 303)
    _ = try app.visitor(.manager, name: "Max Manager")
    #expect(try app.id("SELECT time_zone FROM users WHERE name = 'Max Manager'") == "Asia/Tokyo")
  }

  @Test func `the currency is what amounts begin with`() throws {
    #expect(try choose(["default_currency": "XYZ"]).status == 422)
    #expect(try choose(["default_currency": "JPY"]).status == 303)
    let request = Request(id: "1", method: .get, path: [], target: "/", received: app.now)
    let context = app.pipeline.context(request)
    context.settings = try app.store.read { db in try app.services.settings.current(in: db) }
    #expect(MoneyField().posted(.empty, "fee", context.formats).map(\.value) == ["", "JPY"])
    #expect(MoneyField().posted(.empty, "fee", .exact).map(\.value) == ["", "EUR"])
  }

  @Test func `a country that phone numbers don't know is refused, and a change reads the stored ones again`() throws {
    #expect(try choose(["default_country": "AQ"]).status == 422)
    // The same as in other tests, which share the process.
    #expect(try choose(["default_country": "GR"]).status == 303)
    #expect(try app.store.read { try $0.value("SELECT count(*) FROM jobs WHERE kind = 'phone-numbers' AND status = 'waiting'") } == 1)
  }

  @Test func `values offered in forms are those of the lists, in their order, then those in use`() throws {
    owner.get("/admin/crm/companies/new")
    for (name, industry) in [("A", "Shipping"), ("B", "Mining"), ("C", "shipping"), ("D", "")] {
      owner.post("/admin/crm/companies", ["name": name, "industry": industry, "status": "active"])
    }
    #expect(try choose(["contact_sources": " Web \n\nFair\nweb\nΦίλος", "industries": "Retail\nShipping"], on: "/lists").status == 303)
    func offered(_ path: String, _ field: String) -> [String] {
      owner.get(path).page.all("//datalist[@id='f-\(field)-list']/option").compactMap { $0["value"] }
    }
    #expect(offered("/admin/crm/contacts/new", "source") == ["Web", "Fair", "Φίλος"])
    #expect(offered("/admin/crm/companies/new", "industry") == ["Retail", "Shipping", "Mining"])
    // What is removed or was never there stays with the records that have it, and can be typed.
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active", "source": "Fair"]).location
    #expect(try choose(["contact_sources": "Web\nTrade fair"], on: "/lists").status == 303)
    let page = owner.get(contact + "/edit").page
    #expect(page.first("//input[@name='source']")?["value"] == "Fair")
    let version = page.first("//input[@name='version']")?["value"] ?? ""
    #expect(owner.post(contact, ["name": "Anna", "status": "active", "source": "Fair", "version": version]).status == 303)
    assertSnapshot(of: owner.get(root + "/lists"), named: "settings/lists")
  }

  @Test func `who is signed in can be signed out, one session or all of them`() throws {
    let manager = try app.visitor(.manager, name: "Max Manager")
    let other = TestClient(app)
    other.get("/sign-in")
    other.post("/sign-in", ["email": "manager.1@example.com", "password": TestApp.password])
    func forms() -> [String] {
      owner.get(root + "/security").page.all("//form[contains(@action, '/sign-out')]").compactMap { $0["action"] }.filter {
        $0.hasPrefix(root)
      }
    }
    let all = forms()
    #expect(all.filter { $0.contains("/sessions/") }.count == 2 && all.filter { $0.contains("/users/") }.count == 1)
    let user = try #require(all.first { $0.contains("/users/") })
    let session = try app.id("SELECT id FROM sessions ORDER BY created_at DESC, id DESC LIMIT 1")
    #expect(owner.post(root + "/security/sessions/\(session)/sign-out", [:]).status == 303)
    #expect([manager, other].filter { $0.get("/account").status == 200 }.count == 1)
    owner.get("/account")
    #expect(owner.post(user, [:]).status == 303)
    #expect(manager.get("/account").status == 303 && other.get("/account").status == 303 && owner.get("/account").status == 200)
    // An admin doesn't decide on an owner.
    let admin = try app.visitor(.admin, name: "Anna Admin")
    let theirs = try app.id("SELECT id FROM users WHERE name = 'Olga Owner'")
    admin.get("/account")
    admin.post(root + "/security/users/\(theirs)/sign-out", [:])
    #expect(owner.get("/account").status == 200)
    owner.get("/account")
    #expect(owner.post(root + "/security/sessions/\(theirs)/sign-out", [:]).status == 404)
  }

  @Test func `the security log is shown in pages, and of one person`() throws {
    let manager = try app.visitor(.manager, name: "Max Manager")
    for _ in 0..<60 {
      manager.get("/account")
      manager.post("/sign-out", [:])
      manager.get("/sign-in")
      manager.post("/sign-in", ["email": "manager.1@example.com", "password": TestApp.password])
    }
    func entries(_ path: String) -> [String] { owner.get(path).page.all("//section[@aria-labelledby='s-log']//li").map(\.text) }
    #expect(entries(root + "/security").count == 50)
    var (path, seen, pages) = (root + "/security?account=Max+Manager", 0, 0)
    while true {
      let page = owner.get(path).page
      let lines = page.all("//section[@aria-labelledby='s-log']//li").map(\.text)
      #expect(lines.allSatisfy { $0.contains("manager.1@example.com") })
      (seen, pages) = (seen + lines.count, pages + 1)
      guard let older = page.first("//a[@rel='next']")?["href"], pages < 9 else { break }
      path = String(older.prefix { $0 != "#" })
    }
    #expect(seen == 122 && pages == 3)
    #expect(entries(root + "/security?account=owner.0@example.com").count == 2)
    #expect(entries(root + "/security?account=nobody").isEmpty)
  }

  @Test func `one's own address is changed with the password; another account keeps its own`() throws {
    _ = try app.visitor(.manager, name: "Max Manager")
    for (email, password, status) in [
      ("olga@example.com", "wrong password", 422), ("no address", TestApp.password, 422), ("MANAGER.1@example.com", TestApp.password, 422),
      ("", TestApp.password, 422), ("olga@example.com", TestApp.password, 303),
    ] {
      owner.get("/account")
      let answer = owner.post("/account/email", ["email": email, "password": password])
      #expect(answer.status == status, "\(email)")
      if status == 422 { #expect(answer.page.first("//input[@id='f-email']")?["value"] == email) }
    }
    #expect(owner.get("/account").text.contains("olga@example.com"))
    let fresh = TestClient(app)
    fresh.get("/sign-in")
    #expect(fresh.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password]).status == 422)
    #expect(fresh.post("/sign-in", ["email": "olga@example.com", "password": TestApp.password]).status == 303)
    #expect(try app.id("SELECT count(*) || '' FROM security_log WHERE event = 'email-changed'") == "1")
    let change = try app.id("SELECT changes FROM activity WHERE record_type = 'user' ORDER BY seq DESC LIMIT 1")
    #expect(change.contains("owner.0@example.com") && change.contains("olga@example.com"))
  }
}
