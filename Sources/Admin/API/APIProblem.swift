import Base
import Store
import Templating
import Web

/// Why an operation of the API wasn't done, as `application/problem+json` (RFC 9457).
package struct APIProblem: Error {
  /// The kinds of problems, by which programs tell them apart.
  package enum Code: String, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case unauthorized
    case forbidden
    case notFound = "not_found"
    case notAllowed = "method_not_allowed"
    case conflict
    case changed = "version_mismatch"
    case tooLarge = "too_large"
    case unsupportedType = "unsupported_media_type"
    case invalid
    case keyReused = "idempotency_key_reused"
    case tooMany = "rate_limited"
    case failed = "internal_error"
    case busy

    var status: Int {
      switch self {
      case .badRequest: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .notAllowed: 405
      case .conflict: 409
      case .changed: 412
      case .tooLarge: 413
      case .unsupportedType: 415
      case .invalid, .keyReused: 422
      case .tooMany: 429
      case .failed: 500
      case .busy: 503
      }
    }

    var title: Message {
      switch self {
      case .badRequest: Message("Bad request")
      case .unauthorized: Message("Not authenticated")
      case .forbidden: Message("You don’t have permission")
      case .notFound: Message("Not found")
      case .notAllowed: Message("Not allowed")
      case .conflict: Message("Changed by somebody else")
      case .changed: Message("Not the current version")
      case .tooLarge: Message("Too large")
      case .unsupportedType: Message("Unsupported media type")
      case .invalid: Message("Some values are not valid")
      case .keyReused: Message("This key was used for another request")
      case .tooMany: Message("Too many requests")
      case .failed: Message("Something went wrong")
      case .busy: Message("The server is busy")
      }
    }
  }

  /// What is wrong with one value.
  package struct Fault: Sendable {
    let pointer: String
    let message: Message

    package init(_ pointer: String, _ message: Message) { (self.pointer, self.message) = (pointer, message) }

    /// The member of the document that it is in.
    var field: String { pointer.split(separator: "/").first.map(String.init) ?? "" }
  }

  let code: Code
  var detail: Message?
  var faults: [Fault] = []
  /// What is stored now.
  var current: JSON?
  var headers: [(name: String, value: String)] = []

  package init(_ code: Code, _ detail: Message? = nil, faults: [Fault] = []) {
    (self.code, self.detail, self.faults) = (code, detail, faults)
  }

  init(_ mismatches: [JSONShape.Mismatch]) {
    self.init(.invalid, faults: mismatches.map { Fault($0.pointer, $0.message) })
  }

  func with(_ name: String, _ value: String) -> APIProblem {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  func response(for context: RequestContext) -> Response {
    var members: [JSON.Member] = [
      .init(name: "type", value: "about:blank"), .init(name: "title", value: .string(context.text(code.title))),
      .init(name: "status", value: .int(code.status)), .init(name: "code", value: .string(code.rawValue)),
    ]
    if let detail { members.append(.init(name: "detail", value: .string(context.text(detail)))) }
    if !faults.isEmpty {
      let errors = faults.map { fault in
        JSON.object([
          "field": .string(fault.field), "pointer": .string(fault.pointer), "detail": .string(context.text(fault.message)),
        ])
      }
      members.append(.init(name: "errors", value: .array(errors)))
    }
    if let current { members.append(.init(name: "current", value: current)) }
    members.append(.init(name: "request_id", value: .string(context.request.id)))
    var response = Response.json(Array(JSON.object(members).text.utf8), status: code.status)
    response.headers.set("Content-Type", "application/problem+json")
    response.headers.set("Content-Language", context.language.tag)
    for header in headers { response.headers.set(header.name, header.value) }
    return response
  }

  static let shape = JSONShape.object([
    .init("type", .text()), .init("title", .text(), note: "In the language of Accept-Language."), .init("status", .integer()),
    .init("code", .choice(Code.allCases.map(\.rawValue)), note: "The kind of problem."), .init("detail", .text(), isRequired: false),
    .init(
      "errors",
      .list(
        .object([
          .init("field", .text()), .init("pointer", .text(), note: "A JSON Pointer into the body."), .init("detail", .text()),
        ])), isRequired: false, note: "What is wrong with which value."),
    .init("current", .anything, isRequired: false, note: "What is stored now."), .init("request_id", .text()),
  ])
}

extension APIProblem {
  /// Any error as a problem. What isn't foreseen is logged, and says nothing of itself.
  init(_ error: any Error, for context: RequestContext) {
    switch error {
    case let problem as APIProblem: self = problem
    case HTTPError.notFound: self.init(.notFound)
    case HTTPError.forbidden(let reason): self.init(.forbidden, reason)
    case HTTPError.badRequest(let reason), HTTPError.tooBroad(let reason): self.init(.badRequest, reason)
    case HTTPError.unsupportedType: self.init(.unsupportedType)
    case HTTPError.tooLarge: self.init(.tooLarge)
    case HTTPError.tooManyTries(let seconds): self = APIProblem(.tooMany).with("Retry-After", String(seconds))
    case HTTPError.busy: self = .busy
    case let error as StoreError where error.isBusy || error.isFull: self = .busy
    case let error as StoreError where error.constraint == .foreignKey: self.init(.notFound)
    default:
      context.services.log("error", ["id": context.request.id, "path": context.path, "reason": String(describing: error)])
      self.init(.failed)
    }
  }

  static let busy = APIProblem(.busy, Message("Try again in a moment. Nothing was changed.")).with("Retry-After", "2")
}
