import Base
import Store
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Settings: declared like fields, changed by an act, seen by the next request.
@Suite struct SettingTests {
  private static let root = "/admin/settings/crm"
  private static let color = Setting(Field("color", "Color", LineField(limit: 20), hint: "A color."), default: .text("green"))
  private static let limit = Setting(
    Field("limit", "Limit", DecimalField.whole(1...9), hint: "A limit.", missing: "Enter a limit."), default: .integer(3),
    check: { value, all in all[color].text == "red" && value != .integer(1) ? Message("Choose one of the values offered.") : nil })
  private static let loud = Setting(Field("loud", "Loud", FlagField(), hint: "Whether it is loud."))
  private static let lands = Setting(
    Field("lands", "Lands", ChoicesField(choices: [("a", "Open"), ("b", "Done"), ("c", "Trash")]), hint: "Several."), default: .text("a"))
  private static let feature = Feature(
    name: "fixture",
    settingsTabs: [
      SettingsTab(
        id: "fixture", label: "Fixture", place: 50,
        sections: [SettingsSection(id: "fixture", title: "Fixture", settings: [color, limit, loud, lands])])
    ])
  private let path = SettingTests.root + "/fixture"

  private func app() throws -> TestApp { try TestApp(features: [Self.feature]) }

  private func version(_ page: Response) -> String { page.page.first("//input[@name='version']")?["value"] ?? "" }

  private func save(_ client: TestClient, _ fields: [(String, String)], version: String? = nil, path: String? = nil) -> Response {
    let page = client.get(path ?? self.path)
    let fields = fields + (path == Self.root ? [("default_language", "en"), ("default_currency", "EUR"), ("crm_on", "yes")] : [])
    return client.post(path ?? self.path, fields + [("version", version ?? self.version(page)), ("csrf_token", client.lastToken)])
  }

  private func now(_ app: TestApp) throws -> Settings { try app.store.read { db in try app.services.settings.current(in: db) } }

