import Base
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// The widths of a user's columns: dragged by their edges, or chosen in the customizer.
@Suite struct ColumnWidthTests {
  private let office: TestApp
  private let owner: TestClient
  private let path = "/admin/crm/contacts"

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
    owner.get("/account")
  }

  private func kept(_ list: String = "contacts") throws -> String? {
    try office.store.read { try $0.text("SELECT widths FROM column_views WHERE list = \(list)") }
  }

  @discardableResult
  private func drag(_ column: String, to quarters: String) -> Response {
    owner.post(path + "/columns", ["resize": column, "width_" + column: quarters])
  }

  /// The style sheet that the list's page loads.
  private func styles(_ list: String = "contacts") -> String? {
    owner.get("/admin/crm/\(list)").page.first("//link[@data-column-styles]")?["href"].map { owner.get($0).text }
  }

  /// A form of the customizer as rendered on its page.
  private func customize(_ change: [(String, String)]) -> Response {
    let page = owner.get(path + "/columns").page
    let hidden = page.all("//ol//input[@name='columns']").map { ("columns", $0["value"] ?? "") }
    let widths = page.all("//ol//select").map { select in
      (select["name"] ?? "", page.first("//ol//select[@name='\(select["name"] ?? "")']/option[@selected]")?["value"] ?? "")
    }
    let changed = Set(change.map(\.0))
    let fields = (hidden + widths).filter { !changed.contains($0.0) } + change
    return owner.post(path + "/columns", [("csrf_token", owner.lastToken), ("view", "table")] + fields)
  }

  @Test func `a width is kept and belongs to its list and its user`() throws {
    #expect(styles() == nil)
    #expect(drag("email", to: "57").text == #"{"styles":"/admin/crm/contacts/columns.css?email=57"}"#)
    drag("city", to: "16")
    #expect(try kept() == "city:16,email:57")
    #expect(
      styles() == """
        .list :is([data-column="email"], .c-email) { --width: 14.25; }
        .list :is([data-column="city"], .c-city) { --width: 4; }

        """)
    #expect(styles("companies") == nil)
    let other = try office.visitor(.admin)
    #expect(!other.get(path).text.contains("columns.css"))
  }

  @Test func `the first column is found by its place`() {
    drag("name", to: "100")
    #expect(styles() == ".list :is(th, td):first-child { --width: 25; }\n")
    _ = owner.post(
      path + "/columns", [("csrf_token", owner.lastToken), ("view", "table"), ("columns", "city"), ("columns", "name"), ("apply", "yes")])
    #expect(styles() == ".list :is([data-column=\"name\"], .c-name) { --width: 25; }\n")
  }

  @Test func `the usual width comes back, and nothing is kept that equals the default`() throws {
    drag("email", to: "57")
    #expect(drag("email", to: "").text == #"{"styles":""}"#)
    #expect(styles() == nil)
    #expect(try kept() == nil)
  }

  @Test(arguments: ["15", "161", "-57", "5.5", "wide", "57;}", " 57", "99999999999999999999"])
  func `a width that there is not is refused, and changes nothing`(width: String) throws {
    drag("email", to: "57")
    #expect(drag("email", to: width).status == 400)
    #expect(try kept() == "email:57")
  }

  @Test func `widths are chosen without script, and one that was dragged stays`() throws {
    drag("email", to: "57")
    let select = try #require(owner.get(path + "/columns").page.first("//select[@name='width_email']"))
    #expect(select.all("option").map(\.text) == ["Automatic width", "Narrow", "Medium", "Wide", "Very wide", "Custom width"])
    #expect(customize([("width_city", "64"), ("apply", "yes")]).status == 303)
    #expect(try kept() == "city:64,email:57")
    // Moved on the page, before anything is applied: the choices are still there.
    let moved = customize([("width_phone", "24"), ("move_up", "phone")])
    #expect(moved.page.first("//select[@name='width_phone']/option[@selected]")?.text == "Narrow")
    #expect(moved.page.first("//select[@name='width_email']/option[@selected]")?.text == "Custom width")
    #expect(try kept() == "city:64,email:57")
    #expect(customize([("width_email", ""), ("apply", "yes")]).status == 303)
    #expect(try kept() == "city:64")
    #expect(customize([("reset", "yes")]).status == 303)
    #expect(try kept() == nil)
  }

  @Test func `a form that says nothing of widths leaves them, and a column that goes takes its own along`() throws {
    drag("email", to: "57")
    drag("city", to: "40")
    owner.post(
      path + "/columns",
      [("csrf_token", owner.lastToken), ("view", "cards"), ("columns", "name"), ("columns", "email"), ("apply", "yes")])
    #expect(try kept() == "email:57")
    #expect(styles() == nil, "cards have no columns")
    try office.store.write { db in
      _ = try db.run("UPDATE column_views SET layout = 'table', widths = 'email:57,gone:50,name:9,city:64,x,:,a:b:c'")
    }
    #expect(styles() == ".list :is([data-column=\"email\"], .c-email) { --width: 14.25; }\n")
  }

  @Test func `the style sheet says nothing but widths of columns that the list has`() {
    let sheet = owner.get(path + "/columns.css?email=57&nobody=50&city=3&phone=%7D&first=60")
    #expect(sheet.headers["Content-Type"] == "text/css; charset=utf-8")
    #expect(sheet.headers["Cache-Control"] == "private, max-age=31536000, immutable")
    #expect(
      sheet.text == ".list :is(th, td):first-child { --width: 15; }\n.list :is([data-column=\"email\"], .c-email) { --width: 14.25; }\n")
  }
}
