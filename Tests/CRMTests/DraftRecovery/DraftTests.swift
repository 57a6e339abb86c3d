import Base
import Store
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// A form restored after its session has ended is shown and does nothing, whatever it posts to.
@Suite struct DraftTests {
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner)
  }

  /// A session of the owner, as in a request.
  private func draft(_ path: String, _ fields: [(String, String)]) throws -> Response {
    let browser = Request(
      id: "1", method: .get, path: [], target: "/", received: office.now)
    let context = office.pipeline.context(browser)
    context.browserToken = owner.cookie("roost_session")
    context.session = try office.store.read { db in
      try SessionStore.find(token: context.browserToken ?? "", settings: .standard, now: office.now, in: db)
    }
    return try office.pipeline.replay(
      context, path: path, form: FormFields(fields.map { FormFields.Field($0.0, $0.1) }), saying: Message(""))
  }

  @Test func `no route writes anything`() throws {
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    owner.get(contact)
    owner.post(contact + "/comments", ["body": "Hello"])
    owner.post(contact + "/interactions", ["type": "call", "body": "Hello"])
    func id(_ sql: SQL) throws -> String { try office.store.read { try $0.text(sql) } ?? "" }
    let ids = [
      "id": String(contact.split(separator: "/").last ?? ""), "comment": try id("SELECT id FROM comments"),
      "interaction": try id("SELECT id FROM interactions"), "entry": "1",
    ]
    let watcher = try Store(path: office.store.path)
    func state() throws -> String? { try watcher.read { try $0.text("SELECT * FROM pragma_data_version") } }
    let before = try state()
    var drawn = 0
    for route in office.composition.routes where route.method == .post && route.access != .anyone {
      var path = route.pattern
      for (name, value) in ids { path = path.replacing("{\(name)}", with: value) }
      let answer: Response
      do {
        answer = try draft(path, [("name", "Changed"), ("body", "Changed"), ("note", "Changed"), ("confirm", "Ann"), ("version", "1")])
      } catch HTTPError.notFound {
        continue
      }
      #expect([200, 303].contains(answer.status), "\(path): \(answer.status)")
      #expect(try state() == before, "\(path) has written")
      drawn += 1
    }
    #expect(drawn > 20)
  }

  @Test func `what has no page of its own can be sent again from one that says what it holds`() throws {
    owner.get("/admin/crm/contacts/new")
    let contact = owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active"]).location
    let answer = try draft(contact + "/trash", [])
    #expect(answer.status == 200)
    #expect(answer.page.first("//form[@action='\(contact)/trash']") != nil)
    #expect(answer.text.contains("Nothing is saved yet"))
  }
}
