/// What a server serves: called when a request's head has arrived, and for the response when its body has.
package protocol Responder: Sendable {
  /// How to receive this request's body, and where to run its handler. `request.body` is still `.none`.
  func plan(for request: Request) -> Plan
  func respond(to request: Request) -> Response
  /// The response to a request that has waited too long for a worker, or found none: nothing was done. Must be quick.
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
  /// As `run`, but on a worker of that queue, with the connection suspended: for slow handlers.
  case runOnWorker(bodyLimit: Int, lane: WorkerQueue = .short)
  /// Stream a body of at most `limit` bytes to a temporary file, then call the responder on a worker of the long queue.
  case runWithFile(bodyLimit: Int)
  /// Respond immediately, without reading the body.
  case answer(Response)

  /// Each queue has workers of its own, so that a sign-in never waits for somebody's video uploads.
  package enum WorkerQueue: Sendable {
    /// Some tens of milliseconds: a password is hashed.
    case short
    /// The database is written: such handlers wait for each other.
    case write
    /// Of any length: files are read and written.
    case long
  }
}
