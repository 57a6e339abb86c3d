import Base
import CMicroHTTPD
import Glibc
import Synchronization
package import Web

/// An HTTP/1.1 server on libmicrohttpd: a pool of threads over epoll, bounded in every direction.
///
/// `@unchecked Sendable`: `daemon` and `listener` are written by `start` and `stop` alone, which one thread calls; the rest guards itself.
package final class Server: @unchecked Sendable {
  let options: ServerOptions
  let responder: any Responder
  let onProblem: @Sendable (String) -> Void
  let deadlines = Deadlines()
  let workers: WorkerPool
  let isStopping = Atomic(false)
  /// Requests whose head is in and whose answer isn't out.
  let underWay = Atomic(0)
  let addresses = Mutex<[String: Int]>([:])
  private var daemon: OpaquePointer?
  private var listener: Listener?

  /// `onProblem` hears what never reaches the responder: refused framing, faults of the library.
  package init(options: ServerOptions, responder: any Responder, onProblem: @escaping @Sendable (String) -> Void = { _ in }) {
    self.options = options
    self.responder = responder
    self.onProblem = onProblem
    workers = WorkerPool(threads: options.workers, queue: options.workerQueue)
  }

  /// The port that it listens on, once started.
  package var port: Int { Int(listener?.port ?? 0) }

  /// Starts listening; returns at once.
  package func start() throws(ServerError) {
    signal(SIGPIPE, SIG_IGN)
    let listener = try Listener(options.listen)
    self.listener = listener
    daemon = Daemon.start(self, listener)
    guard daemon != nil else {
      close(listener.descriptor)
      throw ServerError(description: "the HTTP library did not start on \(options.listen)")
    }
    let deadlines = self.deadlines
    guard Threads.start({ deadlines.run() }) else { throw ServerError(description: "no thread could be started") }
  }

  /// Stops listening at once, lets requests under way finish, then stops. Safe to call twice.
  package func stop(within seconds: Double = 10) {
    guard let daemon, !isStopping.exchange(true, ordering: .relaxed) else { return }
    // Refuses new connections from here on. It is closed only when the library's threads are gone: they may have it in hand, and its number
    // must not become somebody else's meanwhile.
    let descriptor = MHD_quiesce_daemon(daemon)
    if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
    let end = Deadlines.now + seconds
    while underWay.load(ordering: .relaxed) > 0, Deadlines.now < end { usleep(10_000) }
    workers.stop()
    deadlines.stop()
    // With a request still suspended the library must not be stopped; the process is about to end anyway.
    guard underWay.load(ordering: .relaxed) == 0 else { return }
    Daemon.stop(daemon, of: self)
    if descriptor >= 0 { close(descriptor) }
    self.daemon = nil
  }

  // MARK: Connections per address

  private func counts(_ peer: String) -> Bool {
    options.connectionsPerAddress > 0 && !(options.exemptsLoopback && PeerAddress.isLoopback(peer))
  }

  func accepts(_ peer: String) -> Bool {
    guard counts(peer) else { return true }
    return addresses.withLock { ($0[peer] ?? 0) < options.connectionsPerAddress }
  }

  func opened(_ connection: Connection) {
    deadlines.set(connection.descriptor, after: options.headerDeadline)
    guard counts(connection.peer) else { return }
    addresses.withLock { $0[connection.peer, default: 0] += 1 }
  }

  func closed(_ connection: Connection) {
    deadlines.remove(connection.descriptor)
    guard counts(connection.peer) else { return }
    addresses.withLock { addresses in
      let left = (addresses[connection.peer] ?? 1) - 1
      addresses[connection.peer] = left > 0 ? left : nil
    }
  }
}
