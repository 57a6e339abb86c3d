import Foundation
import Testing
import Web
import WebServer

/// Responses produced while they are sent.
@Suite struct StreamTests {
  private struct Failure: Error {}

  /// Streams the chunks, then fails if requested.
  private func streaming(_ pieces: [[UInt8]], failing: Bool = false) -> Scripted {
    Scripted { _ in
      let drawn = Counter()
      return Response(
        status: 200,
        body: .stream {
          let index = drawn.add()
          if index < pieces.count { return pieces[index] }
          if failing { throw Failure() }
          return nil
        })
    }
  }

  @Test func `a stream arrives complete, including empty chunks, and the connection stays open`() throws {
    let pieces = [Array("begin ".utf8), [], [UInt8](repeating: 120, count: 300_000), [], Array(" end".utf8)]
    try withServer(streaming(pieces)) { live in
      let client = try live.connect()
      for _ in 1...3 {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = try client.answer()
        #expect(answer?["Transfer-Encoding"] == "chunked")
        #expect(answer?.body == Array(pieces.joined()))
      }
    }
  }

  @Test func `a stream without chunks is an empty body`() throws {
    try withServer(streaming([])) { live in
      let client = try live.connect()
      for _ in 1...2 {
        client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer()?.body == [])
      }
    }
  }

  @Test func `a client of HTTP 1 dot 0 gets a stream up to the end of the connection`() throws {
    try withServer(streaming([Array("one".utf8), Array("two".utf8)])) { live in
      let answer = try live.ask("GET / HTTP/1.0\r\n\r\n")
      #expect(answer?["Transfer-Encoding"] == nil)
      #expect(answer?.text == "onetwo")
    }
  }

  @Test func `HEAD doesn't read a stream`() throws {
    let drawn = Counter()
    let responder = Scripted { _ in
      Response(
        status: 200,
        body: .stream {
          drawn.add()
          return nil
        })
    }
    try withServer(responder) { live in
      let client = try live.connect()
      client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer(isHead: true)?.status == 200)
    }
    #expect(drawn.count == 0)
  }

  @Test func `a failing stream is aborted, never ended as if it were complete`() throws {
    try withServer(streaming([Array("half".utf8)], failing: true)) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(throws: Client.Cut.self) { try client.answer() }
    }
  }

  @Test func `a stream is released when its reader disconnects`() throws {
    let released = Gate()
    let responder = Scripted { _ in
      let held = Held(released)
      return Response(status: 200, body: .stream { withExtendedLifetime(held) { [UInt8](repeating: 97, count: 64 << 10) } })
    }
    try withServer(responder) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.hasAnswer(within: Timeout.seconds * 1_000_000))
      client.abort()
      #expect(eventually { released.isOpen })
    }
  }

  @Test(arguments: [0, 1, 1_000, 65_536, 200_000])
  func `a file shorter than announced closes the connection immediately`(size: Int) throws {
    let path = NSTemporaryDirectory() + "short-\(UInt64.random(in: .min ... .max))"
    try Data([UInt8](repeating: 97, count: size)).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    try withServer(Scripted { _ in Response(status: 200, body: .file(FileSlice(path: path, offset: 0, count: 250_000))) }) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let said = try #require(client.everything())
      #expect(said.contains("Content-Length: 250000\r\n"))
      #expect(said.split(separator: "\r\n\r\n").dropFirst().joined().utf8.count <= size)
    }
  }

  @Test func `a file truncated while it is sent closes the connection immediately`() throws {
    let path = NSTemporaryDirectory() + "cut-\(UInt64.random(in: .min ... .max))"
    let size = 64 << 20
    try Data(count: size).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    try withServer(Scripted { _ in Response(status: 200, body: .file(FileSlice(path: path, offset: 0, count: size))) }) { live in
      let client = try live.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.hasAnswer(within: 10_000_000))
      truncate(path, 1 << 20)
      let said = try #require(client.everything())
      #expect(said.utf8.count < size)
    }
  }

  @Test func `a range of a file is sent unchanged`() throws {
    let path = NSTemporaryDirectory() + "slice-\(UInt64.random(in: .min ... .max))"
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try Data(content).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    let responder = Scripted { request in
      var response = Response(status: 206)
      response.body = .file(FileSlice(path: request.path == ["gone"] ? "/nonexistent" : path, offset: 1_000, count: 250_000))
      return response
    }
    try withServer(responder) { live in
      let answer = try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(answer?.status == 206)
      #expect(answer?.body == Array(content[1_000..<251_000]))
      #expect(try live.ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", isHead: true)?["Content-Length"] == "250000")
      #expect(try live.ask("GET /gone HTTP/1.1\r\nHost: x\r\n\r\n") == nil, "the connection is cut")
    }
  }
}
