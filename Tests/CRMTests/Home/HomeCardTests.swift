@testable import Admin
@testable import CRM
import Store
import Testing
import Web
import XML

/// What a record type declares appears on the overview, for those who have access.
@Suite struct HomeCardTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
  }

  private func make(_ name: String, _ fields: [(String, String)] = []) throws -> String {
    owner.get("/admin/crm/specimens/new")
    office.wait(seconds: 1)
    let all = [("name", name)] + (fields.contains { $0.0 == "status" } ? [] : [("status", "active")]) + fields
    let response = owner.post("/admin/crm/specimens", all + [("csrf_token", owner.lastToken)])
    try #require(response.status == 303, "\(response.text)")
    return response.location
  }

  private func figures(_ visitor: TestClient) -> [String] {
    visitor.get("/admin/crm").page.all("//a[@class='figure']").map { $0.all("span").map(\.text).joined(separator: " ") }
  }

  @Test func `figures, the newest, what needs attention and the button follow from the declaration`() throws {
    let first = owner.get("/admin/crm").page
    #expect(first.first("//nav[@id='figures']") == nil, "nothing is there yet")
    #expect(first.all("//div[@class='button-row']/a").map { $0["href"] }.last == "/admin/crm/specimens/new")
    _ = try make("Ann", [("line", "Of gold"), ("email", "a@example.com")])
    _ = try make("Ben", [("status", "inactive"), ("line", "Of tin")])
    _ = try make("Cid")
    let gone = try make("Dora")
    owner.get(gone)
    owner.post(gone + "/trash", [:])
    #expect(
      figures(owner) == [
        "Contacts 0", "Active contacts 0", "Companies 0", "Products 0", "Open quotes 0", "Confirmed orders 0",
        "Specimens 3", "Idle specimens 1", "In the trash 0", "Thrown away 1",
      ])
    let page = owner.get("/admin/crm").page
    for link in page.all("//a[@class='figure']") { #expect(owner.get(link["href"] ?? "").status == 200) }
    let newest = try #require(page.first("//section[@id='newest-specimens']"))
    #expect(newest.all(".//li//div/a").map(\.text) == ["Cid", "Ben", "Ann"])
    #expect(newest.all(".//li//div/span").map(\.text) == ["", "Of tin", "Of gold"])
    #expect(newest.all(".//li/a").map { $0["href"] } == ["mailto:a@example.com"])
    #expect(newest.first("div/a")?["href"] == "/admin/crm/specimens?sort=-created_at")
    #expect(page.all("//a[@class='attention-row']").map(\.text) == ["A specimen has no line: 1"])
    #expect(page.all("//div[@class='page-head']/a").map { $0["href"] }.first == "/admin/crm/specimens/new")
  }

  @Test func `who sees only their own finds their own there, and nobody finds what they may not see or make`() throws {
    let factory = try office.visitor(.factory, name: "Fred Factory")
    let fred = try office.id("SELECT id FROM users WHERE name = 'Fred Factory'")
    _ = try make("Theirs")
    _ = try make("Own", [("owner", fred)])
    #expect(figures(factory).contains("Specimens 1"))
    let page = factory.get("/admin/crm").page
    #expect(page.all("//section[@id='newest-specimens']//li//div/a").map(\.text) == ["Own"])
    #expect(page.all("//a[@class='attention-row']").isEmpty && page.all("//div[@class='page-head']/a").isEmpty)
    #expect(try office.visitor(.member).get("/admin/crm").status == 404)
  }

  @Test func `a type that shows a column which its list doesn't have is refused where it is declared`() async {
    await #expect(processExitsWith: .failure) {
      _ = RecordType(
        "thing", label: "Thing", icon: "box", resource: .contacts, words: RecordType.Words(new: "", create: "", inTrash: ""),
        sections: [FormSection(id: "all", title: "All", fields: [Field("name", "Name"), Field("email", "E-mail", EmailField())])],
        list: RecordType.company.list, home: RecordHome(newest: .init(title: "Newest", line: "nowhere", email: "email")))
    }
  }
}
