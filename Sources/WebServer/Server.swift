import Base
import CMicroHTTPD
import Glibc
import Synchronization
package import Web

/// An HTTP/1.1 server on libmicrohttpd: a pool of threads over epoll, with limits on everything.
///
/// `@unchecked Sendable`: mutable state is written only by `start` and `stop`, which one thread calls; the rest is
/// synchronized itself.
package final class Server: @unchecked Sendable {
  let options: ServerOptions
  let responder: any Responder
  let onProblem: @Sendable (String) -> Void
  private let deadlines = Deadlines()
  private let shortWorkers: WorkerPool
  private let writers: WorkerPool
  private let longWorkers: WorkerPool
  let isStopping = Atomic(false)
  let connections: OpenConnections
  let streams = OpenStreams()
  private var daemon: OpaquePointer?
  private var acceptor: Acceptor?

  /// `onProblem` receives what never reaches the responder: refused framing, errors of the library.
  package init(options: ServerOptions, responder: any Responder, onProblem: @escaping @Sendable (String) -> Void = { _ in }) {
    self.options = options
    self.responder = responder
    self.onProblem = onProblem
    connections = OpenConnections(options, onProblem)
    shortWorkers = WorkerPool(threads: options.workers, queue: options.workerQueue)
    writers = WorkerPool(threads: options.writers, queue: options.workerQueue)
    longWorkers = WorkerPool(threads: options.workers, queue: options.workerQueue)
  }

  func workers(_ queue: Plan.WorkerQueue) -> WorkerPool {
    switch queue {
    case .short: shortWorkers
    case .write: writers
    case .long: longWorkers
    }
  }

  /// The listening port, once started.
  package private(set) var port = 0

  /// Starts listening; returns immediately.
  package func start() throws(ServerError) {
    signal(SIGPIPE, SIG_IGN)
    let listener = try Listener(options.listen)
    guard let daemon = Daemon.start(self) else {
      close(listener.descriptor)
      throw ServerError(description: "the HTTP library did not start")
    }
    port = Int(listener.port)
    let acceptor = Acceptor(listener, connections, onProblem)
    let (deadlines, connections, streams, heartbeat) = (self.deadlines, self.connections, self.streams, options.heartbeat)
    guard acceptor.start(daemon), Threads.start({ deadlines.run(connections, every: heartbeat) { streams.beat() } }) else {
      throw ServerError(description: "can’t start a thread")
    }
    (self.daemon, self.acceptor) = (daemon, acceptor)
  }

  /// Stops listening immediately, waits for requests in progress, then stops. Safe to call twice.
  package func stop(within seconds: Double = 10) {
    guard let daemon, !isStopping.exchange(true, ordering: .relaxed) else { return }
    acceptor?.stop()
    streams.endAll()
    let end = Deadlines.now + seconds
    while connections.areBusy, Deadlines.now < end { usleep(10_000) }
    shortWorkers.stop()
    writers.stop()
    longWorkers.stop()
    deadlines.stop()
    // With a request still suspended the library must not be stopped; the process is about to end anyway.
    guard !connections.areBusy else { return }
    Daemon.stop(daemon, of: self)
    self.daemon = nil
    acceptor = nil
  }
}
