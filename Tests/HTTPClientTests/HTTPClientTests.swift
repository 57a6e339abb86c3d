import Glibc
@testable import HTTPClient
import Testing

@Suite struct HTTPClientTests {
  /// A server for one request: listens on a free port of this machine and gives one answer.
  private func answering(_ answer: String, _ body: (_ port: UInt16) throws -> Void) rethrows -> String {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, size)
        _ = getsockname(listener, $0, &size)
      }
    }
    listen(listener, 1)
    final class Box: @unchecked Sendable {
      var text = ""
      let listener: Int32
      let answer: String
      init(_ listener: Int32, _ answer: String) { (self.listener, self.answer) = (listener, answer) }
    }
    let box = Box(listener, answer)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
        let peer = accept(box.listener, nil, nil)
        guard peer >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while !box.text.hasSuffix("end") {
          let count = read(peer, &bytes, bytes.count)
          if count <= 0 { break }
          box.text += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        _ = box.answer.withCString { send(peer, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        close(peer)
        return nil
      }, Unmanaged.passUnretained(box).toOpaque())
    defer { close(listener) }
    try body(UInt16(bigEndian: address.sin_port))
    shutdown(listener, Int32(SHUT_RDWR))
    pthread_join(thread, nil)
    return withExtendedLifetime(box) { box.text }
  }

  @Test(arguments: [200, 204, 301, 404, 500]) func `a body is posted, and the status comes back`(status: Int) throws {
    let sent = try answering("HTTP/1.1 \(status) Some\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") { port in
      let reply = try HTTPClient.post(
        Array("the end".utf8), to: "http://127.0.0.1:\(port)/hook?a=b", headers: ["x-one: 1"], allowsPrivate: true)
      #expect(reply.status == status && reply.body.isEmpty)
    }
    #expect(sent.hasPrefix("POST /hook?a=b HTTP/1.1\r\n") && sent.contains("x-one: 1\r\n") && sent.hasSuffix("\r\n\r\nthe end"))
  }

  @Test func `of a long answer the start is kept`() throws {
    let body = String(repeating: "x", count: 50_000)
    _ = try answering("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" + body) { port in
      let reply = try HTTPClient.post(
        Array("end".utf8), to: "http://127.0.0.1:\(port)/", headers: [], allowsPrivate: true, keeping: 100)
      #expect(reply.status == 200 && reply.body.count == 100)
    }
  }

  @Test(arguments: [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://10.1.2.3/", "http://169.254.169.254/latest",
    "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/", "http://[fe80::1]/", "http://[fc00::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/", "http://[::]/",
  ])
  func `nothing inside a network is reached`(url: String) {
    #expect {
      try HTTPClient.post([], to: url, headers: [], allowsPrivate: false)
    } throws: { error in
      switch error as? HTTPClient.Failure {
      case .privateAddress, .unknownHost: true
      default: false
      }
    }
  }

  @Test(arguments: [
    "", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://user:secret@example.com/", "http://", "example.com",
    "javascript:alert(1)", "http://exa mple.com/", "http://example.com/\r\nX: y", "//example.com/",
  ])
  func `only addresses of the web are addresses`(url: String) { #expect(!HTTPClient.isAddress(url)) }

  @Test(arguments: ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "172.32.0.1", "11.0.0.1", "100.128.0.1"])
  func `public addresses are public`(text: String) {
    let address = IPAddress.resolve(text).first
    #expect(address?.isPublic == true && address?.text == text)
  }

  @Test func `nobody who listens is a failure, as is a name that isn’t one`() {
    #expect(throws: HTTPClient.Failure.self) {
      try HTTPClient.post([], to: "http://127.0.0.1:1/", headers: [], allowsPrivate: true, timeout: 500)
    }
    #expect(throws: HTTPClient.Failure.unknownHost("nothing.invalid")) {
      try HTTPClient.post([], to: "http://nothing.invalid/", headers: [], allowsPrivate: true)
    }
  }
}
