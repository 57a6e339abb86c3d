import Glibc
import Testing
import Web
import WebServer

/// Slow clients don't keep their connections. The clients below would go on for a minute; the server has to time out
/// first.
@Suite struct DeadlineTests {
  /// Sends the chunks a tenth of a second apart until the server closes the connection; `false` if it never does, or
  /// responds first: then nothing would keep the chunks apart any more, and all could be sent before the server closes
  /// the connection.
  private func isCutOff(_ client: Client, sending piece: String) -> Bool {
    for _ in 0..<300 {
      guard client.send(piece) else { return true }
      if client.isEnded(within: 100_000) { return true }
      guard client.rest.isEmpty else { return false }
    }
    return false
  }

  private func quick(_ options: inout ServerOptions) {
    // Long enough for a test's own thread to run in time, even on a busy machine.
    options.headerDeadline = 1.5
    options.bodyDeadline = 1.5
    options.idleTimeout = 3
  }

  @Test func `a slow head is disconnected`() throws {
    try withServer(Echo(), quick) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\n")
      #expect(isCutOff(client, sending: "X-A: b\r\n"))
    }
  }

  @Test func `a slow request line is disconnected`() throws {
    try withServer(Echo(), quick) { live in
      let client = try live.connect()
      client.send("GET /")
      #expect(isCutOff(client, sending: "a"))
    }
  }

  @Test func `a slow body is disconnected`() throws {
    try withServer(Echo(), quick) { live in
      for path in ["/", "/worker"] {
        let client = try live.connect()
        client.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        #expect(isCutOff(client, sending: "a"))
      }
    }
  }

  @Test func `slow chunks are disconnected`() throws {
    try withServer(Echo(), quick) { live in
      let client = try live.connect()
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      #expect(isCutOff(client, sending: "1\r\na\r\n"))
    }
  }

  @Test func `a slow upload is disconnected`() throws {
    try withServer(Echo(), quick) { live in
      let client = try live.connect()
      client.send("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
      #expect(isCutOff(client, sending: "a"))
    }
  }

  @Test func `an upload that makes progress has more time than the deadline`() throws {
    try withServer(Echo(limit: 1 << 20)) {
      quick(&$0)
      $0.slowestRate = 1_000
      $0.idleTimeout = 60
    } _: { live in
      let client = try live.connect()
      client.send("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n")
      // Three seconds, twice the deadline, at ten times the slowest rate.
      for _ in 0..<30 {
        client.send(String(repeating: "a", count: 1_000))
        #expect(!client.isEnded(within: 100_000))
      }
      #expect(try client.answer()?.text == "POST /file\na file of 30000 bytes")
    }
  }

  @Test func `the second request of a connection has a deadline of its own`() throws {
    try withServer(Echo(), quick) { live in
      let client = try live.connect()
      client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer()?.text == "GET /1\n")
      client.send("GET /2 HTTP/1.1\r\n")
      #expect(isCutOff(client, sending: "X-A: b\r\n"))
    }
  }

  @Test(arguments: ["", "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"])
  func `an empty line does not keep a connection open: it isn't a request, and closes it`(before: String) throws {
    // Independent of any deadline, however slow the machine.
    try withServer(Echo()) { live in
      let client = try live.connect()
      client.send(before)
      if !before.isEmpty { #expect(try client.answer()?.text == "GET /1\n") }
      client.send("\r\n")
      #expect(try client.answer()?.status == 400)
      #expect(client.isEnded())
    }
  }

  @Test func `an idle connection is closed, with and without a request before`() throws {
    try withServer(Echo(), quick) { live in
      let silent = try live.connect()
      let idle = try live.connect()
      idle.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try idle.answer()?.text == "GET /1\n")
      #expect(idle.isEnded())
      #expect(silent.isEnded())
    }
  }

  @Test func `a handler can take longer than every deadline`() throws {
    let gate = Gate()
    let responder = Scripted(
      plan: { $0.path == ["worker"] ? .runOnWorker(bodyLimit: 100) : .run(bodyLimit: 100) },
      respond: { _ in
        gate.pass()
        return .text("at last")
      })
    try withServer(responder, quick) { live in
      let clients = [try live.connect(), try live.connect()]
      clients[0].send("POST /worker HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
      clients[1].send("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
      for client in clients { #expect(!client.isEnded(within: 4_000_000)) }
      gate.open()
      for client in clients { #expect(try client.answer()?.text == "at last") }
    }
  }

  @Test func `a response that isn't read is aborted`() throws {
    let released = Gate()
    let responder = Scripted { _ in
      let held = Held(released)
      return Response(status: 200, body: .stream { withExtendedLifetime(held) { [UInt8](repeating: 97, count: 64 << 10) } })
    }
    try withServer(responder) {
      quick(&$0)
      $0.idleTimeout = 60
    } _: { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(eventually { released.isOpen }, "an endless response waits forever for its reader")
      client.abort()
    }
  }

  @Test func `a response that makes progress has more time than the deadline`() throws {
    let drawn = Counter()
    let responder = Scripted { _ in
      Response(
        status: 200,
        body: .stream {
          // Three seconds in all, twice the deadline.
          usleep(100_000)
          return drawn.add() < 30 ? [UInt8](repeating: 97, count: 1_000) : nil
        })
    }
    try withServer(responder) {
      quick(&$0)
      $0.idleTimeout = 60
    } _: { live in
      let answer = try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(answer?.body.count == 30_000)
    }
  }
}
