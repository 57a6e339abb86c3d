import Synchronization
import Testing
import Web
import WebServer

/// Slow handlers and their worker threads.
@Suite struct WorkerTests {
  /// `/slow` waits at the gate on a worker; anything else is fast.
  private func gated(_ gate: Gate) -> Scripted {
    Scripted(plan: { $0.path == ["slow"] ? .runOnWorker(bodyLimit: 100) : .run(bodyLimit: 100) }) { request in
      guard request.path == ["slow"] else { return .text("quick") }
      gate.pass()
      return .text("slow")
    }
  }

  private static let slow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
  private static let quick = "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test func `slow handlers do not block fast ones`() throws {
    let gate = Gate()
    try withServer(gated(gate)) {
      $0.threads = 1
    } _: { live in
      defer { gate.open() }
      let waiting = try (0..<6).map { _ in try live.connect() }
      for client in waiting { client.send(Self.slow) }
      #expect(eventually { gate.arrived == 2 })
      for _ in 0..<5 { #expect(try live.ask(Self.quick)?.text == "quick") }
      gate.open()
      for client in waiting { #expect(try client.answer()?.text == "slow") }
    }
  }

  @Test func `the long queue does not block the others`() throws {
    let gate = Gate()
    let responder = Scripted(plan: { .runOnWorker(bodyLimit: 100, lane: $0.path == ["slow"] ? .long : .short) }) { request in
      if request.path == ["slow"] { gate.pass() }
      return .text("done")
    }
    try withServer(responder) { _ in
    } _: { live in
      defer { gate.open() }
      let waiting = try (0..<6).map { _ in try live.connect() }
      for client in waiting { client.send(Self.slow) }
      #expect(eventually { gate.arrived == 2 })
      #expect(try live.ask(Self.quick)?.text == "done")
      gate.open()
      for client in waiting { #expect(try client.answer()?.text == "done") }
    }
  }

  @Test func `no more handlers run at once than there are workers`() throws {
    let now = Atomic(0)
    let most = Atomic(0)
    let responder = Scripted(plan: { _ in .runOnWorker(bodyLimit: 100) }) { _ in
      most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
      eventually { most.load(ordering: .relaxed) >= 3 }
      now.subtract(1, ordering: .relaxed)
      return .text("done")
    }
    try withServer(responder) {
      $0.workers = 3
    } _: { live in
      let clients = try (0..<20).map { _ in try live.connect() }
      for client in clients { client.send(Self.slow) }
      for client in clients { #expect(try client.answer()?.text == "done") }
    }
    #expect(most.load(ordering: .relaxed) == 3)
  }

  @Test func `a request beyond the queue's limit gets a 503`() throws {
    let gate = Gate()
    try withServer(gated(gate)) {
      $0.workers = 1
      $0.workerQueue = 2
    } _: { live in
      defer { gate.open() }
      let first = try live.connect()
      first.send(Self.slow)
      #expect(eventually { gate.arrived == 1 })
      // Two of these are queued; their order is up to the server.
      let others = try (0..<5).map { _ in try live.connect() }
      for client in others { client.send(Self.slow) }
      #expect(eventually { others.count { $0.hasAnswer(within: 0) } == 3 })
      let refused = others.filter { $0.hasAnswer(within: 0) }
      for client in refused {
        let answer = try client.answer()
        #expect(answer?.status == 503)
        #expect(answer?["Retry-After"] == "2")
        client.send(Self.quick)
        #expect(try client.answer()?.text == "quick")
      }
      gate.open()
      let answers = [first] + others.filter { client in !refused.contains { $0 === client } }
      for client in answers { #expect(try client.answer()?.text == "slow") }
    }
  }

  @Test func `a client can disconnect while a worker is busy`() throws {
    let gate = Gate()
    try withServer(gated(gate)) { live in
      defer { gate.open() }
      let clients = try (0..<10).map { _ in try live.connect() }
      for client in clients { client.send(Self.slow) }
      #expect(eventually { gate.arrived == 2 })
      for client in clients { client.abort() }
      gate.open()
      #expect(try live.ask(Self.slow)?.text == "slow")
      #expect(try live.ask(Self.quick)?.text == "quick")
    }
  }

  @Test func `a half-closed client gets its response`() throws {
    let gate = Gate()
    try withServer(gated(gate)) { live in
      defer { gate.open() }
      let client = try live.connect()
      client.send(Self.slow)
      client.finishSending()
      #expect(eventually { gate.arrived == 1 })
      // Long enough for the server to notice.
      #expect(!client.isEnded(within: 600_000))
      gate.open()
      #expect(try client.answer()?.text == "slow")
    }
  }

  @Test func `hundreds of requests are handed to workers and back`() throws {
    try withServer { live in
      let clients = try (0..<20).map { _ in try live.connect() }
      for round in 0..<20 {
        for (n, client) in clients.enumerated() {
          client.send("POST /worker/\(round)/\(n) HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        }
        for (n, client) in clients.enumerated() { #expect(try client.answer()?.text == "POST /worker/\(round)/\(n)\nab") }
      }
    }
  }
}
