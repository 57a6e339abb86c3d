package import Base

/// An HTTP request whose head and body have been read, checked and limited by the server.
package struct Request: Sendable {
  /// Short random id, in the log line, in the `X-Request-Id` header and on error pages.
  package var id: String
  package var method: Method
  /// Percent-decoded path segments: `/admin/crm/contacts` is `["admin", "crm", "contacts"]`, `/` is `[]`. No segment is
  /// empty, `.`, `..` or contains a NUL.
  package var path: [String]
  /// Path and query exactly as the client sent them.
  package var target: String
  package var query: FormFields
  package var headers: Headers
  package var body: Body
  /// The client's address, without port.
  package var peer: String
  package var received: Timestamp

  /// The methods that a resource may have or refuse with 405; the server itself refuses CONNECT so, and an unknown one with 501.
  package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
    case put = "PUT"
    case options = "OPTIONS"
    case trace = "TRACE"
    case query = "QUERY"

    /// Whether it asks for nothing but an answer (RFC 9110 §9.2.1).
    package var isSafe: Bool { self == .get || self == .head }
  }

  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// A body streamed to disk because its route requested that. Removed on deinit.
    case file(TemporaryFile)
  }

  package init(
    id: String, method: Method, path: [String], target: String, query: FormFields = FormFields(), headers: Headers = Headers(),
    body: Body = .none, peer: String = "127.0.0.1", received: Timestamp
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.target = target
    self.query = query
    self.headers = headers
    self.body = body
    self.peer = peer
    self.received = received
  }
}
