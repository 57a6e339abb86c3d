import Base
import CMicroHTTPD
import Glibc
import Synchronization
import Web

/// One step of one request: what the library's callback has in hand.
///
/// `@unchecked Sendable` in `work` alone: the connection is suspended while a worker holds it.
struct Call: @unchecked Sendable {
  let server: Server
  let connection: Connection
  let handle: OpaquePointer
  let exchange: Exchange

  private var deadlines: Deadlines { server.deadlines }
  private var options: ServerOptions { server.options }

  // MARK: Head

  func head(method: String, version: String) -> MHD_Result {
    let (headers, size) = HeaderReader.read(handle)
    guard size + exchange.target.utf8.count <= options.headerLimit else {
      return refuse(431, "The request’s headers are too large: \(options.headerLimit) bytes at most.")
    }
    if let problem = Framing.problem(headers, version: version) { return refuse(400, problem) }
    let parts: RequestTarget.Parts
    do {
      parts = try RequestTarget.parse(exchange.target)
    } catch {
      return refuse(400, error.reason)
    }
    guard let known = Request.Method(rawValue: method) else {
      let isStandard = ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"].contains(method)
      return refuse(isStandard ? 405 : 501, "The method \(method.prefix(20)) is not answered here.", allow: isStandard)
    }
    let request = Request(
      id: RequestID.make(), method: known, path: parts.path, target: exchange.target, query: parts.query, headers: headers,
      peer: connection.peer, received: Clock.system.now())
    exchange.request = request
    server.underWay.add(1, ordering: .relaxed)
    return take(server.responder.plan(for: request), request)
  }

  private func take(_ plan: Plan, _ request: Request) -> MHD_Result {
    let length = request.headers["Content-Length"].flatMap { Int($0) } ?? 0
    if Framing.hasBody(request.headers) {
      deadlines.set(connection.descriptor, after: options.bodyDeadline)
    } else {
      deadlines.clear(connection.descriptor)
    }
    switch plan {
    case .answer(let response): return send(response, closing: Framing.hasBody(request.headers))
    case .run(let limit), .runOnWorker(let limit):
      guard length <= limit else { return refuse(413, "The body is too large: \(limit) bytes at most.") }
      if case .runOnWorker = plan {
        exchange.stage = .body(.memory(limit: limit, onWorker: true))
      } else {
        exchange.stage = .body(.memory(limit: limit, onWorker: false))
      }
      exchange.bytes.reserveCapacity(min(length, limit))
    case .runWithFile(let limit):
      guard length <= limit else { return refuse(413, "The file is too large: \(limit) bytes at most.") }
      guard let file = UploadFile(folder: options.uploadFolder) else { return refuse(507, "The server has no room for uploads just now.") }
      exchange.stage = .body(.file(file, limit: limit))
    }
    return .YES
  }

  // MARK: Body

  func receive(_ data: UnsafeRawBufferPointer, _ body: Exchange.Body) -> MHD_Result {
    switch body {
    case .memory(let limit, _):
      guard exchange.bytes.count + data.count <= limit else { return overflow(data.count) }
      exchange.bytes.append(contentsOf: data)
    case .file(let file, let limit):
      guard file.size + data.count <= limit else { return overflow(data.count) }
      guard file.append(data) else { return .NO }
      // An upload may take as long as it keeps moving.
      deadlines.set(connection.descriptor, after: options.bodyDeadline + Double(file.size / options.uploadRate).squareRoot())
    case .refused(let seen):
      // A chunked body can't be answered in its middle; one that goes on and on is cut.
      guard seen + data.count <= 8 << 20 else { return .NO }
      exchange.stage = .body(.refused(seen: seen + data.count))
    }
    return .YES
  }

  private func overflow(_ count: Int) -> MHD_Result {
    exchange.bytes = []
    exchange.stage = .body(.refused(seen: count))
    return .YES
  }

  func bodyEnded(_ body: Exchange.Body) -> MHD_Result {
    guard var request = exchange.request else { return .NO }
    deadlines.clear(connection.descriptor)
    switch body {
    case .memory(_, let onWorker):
      if !exchange.bytes.isEmpty { request.body = .bytes(exchange.bytes) }
      exchange.bytes = []
      return onWorker ? work(request) : send(server.responder.respond(to: request))
    case .file(let file, _):
      request.body = .file(file.finish())
      return work(request)
    case .refused: return refuse(413, "The body is too large.")
    }
  }

  /// Hands the request to a worker; the connection sleeps until its answer is there.
  private func work(_ request: Request) -> MHD_Result {
    exchange.stage = .working
    MHD_suspend_connection(handle)
    let isTaken = server.workers.submit { [self] in
      exchange.stage = .answered(server.responder.respond(to: request))
      MHD_resume_connection(handle)
    }
    if !isTaken {
      var response = plain(503, "Too much is going on just now. Try again in a moment.")
      response.headers.set("Retry-After", "2")
      exchange.stage = .answered(response)
      MHD_resume_connection(handle)
    }
    return .YES
  }

  // MARK: Answers

  func send(_ response: Response, closing: Bool = false) -> MHD_Result {
    exchange.stage = .sent
    guard let queued = ResponseMaker.make(response, closing: closing || server.isStopping.load(ordering: .relaxed)) else { return .NO }
    defer { MHD_destroy_response(queued) }
    return MHD_queue_response(handle, UInt32(response.status), queued)
  }

  /// Refuses a request that no responder sees, and ends the connection: what follows on it can't be trusted.
  private func refuse(_ status: Int, _ reason: String, allow: Bool = false) -> MHD_Result {
    server.onProblem("refused \(status) peer=\(connection.peer) \(reason)")
    var response = plain(status, reason)
    if allow { response.headers.set("Allow", "GET, HEAD, POST") }
    return send(response, closing: true)
  }

  private func plain(_ status: Int, _ reason: String) -> Response {
    var response = Response(status: status, body: .bytes(Array((reason + "\n").utf8)))
    response.headers.set("Content-Type", "text/plain; charset=utf-8")
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.headers.set("Cache-Control", "no-store")
    return response
  }
}

/// Short random ids for log lines.
enum RequestID {
  static func make() -> String {
    let hex = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - hex.utf8.count) + hex
  }
}
