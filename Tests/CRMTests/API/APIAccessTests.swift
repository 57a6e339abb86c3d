@testable import Admin
import Base
@testable import CRM
import Foundation
import Store
import Testing
import Web

/// Who may do what by the API: every operation × every role × own and foreign records, and the tokens themselves.
@Suite struct APIAccessTests {
  /// Records of a type that are there already: one of the token’s user, one of somebody else.
  private struct Places {
    let own: String
    let foreign: String
    let none = "0193fa20-5e1c-7c3a-9b1e-2f6d8a4c7e10"
  }

  private func places(of type: RecordType, for program: TestProgram, _ owner: TestProgram) throws -> Places {
    let made = try ["Own", "Foreign"].map { try owner.make("\($0) \(Int.random(in: 0 ... .max))", in: type.list.name).id }
    try owner.office.store.write { db in
      let user = try db.text("SELECT user_id FROM api_tokens WHERE token_hash = \(APIToken.hash(program.token))")
      try db.run("UPDATE \(raw: type.table) SET created_by = \(user) WHERE id = \(made[0])")
    }
    return Places(own: made[0], foreign: made[1])
  }

  /// What a role may do at most, repeated here by hand.
  private func level(_ role: Role, on type: RecordType) -> Level {
    switch (role, type.name) {
    case (.owner, _), (.admin, _): .full
    case (.manager, "user"), (.manager, "role"): .read
    case (_, "user"), (_, "role"), (_, "webhook"): .none
    case (.manager, _): .write
    case (.factory, "product"), (.factory, "vat_code"), (.factory, "quote"), (.factory, "invoice"): .none
    case (.factory, _): .readOwn
    case (.member, _): .none
    }
  }

  private func expected(_ operation: APIOperation, _ level: Level, isVisible: Bool) -> Int {
    if level == .none { return 404 }
    if operation.isWrite, level < .write { return 403 }
    return isVisible ? operation.output.status : 404
  }

  private static let input: [String: JSON] = [
    "notes": .object(["text": "Note"]), "interactions": .object(["type": "call", "subject": "x"]), "comments": .object(["body": "Said"]),
    "stock": .object(["kind": "received", "quantity": "1"]),
  ]

