import Base
import Web

/// The description of the API, as OpenAPI 3.1: made of the operations and shapes that requests are checked against.
struct OpenAPI: Sendable {
  let operations: [APIOperation]
  let shapes: [(name: String, shape: JSONShape)]

  /// What somebody may see of it.
  init(_ composition: Composition, for context: RequestContext) {
    let types = composition.records.all.filter { context.may(.readOwn, on: $0.resource) }
    operations = composition.operations.filter { operation in types.contains { $0.list.name == operation.group } }
    shapes =
      types.flatMap { RecordOperations($0).shapes } + [("Note", NoteOperations.shape), ("Problem", APIProblem.shape)]
      + composition.features.flatMap(\.shapes)
  }

  var json: JSON {
    var paths: [JSON.Member] = []
    for operation in operations {
      let member = JSON.Member(name: operation.method.rawValue.lowercased(), value: describe(operation))
      if let known = paths.firstIndex(where: { $0.name == operation.path }), case .object(let members) = paths[known].value {
        paths[known].value = .object(members + [member])
      } else {
        paths.append(.init(name: operation.path, value: .object([member])))
      }
    }
    return .object([
      "openapi": "3.1.0",
      "info": .object(["title": "Roost API", "version": "1", "description": .string(Self.introduction)]),
      "servers": .array([.object(["url": .string(APIOperation.root)])]),
      "security": .array([.object(["token": .array([])])]),
      "tags": .array(groups.map { .object(["name": .string($0)]) }),
      "paths": .object(paths),
      "components": .object([
        "securitySchemes": .object([
          "token": .object(["type": "http", "scheme": "bearer", "description": "An API token, roost_…"])
        ]),
        "schemas": .object(shapes.map { .init(name: $0.name, value: $0.shape.schema) }),
      ]),
    ])
  }

  var groups: [String] {
    var groups: [String] = []
    for operation in operations where !groups.contains(operation.group) { groups.append(operation.group) }
    return groups
  }

  private static let introduction = """
    Records are read and written by the same rules as on Roost’s pages. PATCH changes only the members that are sent. If-Match with an ETag \
    refuses any other version (412); a member “version” merges with what others have changed since. A request with an Idempotency-Key is \
    done once. Errors are application/problem+json, in the language of Accept-Language.
    """

  private func describe(_ operation: APIOperation) -> JSON {
    let places = operation.places.map { place in
      JSON.object(["name": .string(place), "in": "path", "required": .bool(true), "schema": JSONShape.id.schema])
    }
    let parameters = operation.parameters.map { parameter in
      var members: [JSON.Member] = [
        .init(name: "name", value: .string(parameter.name)), .init(name: "in", value: parameter.isHeader ? "header" : "query"),
        .init(name: "required", value: .bool(false)), .init(name: "description", value: .string(parameter.note)),
        .init(name: "schema", value: parameter.shape.schema),
      ]
      if case .list = parameter.shape { members += [.init(name: "style", value: "form"), .init(name: "explode", value: .bool(false))] }
      return JSON.object(members)
    }
    var members: [JSON.Member] = [
      .init(name: "operationId", value: .string(operation.id)), .init(name: "summary", value: .string(operation.summary)),
      .init(name: "tags", value: .array([.string(operation.group)])), .init(name: "parameters", value: .array(places + parameters)),
    ]
    if let input = operation.input {
      members.append(
        .init(
          name: "requestBody",
          value: .object([
            "required": .bool(true), "content": .object(["application/json": .object(["schema": input.schema])]),
          ])))
    }
    members.append(.init(name: "responses", value: .object(responses(to: operation))))
    return .object(members)
  }

  private func responses(to operation: APIOperation) -> [JSON.Member] {
    var done: [JSON.Member] = [.init(name: "description", value: .string(operation.summary))]
    if let shape = operation.output.shape {
      done.append(.init(name: "content", value: .object(["application/json": .object(["schema": shape.schema])])))
    }
    // What can't be taken for a request is refused by the server itself, in plain text.
    let refused = JSON.Member(name: "text/plain", value: .object(["schema": JSONShape.text().schema]))
    let problem = JSON.Member(name: "application/problem+json", value: .object(["schema": JSONShape.named("Problem").schema]))
    return [.init(name: String(operation.output.status), value: .object(done))]
      + operation.problems.map { code in
        let content = code == .badRequest || code == .tooLarge ? [problem, refused] : [problem]
        return .init(
          name: String(code.status), value: .object(["description": .string(code.title.text), "content": .object(content)]))
      }
      + [("414", "The address is too long"), ("431", "The address and the headers together are too large")].map { status, text in
        .init(name: status, value: .object(["description": .string(text), "content": .object([refused])]))
      }
  }
}

extension APIOperation {
  /// What may come instead of an answer.
  var problems: [APIProblem.Code] {
    let always: [APIProblem.Code] = [.badRequest, .unauthorized, .forbidden, .notFound]
    let written: [APIProblem.Code] = isWrite ? [.conflict] : []
    let matched: [APIProblem.Code] = parameters.contains { $0.name == "If-Match" } ? [.changed] : []
    let sent: [APIProblem.Code] = input == nil ? [] : [.tooLarge, .unsupportedType]
    return always + written + matched + sent + (isWrite ? [.invalid] : []) + [.tooMany, .busy]
  }
}

extension JSONShape {
  /// A value of this shape, for people to start from.
  func example(_ name: String = "") -> JSON {
    switch self {
    case .text(_, _, "uuid", _): "0193fa20-5e1c-7c3a-9b1e-2f6d8a4c7e10"
    case .text(_, _, "date", _): "2026-11-20"
    case .text(_, _, "date-time", _): "2026-11-20T14:05:00.000Z"
    case .text(_, _, "email", _): "ann@example.com"
    case .text: .string(name == "name" ? "Ann Example" : "…")
    case .integer(let range): .int(max(1, range?.lowerBound ?? 1))
    case .boolean: .bool(true)
    case .choice(let values): .string(values.first ?? "")
    case .list(let item, _): .array([item.example()])
    case .object(let members):
      .object(members.filter(\.isRequired).map { JSON.Member(name: $0.name, value: $0.shape.example($0.name)) })
    case .map(let shape): .object([.init(name: "…", value: shape.example())])
    case .optional(let shape): shape.example(name)
    case .either(let shapes): shapes.first?.example(name) ?? .null
    case .named, .anything: .object([])
    }
  }

  /// In words: “text”, “list of objects”.
  func words(_ text: (String) -> String) -> String {
    switch self {
    case .text(_, _, "uuid", _): text("ID")
    case .text(_, _, "date", _): text("date")
    case .text(_, _, "date-time", _): text("date and time")
    case .text: text("text")
    case .integer: text("whole number")
    case .boolean: text("true or false")
    case .choice(let values): values.joined(separator: " | ")
    case .list(let item, _): "[ " + item.words(text) + " ]"
    case .object(let members): "{ " + members.map(\.name).joined(separator: ", ") + " }"
    case .map(let shape): "{ …: " + shape.words(text) + " }"
    case .optional(let shape): shape.words(text)
    case .either(let shapes): shapes.map { $0.words(text) }.joined(separator: " | ")
    case .named(let name): name
    case .anything: "…"
    }
  }
}
