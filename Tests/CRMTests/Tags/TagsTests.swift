@testable import CRM
import Base
import Store
import Testing
import Web
import XML

/// Words that group records of any type.
@Suite struct TagsTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  @discardableResult
  private func save(_ path: String, _ name: String, version: Int? = nil, tags: [String]) -> Response {
    owner.get(version == nil ? path + "/new" : path + "/edit")
    let fields = [("name", name)] + (version.map { [("version", String($0))] } ?? []) + tags.map { ("tags", $0) }
    return owner.post(path, fields + [("csrf_token", owner.lastToken)])
  }

  private func make(_ name: String, _ tags: [String], in list: String = "contacts") throws -> String {
    let response = save("/admin/crm/" + list, name, tags: tags)
    try #require(response.status == 303)
    return response.location
  }

  private func shown(_ record: String) -> [String] { owner.get(record).page.all("//section[@aria-labelledby='tags']//a").map(\.text) }

  private func names(_ address: String) -> [String] { owner.get(address).page.all("//a[@class='row-link']").map(\.text) }

  private func tag(_ name: String) throws -> String {
    "/admin/crm/tags/" + (try office.id("SELECT id FROM tags WHERE name = \(name)"))
  }

  @Test func `tags are made while typing, on records of any type, and one differs from another by more than case and accents`() throws {
    let anna = try make("Anna", ["VIP, Χονδρική", ""])
    let acme = try make("Acme", ["vip", "χονδρικη, New"], in: "companies")
    #expect(shown(anna) == ["VIP", "Χονδρική"])
    #expect(shown(acme) == ["New", "VIP", "Χονδρική"])
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM tags") } == 3)
    let form = owner.get(anna + "/edit").page
    #expect(form.all("//input[@name='tags' and @type='checkbox']").compactMap { $0["value"] } == ["VIP", "Χονδρική"])
    // Saved as it stands, nothing changes; without one of the boxes it goes.
    #expect(save(anna, "Anna", version: 1, tags: ["VIP", "Χονδρική", ""]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT version FROM contacts WHERE name = 'Anna'") } == 1)
    #expect(save(anna, "Anna", version: 1, tags: ["Χονδρική", "Late"]).status == 303)
    #expect(shown(anna) == ["Late", "Χονδρική"])
    // In the history, and back again.
    let events = owner.get(anna + "/events")
    #expect(events.text.contains("VIP, Χονδρική") && events.text.contains("Late, Χονδρική"))
    let entry = try #require(events.text.firstMatch(of: #/events/(\d+)/revert/#)?.output.1)
    #expect(owner.post("\(anna)/events/\(entry)/revert", [:]).status == 303)
    #expect(shown(anna) == ["VIP", "Χονδρική"])
  }

  @Test(arguments: [
    (["a", String(repeating: "x", count: 51)], "At most 50 characters."),
    ([(0...50).map { "t\($0)" }.joined(separator: ",")], "At most 50 tags."),
  ])
  func `what can't be tags stays in the form with what is wrong`(tags: [String], message: String) {
    let response = save("/admin/crm/contacts", "Anna", tags: tags)
    #expect(response.status == 422)
    #expect(response.page.first("//p[@id='f-tags-error']")?.text == message)
    #expect(response.page.first("//input[@id='f-tags']")?["value"]?.hasPrefix(tags[0]) == true)
  }

  @Test func `lists take a tag, show tags as chips and export them as names with commas`() throws {
    _ = try make("Anna", ["VIP, Berlin"])
    _ = try make("Boris", ["VIP"])
    _ = try make("Clara", [])
    #expect(names("/admin/crm/contacts?tag=vip") == ["Anna", "Boris"])
    #expect(names("/admin/crm/contacts?tag=Berlin&sort=-name") == ["Anna"])
    #expect(names("/admin/crm/contacts?tag=VIP&q=bor") == ["Boris"])
    #expect(names("/admin/crm/contacts?tag=Nowhere").isEmpty)
    #expect(names("/admin/crm/contacts?filter=tags%20has_none%20VIP") == ["Clara"])
    #expect(names("/admin/crm/contacts?filter=tags%20has_all%20VIP,Berlin") == ["Anna"])
    #expect(names("/admin/crm/contacts?filter=tags%20is_empty") == ["Clara"])
    owner.get("/admin/crm/contacts/columns")
    owner.post(
      "/admin/crm/contacts/columns",
      [("columns", "name"), ("columns", "tags"), ("view", "table"), ("apply", "yes"), ("csrf_token", owner.lastToken)])
    let page = owner.get("/admin/crm/contacts")
    #expect(page.page.all("//td[contains(@class,'c-tags')]").map { $0.all(".//span").map(\.text) } == [["Berlin", "VIP"], ["VIP"], []])
    #expect(owner.get("/admin/crm/contacts/export.csv").text.contains("\"Berlin, VIP\""))
  }

  @Test func `one page renames, colours, merges and deletes tags`() throws {
    let anna = try make("Anna", ["Old, Other"])
    let boris = try make("Boris", ["Old"])
    let page = owner.get("/admin/crm/tags")
    #expect(page.page.all("//li[@class='tag-line']/span[1]").map(\.text) == ["Old", "Other"])
    #expect(page.page.first("//li[@class='tag-line']//a")?["href"] == "/admin/crm/contacts?tag=Old")
    #expect(owner.post(try tag("Old"), ["name": "Renamed", "color": "4"]).status == 303)
    #expect(shown(anna) == ["Other", "Renamed"])
    #expect(owner.get(anna).page.first("//a[contains(@class, 'tag tint-4')]")?.text == "Renamed")
    // A name that is taken, none, one with a comma: said on the page, nothing lost.
    owner.get("/admin/crm/tags")
    for (name, message) in [
      ("other", "There is already a tag “other”. Merge the two instead."), ("", "Enter a name."), ("a,b", "A tag can’t contain commas."),
    ] {
      let refused = owner.post(try tag("Renamed"), ["name": name])
      #expect(refused.status == 422 && refused.page.first("//p[@class='field-error']")?.text == message)
      #expect(refused.page.first("//details[@open]//input[@name='name']")?["value"] == name)
    }
    let other = try office.id("SELECT id FROM tags WHERE name = 'Other'")
    #expect(owner.post(try tag("Renamed") + "/merge", ["into": other]).status == 303)
    #expect(shown(anna) == ["Other"] && shown(boris) == ["Other"])
    owner.get("/admin/crm/tags")
    #expect(owner.post("/admin/crm/tags/\(other)/merge", ["into": other]).status == 422)
    #expect(owner.post("/admin/crm/tags/\(other)/delete", [:]).status == 303)
    #expect(shown(anna).isEmpty)
    #expect(owner.get("/admin/crm/tags").page.all("//li[@class='tag-line']").isEmpty)
  }

  @Test func `the type-ahead finds tags by the beginnings of their words`() throws {
    _ = try make("Anna", ["Big customer, Customer, Κλειδί"])
    func found(_ q: String) throws -> [String] {
      let json = try JSON(parsing: owner.get("/admin/crm/tags/suggestions.json?q=" + q).text)
      return (json["items"]?.array ?? []).compactMap { $0["name"]?.string }
    }
    #expect(try found("cus") == ["Customer", "Big customer"])
    #expect(try found("%CE%BA%CE%BB%CE%B5%CE%B9%CE%B4%CE%B9") == ["Κλειδί"])
    #expect(try found("").isEmpty)
  }

  @Test func `a record that goes for good takes its tags along, and who may not write sees no page of tags`() throws {
    let anna = try make("Anna", ["VIP"])
    owner.get(anna)
    owner.post(anna + "/trash", [:])
    owner.get(anna + "/delete")
    #expect(owner.post(anna + "/delete", ["confirm": "Anna"]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM record_tags") } == 0)
    let viewer = try office.visitor(.factory, name: "Fay Factory")
    #expect(viewer.get("/admin/crm/tags").status == 403)
    #expect(try office.visitor(.member, name: "Max Member").get("/admin/crm/tags").status == 404)
  }
}
