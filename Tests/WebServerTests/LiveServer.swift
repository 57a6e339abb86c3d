import Base
import Foundation
import Glibc
import Synchronization
import Testing
import Web
import WebServer

/// A server on a free loopback port, and the problems that it reported.
final class LiveServer: Sendable {
  let server: Server
  private let complaints: Complaints

  fileprivate init(_ options: ServerOptions, _ responder: any Responder) throws {
    let complaints = Complaints()
    self.complaints = complaints
    server = Server(options: options, responder: responder) { complaints.add($0) }
    try server.start()
  }

  var problems: [String] { complaints.all }

  func connect(timeout seconds: Int = Timeout.seconds) throws -> Client { try Client(port: server.port, timeout: seconds) }

  /// Sends one request on a new connection.
  func ask(_ request: String, isHead: Bool = false) throws -> Answer? {
    let client = try connect()
    client.send(request)
    return try client.answer(isHead: isHead)
  }
}

private final class Complaints: Sendable {
  private let list = Mutex<[String]>([])

  var all: [String] { list.withLock { $0 } }

  func add(_ text: String) { list.withLock { $0.append(text) } }
}

/// Runs a test against a small server, which is stopped afterwards.
func withServer(
  _ responder: some Responder = Echo(), _ adjust: (inout ServerOptions) -> Void = { _ in }, _ body: (LiveServer) throws -> Void
) throws {
  var options = ServerOptions(listen: ListenAddress(host: "127.0.0.1", port: 0))
  options.threads = 2
  options.workers = 2
  adjust(&options)
  let live = try LiveServer(options, responder)
  defer { live.server.stop(within: Double(Timeout.seconds)) }
  try body(live)
}

/// Responds with the request's method, target and body.
struct Echo: Responder {
  var limit = 64 << 10

  func plan(for request: Request) -> Plan {
    switch request.path.first {
    case "worker": .runOnWorker(bodyLimit: limit)
    case "file": .runWithFile(bodyLimit: limit)
    case "at-once": .answer(.text("at once"))
    default: .run(bodyLimit: limit)
    }
  }

  func respond(to request: Request) -> Response {
    .text("\(request.method.rawValue) \(request.target)\n\(Self.text(request.body))")
  }

  private static func text(_ body: Request.Body) -> String {
    switch body {
    case .none: ""
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .file(let file): "a file of \(file.size) bytes"
    }
  }
}

/// A responder made of closures.
struct Scripted: Responder {
  var plan: @Sendable (Request) -> Plan = { _ in .run(bodyLimit: 64 << 10) }
  var respond: @Sendable (Request) -> Response

  func plan(for request: Request) -> Plan { plan(request) }
  func respond(to request: Request) -> Response { respond(request) }
}

/// A gate that blocks all threads until it is opened.
final class Gate: Sendable {
  private let state = Atomic(false)
  private let arrivals = Atomic(0)

  /// Waits for the gate, up to the timeout.
  func pass() {
    arrivals.add(1, ordering: .relaxed)
    eventually { isOpen }
  }

  func open() { state.store(true, ordering: .releasing) }

  var isOpen: Bool { state.load(ordering: .acquiring) }

  /// The number of threads that have reached the gate.
  var arrived: Int { arrivals.load(ordering: .relaxed) }
}

/// A thread-safe counter.
final class Counter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  /// Returns the previous value.
  @discardableResult
  func add() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

/// Opens a gate on deinit.
final class Held: Sendable {
  private let released: Gate

  init(_ released: Gate) { self.released = released }

  deinit { released.open() }
}

/// Work in the background of a test.
enum Concurrently {
  static func run(_ work: @escaping @Sendable () -> Void) { Thread(block: work).start() }
}

/// The timeout for things that must happen. Generous: passing tests never wait that long, however busy the machine is.
enum Timeout {
  static let seconds = 60
}

/// Waits for a condition up to the timeout; `false` if it never became true.
@discardableResult
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<Timeout.seconds * 200 {
    if try condition() { return true }
    usleep(5_000)
  }
  return false
}
