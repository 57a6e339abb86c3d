import Base
@testable import Admin
@testable import CRM
import Foundation
import Imaging
import Store
import Testing
import Web
import XML

/// Access: every route with every role.
@Suite struct AccessTests {
  /// The result for a role: passed, redirected to sign-in, 403 or 404. Nothing else is expected for anyone.
  enum Answer: Equatable {
    case through, signIn, forbidden, missing
    case failed(Int)
  }

  /// The expected result by the grants, repeated here by hand, so that a mistake in the table shows.
  static func promised(_ route: Route, _ role: Role?) -> Answer {
    // A cookie opens nothing there; who may do what by a token, `APIAccessTests` says.
    if route.pattern.hasPrefix("/api/") { return .signIn }
    switch route.pattern {
    case "/sign-in": return .through
    // The start page redirects, signing out leads to the sign-in page, and setup is closed once there is an owner.
    case "/": return role == nil ? .signIn : .through
    case "/sign-out", "/setup": return .signIn
    // No session or notification has this number.
    case "/account/sessions/{id}/sign-out", "/account/tokens/{id}/revoke", "/admin/inbox/{notification}",
      "/admin/inbox/{notification}/read":
      return role == nil ? .signIn : .missing
    case "/admin", "/account", "/admin/inbox", "/admin/inbox/read", "/account/password", "/account/sessions/sign-out-others", "/kept-form",
      "/account/tokens", "/account/api", "/account/api/openapi.json":
      return role == nil ? .signIn : .through
    default: break
    }
    let changes =
      route.method == .post && !route.pattern.hasSuffix("/columns") || route.pattern.hasSuffix("/new") || route.pattern.hasSuffix("/edit")
      || route.pattern.hasSuffix("/fields/{field}")
      || route.pattern.hasSuffix("/pick") || route.pattern.hasPrefix("/admin/crm/uploads")
      || [
        "/admin/crm/files", "/admin/crm/parties.json", "/admin/crm/tasks/about.json", "/admin/crm/mentions.json", "/admin/crm/tags",
        "/admin/crm/tags/suggestions.json",
      ]
      .contains(route.pattern)
    // Permanently; what belongs to a record is deleted by those who can edit it.
    let deletes = route.pattern.hasSuffix("/{id}/delete") || route.pattern == "/admin/crm/files/{file}/delete"
    switch role {
    case nil: return .signIn
    case .owner, .admin: return .through
    // The state of the installation is for those who manage it.
    case .manager where route.pattern.hasPrefix("/admin/settings"), .factory where route.pattern.hasPrefix("/admin/settings"):
      return .missing
    case .manager: return deletes ? .forbidden : .through
    // The log covers everybody's records: users limited to their own can't read any of it.
    case .factory where route.pattern.hasPrefix("/admin/crm/activity"): return .missing
    case .factory: return changes || deletes ? .forbidden : .through
    case .member: return .missing
    }
  }

