@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web

/// Records as programs read and write them.
@Suite struct APIRecordTests {
  @Test func `every type is created, read, changed, trashed and restored`() throws {
    let office = try TestApp(features: [.specimens])
    let program = try TestProgram(office)
    for type in office.composition.records.all {
      let path = "/" + type.list.name
      let made = try program.make("Größe \(type.name)", in: type.list.name)
      #expect(made.response.headers["Location"] == "/api/v1\(path)/\(made.id)")
      #expect(made.tag == "\"1\"")
      let read = program.get("\(path)/\(made.id)")
      #expect(read.status == 200 && read.text == made.text, "\(type.name): \(read.text)")
      // What is read can be sent: nothing changes.
      guard case .object(let members) = read.json else { continue }
      let own = members.filter { member in type.typedFields.contains { $0.name == member.name } }
      let same = program.send(.patch, "\(path)/\(made.id)", .object(own))
      #expect(same.status == 200 && same.tag == "\"1\"", "\(type.name): \(same.text)")
      // Documents are called by their number, which nobody types.
      let name = try #require(type.nameField?.isReadOnly == true ? "title" : type.nameField?.name)
      let changed = program.send(.patch, "\(path)/\(made.id)", .object([.init(name: name, value: "Other")]))
      #expect(changed.json[name]?.string == "Other" && changed.tag == "\"2\"")
      #expect(program.send(.delete, "\(path)/\(made.id)").status == 204)
      #expect(program.get("\(path)/\(made.id)").json["trashed"] == .bool(true))
      #expect(program.send(.patch, "\(path)/\(made.id)", .object([.init(name: name, value: "X")])).code == "invalid")
      let restored = program.send(.post, "\(path)/\(made.id)/restore")
      #expect(restored.status == 200 && restored.json["trashed"] == .bool(false))
    }
  }

  @Test(arguments: [
    ("line", JSON.string("some text")), ("choice", "high"), ("choices", .array(["a", "c"])), ("flag", .bool(true)),
    ("date", "2026-11-20"), ("time", "09:05"), ("moment", "2026-11-20T12:05:00.000Z"), ("duration", .int(90)), ("count", .int(-7)),
    ("weight", "12.500"), ("price", .object(["amount": "12.50", "currency": "EUR"])), ("share", "12.50"), ("email", "ann@example.com"),
    ("phone", "+30 210 1234567"), ("web", "https://example.com"), ("country", "GR"), ("language", "el"), ("tags", .array(["VIP"])),
    (
      "readings",
      .array([.object(["what": "Air", "amount": "1.5", "on": "2026-11-20", "state": "ok"])])
    ),
  ])
  func `a field of each kind comes back as it was sent, alone and in a list`(name: String, value: JSON) throws {
    let office = try TestApp(features: [.specimens])
    let program = try TestProgram(office)
    let made = program.send(.post, "/specimens", .object([.init(name: "name", value: "One"), .init(name: name, value: value)]))
    #expect(made.status == 201 && made.json[name] == value, "\(made.text)")
    let listed = program.get("/specimens?fields=\(name)").json["items"]?.array?.first
    #expect(listed?[name] == value)
    #expect(listed?["name"] == nil && listed?["id"] != nil)
    let cleared = program.send(.patch, "/specimens/\(made.id)", .object([.init(name: name, value: .null)]))
    #expect(cleared.status == 200 || cleared.code == "invalid", "\(cleared.text)")
  }

