import Glibc
import Testing

/// A client that sends exactly what it is told to, valid HTTP or not.
final class Client {
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// `timeout` is how many seconds it waits for a byte.
  init(port: Int, timeout seconds: Int = Timeout.seconds) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(port).bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard status == 0 else { throw Refused() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The connection was refused.
  struct Refused: Error {}

  /// The connection ended in the middle of a response.
  struct Cut: Error {}

  /// Nothing was received within the timeout.
  struct Silence: Error {}

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// `false` if the server closed the connection.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Shuts down the sending side; responses can still be read.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Closes the connection with a reset, like a crashed client.
  func abort() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    hangUp()
  }

  /// Closes the connection.
  func hangUp() {
    close(descriptor)
    descriptor = -1
  }

  /// Received data not yet parsed as a response.
  var rest: String { String(decoding: buffer, as: UTF8.self) }

  /// Whether the server closes the connection without sending anything more.
  func isEnded() -> Bool { isEnded(within: Timeout.seconds * 1_000_000) }

  /// Whether it does so within some microseconds.
  func isEnded(within microseconds: Int) -> Bool {
    guard buffer.isEmpty, isReady(within: microseconds) else { return false }
    return fill() == .ended
  }

  /// Whether data arrives within some microseconds.
  func hasAnswer(within microseconds: Int) -> Bool { !buffer.isEmpty || isReady(within: microseconds) && fill() == .more }

  /// Everything until the server closes the connection; `nil` if it doesn't.
  func everything() -> String? {
    while true {
      switch fill() {
      case .more: continue
      case .ended: return rest
      case .silence: return nil
      }
    }
  }

  /// Reads what has arrived, without waiting.
  func hear() -> Bool { isReady(within: 0) && fill() == .more }

  private func isReady(within microseconds: Int) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, Int32(microseconds / 1_000)) > 0
  }

  /// The next response; `nil` if the server closed the connection instead.
  func answer(isHead: Bool = false) throws -> Answer? {
    guard let head = try head() else { return nil }
    var answer = head
    if answer.status == 100 { return answer }
    if isHead || answer.status == 204 || answer.status == 304 { return answer }
    if answer["Transfer-Encoding"] == "chunked" {
      answer.body = try chunks()
    } else if let length = answer["Content-Length"].flatMap({ Int($0) }) {
      answer.body = try take(length)
    } else {
      while fill() == .more {}
      answer.body = buffer
      buffer = []
    }
    return answer
  }

  private func head() throws -> Answer? {
    var lines: [String] = []
    while true {
      guard let line = try line(isFirst: lines.isEmpty) else { return nil }
      if line.isEmpty { break }
      lines.append(line)
    }
    let status = lines.first.flatMap { Int($0.dropFirst("HTTP/1.1 ".count).prefix(3)) }
    return Answer(status: status ?? 0, headers: Array(lines.dropFirst()))
  }

  private func line(isFirst: Bool) throws -> String? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = String(decoding: buffer[..<end].filter { $0 != 13 }, as: UTF8.self)
        buffer.removeSubrange(...end)
        return line
      }
      switch fill() {
      case .more: continue
      case .ended where isFirst && buffer.isEmpty: return nil
      case .ended: throw Cut()
      case .silence: throw Silence()
      }
    }
  }

  private func chunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while let line = try line(isFirst: false), let size = Int(line, radix: 16) {
      body += try take(size)
      _ = try self.line(isFirst: false)
      if size == 0 { return body }
    }
    throw Cut()
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      switch fill() {
      case .more: continue
      case .ended: throw Cut()
      case .silence: throw Silence()
      }
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  private enum Arrival { case more, ended, silence }

  private func fill() -> Arrival {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &piece, piece.count, 0)
    if count > 0 {
      buffer += piece.prefix(count)
      return .more
    }
    return count == 0 || errno == ECONNRESET ? .ended : .silence
  }
}

/// A response.
struct Answer {
  let status: Int
  let headers: [String]
  var body: [UInt8] = []

  var text: String { String(decoding: body, as: UTF8.self) }

  subscript(_ name: String) -> String? {
    let prefix = name.lowercased() + ":"
    return headers.first { $0.lowercased().hasPrefix(prefix) }.map { line in
      String(line.dropFirst(prefix.utf8.count).drop { $0 == " " })
    }
  }
}