  @Test(arguments: [nil, Role.owner, .admin, .manager, .factory, .member])
  func `each route answers a role as the grants say`(role: Role?) throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let visitor = try office.visitor(role)
    for route in office.composition.routes {
      // A new record for each, created by this visitor if a role reaches only its own.
      let type = office.composition.records.all.first { route.pattern.hasPrefix($0.path + "/") } ?? .contact
      let id = try self.record(type, by: owner, of: role, in: office)
      let record = type.path(of: id)
      let interaction = try interaction(of: id, in: office)
      let path = route.pattern.replacing("{tab}", with: "events")
        .replacing("{field}", with: try #require(type.fields.last { $0.column(of: type.table) != nil }?.name))
        .replacing("{interaction}", with: interaction)
        .replacing("{entry}", with: route.pattern.contains("{entry}") ? try change(of: id, type, route.pattern, by: owner, in: office) : "")
        .replacing("{note}", with: route.pattern.contains("{note}") ? try note(on: id, type, in: office) : "")
        .replacing("{comment}", with: try comment(on: id, in: office))
        .replacing("{side}", with: "96").replacing("{folder}", with: try folder(in: office)).replacing("{tag}", with: try tag(in: office))
        .replacing("{upload}", with: try role.map { try upload(of: $0, in: office) } ?? "0")
        .replacing(
          "{file}", with: route.pattern.contains("{file}") ? try file(of: record, route.pattern, by: owner, in: office) : ""
        )
        .replacing("{id}", with: route.pattern.hasPrefix(type.path + "/") ? id : "0")
      let context = try route.pattern == "/sign-out" ? office.visitor(role) : visitor
      context.get(role == nil ? "/sign-in" : "/account")
      let response = route.method == .post ? context.post(path, [:]) : context.get(path)
      #expect(
        answer(response, to: route.method) == Self.promised(route, role),
        "\(role?.rawValue ?? "nobody") \(route.method.rawValue) \(path): \(response.status) \(response.location)")
    }
  }

  private func record(_ type: RecordType, by owner: TestClient, of role: Role?, in office: TestApp) throws -> String {
    owner.get(type.path + "/new")
    let name = try #require(type.nameField?.name)
    let fields = [(name, "Somebody \(Int.random(in: 0 ... .max))"), ("status", type.list.usualStatus), ("csrf_token", owner.lastToken)]
    let location = owner.post(type.path, fields).location
    let id = String(location.split(separator: "/").last?.prefix(36) ?? "")
    if role == .factory {
      let user = try office.id("SELECT users.id FROM users JOIN user_roles ON user_id = users.id WHERE role_id = \(Role.factory.id)")
      try office.store.write { try $0.run("UPDATE \(raw: type.table) SET owner_id = \(user) WHERE id = \(id)") }
    }
    return id
  }

  /// A new interaction with a record.
  private func interaction(of record: String, in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now).text
    try office.store.write { db in
      _ = try db.run(
        """
        INSERT INTO interactions (id, record_id, type, occurred_at, created_at, updated_at)
        VALUES (\(id), \(record), 'note', \(office.now), \(office.now), \(office.now))
        """)
    }
    return id
  }

  /// A new file or image of a record.
  private func file(of record: String, _ pattern: String, by owner: TestClient, in office: TestApp) throws -> String {
    let path = NSTemporaryDirectory() + "access-\(UInt64.random(in: .min ... .max)).png"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Imaging.draw(seed: .random(in: .min ... .max), width: 20, height: 20, as: .png, to: path)
    owner.get(record)
    let purpose = pattern.contains("/{id}/files") ? "/files" : "/images"
    let response = owner.post(record + purpose, files: [.init("p.png", [UInt8](FileManager.default.contents(atPath: path) ?? Data()))])
    try #require(response.status == 303, "\(response.text)")
    return try office.id("SELECT id FROM files ORDER BY seq DESC LIMIT 1")
  }

  /// A comment of the visitor's own.
  private func comment(on record: String, in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now).text
    try office.store.write { db in
      _ = try db.run(
        """
        INSERT INTO comments (seq, id, record_id, thread, author_id, author_name, body, created_at)
        SELECT n, \(id), \(record), n, (SELECT id FROM users ORDER BY rowid LIMIT 1 OFFSET 1), 'x', 'x', 'x'
        FROM (SELECT coalesce(max(seq), 0) + 1 AS n FROM comments)
        """)
    }
    return id
  }

  /// A note of the visitor's own.
  private func note(on record: String, _ type: RecordType, in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now).text
    try office.store.write { db in
      let author = try db.text("SELECT id FROM users ORDER BY rowid LIMIT 1 OFFSET 1") ?? ""
      let notes = #"[{"id":"\#(id)","text":"x","by":"x","at":"x","author":"\#(author)"}]"#
      try db.run("UPDATE \(raw: type.table) SET notes = \(notes) WHERE id = \(record)")
    }
    return id
  }

  /// The entry of a change that can be reverted.
  private func change(of id: String, _ type: RecordType, _ pattern: String, by owner: TestClient, in office: TestApp) throws -> String {
    if pattern.hasPrefix(SettingsTab.root) {
      let version = try #require(owner.get(SettingsTab.root).page.first("//input[@name='version']")?["value"])
      owner.post(SettingsTab.root, ["installation_name": "Roost \(version)", "version": version])
      return try office.id("SELECT seq FROM activity ORDER BY seq DESC LIMIT 1")
    }
    let record = type.path(of: id)
    let version = try #require(owner.get(record + "/edit").page.first("//input[@name='version']")?["value"])
    let owned = try office.store.read { db in try db.text("SELECT owner_id FROM \(raw: type.table) WHERE id = \(id)") }
    let name = try #require(type.nameField?.name)
    var fields = [(name, "Somebody Else \(id)"), ("status", type.list.usualStatus), ("version", version), ("csrf_token", owner.lastToken)]
    if let keeper = type.fields.first(where: { $0.columns == ["owner_id"] }) { fields.append((keeper.name, owned ?? "")) }
    owner.post(record, fields)
    return try office.id("SELECT seq FROM activity ORDER BY seq DESC LIMIT 1")
  }

  private func tag(in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now)
    try office.store.write { db in
      _ = try db.run("INSERT INTO tags (id, name, name_sort, color) VALUES (\(id), \(id.text), \(id.text), 1)")
    }
    return id.text
  }

  private func folder(in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now)
    try office.store.write { db in
      _ = try db.run("INSERT INTO folders (id, name, purpose, created_at) VALUES (\(id), \(id), 'shared', \(office.now))")
    }
    return id.text
  }

  private func upload(of role: Role, in office: TestApp) throws -> String {
    let id = RecordID.make(at: office.now)
    try office.store.write { db in
      _ = try db.run(
        """
        INSERT INTO uploads (id, user_id, name, size, created_at)
        SELECT \(id), id, 'x', 5, \(office.now) FROM users ORDER BY rowid LIMIT 1 OFFSET 1
        """)
    }
    return id.text
  }

  private func answer(_ response: Response, to method: Request.Method) -> Answer {
    switch response.status {
    case 403: .forbidden
    case 404: .missing
    case 401: .signIn
    case 303 where response.location.hasPrefix("/sign-in"): .signIn
    case 200, 204, 303: .through
    // A form without fields has reached the handler.
    case 400 where method == .post, 422 where method == .post: .through
    default: .failed(response.status)
    }
  }

  @Test func `a member without rights is not told which records exist`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    let location = owner.post("/admin/crm/contacts", ["name": "Secret", "status": "active"]).location
    let factory = try office.visitor(.factory)
    #expect(factory.get(location).status == 404)
    #expect(factory.get("/admin/crm/contacts/019ac21b-e398-77c6-bb9f-3228744a32bb").status == 404)
    #expect(!factory.get("/admin/crm/contacts").text.contains("Secret"))
    #expect(!factory.get("/admin/crm/contacts?q=secret").text.contains("Secret</a>"))
    #expect(!factory.get("/admin/crm/contacts/export.csv").text.contains("Secret"))
    #expect(!factory.get("/admin/crm").text.contains("Secret"))
  }

  @Test func `a form without the session's token changes nothing`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    let other = try office.visitor(.admin)
    owner.get("/admin/crm/contacts/new")
    let foreign = try #require(other.get("/admin/crm/contacts/new").text.firstMatch(of: #/name="csrf_token" value="([^"]+)"/#)).output.1
    for token in ["", "forged", String(foreign)] {
      #expect(owner.post("/admin/crm/contacts", ["name": "X", "status": "active"], token: token).status == 403)
    }
    #expect(owner.post("/admin/crm/contacts", [("name", "X")]).status == 403)
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
  }
}
