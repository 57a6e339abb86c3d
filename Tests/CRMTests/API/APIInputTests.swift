@testable import Admin
import Base
import Store
import Testing
import Web

/// What programs send that isn't right: each is a clear 4xx, and nothing is written.
@Suite struct APIInputTests {
  @Test(arguments: [
    ("", 400), ("{", 400), ("[]", 422), ("null", 422), ("\"text\"", 422), ("{\"name\":\"a\"} x", 400), ("{\"name\":01}", 400),
    ("{\"name\":\"\\u0000\"}", 422), ("{\"name\":\"a\\u0001b\"}", 422), ("{\"name\":\"\\ud800\"}", 400), ("{\"name\":\"\\udc00\"}", 400),
    ("{\"name\":1e999}", 400), ("{\"name\":99999999999999999999}", 422), ("{\"name\":\"a\",\"name\":\"b\"}", 422),
    ("{\"name\":\"a\",\"nothing\":1}", 422), ("{\"name\":\"a\",\"id\":\"x\"}", 422), ("{\"name\":null}", 422), ("{\"name\":\"\"}", 422),
    ("{\"name\":[\"a\"]}", 422), ("{\"city\":\"Athens\"}", 422), ("{\"name\":\"a\",\"status\":\"trashed\"}", 422),
    ("{\"name\":\"a\",\"status\":null}", 422), ("{\"name\":\"a\",\"tags\":\"VIP\"}", 422),
    ("{\"name\":\"a\",\"birthday\":\"2026-02-30\"}", 422),
    ("{\"name\":\"a\",\"owner\":\"nobody@example.com\"}", 422), ("{\"name\":\"a\",\"country\":\"QQ\"}", 422),
  ])
  func `a body that can’t be meant is refused`(body: String, status: Int) throws {
    let office = try TestApp()
    let program = try TestProgram(office)
    let answer = program.send(.post, "/contacts", raw: Array(body.utf8))
    #expect(answer.status == status, "\(answer.text)")
    #expect(answer.response.headers["Content-Type"] == "application/problem+json")
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM contacts") } == 0)
  }

  @Test func `deep nesting, text that isn’t UTF-8 and other types are refused`() throws {
    let program = try TestProgram(try TestApp())
    let deep = String(repeating: "[", count: 100_000)
    #expect(program.send(.post, "/contacts", raw: Array("{\"tags\":\(deep)".utf8)).status == 400)
    #expect(program.send(.post, "/contacts", raw: Array("{\"name\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)).status == 400)
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonx"] {
      #expect(program.send(.post, "/contacts", raw: Array("{\"name\":\"a\"}".utf8), type: type).status == 415, "\(type)")
    }
    #expect(program.send(.post, "/contacts", raw: Array("{\"name\":\"a\"}".utf8), type: "application/json; charset=utf-8").status == 201)
    #expect(program.send(.post, "/contacts", raw: nil).status == 415)
  }

  @Test(arguments: [
    ("line", JSON.int(5)), ("line", .string(String(repeating: "x", count: 256))), ("choice", "middle"), ("choices", .array(["z"])),
    ("flag", "yes"), ("date", "yesterday"), ("date", ""), ("time", "25:00"), ("moment", "soon"), ("duration", "90"), ("duration", .int(-1)),
    ("count", .int(5_000_000)), ("count", .double(1.5)), ("weight", .int(1)), ("weight", "1.2345"), ("price", "12"),
    ("price", .object(["amount": "1", "currency": "XXXX"])), ("price", .object(["amount": "1"])), ("email", "nobody"), ("phone", "x"),
    ("web", "javascript:alert(1)"), ("country", "Greece"), ("language", "no language"), ("owner", .object(["id": "nobody"])),
    ("contact", "Nobody"), ("contact", .int(1)), ("tags", .array([.int(1)])), ("papers", .array(["0193fa20-5e1c-7c3a-9b1e-2f6d8a4c7e10"])),
    ("readings", .array([.object(["amount": "1"])])), ("readings", .array([.object(["what": "x", "nothing": "1"])])),
  ])
  func `a value that isn’t understood is an error that names the field`(name: String, value: JSON) throws {
    let program = try TestProgram(try TestApp(features: [.specimens]))
    let answer = program.send(.post, "/specimens", .object([.init(name: "name", value: "One"), .init(name: name, value: value)]))
    #expect(answer.status == 422 && answer.errors.keys.sorted() == [name], "\(answer.text)")
    #expect(program.get("/specimens").json["items"] == .array([]))
  }

  @Test(arguments: [Request.Method.put, .options, .trace, .query, .delete, .patch])
  func `a method that a resource doesn’t have is 405, with those that it has`(method: Request.Method) throws {
    let answer = try TestProgram(try TestApp()).send(method, "/contacts")
    #expect(answer.status == 405 && answer.code == "method_not_allowed")
    #expect(answer.response.headers["Allow"] == "GET, HEAD, POST")
  }
}
