import Glibc
import Testing
import Web
import WebServer

/// Requests beyond a limit are refused with the right status.
@Suite struct LimitTests {
  @Test func `a head up to the limit is served`() throws {
    try withServer { (live) throws in
      let head = "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "
      let fitting = head + String(repeating: "a", count: 16_300 - head.utf8.count) + "\r\n\r\n"
      #expect(try live.ask(fitting)?.text == "GET /\n")
    }
  }

  @Test func `a head over the limit is 431`() throws {
    try withServer { live in
      for size in [16_400, 18_000, 40_000] {
        let answer = try live.ask("GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "a", count: size))\r\n\r\n")
        #expect(answer?.status == 431, "with \(size) bytes")
      }
      let many = (0..<3_000).map { "X-\($0): \($0)\r\n" }.joined()
      #expect(try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\(many)\r\n")?.status == 431)
    }
  }

  @Test func `a target over the limit is refused`() throws {
    try withServer { live in
      for size in [16_400, 40_000] {
        let answer = try live.ask("GET /\(String(repeating: "a", count: size)) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer.map { [414, 431].contains($0.status) } == true, "with \(size) bytes: \(answer?.status ?? 0)")
      }
    }
  }

  @Test func `a query of too many fields is refused`() throws {
    try withServer(Echo()) {
      $0.headerDeadline = 1
    } _: { (live) throws in
      let query = { (count: Int) in [String](repeating: "a=1", count: count).joined(separator: "&") }
      #expect(try live.ask("GET /?\(query(200)) HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 200)
      #expect(try live.ask("GET /?\(query(201)) HTTP/1.1\r\nHost: x\r\n\r\n")?.text == "The query has more than 200 fields.\n")
      #expect(try live.ask("GET /?\(query(1_000)) HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 400)
      #expect(try live.ask("GET /?\(query(5_000)) HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 414)
    }
  }

  @Test(arguments: ["/", "/worker", "/file"])
  func `a body of exactly the limit is served and one more byte is 413`(path: String) throws {
    try withServer(Echo(limit: 1_000)) { (live) throws in
      for (size, status) in [(1_000, 200), (1_001, 413)] {
        let body = String(repeating: "b", count: size)
        #expect(try live.ask("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n\(body)")?.status == status)
        let chunked =
          "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
        #expect(try live.ask(chunked)?.status == status)
      }
    }
  }

  @Test func `a client that sends far too much still reads the 413`() throws {
    try withServer(Echo(limit: 1_000)) { live in
      let client = try live.connect()
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
      #expect(client.send([UInt8](repeating: 97, count: 4_000_000)), "the server hangs up while the client is sending")
      #expect(try client.answer()?.status == 413)
    }
  }

  @Test func `an excessive length is refused before the body arrives`() throws {
    try withServer { live in
      let answer = try live.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
      #expect(answer?.status == 413)
    }
  }

  @Test func `an endless chunked body is disconnected`() throws {
    try withServer(Echo(limit: 1_000)) { live in
      let client = try live.connect()
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 97, count: 0x10000) + Array("\r\n".utf8)
      let isCut = (0..<1_000).contains { _ in !client.send(chunk) }
      #expect(isCut, "64 MB were taken")
    }
  }

  @Test func `connections per address are limited`() throws {
    try withServer(Echo()) {
      $0.connectionsPerAddress = 3
      $0.exemptsLoopback = false
      $0.threads = 1
    } _: { live in
      var clients: [Client] = []
      for _ in 1...3 {
        let client = try live.connect()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer()?.status == 200)
        clients.append(client)
      }
      let fourth = try live.connect()
      fourth.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try fourth.answer() == nil)
      clients.removeLast()
      let isServedAgain = try eventually { try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 200 }
      #expect(isServedAgain, "a place that was left is not given away")
    }
  }

  @Test func `a reverse proxy on the same machine is exempt from the limit per address`() throws {
    try withServer(Echo()) {
      $0.connectionsPerAddress = 3
    } _: { live in
      let clients = try (1...8).map { _ in try live.connect() }
      for client in clients {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer()?.status == 200)
      }
    }
  }

  private static let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test(arguments: ["", "GET /half HTTP/1.1\r\nHost: x\r\nX-", "\r", request])
  func `idle connections do not keep others out`(said: String) throws {
    try withServer(Echo()) {
      $0.connections = 64
    } _: { live in
      var clients: [Client] = []
      for _ in 1...300 {
        let client = try live.connect()
        client.send(said)
        clients.append(client)
      }
      for _ in 1...20 { #expect(try live.ask(Self.request)?.status == 200) }
    }
  }

  @Test func `connections without a request are closed first, then the longest idle, and never busy ones`() throws {
    let streams = Gate()
    let stream = EventStream()
    let responder = Scripted { request in
      guard request.path == ["events"] else { return .text("fine") }
      streams.open()
      return Response(status: 200, body: .events(stream))
    }
    try withServer(responder) {
      $0.connections = 4
      $0.threads = 1
      // No connection is closed for that.
      $0.headerDeadline = 3_600
    } _: { live in
      let listener = try live.connect()
      listener.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(eventually { streams.isOpen })
      let used = try live.connect()
      used.send(Self.request)
      #expect(try used.answer()?.status == 200)
      let silent = try (1...2).map { _ in try live.connect() }
      // The server is full. One more connects, and then another.
      let later = try live.connect()
      later.send(Self.request)
      #expect(try later.answer()?.status == 200)
      #expect(silent[0].isEnded())
      // The clock of `waitingSince` ticks every few milliseconds.
      usleep(50_000)
      used.send(Self.request)
      #expect(try used.answer()?.status == 200)
      let last = try live.connect()
      last.send(Self.request)
      #expect(try last.answer()?.status == 200)
      #expect(silent[1].isEnded())
      let evenLater = try live.connect()
      evenLater.send(Self.request)
      #expect(try evenLater.answer()?.status == 200)
      #expect(later.isEnded())
      stream.send(Array("data: still here\n\n".utf8))
      #expect(eventually { listener.hear() && listener.rest.contains("still here") || listener.rest.contains("still here") })
      stream.close()
    }
  }

  @Test func `requests in progress are limited, and a freed slot is reused`() throws {
    let gate = Gate()
    let responder = Scripted(plan: { $0.path == ["worker"] ? .runOnWorker(bodyLimit: 10) : .run(bodyLimit: 10) }) { request in
      if request.path == ["worker"] { gate.pass() }
      return .text("fine")
    }
    try withServer(responder) {
      $0.connections = 4
      $0.threads = 1
      $0.workers = 4
    } _: { live in
      let clients = try (1...4).map { _ in
        let client = try live.connect()
        client.send("GET /worker HTTP/1.1\r\nHost: x\r\n\r\n")
        return client
      }
      #expect(eventually { gate.arrived == 4 })
      let late = try live.connect()
      late.send(Self.request)
      #expect(!late.hasAnswer(within: 300_000), "a fifth is served beside four")
      gate.open()
      for client in clients { #expect(try client.answer()?.status == 200) }
      #expect(try late.answer()?.status == 200)
    }
  }
}
