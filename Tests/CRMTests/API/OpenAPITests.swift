@testable import Admin
import Base
import Store
import Testing
import Web
import XML

/// The description of the API, which is made of what answers.
@Suite struct OpenAPITests {
  private func document(_ program: TestProgram) -> JSON { program.get("/openapi.json").json }

  private func members(_ json: JSON?) -> [JSON.Member] { if case .object(let members)? = json { members } else { [] } }

  @Test func `every route of the API is described`() throws {
    let office = try TestApp(features: [.specimens])
    let document = document(try TestProgram(office))
    #expect(document["openapi"] == "3.1.0")
    for route in office.composition.routes where route.pattern.hasPrefix("/api/") && route.pattern != "/api/v1/openapi.json" {
      let path = String(route.pattern.dropFirst("/api/v1".utf8.count))
      let operation = document["paths"]?[path]?[route.method.rawValue.lowercased()]
      #expect(operation?["operationId"] != nil, "\(route.method.rawValue) \(route.pattern)")
    }
    let ids = members(document["paths"]).flatMap { members($0.value).compactMap { $0.value["operationId"]?.string } }
    #expect(Set(ids).count == ids.count)
  }

  @Test func `every part that is named is there`() throws {
    let document = document(try TestProgram(try TestApp(features: [.specimens])))
    let known = Set(members(document["components"]?["schemas"]).map(\.name))
    for match in document.text.matches(of: #/"#\/components\/schemas\/(\w+)"/#) {
      #expect(known.contains(String(match.output.1)))
    }
  }

  @Test func `every operation says what the server refuses by itself`() throws {
    let document = document(try TestProgram(try TestApp()))
    for path in members(document["paths"]) {
      for operation in members(path.value) where operation.value["operationId"] != nil {
        for status in ["414", "431"] {
          #expect(operation.value["responses"]?[status]?["content"]?["text/plain"] != nil, "\(operation.name) \(path.name): \(status)")
        }
      }
    }
  }

  @Test func `no field has the name of what every record has`() throws {
    let reserved = Set(RecordJSON.head.map(\.name))
    for type in try TestApp(features: [.specimens]).composition.records.all {
      #expect(type.fields.allSatisfy { !reserved.contains($0.name) }, "\(type.name)")
    }
  }

  @Test func `what is answered has the shape that is described`() throws {
    let office = try TestApp(features: [.specimens])
    let program = try TestProgram(office)
    for type in office.composition.records.all {
      let made = try program.make("One", in: type.list.name)
      #expect(type.jsonShape.mismatch(made.json) == nil, "\(type.name): \(String(describing: type.jsonShape.mismatch(made.json)))")
    }
    #expect(APIProblem.shape.mismatch(program.get("/nothing").json) == nil)
  }

  @Test func `the document shows what its reader may see`() throws {
    let office = try TestApp()
    let program = try TestProgram(office, scopes: ["companies": .read])
    #expect(Set(members(document(program)["paths"]).map { $0.name.split(separator: "/")[0] }) == ["companies"])
  }

  @Test func `the page has each operation with a request to copy`() throws {
    let office = try TestApp()
    let page = try office.visitor().get("/account/api")
    for operation in office.composition.operations {
      #expect(page.text.contains("id=\"\(operation.id)\""))
      #expect(page.text.contains(operation.path))
    }
    #expect(page.text.contains("Authorization: Bearer $ROOST_TOKEN"))
    #expect(try office.visitor(.member).get("/account/api").status == 200)
  }
}
