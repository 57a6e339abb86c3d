import Base
@testable import Admin
@testable import CRM
import Foundation
import Imaging
import Store
import TestKit
import Testing
import Web
import XML

/// Access: one table of all routes, with what each role gets on its own records and on those of others. It is a file, `__Snapshots__/access.html`, that is
/// read when it changes; a route that isn't in it fails the test. Programs have the same in `APIAccessTests`.
@Suite struct AccessTests {
  /// Every route with every role, on an own record and on somebody else's: `yes`, `no` (403), `-` (404), `sign in`.
  @Test func `each route answers each role as the table says`() throws {
    var table: [String: [String]] = [:]
    var order: [String] = []
    for role in [Role.owner, .admin, .manager, .factory, .member, nil] {
      let office = try TestApp()
      let owner = try office.visitor(.owner)
      let visitor = try office.visitor(role)
      try office.giveLogo()
      for route in office.composition.routes {
        let line = route.method.rawValue + " " + route.pattern
        if table[line] == nil { order.append(line) }
        let own = try answer(of: route, to: role, visitor, isOwn: true, owner, office)
        // Those who see all records, or none, know no difference.
        let foreign = role == .factory ? try answer(of: route, to: role, visitor, isOwn: false, owner, office) : own
        table[line, default: []].append(own == foreign ? own : own + "/" + foreign)
      }
    }
    let lines = order.map { line in ([line] + (table[line] ?? [])).joined(separator: "\t") }
    // A route that even an owner finds nothing at is asked about a thing that isn't there, and so shows no right: those that have tests of their own.
    let hidden = Set(order.filter { table[$0]?.first == "-" }.map { String($0.split(separator: " ")[1]) })
    #expect(
      hidden == [
        "/account/sessions/{id}/sign-out", "/account/tokens/{id}/revoke", "/admin/inbox/{notification}", "/admin/inbox/{notification}/read",
        "/admin/crm/contacts/{id}/archive/{archive}", "/admin/webhooks/{id}/deliveries/{delivery}/send", "/q/{secret}",
        "/q/{secret}/quote.pdf",
      ])
    let heading = (["route"] + Role.allCases.map(\.rawValue) + ["nobody"]).joined(separator: "\t")
    assertSnapshot(of: ([heading] + lines).joined(separator: "\n") + "\n", named: "access")
  }

  private func answer(
    of route: Route, to role: Role?, _ visitor: TestClient, isOwn: Bool, _ owner: TestClient, _ office: TestApp
  ) throws -> String {
    // A new record for each, so that what one route does to it is nothing to the next.
    let type = office.composition.records.all.first { route.pattern.hasPrefix($0.path + "/") } ?? .contact
    let id = try record(type, by: owner, of: isOwn ? role : nil, in: office)
    let record = type.path(of: id)
    let pattern = route.pattern
    let path = pattern.replacing("{tab}", with: "events")
      .replacing("{field}", with: try #require(type.typedFields.last { $0.column(of: type.table) != nil }?.name))
      .replacing("{interaction}", with: pattern.contains("{interaction}") ? try interaction(of: id, in: office) : "")
      .replacing("{entry}", with: pattern.contains("{entry}") ? try change(of: id, type, pattern, by: owner, in: office) : "")
      .replacing("{note}", with: pattern.contains("{note}") ? try note(on: id, type, in: office) : "")
      .replacing("{comment}", with: pattern.contains("{comment}") ? try comment(on: id, in: office) : "")
      .replacing("{movement}", with: pattern.contains("{movement}") ? try movement(of: id, in: office) : "")
      .replacing("{shipment}", with: pattern.contains("{shipment}") ? try shipment(of: id, pattern, in: office) : "")
      .replacing("{payment}", with: pattern.contains("{payment}") ? try payment(of: id, type, in: office) : "")
      .replacing("{side}", with: "96").replacing("{folder}", with: pattern.contains("{folder}") ? try folder(in: office) : "")
      .replacing("{tag}", with: pattern.contains("{tag}") ? try tag(in: office) : "")
      .replacing("{upload}", with: pattern.contains("{upload}") ? try role.map { try upload(of: $0, in: office) } ?? "0" : "")
      .replacing("{file}", with: pattern.contains("{file}") ? try file(of: record, pattern, by: owner, in: office) : "")
      .replacing("{id}", with: try thing(for: pattern, of: role, in: office) ?? "{id}")
      .replacing("{id}", with: pattern.hasPrefix(type.path + "/") ? id : pattern.hasPrefix("/admin/crm/role/") ? Role.manager.id : "0")
      .replacing("{kind}", with: "housekeeping")
      .replacing(#/\{[a-z]+\}/#, with: "0")
    // What ends a session or an account's use has one of its own.
    let ends = ["/sign-out", "/view-as", "/account/"].contains { pattern.hasSuffix($0) || pattern.hasPrefix($0) }
    let client = ends ? try office.visitor(role) : visitor
    client.get(role == nil ? "/sign-in" : "/account")
    let response = route.method == .post ? client.post(path, [:]) : client.get(path)
    return switch response.status {
    case 403: "no"
    case 404: "-"
    case 401: "sign in"
    case 303 where response.location.hasPrefix("/sign-in"): "sign in"
    case 200..<300, 303: "yes"
    // A form without fields has reached the handler.
    case 400 where route.method == .post, 422 where route.method == .post: "yes"
    default: String(response.status)
    }
  }

  private func movement(of product: String, in office: TestApp) throws -> String {
    let id = try #require(RecordID(product))
    return try office.store.write { db in
      let act = ActContext(
        db: db, principal: .program(Actor(id: nil, name: "Test")), now: office.now, types: office.composition.records.all)
      return try StockStore.add(StockMovement(kind: .received, onHand: 1000), to: id, act).text
    }
  }

  /// What a route names that is no record: a session, a token, a job.
  private func thing(for pattern: String, of role: Role?, in office: TestApp) throws -> String? {
    let user =
      try role.map { try office.id("SELECT user_id FROM user_roles WHERE role_id = \($0.id) ORDER BY user_id DESC LIMIT 1") } ?? "0"
    switch pattern {
    case "/account/sessions/{id}/sign-out":
      return try office.store.read { db in
        try db.text("SELECT id FROM sessions WHERE user_id = \(user) ORDER BY created_at DESC, id DESC LIMIT 1")
      }
    case SettingsTab.root + "/security/sessions/{id}/sign-out":
      let id = RecordID.make(at: office.now)
      try office.store.write { db in
        let member = try NewUser.member(named: id.text, now: office.now, in: db)
        try db.run(
          """
          INSERT INTO sessions (token_hash, form_key, id, user_id, created_at, seen_at, expires_at, address, agent)
          VALUES (\(id), \(id), \(id), \(member), \(office.now), \(office.now), \(office.now), '', '')
          """)
      }
      return id.text
    case SettingsTab.root + "/security/users/{id}/sign-out":
      return try office.store.write { db in try NewUser.member(named: RecordID.make(at: office.now).text, now: office.now, in: db).text }
    case "/account/tokens/{id}/revoke", SettingsTab.root + "/tokens/{id}/revoke":
      guard role != nil, let user = RecordID(user) else { return nil }
      return try office.store.write { db in
        try TokenStore.create(APIToken.make(), name: "x", ["contacts": .read], until: nil, of: user, now: office.now, in: db).text
      }
    case SettingsTab.root + "/jobs/{id}/cancel", SettingsTab.root + "/jobs/{id}/retry":
      return try office.store.write { db in
        let id = try Jobs.enqueue(.housekeeping, at: office.now.adding(seconds: 3600), now: office.now, in: db)
        if pattern.hasSuffix("retry") { try db.run("UPDATE jobs SET status = 'failed', finished_at = run_at WHERE id = \(id)") }
        return id.text
      }
    default: return nil
    }
  }

  /// Something that a required field accepts; `nil` for any text.
  private static func value(of field: Field, _ number: String) -> String? {
    switch field.name {
    case "email": number + "@example.com"
    case "url": "https://example.com/" + number
    case "rate": "24"
    default: nil
    }
  }

  private func record(_ type: RecordType, by owner: TestClient, of role: Role?, in office: TestApp) throws -> String {
    owner.get(type.path + "/new")
    let number = Int.random(in: 0 ... .max)
    let required =
      type.fields.filter(\.isRequired).map { field -> (String, String) in
        (field.name, Self.value(of: field, "\(number)") ?? "Somebody \(number)")
      } + (type.index(of: "lines") == nil ? [] : try customer(in: office))
    let location = owner.post(type.path, required + status(type) + [("csrf_token", owner.lastToken)]).location
    let id = String(location.split(separator: "/").last?.prefix(36) ?? "")
    try #require(RecordID(id) != nil, "a \(type.name) could not be made")
    if let role {
      let user = try office.id("SELECT user_id FROM user_roles WHERE role_id = \(role.id) ORDER BY user_id LIMIT 1")
      try office.store.write { try $0.run("UPDATE \(raw: type.table) SET owner_id = \(user) WHERE id = \(id)") }
    }
    return id
  }

  private func act<T>(in office: TestApp, _ body: (ActContext) throws -> T) throws -> T {
    try office.store.write { db in
      try body(
        ActContext(
          db: db, principal: .program(Actor(id: nil, name: "Test")), now: office.now, types: office.composition.records.all))
    }
  }

  /// A shipment that can go the way that a route takes it.
  private func shipment(of order: String, _ pattern: String, in office: TestApp) throws -> String {
    let id = try #require(RecordID(order))
    return try act(in: office) { act in
      try act.db.run("UPDATE orders SET status = 'confirmed' WHERE id = \(id)")
      return try ShipmentStore.insert(Shipment(status: pattern.hasSuffix("ship") ? .packed : .shipped), of: id, act).id
    }
  }

  private func payment(of document: String, _ type: RecordType, in office: TestApp) throws -> String {
    let id = try #require(RecordID(document))
    return try act(in: office) { act in
      try PaymentStore.insert(Payment(date: "2026-11-20", amount: 1, currency: "EUR"), of: id, act).text
    }
  }

  /// What forms say of the status; nothing where only acts change it.
  private func status(_ type: RecordType) -> [(String, String)] {
    type.field("status")?.isReadOnly == true ? [] : [("status", type.list.usualStatus)]
  }

  /// Whom a document is for.
  private func customer(in office: TestApp) throws -> [(String, String)] {
    let id = RecordID.make(at: office.now)
    try act(in: office) { act in
      var values = RecordType.company.blank()
      values[try #require(RecordType.company.index(of: "name"))] = .text("Customer \(id.text)")
      _ = try RecordType.company.create(values, from: RecordOrigin(id: id), act)
    }
    return [("company", "Customer \(id.text)")]
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
      let form = try #require(owner.get(SettingsTab.root).page.first("//main//form[@method='post']"))
      let inputs = form.all(".//input[@name][not(@type='checkbox' or @type='file') or @checked]").map {
        ($0["name"] ?? "", $0["value"] ?? "")
      }
      let selects = form.all(".//select[@name]").map { ($0["name"] ?? "", $0.first("./option[@selected]")?["value"] ?? "") }
      let named = (inputs + selects).map { $0.0 == "installation_name" ? ($0.0, "Roost \(Int.random(in: 0 ... .max))") : $0 }
      owner.post(SettingsTab.root, named)
      return try office.id("SELECT seq FROM activity ORDER BY seq DESC LIMIT 1")
    }
    let record = type.path(of: id)
    let version = try #require(owner.get(record + "/edit").page.first("//input[@name='version']")?["value"])
    let owned = try office.store.read { db in try db.text("SELECT owner_id FROM \(raw: type.table) WHERE id = \(id)") }
    let name = try #require(type.nameField?.isReadOnly == true ? "title" : type.nameField?.name)
    var fields = [(name, "Somebody Else \(id)"), ("version", version), ("csrf_token", owner.lastToken)] + status(type)
    for field in type.fields where field.isRequired && field.name != name {
      fields.append((field.name, Self.value(of: field, id) ?? ""))
    }
    if type.index(of: "lines") != nil { fields += try customer(in: office) }
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

extension NewUser {
  /// Somebody who can't sign in and may do nothing.
  fileprivate static func member(named name: String, now: Timestamp, in db: Database) throws -> RecordID {
    try UserStore.create(
      UserDraft(email: name + "@example.com", name: name, roles: [.member]), passwordHash: nil, from: .commandLine, now: now, in: db)
  }
}
