import Base
import Synchronization
import Testing
import Web

/// Valid requests and their responses on the wire.
@Suite struct ExchangeTests {
  @Test func `a request arrives complete and its response comes back`() throws {
    let seen = Mutex<Request?>(nil)
    let responder = Scripted { request in
      seen.withLock { $0 = request }
      return .text("fine")
    }
    try withServer(responder) { live in
      let answer = try live.ask(
        "POST /a/%CE%B1%20b?x=1&y=%26+z HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 4\r\n\r\nbody")
      #expect(answer?.status == 200)
      #expect(answer?.text == "fine")
      #expect(answer?["Content-Type"] == "text/plain; charset=utf-8")
      #expect(answer?["Date"] != nil)
    }
    let request = try #require(seen.withLock { $0 })
    #expect(request.method == .post)
    #expect(request.path == ["a", "α b"])
    #expect(request.target == "/a/%CE%B1%20b?x=1&y=%26+z")
    #expect(request.query == FormFields([FormFields.Field("x", "1"), FormFields.Field("y", "& z")]))
    #expect(request.headers.all("X-TWO") == ["1", "2"])
    #expect(request.peer == "127.0.0.1")
    #expect(request.id.utf8.count == 16)
    guard case .bytes(Array("body".utf8)) = request.body else {
      Issue.record("the body is \(request.body)")
      return
    }
  }

  @Test func `a connection serves one request after the other`() throws {
    try withServer { live in
      let client = try live.connect()
      for n in 1...20 {
        client.send("POST /\(n) HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nb\(n % 10)")
        #expect(try client.answer()?.text == "POST /\(n)\nb\(n % 10)")
      }
    }
  }

  @Test func `a client that asks to close is disconnected after its response`() throws {
    try withServer { live in
      for version in ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"] {
        let client = try live.connect()
        client.send("GET / \(version)\r\nHost: x\r\n\r\n")
        #expect(try client.answer()?.text == "GET /\n")
        #expect(client.isEnded())
      }
    }
  }

  @Test func `pipelined requests are answered in order`() throws {
    try withServer { live in
      let client = try live.connect()
      let requests = (1...30).map { n in
        n % 3 == 0 ? "POST /worker/\(n) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" : "GET /\(n) HTTP/1.1\r\nHost: x\r\n\r\n"
      }
      client.send(requests.joined())
      for n in 1...30 {
        #expect(try client.answer()?.text == (n % 3 == 0 ? "POST /worker/\(n)\nabc" : "GET /\(n)\n"))
      }
    }
  }

  @Test func `a request can arrive byte by byte`() throws {
    try withServer { live in
      let client = try live.connect()
      for byte in "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello".utf8 { client.send([byte]) }
      #expect(try client.answer()?.text == "POST /slow\nhello")
    }
  }

  @Test func `HEAD gets the headers of GET and no body`() throws {
    try withServer { live in
      let client = try live.connect()
      client.send("HEAD /page HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer(isHead: true)
      #expect(answer?.status == 200)
      #expect(answer?["Content-Length"] == "\("HEAD /page\n".utf8.count)")
      client.send("GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer()?.text == "GET /page\n", "something of a body was left on the connection")
    }
  }

  @Test func `chunks are joined, extensions and trailers dropped`() throws {
    try withServer { live in
      let client = try live.connect()
      let head = "POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      client.send(head + "3\r\nabc\r\n0A;name=value\r\n0123456789\r\n1\r\n!\r\n0\r\nX-Trailer: 1\r\n\r\n")
      #expect(try client.answer()?.text == "POST /chunks\nabc0123456789!")
      client.send(head + "0\r\n\r\n")
      #expect(try client.answer()?.text == "POST /chunks\n")
    }
  }

  @Test(arguments: ["zz\r\nabc\r\n", "-1\r\nabc\r\n", "FFFFFFFFFFFFFFFFF\r\nabc\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "\r\nabc\r\n"])
  func `malformed chunks are refused`(body: String) throws {
    try withServer { live in
      let client = try live.connect()
      client.send("POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
      client.finishSending()
      let answer = try? client.answer()
      #expect(answer?.status != 200)
      #expect(try live.ask("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 200)
    }
  }

  @Test func `a client that expects 100 Continue gets it`() throws {
    try withServer { live in
      let client = try live.connect()
      client.send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.answer()?.status == 100)
      client.send("abc")
      #expect(try client.answer()?.text == "POST /big\nabc")
    }
  }

  @Test func `a client that expects 100 Continue for too much is refused immediately`() throws {
    try withServer(Echo(limit: 10)) { live in
      let client = try live.connect()
      client.send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.answer()?.status == 413)
      #expect(client.isEnded())
    }
  }

  @Test func `a response without a body has none`() throws {
    let responder = Scripted { request in Response(status: request.path == ["same"] ? 304 : 204) }
    try withServer(responder) { live in
      let client = try live.connect()
      for (path, status) in [("/same", 304), ("/none", 204)] {
        client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer()?.status == status)
      }
      #expect(client.rest.isEmpty)
    }
  }

  @Test func `shared bytes are sent as they are`() throws {
    let content = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let shared = SharedBytes(content)
    try withServer(Scripted { _ in Response(status: 200, body: .shared(shared)) }) { (live) throws in
      for _ in 1...3 { #expect(try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")?.body == content) }
    }
  }

  @Test func `a header that could split a response is not sent`() throws {
    let responder = Scripted { _ in
      var response = Response.text("fine")
      response.headers.set("X-Bad", "a\r\nSet-Cookie: stolen=1")
      return response
    }
    try withServer(responder) { live in
      let answer = try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(answer?.text == "fine")
      #expect(answer?.headers.contains { $0.contains("stolen") } == false)
    }
  }

  @Test func `an immediate response keeps the connection usable`() throws {
    try withServer { live in
      let client = try live.connect()
      client.send("GET /at-once HTTP/1.1\r\nHost: x\r\n\r\nGET /after HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer()?.text == "at once")
      #expect(try client.answer()?.text == "GET /after\n")
    }
  }

  @Test func `an immediate response is read by a client that sent a body`() throws {
    try withServer { live in
      for size in [10, 300_000, 2_000_000] {
        let client = try live.connect()
        client.send("POST /at-once HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
        #expect(client.send([UInt8](repeating: 97, count: size)), "the server hangs up while the client is sending")
        #expect(try client.answer()?.text == "at once", "with \(size) bytes")
      }
    }
  }
}
