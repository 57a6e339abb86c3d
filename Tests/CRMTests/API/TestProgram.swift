@testable import Admin
import Base
import Crypto
import Store
import Testing
import Web

/// A program that uses the API with a token.
struct TestProgram {
  let office: TestApp
  let token: String
  var headers: [String: String] = [:]

  /// A token of a user with this role, for everything that the scopes say; all rights without any.
  init(_ office: TestApp, _ role: Role = .owner, scopes: [String: Level]? = nil, until: Timestamp? = nil) throws {
    self.office = office
    let email = "\(role.rawValue).program@example.com"
    if try office.store.read({ db in try UserStore.credentials(email: email, in: db) }) == nil {
      try NewUser.add(
        UserDraft(email: email, name: "Paula Program", roles: [role]), password: TestApp.password, cost: .cheap, to: office.store,
        now: office.now)
    }
    let token = APIToken.make()
    let all = Dictionary(office.composition.records.all.map { ($0.resource.name, Level.full) }) { first, _ in first }
    try office.store.write { db in
      let user = try #require(try UserStore.credentials(email: email, in: db)).id
      _ = try TokenStore.create(token, name: "Test", scopes ?? all, until: until, of: user, now: office.now, in: db)
    }
    self.token = token
  }

  struct Answer {
    let response: Response
    var status: Int { response.status }
    var text: String { response.text }
    var json: JSON { (try? JSON(parsing: response.text)) ?? .null }
    var code: String { json["code"]?.string ?? "" }
    /// What is wrong with which member.
    var errors: [String: String] {
      Dictionary((json["errors"]?.array ?? []).map { ($0["field"]?.string ?? "", $0["detail"]?.string ?? "") }) { first, _ in first }
    }
    var id: String { json["id"]?.string ?? "" }
    var tag: String { response.headers["ETag"] ?? "" }
  }

  @discardableResult
  func send(_ method: Request.Method, _ path: String, _ body: JSON? = nil, _ headers: [String: String] = [:]) -> Answer {
    send(method, path, raw: body.map { Array($0.text.utf8) }, headers)
  }

  @discardableResult
  func send(
    _ method: Request.Method, _ path: String, raw body: [UInt8]?, _ headers: [String: String] = [:], type: String = "application/json"
  ) -> Answer {
    let target = path.hasPrefix("/api") ? path : APIOperation.root + path
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = parts.count > 1 ? (try? FormDecoder.urlencoded(Array(parts[1].utf8))) ?? FormFields() : FormFields()
    var request = Request(
      id: String(UInt64.random(in: .min ... .max), radix: 16), method: method, path: parts[0].split(separator: "/").map(String.init),
      target: target, query: query, body: body.map { .bytes($0) } ?? .none, received: office.now)
    if !token.isEmpty { request.headers.set("Authorization", "Bearer " + token) }
    if body != nil { request.headers.set("Content-Type", type) }
    for (name, value) in self.headers.merging(headers, uniquingKeysWith: { $1 }) { request.headers.set(name, value) }
    return Answer(response: office.pipeline.respond(to: request))
  }

  func get(_ path: String) -> Answer { send(.get, path) }

  /// What a new record needs at least. Documents are for this contact.
  static let customer = "Carla Customer"

  static func input(for type: RecordType, _ name: String) -> JSON {
    .object(
      type.fields.filter(\.isRequired).map { field in
        let value: JSON =
          switch field.name {
          case type.nameField?.name: .string(name)
          case "email": .string("someone\(Int.random(in: 0 ... .max))@example.com")
          case "rate": "24"
          case "url": "https://example.com/hook"
          default: field.jsonInput.example(field.name)
          }
        return JSON.Member(name: field.name, value: value)
      } + (type.name == "product" ? [JSON.Member(name: "is_stocked", value: .bool(true))] : [])
        + (type.index(of: "lines") != nil ? [JSON.Member(name: "contact", value: .string(customer))] : []))
  }

  /// A new contact, or a record of another type.
  func make(_ name: String = "Ann Example", in list: String = "contacts") throws -> Answer {
    let type = try #require(office.composition.records.all.first { $0.list.name == list })
    if type.index(of: "lines") != nil,
      try office.store.read({ try $0.value("SELECT 1 FROM contacts WHERE name = \(Self.customer)") }) == nil
    {
      _ = try make(Self.customer)
    }
    let answer = send(.post, "/" + list, Self.input(for: type, name))
    try #require(answer.status == 201, "\(answer.text)")
    return answer
  }
}
