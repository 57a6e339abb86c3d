package import Base
package import Store
package import Web

/// One thing that programs can ask for: its route, its description and what it does. The routes of the API and the document about it are made of these.
package struct APIOperation: Sendable {
  static let root = "/api/v1"

  let method: Request.Method
  /// Below `root`, as the router has it: `/contacts/{id}`.
  let path: String
  /// The name for generated code: `contacts_list`.
  let id: String
  /// What it belongs to: a list's name.
  let group: String
  /// In English, translated where people read it.
  let summary: String
  let access: Access
  var parameters: [Parameter] = []
  /// What is sent.
  var input: JSONShape?
  /// What comes back, with which status.
  let output: (status: Int, shape: JSONShape?)
  let work: Work

  package enum Work: Sendable {
    case read(@Sendable (RequestContext, Database) throws -> APIAnswer)
    /// In a transaction, with what was sent.
    case write(@Sendable (RequestContext, JSON, ActContext) throws -> APIAnswer)
  }

  /// A parameter of the query, or a header.
  package struct Parameter: Sendable {
    let name: String
    let shape: JSONShape
    let note: String
    var isHeader = false

    /// Several values have commas between them.
    fileprivate func mismatch(_ text: String) -> Message? {
      if case .list = shape {
        return shape.mismatch(.array(text.split(separator: ",", omittingEmptySubsequences: false).map { .string(String($0)) }))?.message
      }
      return shape.mismatch(.string(text))?.message
    }

    package init(_ name: String, _ shape: JSONShape, _ note: String, isHeader: Bool = false) {
      (self.name, self.shape, self.note, self.isHeader) = (name, shape, note, isHeader)
    }
  }

  package init(
    _ method: Request.Method, _ path: String, id: String, group: String, _ summary: String, access: Access,
    parameters: [Parameter] = [], input: JSONShape? = nil, output: (status: Int, shape: JSONShape?), _ work: Work
  ) {
    (self.method, self.path, self.id, self.group, self.summary, self.access) = (method, path, id, group, summary, access)
    (self.parameters, self.input, self.output, self.work) = (parameters, input, output, work)
  }

  var isWrite: Bool { if case .write = work { true } else { false } }

  /// The placeholders of its path.
  var places: [String] { path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) } }

  var route: Route { .api(method, Self.root + path, access, effort: isWrite ? .write : .quick) { try self.answer($0) } }

  private func answer(_ context: RequestContext) throws -> Response {
    try checkQuery(context.query)
    switch work {
    case .read(let read): return try context.store.read { db in try read(context, db) }.response
    case .write(let write):
      let body = try input.map { try APIBody.read(context.request, as: $0) } ?? .null
      return try context.store.write { db in
        try IdempotentAnswers.once(context, in: db) { try write(context, body, try context.act(in: db)) }
      }.response
    }
  }

  /// A parameter that isn't known would be ignored, and the answer taken for what it isn't.
  private func checkQuery(_ query: FormFields) throws {
    var seen: Set<String> = []
    for field in query.fields {
      guard let known = parameters.first(where: { $0.name == field.name && !$0.isHeader }) else {
        throw APIProblem(.badRequest, Message("Unknown parameter “{name}”.", ["name": String(field.name.prefix(60))]))
      }
      guard seen.insert(field.name).inserted else {
        throw APIProblem(.badRequest, Message("The parameter “{name}” is there twice.", ["name": field.name]))
      }
      if let mismatch = known.mismatch(field.value) {
        throw APIProblem(
          .badRequest, Message("The parameter “{name}” is not valid.", ["name": field.name]), faults: [.init(field.name, mismatch)])
      }
    }
  }
}

extension Route {
  static func api(
    _ method: Request.Method, _ pattern: String, _ access: Access, effort: ExecutionPolicy, _ handler: @escaping Handler
  ) -> Route {
    Route(method: method, pattern: pattern, access: access, effort: effort, keepsForms: false, handler: handler, draft: nil)
  }
}

/// What was sent to an operation.
enum APIBody {
  /// A document of this shape. Whatever else comes is refused before anything is done.
  static func read(_ request: Request, as shape: JSONShape) throws -> JSON {
    let type = MediaType(request.headers["Content-Type"] ?? "").essence
    guard type == "application/json" || type == "application/merge-patch+json" else {
      throw APIProblem(.unsupportedType, Message("Send application/json."))
    }
    guard case .bytes(let bytes) = request.body else { throw APIProblem(.badRequest, Message("The body is missing.")) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw APIProblem(.badRequest, Message("The body isn’t UTF-8."))
    }
    let json: JSON
    do {
      json = try JSON(parsing: text)
    } catch {
      throw APIProblem(
        .badRequest, Message("The body isn’t valid JSON: {reason} at byte {n}.", ["reason": error.reason, "n": String(error.offset)]))
    }
    if case .object(let members) = shape, case .object(let given) = json {
      let mismatches = JSONShape.mismatches(members, given)
      if !mismatches.isEmpty { throw APIProblem(mismatches) }
    } else if let mismatch = shape.mismatch(json) {
      throw APIProblem([mismatch])
    }
    return json
  }
}
