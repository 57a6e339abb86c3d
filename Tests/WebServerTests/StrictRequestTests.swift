import Testing
import WebServer

/// Ambiguous requests are refused: each gets one response, with one head, and is the last of its connection.
@Suite struct StrictRequestTests {
  private static let sound = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nContent-Length: 2\r\n\r\n"
  private static let smuggled = "hiGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
  private static let next = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"

  /// The ways in which a request can arrive.
  enum Arrival: CaseIterable {
    case atOnce, inPieces, keptAlive, pipelined, behindBody
  }

  /// Everything the server sends for these bytes until it closes the connection.
  private func saying(_ live: LiveServer, _ bytes: [UInt8], _ arrival: Arrival = .atOnce) throws -> String? {
    let client = try live.connect()
    switch arrival {
    case .atOnce: client.send(bytes)
    case .inPieces: for start in stride(from: 0, to: bytes.count, by: 7) { client.send(Array(bytes[start..<min(start + 7, bytes.count)])) }
    case .keptAlive:
      client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer()?.text == "GET /first\n")
      client.send(bytes)
    case .pipelined:
      client.send(Array("GET /first HTTP/1.1\r\nHost: x\r\n\r\n".utf8) + bytes)
      #expect(try client.answer()?.text == "GET /first\n")
    case .behindBody:
      client.send(Array("POST /worker HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8) + bytes)
      #expect(try client.answer()?.text == "POST /worker\nabc")
    }
    return client.everything()
  }

  private func expectOneRefusal(
    _ live: LiveServer, _ bytes: [UInt8], _ arrival: Arrival = .atOnce, status: [Int] = [400], line: SourceLocation = #_sourceLocation
  ) throws {
    let text = try #require(try saying(live, bytes, arrival), "the connection goes on", sourceLocation: line)
    let heads = text.split(separator: "HTTP/1.", omittingEmptySubsequences: false).count - 1
    #expect(heads == 1, "\(String(decoding: bytes, as: UTF8.self).debugDescription) got \(text)", sourceLocation: line)
    #expect(status.contains { text.hasPrefix("HTTP/1.1 \($0) ") }, "\(text)", sourceLocation: line)
    #expect(!text.contains("smuggled"), sourceLocation: line)
  }

  @Test func `a NUL in place of any byte of a head, or before it, is refused`() throws {
    let sound = Array(Self.sound.utf8)
    try withServer { live in
      for place in sound.indices {
        var replaced = sound
        replaced[place] = 0
        try expectOneRefusal(live, replaced + Array(Self.smuggled.utf8))
        try expectOneRefusal(live, Array(sound[..<place]) + [0] + Array(sound[place...]) + Array(Self.smuggled.utf8))
      }
    }
  }

  @Test(arguments: Arrival.allCases)
  func `an ambiguous request is refused however it arrives`(arrival: Arrival) throws {
    let heads = [
      "Content-Length: 0\0" + "49", "Content-Length: 2\0", "Content-Length: \0" + "2", "Content-Length\0: 2", "X: a\0b", "X\0Y: a",
      "\0X: a",
      "Transfer-Encoding: chunked\0, identity", "Transfer-Encoding: chunked\0", "X: a\n Content-Length: 2", "X: a\r\n folded",
      "X: a\r\n\tfolded",
      "Content-: 5\r\n Length", "X: a\rY: b", "X: a\r", "\rX: a", "X: a\nY: b", "X: a\u{B}", "X: \u{7F}", "X\u{80}: a", "(X): a", "X",
      ": a",
      "Content-Length: abc", "Content-Length: 2 ", "Content-Length: +2", "Content-Length:", "Content-Length: 99999999999999999999",
    ]
    try withServer { live in
      for head in heads {
        try expectOneRefusal(live, Array("POST / HTTP/1.1\r\nHost: x\r\n\(head)\r\n\r\n\(Self.smuggled)".utf8), arrival)
      }
      let lines = [
        "\r\nGET / HTTP/1.1", "\nGET / HTTP/1.1", "\0\r\nGET / HTTP/1.1", "GET\0 / HTTP/1.1", "GET /\0 HTTP/1.1", "GET / HTTP/1.1\0",
        "GET /a\0HTTP/1.1 HTTP/1.1", "GET / HTTP/1.1\0\r", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
        "GET /",
        "GET", "GET\t/\tHTTP/1.1", "G(T / HTTP/1.1", "GET /\rHTTP/1.1", "GET / HTTP/1.1\r",
      ]
      for line in lines { try expectOneRefusal(live, Array("\(line)\r\nHost: x\r\n\r\n\(Self.smuggled)".utf8), arrival) }
      for end in ["\n\n", "\n\r\n", "\r\n\n", "\0\n\0\n", "\r\n\0\n"] {
        try expectOneRefusal(live, Array("GET / HTTP/1.1\r\nHost: x\(end)\(Self.next)".utf8), arrival)
      }
      #expect(try live.ask(Self.next)?.text == "GET /next\n")
    }
  }

  @Test(arguments: Arrival.allCases)
  func `an ambiguous chunked body is refused`(arrival: Arrival) throws {
    let bodies = [
      "2\nhi\r\n0\r\n\r\n", "2\r\nhi\n0\r\n\r\n", "2\r\nhi\r\n0\n\r\n", "2\r\nhi\r\n0\r\n\n", "2\0\r\nhi\r\n0\r\n\r\n",
      "2;a=\0b\r\nhi\r\n0\r\n\r\n",
      "2;a\nb\r\nhi\r\n0\r\n\r\n", "0x2\r\nhi\r\n0\r\n\r\n", "+2\r\nhi\r\n0\r\n\r\n", " 2\r\nhi\r\n0\r\n\r\n", "2 \r\nhi\r\n0\r\n\r\n",
      "2\r\nhiyou\r\n0\r\n\r\n", "2\r\nhi0\r\n\r\n", "1000000000000002\r\nhi\r\n0\r\n\r\n", "2\r\nhi\r\n0\r\nX: a\0b\r\n\r\n",
      "2\r\nhi\r\n0\r\nX: a\n\r\n", "2\r\nhi\r\n0\r\n folded\r\n\r\n", "2\r\nhi\r\n0\r\nno colon\r\n\r\n", "2\r\nhi\r\n0\r\nX : a\r\n\r\n",
    ]
    try withServer { live in
      for body in bodies {
        let request = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(body)GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        try expectOneRefusal(live, Array(request.utf8), arrival)
      }
    }
  }

  @Test func `valid requests of every kind pass, one after another and split anywhere`() throws {
    let requests = [
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n", "POST /2 HTTP/1.1\r\nhost:x\r\nContent-Length: \t3\r\n\r\na\0\n",
      "POST /3 HTTP/1.1\r\nHOST: x\r\ntransfer-encoding: Chunked\r\n\r\n2;a=\"b\"\r\n\r\n\r\n00\r\nX-Y: \r\n\r\n",
      "GET /4?a=b&c HTTP/1.1\r\nHost: x\r\nX: \u{E9}\t;\r\nEmpty:\r\n\r\n",
    ]
    let whole = Array((requests.joined()).utf8)
    try withServer { live in
      for cut in stride(from: 0, through: whole.count, by: 3) {
        let client = try live.connect()
        client.send(Array(whole[..<cut]))
        client.send(Array(whole[cut...]))
        for start in ["GET /1\n", "POST /2\na\0\n", "POST /3\n\r\n", "GET /4?a=b&c\n"] { #expect(try client.answer()?.text == start) }
      }
    }
  }

  @Test func `every excess gets one response`() throws {
    func head(_ lines: String, target: String = "/") -> [UInt8] { Array("GET \(target) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n".utf8) }
    func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    try withServer { (live) throws in
      for fields in [201, 250, 300, 1_000, 3_000] { try expectOneRefusal(live, head("", target: "/?" + repeated("a=1&", fields))) }
      for fields in [8_200, 100_000] { try expectOneRefusal(live, head("", target: "/?" + repeated("a&", fields)), status: [414]) }
      for count in [100, 101, 150, 200, 240, 250, 260, 1_000, 3_000, 5_000] {
        try expectOneRefusal(live, head(repeated("a:\r\n", count)), status: [431])
      }
      for size in [16_400, 20_000, 100_000] { try expectOneRefusal(live, head("X: \(repeated("a", size))\r\n"), status: [431]) }
      for size in [9_000, 100_000] { try expectOneRefusal(live, head("Cookie: \(repeated("a;", size))\r\n"), status: [431]) }
      // The last that fit.
      #expect(try live.ask(String(decoding: head(repeated("a:\r\n", 99)), as: UTF8.self))?.status == 200)
      #expect(try live.ask(String(decoding: head(repeated("a: \(repeated("b", 150))\r\n", 99)), as: UTF8.self))?.status == 200)
      for cookies in [250, 1_000, 8_000] {
        #expect(try live.ask(String(decoding: head("Cookie: \(repeated("a;", cookies))\r\n"), as: UTF8.self))?.status == 200)
      }
    }
  }
}
