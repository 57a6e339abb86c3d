import CMicroHTTPD
import CReceive
import Glibc
import Synchronization

/// The thread that takes new connections and hands them to the library.
///
/// The library could listen itself, but its way to cease (`MHD_quiesce_daemon`) races with its own threads and then ends the process; so there
/// is nothing for it to cease. When all seats are taken, new connections wait in the kernel's line for the moment that it takes to end idle ones.
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

  /// Takes connections for the daemon until `stop`; then closes the listening socket.
  func start(_ daemon: OpaquePointer) -> Bool {
    let daemon = SendableDaemon(pointer: daemon)
    return Threads.start { [self] in
      while !isStopping.load(ordering: .acquiring) { takeOne(daemon.pointer) }
      close(descriptor)
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// Refuses new connections from here on. Returns when the daemon gets no more of them.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    shutdown(descriptor, Int32(SHUT_RDWR))
    while !hasEnded.load(ordering: .acquiring) { usleep(1_000) }
  }

  private func takeOne(_ daemon: OpaquePointer) {
    guard !connections.isFull else {
      // Nobody has to go before somebody comes.
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
    // The library closes what it can't add.
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
