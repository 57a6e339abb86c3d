@testable import Admin
import Base
import Store
import Testing
import Web
import XML

/// The pages on which tokens are made and revoked.
@Suite struct TokenPageTests {
  private static let path = "/account/tokens"

  private func token(_ response: Response) -> String {
    response.text.firstMatch(of: #/value="(roost_\w+)"/#).map { String($0.output.1) } ?? ""
  }

  private func use(_ token: String, in office: TestApp) -> Int {
    var program = try? TestProgram(office, .member)
    program?.headers["Authorization"] = "Bearer " + token
    return program?.get("/contacts").status ?? 0
  }

  @Test func `a token is shown once, works, and is revoked`() throws {
    let office = try TestApp()
    let owner = try office.visitor()
    owner.get(Self.path)
    let made = owner.post(Self.path, ["name": "Website", "life": "30", "scope_contacts": "read", "password": TestApp.password])
    let token = token(made)
    #expect(made.status == 200 && APIToken.isWellFormed(token))
    #expect(use(token, in: office) == 200)
    let page = owner.get(Self.path)
    #expect(!page.text.contains(token) && page.text.contains("Website") && page.text.contains("roost_…\(token.suffix(4))"))
    let id = try office.id("SELECT id FROM api_tokens WHERE name = 'Website'")
    #expect(owner.post("\(Self.path)/\(id)/revoke", [:]).status == 303)
    #expect(use(token, in: office) == 401)
    #expect(owner.post("\(Self.path)/\(id)/revoke", [:]).status == 404)
    let events = try office.store.read {
      try $0.all("SELECT event FROM security_log WHERE event LIKE 'token-%' ORDER BY seq") { $0.text(0) }
    }
    #expect(events.prefix(2) == ["token-created", "token-revoked"])
  }

  @Test func `nobody makes a token with more rights than they have`() throws {
    let office = try TestApp()
    let manager = try office.visitor(.manager)
    manager.get(Self.path)
    #expect(manager.post(Self.path, ["name": "x", "life": "30", "scope_contacts": "full", "password": TestApp.password]).status == 422)
    let member = try office.visitor(.member)
    member.get(Self.path)
    #expect(member.post(Self.path, ["name": "x", "life": "30", "scope_contacts": "read", "password": TestApp.password]).status == 422)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM api_tokens") } == 0)
  }

  @Test(arguments: [
    [("name", ""), ("life", "30"), ("scope_contacts", "read")], [("name", "x"), ("life", "31"), ("scope_contacts", "read")],
    [("name", "x"), ("life", "30")], [("name", "x"), ("life", "30"), ("scope_contacts", "everything")],
    [("name", "x"), ("life", "30"), ("scope_activity", "full")],
  ])
  func `a form that isn’t right comes back filled in`(fields: [(String, String)]) throws {
    let owner = try TestApp().visitor()
    owner.get(Self.path)
    let answer = owner.post(Self.path, fields + [("password", TestApp.password), ("csrf_token", owner.lastToken)])
    #expect(answer.status == 422 && token(answer).isEmpty)
    let values = Dictionary(uniqueKeysWithValues: fields)
    #expect(answer.page.first("//input[@name='name']")?["value"] == values["name"])
    if values["scope_contacts"] == "read" {
      #expect(answer.page.first("//select[@name='scope_contacts']/option[@selected]")?["value"] == "read")
    }
  }

  /// A session that somebody else got hold of must not become a token that outlives it.
  @Test func `a token is made with the password only, tries are limited, and what was typed stays`() throws {
    let office = try TestApp()
    let owner = try office.visitor()
    owner.get(Self.path)
    let fields: KeyValuePairs = ["name": "Website", "life": "30", "scope_contacts": "read"]
    #expect(owner.post(Self.path, fields).status == 422)
    let refused = owner.post(Self.path, fields.map { ($0.key, $0.value) } + [("password", "guess"), ("csrf_token", owner.lastToken)])
    #expect(refused.status == 422 && refused.text.contains("f-password-error") && refused.text.contains("value=\"Website\""))
    #expect(!refused.text.contains("guess"))
    var answers: [Int] = []
    for _ in 0..<20 {
      answers.append(
        owner.post(Self.path, fields.map { ($0.key, $0.value) } + [("password", "guess"), ("csrf_token", owner.lastToken)]).status)
    }
    #expect(answers.contains(429))
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM api_tokens") } == 0)
  }

  @Test func `users revoke their own tokens only, and who may change settings any`() throws {
    let office = try TestApp()
    let (owner, manager) = (try office.visitor(), try office.visitor(.manager))
    owner.get(Self.path)
    let token = token(owner.post(Self.path, ["name": "Website", "life": "0", "scope_contacts": "read", "password": TestApp.password]))
    let id = try office.id("SELECT id FROM api_tokens")
    manager.get(Self.path)
    #expect(manager.post("\(Self.path)/\(id)/revoke", [:]).status == 404)
    #expect(manager.get("/admin/settings/crm/tokens").status == 404)
    #expect(use(token, in: office) == 200)
    let admin = try office.visitor(.admin, name: "Ada Admin")
    #expect(admin.get("/admin/settings/crm/tokens").text.contains("Olga Owner"))
    #expect(admin.post("/admin/settings/crm/tokens/\(id)/revoke", [:]).status == 303)
    #expect(use(token, in: office) == 401)
  }
}
