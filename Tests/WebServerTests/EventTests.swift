import Glibc
import Synchronization
import Testing
import Web
import WebServer

/// Event streams.
@Suite struct EventTests {
  /// Gives every request a stream of its own, which the test holds.
  private final class Streams: Sendable {
    private let list = Mutex<[EventStream]>([])
    let ended = Counter()

    var all: [EventStream] { list.withLock { $0 } }

    var responder: Scripted {
      Scripted { [self] _ in
        let stream = EventStream(limit: 400_000) { [ended] _ in ended.add() }
        list.withLock { $0.append(stream) }
        var response = Response(status: 200, body: .events(stream))
        response.headers.set("Content-Type", "text/event-stream")
        return response
      }
    }
  }

  private func listen(_ live: LiveServer) throws -> Client {
    let client = try live.connect()
    client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
    return client
  }

  /// Reads until the text has arrived.
  private func hears(_ client: Client, _ text: String) -> Bool {
    eventually {
      while client.hear() {}
      return client.rest.contains(text)
    }
  }

  @Test func `events are sent immediately to every reader`() throws {
    let streams = Streams()
    try withServer(streams.responder) { live in
      let clients = try (1...5).map { _ in try listen(live) }
      #expect(eventually { streams.all.count == 5 })
      for (number, stream) in streams.all.enumerated() { stream.send(Array("data: \(number)\n\n".utf8)) }
      for client in clients { #expect(hears(client, "data: ")) }
      for stream in streams.all { stream.send(Array("data: again\n\n".utf8)) }
      for client in clients { #expect(hears(client, "data: again")) }
    }
  }

  @Test func `a server with streams stops immediately`() throws {
    let streams = Streams()
    try withServer(streams.responder) { live in
      let clients = try (1...20).map { _ in try listen(live) }
      #expect(eventually { streams.all.count == 20 })
      let stopped = Gate()
      Concurrently.run {
        live.server.stop(within: 60)
        stopped.open()
      }
      #expect(eventually { stopped.isOpen })
      #expect(eventually { streams.ended.count == 20 })
      _ = clients
    }
  }

  @Test func `a reader that disconnects is noticed by the heartbeat, and released`() throws {
    let streams = Streams()
    try withServer(streams.responder) {
      $0.heartbeat = 0.3
    } _: { live in
      let client = try listen(live)
      #expect(eventually { streams.all.count == 1 })
      #expect(hears(client, ": here"))
      client.abort()
      #expect(eventually { streams.ended.count == 1 })
      #expect(eventually { streams.all.allSatisfy { !$0.send([65]) } })
    }
  }

  @Test func `a reader that is too slow is disconnected`() throws {
    let streams = Streams()
    try withServer(streams.responder) { live in
      let client = try listen(live)
      #expect(eventually { streams.all.count == 1 })
      let stream = try #require(streams.all.first)
      #expect(!stream.send([UInt8](repeating: 65, count: 500_000)))
      #expect(eventually { streams.ended.count == 1 })
      _ = client
    }
  }

  @Test func `concurrent writing and reading loses nothing`() throws {
    let streams = Streams()
    try withServer(streams.responder) { live in
      let client = try listen(live)
      #expect(eventually { streams.all.count == 1 })
      let stream = try #require(streams.all.first)
      Concurrently.run {
        for number in 0..<20_000 {
          stream.send(Array("\(number);".utf8))
          if number % 40 == 0 { usleep(200) }
        }
        stream.close()
      }
      #expect(try client.answer()?.text == (0..<20_000).map { "\($0);" }.joined())
      #expect(live.problems.isEmpty, "\(live.problems)")
    }
  }

  @Test func `ending a stream ends the response, and the connection stays open`() throws {
    let streams = Streams()
    try withServer(streams.responder) { live in
      let client = try listen(live)
      #expect(eventually { streams.all.count == 1 })
      streams.all.first?.send(Array("data: last\n\n".utf8))
      streams.all.first?.close()
      #expect(try client.answer()?.text == "data: last\n\n")
      client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(eventually { streams.all.count == 2 })
      streams.all.last?.close()
      #expect(try client.answer()?.status == 200)
    }
  }
}
