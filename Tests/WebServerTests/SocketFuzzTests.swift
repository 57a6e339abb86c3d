import TestKit
import Testing
import Web
import WebServer

/// The server survives any input. The seed is fixed: failures are reproducible.
@Suite struct SocketFuzzTests {
  private static let sound = [
    "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nCookie: a=b; c=d\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world",
    "POST /worker HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n",
    "POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
    "HEAD /at-once HTTP/1.0\r\n\r\n",
  ].map { Array($0.utf8) }

  /// Bytes with a meaning in HTTP.
  private static let telling = [
    "\r\n", "\n", "\r", "\0", ":", " ", "\t", ";", "%00", "%", "?", "0", "-", "FFFFFFFFFFFFFFFF", "chunked", "HTTP/1.1",
  ]
  .map { Array($0.utf8) }

  private func mutated(_ random: inout SplitMix) -> [UInt8] {
    var bytes = Self.sound[random.below(Self.sound.count)]
    if random.below(4) == 0 { bytes += Self.sound[random.below(Self.sound.count)] }
    for _ in 0...random.below(6) {
      let place = random.below(bytes.count + 1)
      switch random.below(5) {
      case 0: bytes.insert(contentsOf: Self.telling[random.below(Self.telling.count)], at: place)
      case 1 where place < bytes.count: bytes[place] = UInt8(random.below(256))
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + random.below(8)))
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(40))], at: random.below(bytes.count + 1))
      default: bytes = Array(bytes[..<max(place, 1)])
      }
      if bytes.isEmpty { bytes = [0] }
    }
    return bytes
  }

  private func expectSurvival(_ inputs: Int, seed: UInt64, _ make: (inout SplitMix) -> [UInt8]) throws {
    var random = SplitMix(seed: seed)
    try withServer(Echo()) {
      $0.headerDeadline = 1
      $0.bodyDeadline = 1
      $0.connections = 200
    } _: { live in
      for round in 0..<inputs {
        let client = try live.connect(timeout: 1)
        let bytes = make(&random)
        let cut = random.below(bytes.count + 1)
        client.send(Array(bytes[..<cut]))
        client.send(Array(bytes[cut...]))
        switch random.below(4) {
        case 0: client.abort()
        case 1:
          client.finishSending()
          while let answer = try? client.answer() {
            #expect(answer.status == 100 || (200..<600).contains(answer.status), "input \(round)")
          }
        default: client.hangUp()
        }
        if round % 50 == 49 {
          #expect(try live.ask("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n")?.text == "GET /alive\n", "after input \(round)")
        }
      }
      #expect(try live.ask("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n")?.text == "GET /alive\n")
    }
  }

  @Test func `mutated requests don't harm the server`() throws {
    try expectSurvival(1_500, seed: 0x5EED_0001) { mutated(&$0) }
  }

  @Test func `random bytes don't harm the server`() throws {
    try expectSurvival(400, seed: 0x5EED_0002) { random in (0...random.below(300)).map { _ in UInt8(random.below(256)) } }
  }

  @Test func `targets of any bytes are parsed or refused`() {
    var random = SplitMix(seed: 0x5EED_0003)
    let pieces = ["/", "%", "%2", "%2F", "%2e", "..", "?", "&", "=", "+", "%00", "%C3%A9", "%C3", "é", "a", "#", "\u{0}", " "]
    for _ in 0..<20_000 {
      let target = "/" + (0..<random.below(12)).map { _ in pieces[random.below(pieces.count)] }.joined()
      guard let parts = try? RequestTarget.parse(target) else { continue }
      #expect(!parts.path.contains { $0.isEmpty || $0 == "." || $0 == ".." || $0.contains("/") || $0.contains("\0") }, "\(target)")
      #expect(!parts.query.fields.contains { $0.name.contains("\0") || $0.value.contains("\0") }, "\(target)")
    }
  }
}
