import Testing
import Web
import WebServer

/// Shutdown.
@Suite struct StopTests {
  @Test(arguments: ["/worker", "/quick"])
  func `a request in progress is finished and new ones are refused`(path: String) throws {
    let gate = Gate()
    let responder = Scripted(plan: { $0.path == ["worker"] ? .runOnWorker(bodyLimit: 10) : .run(bodyLimit: 10) }) { _ in
      gate.pass()
      return .text("finished")
    }
    try withServer(responder) { live in
      let client = try live.connect()
      client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(eventually { gate.arrived == 1 })
      let stopped = Gate()
      Concurrently.run {
        live.server.stop(within: 10)
        stopped.open()
      }
      #expect(eventually { (try? live.connect()) == nil }, "somebody still listens")
      #expect(!stopped.isOpen, "it stopped before its work was done")
      gate.open()
      let answer = try client.answer()
      #expect(answer?.text == "finished")
      #expect(answer?["Connection"] == "close")
      #expect(eventually { stopped.isOpen })
    }
  }

  @Test func `an idle connection does not delay it`() throws {
    try withServer { live in
      let silent = try live.connect()
      let idle = try live.connect()
      idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try idle.answer()?.status == 200)
      live.server.stop(within: 10)
      #expect(silent.isEnded())
      #expect(idle.isEnded())
    }
  }

  @Test func `waiting for an endless request is bounded`() throws {
    let gate = Gate()
    let responder = Scripted(plan: { _ in .runOnWorker(bodyLimit: 10) }) { _ in
      gate.pass()
      return .text("late")
    }
    try withServer(responder) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(eventually { gate.arrived == 1 })
      live.server.stop(within: 0.1)
      // The library lives on for the handler's sake, and so does everything that it references.
      gate.open()
      #expect(try client.answer()?.text == "late")
    }
  }

  @Test func `stopping twice, or without having started, does nothing`() throws {
    try withServer { live in
      live.server.stop()
      live.server.stop()
    }
    Server(options: ServerOptions(listen: ListenAddress(host: "127.0.0.1", port: 0)), responder: Echo()).stop()
  }

  @Test func `stopping while clients connect is safe`() throws {
    for _ in 1...100 {
      try withServer(Echo()) {
        $0.threads = 8
      } _: { live in
        let client = try live.connect()
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try? live.connect()
      }
    }
  }

  @Test func `a server is released after it stopped`() throws {
    weak var server: Server?
    try withServer { live in server = live.server }
    #expect(eventually { server == nil })
  }

  @Test func `a port in use is reported`() throws {
    try withServer { live in
      let second = Server(
        options: ServerOptions(listen: ListenAddress(host: "127.0.0.1", port: UInt16(live.server.port))), responder: Echo())
      let error = #expect(throws: ServerError.self) { try second.start() }
      #expect(error?.description.contains("it is in use by another program") == true)
    }
  }

  @Test func `a host name instead of an address is reported`() throws {
    let server = Server(options: ServerOptions(listen: ListenAddress(host: "example.org", port: 0)), responder: Echo())
    let error = #expect(throws: ServerError.self) { try server.start() }
    #expect(error?.description == "“example.org” is not an address of this machine; use a numeric one, like 127.0.0.1")
  }

  @Test(arguments: [
    ("127.0.0.1:80", "127.0.0.1:80"), (":8080", "127.0.0.1:8080"), ("localhost:1", "127.0.0.1:1"), ("[::1]:9", "[::1]:9"),
    ("0.0.0.0:65535", "0.0.0.0:65535"),
  ])
  func `an address to listen on is parsed`(text: String, meaning: String) {
    #expect(ListenAddress(text)?.description == meaning)
  }

  @Test(arguments: ["", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "a:b"])
  func `anything but an address with a port is refused`(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