  @Test func `parts of a contact are documents of their own`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    let company = try program.make("Acme", in: "companies")
    let made = program.send(
      .post, "/contacts",
      .object([
        "name": "Ann", "channels": .array([.object(["type": "email", "value": "ann@example.com", "label": "work"])]),
        "companies": .array([.object(["company": .string(company.id), "role": "Buyer"])]),
        "owned_items": .array([.object(["label": "Clock", "quantity": .int(2)])]), "tags": .array(["VIP", "Press"]),
      ]))
    #expect(made.status == 201, "\(made.text)")
    #expect(made.json["channels"]?.array?.first?["primary"] == .bool(true))
    #expect(made.json["companies"]?.array?.first?["company"] == .object(["id": .string(company.id), "name": "Acme"]))
    #expect(made.json["owned_items"]?.array?.first?["type"] == "text")
    let listed = program.get("/contacts?tag=VIP").json["items"]?.array ?? []
    #expect(listed.map(\.text) == [made.json.text])
    let unknown = program.send(
      .patch, "/contacts/\(made.id)", .object(["companies": .array([.object(["company": "Nobody knows"])])]))
    #expect(unknown.errors == ["companies": "No company called “Nobody knows”."])
    #expect(unknown.json["errors"]?.array?.first?["pointer"] == "/companies/0")
    let bad = program.send(.patch, "/contacts/\(made.id)", .object(["channels": .array([.object(["type": "fax", "value": "1"])])]))
    #expect(bad.json["errors"]?.array?.first?["pointer"] == "/channels/0/type")
  }

  @Test(arguments: [nil, ["contacts": Level.read, "tasks": .read]])
  func `every record of a list is what it is alone`(scopes: [String: Level]?) throws {
    let office = try TestApp(features: [.specimens])
    try DemoOffice(contacts: 40, seed: 7).load(into: office.store, by: nil, named: "Demo", now: office.now)
    let program = try TestProgram(office, scopes: scopes)
    let name = #"“Zoë” \"& <b>Söhne</b>\" \\ \u{2028}😀"#
    let companies = try ["A " + name, "B " + name, "C"].map { try TestProgram(office).make($0, in: "companies").id }
    let made = TestProgram.input(for: .contact, "Ann " + name)
    guard case .object(let members) = made else { return }
    let sent = JSON.object(
      members + [
        .init(
          name: "channels",
          value: .array(
            [("url", "https://example.com/?a=1&b=2"), ("phone", "+30 210 1234567"), ("email", "ann@example.com"), ("phone", "112")].map {
              .object(["type": .string($0), "label": .string("“home” <\($0)> \\"), "value": .string($1)])
            })),
        .init(name: "companies", value: .array(companies.map { .object(["company": .string($0), "role": .string(name)]) })),
        .init(name: "tags", value: .array(["VIP & <co>", "Äpfel"])), .init(name: "allow_login", value: .bool(true)),
        .init(name: "consent", value: .array(["email"])),
      ])
    #expect(try TestProgram(office).send(.post, "/contacts", sent).status == 201)
    var compared = 0
    for type in office.composition.records.all {
      let list = program.get("/\(type.list.name)?per_page=200")
      guard list.status == 200 else { continue }
      for item in list.json["items"]?.array ?? [] {
        let alone = program.get("/\(type.list.name)/\(item["id"]?.string ?? "")").json
        #expect(item == alone, "\(type.name)")
        compared += 1
      }
    }
    #expect(compared > 40)
    // Nothing of what they may not see is named.
    #expect(
      program.get("/contacts?per_page=200").text.contains("Söhne")
        && (scopes == nil) == program.get("/contacts?q=Ann").text.contains("A “Zoë”"))
  }

  @Test func `who makes a record owns it, unless they say otherwise`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    #expect(try program.make().json["owner"]?["name"] == "Paula Program")
    #expect(program.send(.post, "/contacts", .object(["name": "Nobody’s", "owner": .null])).json["owner"] == .null)
  }

  @Test func `a list follows its address: search, order, status, filter, pages`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    for n in 10..<40 { _ = try program.make("Contact \(n)") }
    var seen: [String] = []
    var next: String? = "/api/v1/contacts?per_page=25&sort=-name&fields=name"
    while let address = next {
      let answer = program.get(address)
      seen += (answer.json["items"]?.array ?? []).compactMap { $0["name"]?.string }
      next = answer.json["next"]?.string
      #expect((answer.response.headers["Link"] != nil) == (next != nil))
    }
    #expect(seen == (10..<40).reversed().map { "Contact \($0)" })
    #expect(program.get("/contacts?q=contact+12").json["items"]?.array?.count == 1)
    #expect(program.get("/contacts?filter=name+begins_with+%22Contact+3%22").json["items"]?.array?.count == 10)
    #expect(program.get("/contacts?status=trashed").json["items"]?.array?.isEmpty == true)
  }

  @Test(arguments: [
    "/contacts?nothing=1", "/contacts?sort=nothing", "/contacts?per_page=", "/contacts?per_page=3", "/contacts?fields=nothing",
    "/contacts?fields=",
    "/contacts?filter=nothing+is+1", "/contacts?after=%21", "/contacts?q=a&q=b", "/contacts?view=cards",
  ])
  func `a parameter that can’t be meant is an error`(path: String) throws {
    let answer = try TestProgram(try TestApp()).get(path)
    #expect(answer.status == 400 && answer.code == "bad_request", "\(answer.text)")
    #expect(answer.response.headers["Content-Type"] == "application/problem+json")
  }

  @Test func `two who change different fields are merged, and the same field is a conflict that shows what is there`() throws {
    let program = try TestProgram(try TestApp())
    let path = "/contacts/" + (try program.make().id)
    program.send(.patch, path, .object(["city": "Athens"]))
    let merged = program.send(.patch, path, .object(["job_title": "Buyer", "version": .int(1)]))
    #expect(merged.json["city"] == "Athens" && merged.json["job_title"] == "Buyer", "\(merged.text)")
    let conflict = program.send(.patch, path, .object(["city": "Patras", "version": .int(1)]))
    #expect(conflict.status == 409 && conflict.errors.keys.sorted() == ["city"])
    #expect(conflict.json["current"]?["city"] == "Athens")
    // Without a version the latest is meant.
    #expect(program.send(.patch, path, .object(["city": "Patras"])).json["city"] == "Patras")
    #expect(program.send(.patch, path, .object(["city": "X", "version": .int(99)])).errors.keys.sorted() == ["version"])
  }

  @Test func `the tag of a compressed answer is good for If-Match`() throws {
    let program = try TestProgram(try TestApp())
    let path = "/contacts/\(try program.make(String(repeating: "Long ", count: 40)).id)"
    program.send(
      .patch, path,
      .object(["source": .string(String(repeating: "x", count: 200)), "job_title": .string(String(repeating: "y", count: 200))]))
    for coding in ["gzip", "zstd"] {
      let read = program.send(.get, path, nil, ["Accept-Encoding": coding])
      #expect(
        read.response.headers["Content-Encoding"] == coding && read.tag.hasSuffix("-\(coding)\"") && read.tag.hasPrefix("\""), "\(read.tag)"
      )
      #expect(program.send(.patch, path, .object(["city": .string(coding)]), ["If-Match": read.tag]).status == 200)
    }
  }

  @Test(arguments: ["\"1\"", "\"1-gzip\"", "\"1-zstd\" ", "W/\"1\", \"1\"", "\"7\", \"1\"", "*"]) func `If-Match lets its version through`(
    tag: String
  ) throws {
    let program = try TestProgram(try TestApp())
    let path = "/contacts/" + (try program.make().id)
    #expect(program.send(.patch, path, .object(["city": "Athens"]), ["If-Match": tag]).status == 200)
  }

  @Test(arguments: ["\"2\"", "W/\"1\"", "W/\"1-gzip\"", "\"1-br\"", "1", "\"x\"", "nonsense"])
  func `If-Match with another version is 412 with the present one`(tag: String) throws {
    let program = try TestProgram(try TestApp())
    let path = "/contacts/" + (try program.make().id)
    for (method, body) in [(Request.Method.patch, JSON.object(["city": "Athens"])), (.delete, nil)] as [(Request.Method, JSON?)] {
      let answer = program.send(method, path, body, ["If-Match": tag])
      #expect(answer.status == 412 && answer.tag == "\"1\"" && answer.json["current"]?["version"] == .int(1), "\(answer.text)")
    }
    #expect(program.get(path).json["city"] == .null)
  }

  @Test func `a request with a key is done once, and with another body refused`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    let key = ["Idempotency-Key": "order-1"]
    let first = program.send(.post, "/contacts", .object(["name": "Once"]), key)
    let again = program.send(.post, "/contacts", .object(["name": "Once"]), key)
    #expect(first.status == 201 && again.status == 201 && again.text == first.text && again.tag == first.tag)
    #expect(again.response.headers["Idempotent-Replayed"] == "true")
    let other = program.send(.post, "/contacts", .object(["name": "Twice"]), key)
    #expect(other.status == 422 && other.code == "idempotency_key_reused")
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 1)
    // What fails uses no key up.
    let failing = ["Idempotency-Key": "order-2"]
    #expect(program.send(.post, "/contacts", .object(["name": "", "city": "Athens"]), failing).status == 422)
    #expect(program.send(.post, "/contacts", .object(["name": "Right"]), failing).status == 201)
    // Another program’s keys are its own, and a key is forgotten after a day.
    #expect(try TestProgram(office).send(.post, "/contacts", .object(["name": "Twice"]), key).status == 201)
    office.wait(seconds: 24 * 3600 + 1)
    #expect(program.send(.post, "/contacts", .object(["name": "Twice"]), key).status == 201)
    #expect(program.send(.post, "/contacts", .object(["name": "x"]), ["Idempotency-Key": String(repeating: "k", count: 256)]).status == 400)
  }

  @Test func `notes, interactions and comments hang on records`() throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    for type in office.composition.records.all where type.isAnchor {
      let record = "/\(type.list.name)/" + (try program.make("Anchor", in: type.list.name).id)
      let note = program.send(.post, record + "/notes", .object(["text": "First"]))
      #expect(note.status == 201 && program.get(record + "/notes").json["items"]?.array?.map(\.text) == [note.json.text])
      let path = record + "/notes/" + note.id
      #expect(program.send(.patch, path, .object(["text": "Second", "version": .int(1)])).json["version"] == .int(2))
      #expect(program.send(.patch, path, .object(["text": "Third", "version": .int(1)])).status == 409)
      #expect(program.send(.delete, path).status == 204 && program.send(.delete, path).status == 404)

      let log = program.send(
        .post, record + "/interactions",
        .object([
          "type": "call", "occurred_at": "2026-11-20T14:05:07+02:00", "minutes": .int(5), "subject": "Offer",
          "parties": .array([.object(["type": "text", "name": "A stranger"])]),
        ]))
      #expect(log.status == 201 && log.json["occurred_at"] == "2026-11-20T12:05:07.000Z", "\(log.text)")
      #expect(log.json["direction"] == "outbound" && log.json["parties"]?.array?.first?["name"] == "A stranger")
      #expect(program.get(record + "/interactions").json["items"]?.array?.map(\.text) == [log.json.text])
      let one = record + "/interactions/" + log.id
      let changed = program.send(.patch, one, .object(["outcome": "Agreed"]), ["If-Match": "\"1\""])
      #expect(changed.json["outcome"] == "Agreed" && changed.json["subject"] == "Offer" && changed.tag == "\"2\"")
      #expect(changed.json["occurred_at"] == "2026-11-20T12:05:07.000Z")
      #expect(program.send(.patch, one, .object(["outcome": "x"]), ["If-Match": "\"1\""]).status == 412)
      #expect(program.send(.post, record + "/interactions", .object(["type": "note"])).errors.keys.sorted() == ["body"])
      #expect(program.send(.delete, one).status == 204 && program.get(one).status == 404)

      let comment = program.send(.post, record + "/comments", .object(["body": "Well done"]))
      let answer = program.send(.post, record + "/comments", .object(["body": "Thanks", "parent": .string(comment.id)]))
      #expect(answer.json["parent"]?.string == comment.id)
      #expect(program.get(record + "/comments").json["items"]?.array?.count == 2)
      #expect(program.send(.delete, record + "/comments/" + answer.id).status == 204)
    }
  }

  @Test(arguments: [("en", "Enter a name."), ("el", "Γράψτε ένα όνομα.")])
  func `errors are in the language that is asked for`(language: String, expected: String) throws {
    let program = try TestProgram(try TestApp())
    let answer = program.send(.post, "/contacts", .object(["name": "  "]), ["Accept-Language": language])
    #expect(answer.errors == ["name": expected])
    #expect(answer.response.headers["Content-Language"] == language)
  }
}
