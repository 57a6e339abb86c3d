import CMicroHTTPD
import Glibc

/// A listening TCP socket.
struct Listener {
  let descriptor: Int32
  let port: UInt16

  init(_ address: ListenAddress) throws(ServerError) {
    let isV6 = address.host.contains(":")
    let descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw ServerError(description: "can’t open a socket: \(Self.reason)") }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard let isBound = isV6 ? Self.bind6(descriptor, address) : Self.bind4(descriptor, address) else {
      close(descriptor)
      throw ServerError(description: "“\(address.host)” is not an address of this machine; use a numeric one, like 127.0.0.1")
    }
    guard isBound, listen(descriptor, 1_024) == 0 else {
      let reason = errno == EADDRINUSE ? "it is in use by another program; set ROOST_LISTEN to another port" : Self.reason
      close(descriptor)
      throw ServerError(description: "can’t listen on \(address): \(reason)")
    }
    self.descriptor = descriptor
    port = Self.port(of: descriptor)
  }

  private static var reason: String { String(cString: strerror(errno)) }

  /// `nil` if the host isn't a numeric address.
  private static func bind4(_ descriptor: Int32, _ address: ListenAddress) -> Bool? {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = address.port.bigEndian
    guard inet_pton(AF_INET, address.host, &name.sin_addr) == 1 else { return nil }
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }

  private static func bind6(_ descriptor: Int32, _ address: ListenAddress) -> Bool? {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = address.port.bigEndian
    guard inet_pton(AF_INET6, address.host, &name.sin6_addr) == 1 else { return nil }
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0 }
    }
  }

  private static func port(of descriptor: Int32) -> UInt16 {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let known = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
    }
    guard known else { return 0 }
    return withUnsafePointer(to: &storage) {
      // sin_port and sin6_port have the same offset.
      $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
  }
}

/// Numeric addresses of peers.
enum PeerAddress {
  static func text(_ address: UnsafePointer<sockaddr>) -> String {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let length = socklen_t(Int32(address.pointee.sa_family) == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
    guard getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 else { return "unknown" }
    let end = host.firstIndex(of: 0) ?? host.endIndex
    return String(decoding: host[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func isLoopback(_ text: String) -> Bool { text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.") }
}