  @Test func `every tab has an address of its own, and those who may not change settings find none of them`() throws {
    let app = try app()
    let (owner, manager) = (try app.visitor(.owner), try app.visitor(.manager, name: "Max Manager"))
    let tabs = app.composition.settingsTabs
    #expect(tabs.first?.path == Self.root && Set(tabs.map(\.path)).count == tabs.count)
    for tab in tabs {
      let page = owner.get(tab.path)
      #expect(page.status == 200, "\(tab.id)")
      #expect(page.page.all("//nav//a[@aria-current='page']").compactMap { $0["href"] }.contains(tab.path), "\(tab.id)")
      #expect(manager.get(tab.path).status == 404, "\(tab.id)")
    }
    manager.get("/account")
    #expect(manager.post(path, ["color": "blue", "limit": "2", "version": "1"]).status == 404)
    #expect(throws: HTTPError.self) {
      let actor = Principal(User.manager)
      try app.store.write { db in
        let act = ActContext(db: db, principal: actor, now: app.now, types: [])
        let values = try SettingsStore.record(of: app.composition, in: db).values
        _ = try SettingsStore.save(values.map { _ in .text("x") }, from: 1, of: app.composition, act)
      }
    }
  }

  @Test func `a setting says what it does, and who changed it last`() throws {
    for section in crm.settingsTabs.flatMap(\.sections) {
      // A street needs no words of its own under a heading that has them.
      for setting in section.settings {
        #expect((setting.field.hint.isEmpty ? section.hint : setting.field.hint).hasSuffix("."), "\(setting.name)")
      }
    }
    for setting in crm.settings {
      let text = setting.field.kind.text(setting.standard)
      #expect(try setting.field.kind.parse(text).isSame(as: setting.standard), "\(setting.name)")
    }
    let app = try app()
    let owner = try app.visitor(.owner)
    #expect(!owner.get(path).text.contains("Last changed by"))
    #expect(save(owner, [("color", "blue"), ("limit", "3"), ("lands", "a")]).status == 303)
    let settings = owner.get(path).page.all("//div[@class='setting']").map(\.text)
    #expect(settings.map { $0.contains("Last changed by Olga Owner") } == [true, false, false, false])
  }

  @Test func `a change is seen by the next request of every process`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    var options = Application.Options(resources: TestApp.resources)
    options.log = .silent
    options.mediaFolder = app.mediaFolder
    options.keyFile = app.mediaFolder + ".key"
    let other = try Application(app.composition, store: app.store, options: options)
    func name(_ pipeline: Pipeline) -> String {
      let request = Request(id: "1", method: .get, path: ["sign-in"], target: "/sign-in", received: app.now)
      return pipeline.respond(to: request).page.first("//header")?.text ?? ""
    }
    #expect(name(app.pipeline).contains("Roost") && name(other.pipeline).contains("Roost"))
    for chosen in ["Ακρόπολις & Υιοί", "<b>Bold</b>", "Roost"] {
      #expect(save(owner, [("installation_name", chosen)], path: Self.root).status == 303)
      #expect(name(app.pipeline).contains(chosen) && name(other.pipeline).contains(chosen))
      #expect(owner.get("/account").page.first("//title")?.text == "Account · \(chosen)")
    }
  }

  @Test func `values of all kinds are read, kept, and shown again; what is wrong is said and changes nothing`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    let standard = try now(app)
    #expect(standard[Self.color] == .text("green") && standard[Self.limit] == .integer(3) && standard[Self.loud].isEmpty)
    for wrong in [
      [("color", String(repeating: "x", count: 21)), ("limit", "3")], [("color", "blue"), ("limit", "")],
      [("color", "blue"), ("limit", "10")], [("color", "red"), ("limit", "4")], [("color", "blue"), ("limit", "3"), ("lands", "d")],
      [("color", "blue"), ("limit", "3"), ("other", "x")],
    ] {
      let page = save(owner, wrong)
      #expect(page.status == 422, "\(wrong)")
      #expect(page.page.first("//input[@name='color']")?["value"] == wrong[0].1)
      #expect(try now(app).version == 1)
    }
    #expect(save(owner, [("color", ""), ("limit", "9"), ("loud", "yes"), ("lands", "b"), ("lands", "c")]).status == 303)
    let changed = try now(app)
    #expect(changed[Self.color].isEmpty && changed.isSet(Self.color))
    #expect(changed[Self.limit] == .integer(9) && !changed[Self.loud].isEmpty && changed[Self.lands] == .text("b,c"))
    let page = owner.get(path).page
    #expect(page.first("//input[@name='loud'][@checked]") != nil)
    #expect(page.all("//input[@name='lands'][@checked]").compactMap { $0["value"] } == ["b", "c"])
  }

  @Test func `a form changes only what it changed, and one tab nothing of another`() throws {
    let app = try app()
    let (olga, anna) = (try app.visitor(.owner), try app.visitor(.admin, name: "Anna Admin"))
    let version = version(olga.get(path))
    #expect(save(anna, [("color", "blue"), ("limit", "3"), ("lands", "a")]).status == 303)
    // Made from the older version, with the older color in it.
    #expect(save(olga, [("color", "green"), ("limit", "7"), ("lands", "a")], version: version).status == 303)
    #expect(save(anna, [("installation_name", "Acme")], version: version, path: Self.root).status == 303)
    let settings = try now(app)
    #expect(settings[Self.color] == .text("blue") && settings[Self.limit] == .integer(7))
    #expect(settings[.installationName] == .text("Acme"))
    // Both changed the same: the later one chooses.
    let conflict = save(olga, [("color", "white"), ("limit", "3"), ("lands", "a")], version: version)
    #expect(conflict.status == 409)
    #expect(conflict.page.all("//fieldset[@class='versions']").map { $0.text.contains("blue") && $0.text.contains("white") } == [true])
    #expect(conflict.page.first("//form[@class='conflict']")?["action"] == path)
    #expect(try now(app)[Self.color] == .text("blue"))
    let hidden = conflict.page.all("//form[@class='conflict']//input[@type='hidden']").map {
      ($0["name"] ?? "", $0["value"] ?? "")
    }
    #expect(olga.post(path, hidden + [("keep_color", "mine"), ("save", "yes")]).status == 303)
    #expect(try now(app)[Self.color] == .text("white") && now(app)[.installationName] == .text("Acme"))
  }

  @Test func `a change is an activity entry, and can be undone`() throws {
    let app = try app()
    let owner = try app.visitor(.owner)
    #expect(save(owner, [("color", "blue"), ("limit", "5"), ("lands", "a")]).status == 303)
    let entry = try app.id("SELECT seq || '' FROM activity WHERE record_type = 'settings'")
    let history = owner.get(Self.root + "/history").page
    #expect(history.all("//dl[@class='diff']").map { $0.text.contains("green") && $0.text.contains("blue") } == [true])
    #expect(owner.get("/admin/crm/activity?type=settings").page.first("//ol")?.text.contains("Changed settings") == true)
    let manager = try app.visitor(.manager, name: "Max Manager")
    for page in ["/admin/crm/activity", "/admin/crm/activity?type=settings", "/admin/crm/activity/export.csv", "/admin/crm"] {
      #expect(!manager.get(page).text.contains("blue") && !manager.get(page).text.contains("settings.updated"), "\(page)")
      #expect(manager.get(page).page.first("//main//ol")?.text.contains("settings") != true, "\(page)")
    }
    let undo = Self.root + "/events/\(entry)/revert"
    #expect(owner.get(path).page.first("//form[@action='\(undo)']") == nil)
    owner.get(Self.root + "/history")
    #expect(owner.post(undo, [:]).location == path)
    #expect(try now(app)[Self.color] == .text("green") && now(app)[Self.limit] == .integer(3))
    owner.get(path)
    #expect(owner.post(undo, [:]).location == path)
    #expect(owner.get(path).text.contains("Nothing to change."))
    // Only what has changed again since is asked about.
    #expect(save(owner, [("color", "black"), ("limit", "3"), ("lands", "a")]).status == 303)
    let second = try app.id("SELECT max(seq) || '' FROM activity WHERE record_type = 'settings'")
    #expect(save(owner, [("color", "gray"), ("limit", "3"), ("lands", "a")]).status == 303)
    let choice = owner.post(Self.root + "/events/\(second)/revert", [:])
    #expect(choice.status == 409 && choice.text.contains("gray") && choice.text.contains("green"))
    #expect(owner.post(Self.root + "/events/999/revert", [:]).status == 404)
  }

  @Test func `the pages as they were looked at`() throws {
    let app = try TestApp()
    let owner = try app.visitor(.owner)
    #expect(save(owner, [("installation_name", "Acme")], path: Self.root).status == 303)
    for tab in ["general", "history"] {
      let tab = try #require(app.composition.settingsTabs.first { $0.id == tab })
      _ = owner.get(tab.path)
      assertSnapshot(of: owner.get(tab.path), named: "settings/\(tab.id)")
    }
  }

  @Test func `what a setting no longer understands is as if nobody had chosen`() throws {
    let app = try app()
    _ = try app.visitor(.owner)
    try app.store.write { db in
      for name in ["limit", "lands", "gone"] {
        try db.run(
          "INSERT INTO settings (name, value, version, changed_at, changed_by_name) VALUES (\(name), 'nonsense', 2, '', '')")
      }
    }
    #expect(try now(app)[Self.limit] == .integer(3) && now(app)[Self.lands] == .text("a"))
  }
}

extension User {
  fileprivate static var manager: User {
    User(
      id: RecordID.make(at: Timestamp(milliseconds: 1)), email: "", name: "Max", roles: [RoleGrants(.manager)],
      grants: Grants(roles: [RoleGrants(.manager)]), language: "", timeZone: "UTC",
      theme: "auto")
  }
}
