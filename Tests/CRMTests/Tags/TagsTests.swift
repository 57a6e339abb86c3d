@testable import Admin
@testable import CRM
import Base
import Foundation
import Store
import TestKit
import Testing
import Web
import XML

/// Tags, which group records of any type.
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
    #expect(form.all("//input[@name='tags_kept' and @type='checkbox']").compactMap { $0["value"] } == ["VIP", "Χονδρική"])
    // Saved unchanged, nothing changes; without one of the boxes it removed.
    #expect(save(anna, "Anna", version: 1, tags: ["VIP", "Χονδρική", ""]).status == 303)
    #expect(try office.store.read { try $0.value("SELECT version FROM contacts WHERE name = 'Anna'") } == 1)
    #expect(save(anna, "Anna", version: 1, tags: ["Χονδρική", "Late"]).status == 303)
    #expect(shown(anna) == ["Late", "Χονδρική"])
    // In the history, and reverted.
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
    // A name that is taken, empty, or has a comma: reported on the page, nothing lost.
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

  // MARK: Former names

  @Test(arguments: ["form", "field", "file", "address"])
  func `a former name means the tag as it is called now, wherever it still stands`(place: String) throws {
    let anna = try make("Anna", ["Old, Other"])
    _ = try make("Boris", [])
    owner.get("/admin/crm/tags")
    #expect(owner.post(try tag("Old"), ["name": "New"]).status == 303)
    switch place {
    // Opened before the tag was renamed.
    case "form": #expect(save(anna, "Anna B.", version: 1, tags: ["Old", "Other", ""]).status == 303)
    case "field":
      owner.get(anna + "/fields/tags")
      let fields = [("tags", "OLD"), ("tags", "Other"), ("tags", ""), ("version", "1"), ("csrf_token", owner.lastToken)]
      #expect(owner.post(anna + "/fields/tags", fields).status == 303)
    case "file":
      let file = NSTemporaryDirectory() + "tags-\(UInt64.random(in: .min ... .max)).csv"
      defer { try? FileManager.default.removeItem(atPath: file) }
      let id = String(anna.split(separator: "/").last ?? "")
      try Data("id,name,tags\n\(id),Anna,\"Old, Other\"\n".utf8).write(to: URL(fileURLWithPath: file))
      let now = office.now
      let outcome = try Importer(office.composition, store: office.store, clock: Clock { now }).run(
        "contacts", path: file, options: Importer.Options(), skipped: { _ in }, progress: { _ in })
      #expect(outcome.unchanged == 1)
    default:
      #expect(names("/admin/crm/contacts?tag=Old") == ["Anna"])
      #expect(names("/admin/crm/contacts?filter=tags%20has_none%20old") == ["Boris"])
      #expect(owner.get("/admin/crm/contacts?tag=Old").text.contains("New"))
    }
    #expect(shown(anna) == ["New", "Other"])
    #expect(try office.id("SELECT group_concat(name, ',') FROM (SELECT name FROM tags ORDER BY name)") == "New,Other")
  }

  @Test func `a merged tag is meant by all its names, and a name that is taken again is that tag's`() throws {
    let anna = try make("Anna", ["First, Second"])
    owner.get("/admin/crm/tags")
    for (from, to) in [("First", "Renamed")] { #expect(owner.post(try tag(from), ["name": to]).status == 303) }
    owner.get("/admin/crm/tags")
    #expect(owner.post(try tag("Renamed") + "/merge", ["into": "second"]).status == 303)
    #expect(save(anna, "Anna", version: 1, tags: ["first", "renamed", ""]).status == 303)
    #expect(shown(anna) == ["Second"])
    // Back to a former name, by the undo of a change as well.
    owner.get("/admin/crm/tags")
    #expect(owner.post(try tag("Second"), ["name": "First", "color": "5"]).status == 303)
    let undo = try #require(owner.get("/admin/crm/tags").page.first("//div[@data-flash]//form")?["action"])
    #expect(owner.post(undo, [:]).status == 303)
    #expect(shown(anna) == ["Second"])
    _ = try make("Boris", ["Third"])
    owner.get("/admin/crm/tags")
    #expect(owner.post(try tag("Third"), ["name": "Renamed"]).status == 303)
    #expect(shown(try make("Clara", ["renamed"])) == ["Renamed"])
    #expect(names("/admin/crm/contacts?tag=Renamed") == ["Boris", "Clara"])
    #expect(try office.composition.check(office.store) == [])
  }

  @Test func `deleting and merging ask first, with the number of records, and say in the log what was done`() throws {
    let anna = try make("Anna", ["Old, Other"])
    _ = try make("Acme", ["Old"], in: "companies")
    let (old, other) = (try tag("Old"), try tag("Other"))
    let id = String(old.split(separator: "/").last ?? "")
    let link = try #require(owner.get("/admin/crm/tags").page.all("//a[contains(@class, 'danger')]").first?["href"])
    #expect(link == "/admin/crm/tags?delete=" + id)
    let question = owner.get(link).page
    #expect(question.first("//form[@action='\(old)/delete']//h2")?.text == "Delete the tag “Old”?")
    #expect(question.first("//form[@action='\(old)/delete']//p")?.text == "2 records lose it. This can’t be undone.")
    assertSnapshot(of: owner.get(link), named: "tags/deleting")
    let merging = owner.get("/admin/crm/tags?merge=\(id)&into=other").page
    #expect(merging.first("//form[@action='\(old)/merge']//h2")?.text == "Merge “Old” into “Other”?")
    #expect(
      merging.first("//form[@action='\(old)/merge']//input[@name='into']")?["value"] == other.split(separator: "/").last.map(String.init))
    #expect(shown(anna) == ["Old", "Other"], "nothing is done yet")
    for into in ["Old", "Nowhere", ""] { #expect(owner.get("/admin/crm/tags?merge=\(id)&into=\(into)").status == 422) }
    for wrong in ["?delete=x", "?merge=", "?delete=019ac21b-e398-77c6-bb9f-3228744a32bb"] {
      #expect(owner.get("/admin/crm/tags" + wrong).status == 404)
    }
    owner.get(link)
    owner.post(other, ["name": "Others", "color": "3"])
    owner.post(old + "/merge", ["into": "Others"])
    owner.post(other + "/delete", [:])
    let log = owner.get("/admin/crm/activity").page.all("//li[@class='timeline-entry']").prefix(3).map(\.text)
    #expect(log.count == 3 && log[0].contains("Deleted a tag Others"))
    #expect(log[1].contains("Merged a tag into another Old") && log[1].contains("Others"))
    #expect(log[2].contains("Edited a tag Others") && log[2].contains("Colour") && log[2].contains("Other"))
    // Undone twice, or changed to its current value, nothing more is logged.
    let count = try office.store.read { try $0.value("SELECT count(*) FROM activity") }
    #expect(owner.post(other + "/delete", [:]).status == 404)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM activity") } == count)
  }
}
