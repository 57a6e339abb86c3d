import CMicroHTTPD
import CReceive
import Glibc
import Synchronization

/// The thread that accepts connections and hands them to the library.
///
/// The library could listen itself, but its way to stop listening (`MHD_quiesce_daemon`) races with its own threads and
/// then aborts the process; so it never listens. When the connection limit is reached, new connections wait in the
/// kernel's backlog for the moment that it takes to close idle ones.
final class Acceptor: Sendable {
  private let descriptor: Int32
  private let connections: OpenConnections
  private let onProblem: @Sendable (String) -> Void
  private let isStopping = Atomic(false)
  private let hasEnded = Atomic(false)

  init(_ listener: Listener, _ connections: OpenConnections, _ onProblem: @escaping @Sendable (String) -> Void) {
    descriptor = listener.descriptor
    self.connections = connections
    self.onProblem = onProblem
  }

  /// Accepts connections for the daemon until `stop`; then closes the listening socket.
  func start(_ daemon: OpaquePointer) -> Bool {
    let daemon = SendableDaemon(pointer: daemon)
    return Threads.start { [self] in
      while !isStopping.load(ordering: .acquiring) { takeOne(daemon.pointer) }
      close(descriptor)
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// Refuses new connections from now on. Returns when no more are handed to the daemon.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    shutdown(descriptor, Int32(SHUT_RDWR))
    while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
  }

  private func takeOne(_ daemon: OpaquePointer) {
    guard !connections.isFull else {
      // Makes room only once a connection has arrived.
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&state, 1, 100) > 0 {
        connections.makeRoom()
        usleep(2_000)
      }
      return
    }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let connection = accept(descriptor, address, &length)
        if connection >= 0 {
          _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
          seat(connection, address, length, at: daemon)
        } else if ![EINTR, EINVAL, ECONNABORTED].contains(errno) {
          onProblem("could not accept a connection: \(String(cString: strerror(errno)))")
          connections.makeRoom()
          usleep(50_000)
        }
      }
    }
  }

  private func seat(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t, at daemon: OpaquePointer) {
    guard let connection = connections.admit(descriptor, PeerAddress.text(address)) else {
      close(descriptor)
      return
    }
    // The library's thread takes it over in `connected`.
    let held = Unmanaged.passRetained(connection)
    guard roost_watch(descriptor, received, held.toOpaque()) else {
      onProblem("could not accept a connection: descriptor \(descriptor) is too high")
      close(descriptor)
      return giveUp(held)
    }
    // The library closes a connection that it can't add.
    if MHD_add_connection(daemon, descriptor, address, length) != .YES {
      roost_unwatch(descriptor)
      giveUp(held)
    }
  }

  private func giveUp(_ connection: Unmanaged<Connection>) { connections.remove(connection.takeRetainedValue()) }

  /// The library locks its daemon itself.
  private struct SendableDaemon: @unchecked Sendable {
    let pointer: OpaquePointer
  }
}

private func received(_ context: UnsafeMutableRawPointer?, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  guard let context else { return 0 }
  return Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
    $0.receive(UnsafeRawBufferPointer(start: bytes, count: count))
  }
}
