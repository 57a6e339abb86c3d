import Base
import Templating
import Web

/// The description of the API: for people a page with requests to copy, for programs the document.
enum APIReference {
  static let path = "/account/api"

  static let routes: [Route] = [
    .get(path, .signedIn, page), .get(path + "/openapi.json", .signedIn, document),
    .api(.get, APIOperation.root + "/openapi.json", .signedIn, effort: .quick, document),
  ]

  private static let memberSchema = ViewSchema(
    "api-member", [("name", .text), ("shape", .text), ("isRequired", .bool), ("note", .text)])
  private static let operationSchema = ViewSchema(
    "api-operation",
    [
      ("id", .text), ("method", .text), ("path", .text), ("summary", .text), ("parameters", .list(.record(memberSchema))),
      ("request", .text), ("members", .list(.record(memberSchema))), ("status", .int), ("isMuchSent", .bool),
    ])
  private static let groupSchema = ViewSchema(
    "api-group", [("id", .text), ("label", .text), ("operations", .list(.record(operationSchema)))])
  private static let problemSchema = ViewSchema("api-problem", [("status", .int), ("code", .text), ("title", .text)])
  private static let schema = ViewSchema(
    "api-reference",
    [
      ("root", .text), ("first", .text), ("documentHref", .text), ("rate", .int), ("groups", .list(.record(groupSchema))),
      ("problems", .list(.record(problemSchema))),
    ])
  static let pages = ["api/reference": schema]

  @Sendable private static func document(_ context: RequestContext) throws -> Response {
    .json(Array(OpenAPI(context.composition, for: context).json.text.utf8))
  }

  @Sendable private static func page(_ context: RequestContext) throws -> Response {
    let api = OpenAPI(context.composition, for: context)
    let root = (context.isSecure ? "https://" : "http://") + (context.host ?? "localhost:8080") + APIOperation.root
    let groups = api.groups.map { group -> Value in
      let label = context.composition.records.all.first { $0.list.name == group }?.list.title ?? group
      let operations = api.operations.filter { $0.group == group }.map { operation(Self.view($0, root, context)) }
      return .record(ViewData(groupSchema, [.text(group), .text(context.language.text(label)), .list(operations)]))
    }
    let problems = APIProblem.Code.allCases.map { code -> Value in
      .record(ViewData(problemSchema, [.int(code.status), .text(code.rawValue), .text(context.text(code.title))]))
    }
    let first = api.groups.first.map { curl(.get, root + "/" + $0 + "?per_page=25", nil) } ?? ""
    return try context.page(
      "api/reference",
      ViewData(
        schema,
        [
          .text(root), .text(first), .text(path + "/openapi.json"), .int(context.services.apiRate.most), .list(groups), .list(problems),
        ]))
  }

  private static func operation(_ view: ViewData) -> Value { .record(view) }

  private static func view(_ operation: APIOperation, _ root: String, _ context: RequestContext) -> ViewData {
    var members: [JSONShape.Member] = []
    if case .object(let sent)? = operation.input { members = sent }
    let request = curl(operation.method, root + operation.path, operation.input.map { example($0, operation) })
    return ViewData(
      operationSchema,
      [
        .text(operation.id), .text(operation.method.rawValue), .text(operation.path), .text(context.language.text(operation.summary)),
        .list(operation.parameters.map { row($0.name, $0.shape, isRequired: false, $0.note, context) }), .text(request),
        .list(members.map { row($0.name, $0.shape, isRequired: $0.isRequired, $0.note, context) }), .int(operation.output.status),
        .bool(members.count > 5),
      ])
  }

  /// What has to be sent, or the first members of what can be.
  private static func example(_ shape: JSONShape, _ operation: APIOperation) -> JSON {
    if case .object(let members) = shape, !members.contains(where: \.isRequired), let first = members.first {
      return .object([.init(name: first.name, value: first.shape.example(first.name))])
    }
    return shape.example()
  }

  private static func row(_ name: String, _ shape: JSONShape, isRequired: Bool, _ note: String, _ context: RequestContext) -> Value {
    .record(
      ViewData(
        memberSchema,
        [
          .text(name), .text(shape.words { context.language.text($0) }), .bool(isRequired),
          .text(note.isEmpty ? "" : context.language.text(note)),
        ]))
  }

  private static func curl(_ method: Request.Method, _ url: String, _ body: JSON?) -> String {
    var lines = ["curl" + (method == .get ? "" : " -X \(method.rawValue)") + " '\(url)'", "  -H \"Authorization: Bearer $ROOST_TOKEN\""]
    if let body {
      lines += ["  -H 'Content-Type: application/json'", "  -d '\(body.text.replacing("'", with: "'\\''"))'"]
    }
    return lines.joined(separator: " \\\n")
  }
}
