import Base
import CMicroHTTPD
import Glibc
import Synchronization
import Web

/// One step of a request: the arguments of the library's callback.
///
/// `@unchecked Sendable` only for `work`: the connection is suspended while a worker holds it.
struct Call: @unchecked Sendable {
  let server: Server
  let connection: Connection
  let handle: OpaquePointer
  let exchange: Exchange

  private var options: ServerOptions { server.options }

  // MARK: Head

  func head(method: String) -> MHD_Result {
    // Otherwise the library has bypassed the lexer, and nothing is known about what it took for a request.
    guard connection.soundHeads > 0 else { return refuse(500, "The request could not be checked.") }
    let headers = HeaderReader.read(handle)
    let parts: RequestTarget.Parts
    do {
      parts = try RequestTarget.parse(exchange.target)
    } catch {
      return refuse(400, error.reason)
    }
    guard let known = Request.Method(rawValue: method) else {
      let isStandard = method == "CONNECT"
      return refuse(isStandard ? 405 : 501, "Method \(method.prefix(20)) not allowed.", allow: isStandard)
    }
    let request = Request(
      id: connection.makeRequestID(), method: known, path: parts.path, target: exchange.target, query: parts.query, headers: headers,
      peer: connection.peer, received: Clock.system.now())
    exchange.request = request
    connection.requestBegan()
    return take(server.responder.plan(for: request), request)
  }

  private func take(_ plan: Plan, _ request: Request) -> MHD_Result {
    let length = request.headers["Content-Length"].flatMap { Int($0) } ?? 0
    if length > 0 || request.headers["Transfer-Encoding"] != nil {
      exchange.bodyBegan = Deadlines.now
      connection.setDeadline(after: options.bodyDeadline)
    } else {
      connection.clearDeadline()
    }
    switch plan {
    case .answer(let response): return answer(response, droppingBodyOf: request, length)
    case .run(let limit): return takeIntoMemory(limit, nil, request, length)
    case .runOnWorker(let limit, let queue): return takeIntoMemory(limit, queue, request, length)
    case .runWithFile(let limit):
      guard length <= limit else { return answer(tooLarge(limit), droppingBodyOf: request, length) }
      guard let file = UploadFile(folder: options.uploadFolder) else { return answer(noRoom, droppingBodyOf: request, length) }
      exchange.stage = .body(.file(file, limit: limit))
    }
    return .YES
  }

  private func takeIntoMemory(_ limit: Int, _ queue: Plan.WorkerQueue?, _ request: Request, _ length: Int) -> MHD_Result {
    guard length <= limit else { return answer(tooLarge(limit), droppingBodyOf: request, length) }
    exchange.stage = .body(.memory(limit: limit, queue: queue))
    exchange.bytes.reserveCapacity(min(length, limit))
    return .YES
  }

  /// Responds without using the body. The body is read and discarded first, unless it is huge or the client waits for
  /// 100 Continue: a client that is still sending when the connection closes may never see the response.
  private func answer(_ response: Response, droppingBodyOf request: Request, _ length: Int) -> MHD_Result {
    guard length <= Self.mostDropped, request.headers["Expect"] == nil else { return send(response, closing: true) }
    exchange.stage = .body(.dropped(response, seen: 0))
    return .YES
  }

  /// The maximum size of an unwanted body that is read and discarded.
  private static let mostDropped = 8 << 20

  // MARK: Body

  func receive(_ data: UnsafeRawBufferPointer, _ body: Exchange.Body) -> MHD_Result {
    switch body {
    case .memory(let limit, _):
      guard exchange.bytes.count + data.count <= limit else { return drop(data, tooLarge(limit)) }
      exchange.bytes.append(contentsOf: data)
    case .file(let file, let limit):
      guard file.size + data.count <= limit else { return drop(data, tooLarge(limit)) }
      guard file.append(data) else { return drop(data, noRoom) }
      // An upload can take as long as it makes progress.
      let allowed = options.bodyDeadline + Double(file.size) / options.slowestRate
      connection.deadline = exchange.bodyBegan + allowed
    case .dropped(let response, let seen):
      // No response is possible in the middle of a body; an endless one is disconnected.
      guard seen + data.count <= Self.mostDropped else { return .NO }
      exchange.stage = .body(.dropped(response, seen: seen + data.count))
    }
    return .YES
  }

