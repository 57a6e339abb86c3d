import CMicroHTTPD
import Glibc
import Synchronization

/// The thread that takes new connections and hands them to the library.
///
/// The library could listen itself, but its way to cease (`MHD_quiesce_daemon`) races with its own threads and then ends the process; so there
/// is nothing for it to cease. Beyond the limit new connections wait in the kernel's line instead of being closed.
final class Acceptor: Sendable {
  private let descriptor: Int32
  private let seats: Seats
  private let onProblem: @Sendable (String) -> Void
  private let isStopping = Atomic(false)
  private let hasEnded = Atomic(false)

  init(_ listener: Listener, _ seats: Seats, _ onProblem: @escaping @Sendable (String) -> Void) {
    descriptor = listener.descriptor
    self.seats = seats
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
    guard !seats.isFull else {
      usleep(5_000)
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
          onProblem("no connection could be taken: \(String(cString: strerror(errno)))")
          usleep(200_000)
        }
      }
    }
  }

  private func seat(_ connection: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t, at daemon: OpaquePointer) {
    let peer = PeerAddress.text(address)
    guard seats.take(peer) else {
      close(connection)
      return
    }
    // The library closes what it can't add.
    if MHD_add_connection(daemon, connection, address, length) != .YES { seats.leave(peer) }
  }

  /// The library locks its daemon itself.
  private struct SendableDaemon: @unchecked Sendable {
    let pointer: OpaquePointer
  }
}
