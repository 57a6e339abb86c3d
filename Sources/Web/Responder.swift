/// What a server serves: told about a request when its head is in, asked for the answer when its body is.
package protocol Responder: Sendable {
  /// How to take this request's body, and where to run its handler. `request.body` is still `.none`.
  func plan(for request: Request) -> Plan
  func respond(to request: Request) -> Response
  /// The answer to a request that has waited too long for a worker, or found none: nothing was done. It must not take long.
  func refuseBusy(_ request: Request) -> Response
}

extension Responder {
  package func refuseBusy(_ request: Request) -> Response {
    var response = Response.text("The server is busy. Try again in a moment.\n", status: 503)
    response.headers.set("Retry-After", "2")
    return response
  }
}

/// How the server treats one request.
package enum Plan: Sendable {
  /// Read a body of at most `limit` bytes into memory, then call the responder on the server's thread.
  case run(bodyLimit: Int)
  /// As `run`, but on a worker of that lane, with the connection suspended: for handlers that take long.
  case runOnWorker(bodyLimit: Int, lane: Lane = .short)
  /// Stream a body of at most `limit` bytes to a temporary file, then call the responder on a worker of the long lane.
  case runWithFile(bodyLimit: Int)
  /// Answer at once, without reading the body.
  case answer(Response)

  /// Each lane has workers of its own, so that nobody who wants to sign in waits behind somebody's films.
  package enum Lane: Sendable {
    /// Some tens of milliseconds: a password is hashed.
    case short
    /// The database is written: they wait for each other's turn.
    case write
    /// As long as it takes: files are read and written.
    case long
  }
}
