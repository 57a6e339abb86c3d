package import Web

/// A plain synchronous function from a request to an answer.
package typealias Handler = @Sendable (RequestContext) throws -> Response

/// One line of a feature's table of routes.
package struct Route: Sendable {
  let method: Request.Method
  let pattern: String
  let access: Access
  let effort: ExecutionPolicy
  /// Whether a form that is posted after its session has ended is kept for its writer. Not what scripts send in the background, and not what
  /// would do harm or nothing when it comes back: it would take the place of what somebody typed. And never a password.
  let keepsForms: Bool
  let handler: Handler
  /// Whether it is open to somebody who still has to set up two-step verification.
  var isBeforeTotp: Bool { pattern.hasPrefix(TotpPages.path) || pattern == "/sign-out" }
  /// The segments before a placeholder `{secret}`, whose value no log has: a link's key.
  var secretPlace: [String]? {
    let segments = pattern.split(separator: "/").map(String.init)
    return segments.firstIndex(of: "{secret}").map { Array(segments[..<$0]) }
  }
  /// Draws the page of a posted form, filled in, where the form has one: so it comes back after its session has ended.
  let draft: Handler?

  /// What the server has to provide for the handler.
  package enum ExecutionPolicy: Sendable {
    /// Runs on the server's thread.
    case quick
    /// Shows what the database holds, and changes nothing: the same, in one transaction from the session check to the end of the page.
    case read
    /// Writes to the database: runs on the workers that are there for that.
    case write
    /// Hashes a password: runs on the workers that are there for that.
    case slow
    /// Reads or writes files: runs on the workers that are there for that.
    case files
    /// Brings files in a form: the body is streamed to disk, and it runs as `files` does.
    case upload
    /// Brings a piece of a file, as bytes: streamed as well.
    case piece
  }

  package static func get(_ pattern: String, _ access: Access, effort: ExecutionPolicy = .quick, _ handler: @escaping Handler) -> Route {
    Route(method: .get, pattern: pattern, access: access, effort: effort, keepsForms: false, handler: handler, draft: nil)
  }

  package static func post(
    _ pattern: String, _ access: Access, effort: ExecutionPolicy = .write, keepsForms: Bool = true, draft: Handler? = nil,
    _ handler: @escaping Handler
  ) -> Route {
    Route(method: .post, pattern: pattern, access: access, effort: effort, keepsForms: keepsForms, handler: handler, draft: draft)
  }
}