  @Test(arguments: Role.allCases) func `every operation answers a role as the grants say`(role: Role) throws {
    let office = try TestApp()
    let owner = try TestProgram(office)
    let program = try TestProgram(office, role)
    for type in office.composition.records.all {
      // A program may send so many requests a minute.
      office.wait(seconds: 60)
      for operation in office.composition.operations where operation.group == type.list.name {
        // A token is limited, and so can't bring back what sends all that its owner may see.
        if type.name == "webhook", operation.path.hasSuffix("/restore") { continue }
        let places = try places(of: type, for: program, owner)
        for (id, isVisible) in [(places.own, true), (places.foreign, level(role, on: type) >= .read), (places.none, false)] {
          guard operation.path.contains("{id}") || isVisible else { continue }
          var path = operation.path.replacing("{id}", with: id)
          let kind = String(path.split(separator: "/").dropFirst(2).first ?? "")
          if let last = operation.places.last, last != "id" {
            // Something of the visitor’s own that hangs on it.
            let part = (level(role, on: type) >= .write ? program : owner).send(.post, "/\(type.list.name)/\(id)/\(kind)", Self.input[kind])
            path = path.replacing("{\(last)}", with: part.id.isEmpty ? places.none : part.id)
          }
          let body =
            operation.input == nil
            ? nil
            : operation.method == .patch && kind == "interactions"
              ? .object(["outcome": "x"])
              : Self.input[kind]
                ?? (operation.method == .post ? TestProgram.input(for: type, "New \(Int.random(in: 0 ... .max))") : .object([]))
          let answer = program.send(operation.method, path, body)
          #expect(
            answer.status == expected(operation, level(role, on: type), isVisible: isVisible),
            "\(role) \(operation.id) visible=\(isVisible): \(answer.status) \(answer.text)")
        }
      }
    }
  }

  @Test func `what is foreign is not told apart from nothing`() throws {
    let office = try TestApp()
    let (owner, program) = (try TestProgram(office), try TestProgram(office, .factory))
    let places = try places(of: .contact, for: program, owner)
    func body(_ path: String) -> String {
      program.get(path).text.replacing(#/"request_id":"[^"]+"/#, with: "")
    }
    for path in ["/contacts/ID", "/contacts/ID/notes", "/contacts/ID/interactions", "/contacts/ID/comments"] {
      #expect(body(path.replacing("ID", with: places.foreign)) == body(path.replacing("ID", with: places.none)))
    }
    let names = program.get("/contacts").json["items"]?.array?.compactMap { $0["name"]?.string }
    #expect(names?.count == 1 && names?.first?.hasPrefix("Own") == true)
  }

  @Test(arguments: [Level.none, .readOwn, .read, .write, .full]) func `a token has no more rights than it says`(level: Level) throws {
    let office = try TestApp()
    let owner = try TestProgram(office)
    let program = try TestProgram(office, scopes: ["contacts": level])
    let id = try owner.make().id
    #expect(program.get("/contacts/\(id)").status == (level == .none ? 404 : 200))
    #expect(program.send(.patch, "/contacts/\(id)", .object(["city": "x"])).status == (level == .none ? 404 : level < .write ? 403 : 200))
    #expect(program.get("/companies").status == 404)
  }

  @Test func `rights that are taken from the user are gone from the token at once`() throws {
    let office = try TestApp()
    let program = try TestProgram(office, .manager)
    #expect(program.get("/contacts").status == 200)
    try office.store.write { db in
      _ = try db.run("DELETE FROM user_roles WHERE role_id = \(Role.manager.id)")
    }
    #expect(program.get("/contacts").status == 404)
    try office.store.write { db in _ = try db.run("UPDATE users SET status = 'inactive'") }
    #expect(program.get("/contacts").status == 401)
  }

  @Test func `a token ends with its date or when it is revoked`() throws {
    let office = try TestApp()
    let program = try TestProgram(office, until: office.now.adding(seconds: 60))
    #expect(program.get("/contacts").status == 200)
    office.wait(seconds: 61)
    let expired = program.get("/contacts")
    #expect(expired.status == 401 && expired.response.headers["WWW-Authenticate"]?.contains("invalid_token") == true)
    let other = try TestProgram(office)
    try office.store.write { db in _ = try db.run("UPDATE api_tokens SET revoked_at = \(office.now)") }
    #expect(other.get("/contacts").status == 401)
  }

  @Test func `a cookie opens nothing, and a token makes no session`() throws {
    let office = try TestApp()
    let owner = try office.visitor()
    for target in ["/api/v1/contacts", "/api/v1/openapi.json", "/api/v1/nothing", "/api"] {
      let answer = owner.get(target)
      #expect(answer.status == 401 && answer.headers["Content-Type"] == "application/problem+json")
    }
    let program = try TestProgram(office)
    let answer = program.get("/contacts")
    #expect(answer.response.headers.all("Set-Cookie").isEmpty)
    // And the token opens no page.
    #expect(program.get("/api/../admin/crm/contacts").status == 404)
    let page = program.send(.get, "/api/v1/contacts", nil, ["Authorization": "Basic " + program.token])
    #expect(page.status == 401)
  }

  @Test(arguments: ["", "roost_", "roost_0123456789", "x", "roost_" + String(repeating: "0", count: 38)])
  func `a text that is no token is refused`(token: String) throws {
    let office = try TestApp()
    #expect(try TestProgram(office).send(.get, "/contacts", nil, ["Authorization": "Bearer " + token]).status == 401)
    #expect(!APIToken.isWellFormed(token))
  }

  @Test func `tokens are random, and one wrong character shows`() {
    let tokens = (0..<200).map { _ in APIToken.make() }
    #expect(Set(tokens).count == 200 && tokens.allSatisfy(APIToken.isWellFormed))
    for token in tokens {
      var bytes = Array(token.utf8)
      let place = 6 + Int.random(in: 0..<38)
      bytes[place] = bytes[place] == 97 ? 98 : 97
      #expect(!APIToken.isWellFormed(String(decoding: bytes, as: UTF8.self)))
    }
  }

  @Test func `nothing in the database is a token, and its use is noted`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    _ = program.get("/contacts")
    // Noted by the way, some time after the answer.
    while try office.store.read({ db in try db.text("SELECT last_used_at FROM api_tokens") }) == nil { usleep(10_000) }
    let row = try office.store.read { db in
      try db.first("SELECT token_hash, hint, last_used_at, last_address FROM api_tokens") {
        ($0.text(0), $0.text(1), $0.text(2), $0.text(3))
      }
    }
    #expect(row?.0 == APIToken.hash(program.token) && row?.1 == String(program.token.suffix(4)))
    #expect(row?.2 == office.now.text && row?.3 == "127.0.0.1")
  }

  @Test func `requests are counted for each token, and too many are told when to come back`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    for _ in 0..<office.services.apiRate.most { _ = program.get("/nothing") }
    let refused = program.get("/contacts")
    #expect(refused.status == 429 && refused.response.headers["Retry-After"] == "60")
    #expect(refused.response.headers["RateLimit"] == "\"default\";r=0;t=60")
    #expect(try TestProgram(office).get("/contacts").status == 200)
    office.wait(seconds: 60)
    #expect(program.get("/contacts").response.headers["RateLimit"]?.contains("r=599") == true)
  }
}