  /// Discards the received part of an unwanted body.
  private func drop(_ data: UnsafeRawBufferPointer, _ response: Response) -> MHD_Result {
    exchange.bytes = []
    exchange.stage = .body(.dropped(response, seen: data.count))
    return .YES
  }

  func bodyEnded(_ body: Exchange.Body) -> MHD_Result {
    guard var request = exchange.request else { return .NO }
    connection.clearDeadline()
    switch body {
    case .memory(_, let queue):
      if !exchange.bytes.isEmpty { request.body = .bytes(exchange.bytes) }
      exchange.bytes = []
      return queue.map { work(request, $0) } ?? send(server.responder.respond(to: request))
    case .file(let file, _):
      request.body = .file(file.finish())
      return work(request, .long)
    case .dropped(let response, _): return send(response)
    }
  }

  /// Hands the request to a worker; the connection is suspended until the response is ready.
  private func work(_ request: Request, _ queue: Plan.WorkerQueue) -> MHD_Result {
    exchange.stage = .working
    MHD_suspend_connection(handle)
    // File uploads can wait; any other client has given up after that time.
    let timeout = queue == .long ? .infinity : queue == .write ? options.writerTimeout : options.workerTimeout
    let latest = Deadlines.now + timeout
    let isTaken = server.workers(queue).submit { [self] in
      let isLate = Deadlines.now > latest
      exchange.stage = .answered(isLate ? server.responder.refuseBusy(request) : server.responder.respond(to: request))
      MHD_resume_connection(handle)
    }
    if !isTaken {
      exchange.stage = .answered(server.responder.refuseBusy(request))
      MHD_resume_connection(handle)
    }
    return .YES
  }

  // MARK: Answers

  func send(_ response: Response, closing: Bool = false) -> MHD_Result {
    exchange.stage = .sent(response.body)
    let (connection, timeout, rate) = (connection, options.bodyDeadline, options.slowestRate)
    let expect: @Sendable (Int) -> Void = { count in
      // A stream without pending events has no deadline.
      if count == .max { connection.clearDeadline() } else { connection.setDeadline(after: timeout + Double(count) / rate) }
    }
    let isLast = closing || server.isStopping.load(ordering: .relaxed)
    guard let queued = ResponseMaker.make(response, closing: isLast, on: handle, streams: server.streams, expect: expect) else {
      return .NO
    }
    defer { MHD_destroy_response(queued) }
    return MHD_queue_response(handle, UInt32(response.status), queued)
  }

  /// Refuses a request without calling the responder, and closes the connection: what follows on it can't be trusted.
  private func refuse(_ status: Int, _ reason: String, allow: Bool = false) -> MHD_Result {
    server.onProblem("refused \(status) peer=\(connection.peer) \(reason)")
    var response = plain(status, reason)
    if allow { response.headers.set("Allow", Request.Method.allCases.map(\.rawValue).joined(separator: ", ")) }
    return send(response, closing: true)
  }

  private func tooLarge(_ limit: Int) -> Response { plain(413, "The body is too large: \(limit) bytes at most.") }

  private var noRoom: Response { plain(507, "The server is out of space for uploads.") }

  private func plain(_ status: Int, _ reason: String) -> Response {
    var response = Response(status: status, body: .bytes(Array((reason + "\n").utf8)))
    response.headers.set("Content-Type", "text/plain; charset=utf-8")
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.headers.set("Cache-Control", "no-store")
    return response
  }
}
