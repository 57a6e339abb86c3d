import Testing

/// Requests whose end two servers in a row could see differently (RFC 9112 §11.2), and heads that mean something else
/// than they seem to.
@Suite struct FramingTests {
  /// The request gets the status with an explanation, and nothing after it on the connection is read.
  private func expectRefusal(_ request: String, _ status: Int = 400, _ reason: String? = nil, line: SourceLocation = #_sourceLocation)
    throws
  {
    try withServer { live in
      let client = try live.connect()
      client.send(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer()
      #expect(answer?.status == status, sourceLocation: line)
      if let reason { #expect(answer?.text == reason + "\n", sourceLocation: line) }
      #expect(client.isEnded(), "the connection goes on: \(client.rest)", sourceLocation: line)
      let next = try live.ask("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(next?.text == "GET /next\n", sourceLocation: line)
    }
  }

  @Test func `a length with a transfer encoding is refused`() throws {
    try expectRefusal(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
      "The request has both Content-Length and Transfer-Encoding.")
  }

  @Test func `several lengths are refused even if they agree`() throws {
    let reason = "The request has several Content-Length headers."
    try expectRefusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400, reason)
    try expectRefusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\na", 400, reason)
  }

  @Test(arguments: ["-1", "+1", "1,1", "0x1", "1 1", "1e0", "", "9999999999999999999999"])
  func `a length that isn't a number is refused`(length: String) throws {
    try withServer { live in
      let answer = try live.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\na")
      #expect(answer.map { [400, 413].contains($0.status) } ?? true)
      #expect(answer?.status != 200)
    }
  }

  @Test(arguments: ["gzip", "xchunked", "chunked, gzip", "gzip, chunked", "identity", "\"chunked\"", "chunked;a=b"])
  func `a transfer encoding other than chunked is refused`(encoding: String) throws {
    try expectRefusal(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \(encoding)\r\n\r\n", 400, "The only supported Transfer-Encoding is chunked.")
  }

  @Test func `two transfer encodings are refused`() throws {
    try expectRefusal("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
  }

  @Test func `chunks from an HTTP 1 dot 0 client are refused`() throws {
    try expectRefusal(
      "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "Transfer-Encoding needs HTTP/1.1.")
  }

  @Test func `exactly one host is required`() throws {
    try withServer { (live) throws in #expect(try live.ask("GET / HTTP/1.1\r\n\r\n")?.status == 400) }
    try expectRefusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "The request has several Host headers.")
  }

  @Test(arguments: ["Host : x", "Ho st: x", " : x", "Host\t: x", "X\u{B}Y: x"])
  func `a header name that isn't a token is refused`(line: String) throws {
    try withServer { live in
      let answer = try live.ask("GET / HTTP/1.1\r\nHost: x\r\n\(line)\r\n\r\n")
      #expect(answer?.status ?? 400 == 400)
    }
  }

  @Test func `a length with a space before its colon is not ignored`() throws {
    try expectRefusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 34\r\n\r\n")
  }

  @Test func `a version other than 1 dot 0 and 1 dot 1 is refused`() throws {
    for version in ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/1.1 ", "http/1.1", "ICY/1.1"] {
      try withServer { live in
        let answer = try live.ask("GET / \(version)\r\nHost: x\r\n\r\n")
        #expect(answer.map { [400, 505].contains($0.status) } ?? true, "\(version) got \(answer?.status ?? 0)")
      }
    }
  }

  @Test func `a request line without a version is refused`() throws {
    try withServer { live in
      let answer = try live.ask("GET /\r\nHost: x\r\n\r\n")
      #expect(answer?.status ?? 400 != 200)
    }
  }

  @Test(arguments: [
    ("/a%00b", "The path contains a NUL character."), ("/a%2Fb", "The path holds an encoded slash."),
    ("/a/../b", "The path contains a dot segment."),
    ("/a/%2e%2E/b", "The path contains a dot segment."), ("/%zz", "The path contains an invalid % escape."),
    ("/%C3", "The path isn’t valid UTF-8."),
    ("/?a=%00", "The query contains a NUL character."), ("/?a=%FF", "The query isn’t valid UTF-8."),
    ("/?a=%4", "The query contains an invalid % escape."),
    ("x", "The address must be a path that begins with a slash."),
  ])
  func `an ambiguous target is refused`(target: String, reason: String) throws {
    try expectRefusal("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n", 400, reason)
  }

  @Test(arguments: ["/a b", "/a\tb", "/a\u{7F}b", "/\u{1}"])
  func `a raw space or control character in the target is refused`(target: String) throws {
    try withServer { live in
      let answer = try live.ask("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(answer?.status ?? 400 == 400, "\(answer?.text ?? "")")
    }
  }

  @Test func `a target with invalid UTF-8 is refused`() throws {
    try withServer { live in
      let client = try live.connect()
      client.send(Array("GET /a".utf8) + [0xC3, 0x28] + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      #expect(try client.answer()?.status == 400)
    }
  }

  @Test func `an unsupported standard method is 405 and an unknown one 501`() throws {
    try withServer { live in
      let refused = try live.ask("CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(refused?.status == 405)
      #expect(refused?["Allow"]?.hasPrefix("GET, HEAD, POST") == true)
      let answer = try live.ask("BREW / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(answer?.status == 501)
      #expect(answer?["Allow"] == nil)
      #expect(try live.ask("get / HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 501)
    }
  }
}
