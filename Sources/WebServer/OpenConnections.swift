import CMicroHTTPD
import Glibc
import Synchronization
import Web

/// All connections: how many there may be, in all and of one address, and which must go.
///
/// Its lock is taken when a connection comes and goes and when the deadlines are looked through, never for a request. A connection is struck off under the
/// lock before the library closes its descriptor, and shut down only under the lock while it is on the list: so a new connection with the same number
/// never suffers for an old one.
final class OpenConnections: Sendable {
  private struct State {
    var byNetwork: [String: Int] = [:]
    var open: [ObjectIdentifier: Connection] = [:]
    /// Shut down to make room, and not gone yet.
    var leaving: Set<ObjectIdentifier> = []
  }

  private let options: ServerOptions
  private let onProblem: @Sendable (String) -> Void
  private let state = Mutex(State())

  init(_ options: ServerOptions, _ onProblem: @escaping @Sendable (String) -> Void) {
    self.options = options
    self.onProblem = onProblem
  }

  // MARK: Coming and going

  /// A new connection; `nil` if its address has all that it may have.
  func admit(_ descriptor: Int32, _ peer: String) -> Connection? {
    // All of an IPv6 network of 64 bits is one customer's.
    let network = ClientAddress.network(of: peer)
    return state.withLock { state in
      if isCounted(peer) {
        guard state.byNetwork[network, default: 0] < options.connectionsPerAddress else { return nil }
        state.byNetwork[network, default: 0] += 1
      }
      let connection = Connection(descriptor: descriptor, peer: peer, network: network, options: options, onProblem: onProblem)
      state.open[ObjectIdentifier(connection)] = connection
      return connection
    }
  }

  /// It is about to be closed, or never came so far.
  func remove(_ connection: Connection) {
    state.withLock { state in
      state.open[ObjectIdentifier(connection)] = nil
      state.leaving.remove(ObjectIdentifier(connection))
      guard isCounted(connection.peer), let count = state.byNetwork[connection.network] else { return }
      state.byNetwork[connection.network] = count > 1 ? count - 1 : nil
    }
  }

  private func isCounted(_ peer: String) -> Bool {
    options.connectionsPerAddress > 0 && !(options.exemptsLoopback && PeerAddress.isLoopback(peer))
  }

  // MARK: Room

  var isFull: Bool { state.withLock { $0.open.count >= options.connections } }

  /// Ends connections that wait for a request: first those that never sent one, then those that have waited longest. A browser whose connection goes so opens
  /// another. Streams of events and slow bodies are under way and stay.
  func makeRoom() {
    state.withLock { state in
      guard state.leaving.isEmpty else { return }
      let idle = state.open.values.filter { !$0.isBusy }
      let order = idle.sorted { ($0.isUsed ? 1 : 0, $0.waitingSince, $0.number) < ($1.isUsed ? 1 : 0, $1.waitingSince, $1.number) }
      for connection in order.prefix(max(1, options.connections / 64)) {
        shutdown(connection.descriptor, Int32(SHUT_RDWR))
        state.leaving.insert(ObjectIdentifier(connection))
      }
    }
  }

  // MARK: Deadlines

  /// Whether a request is under way on any.
  var areBusy: Bool { state.withLock { $0.open.values.contains { $0.isBusy } } }

  /// Cuts what is overdue; the library then sees the connection's end and closes it.
  func sweep() {
    let now = Deadlines.now
    state.withLock { state in
      for connection in state.open.values where connection.deadline < now {
        shutdown(connection.descriptor, Int32(SHUT_RDWR))
        connection.clearDeadline()
      }
      nudge(state.open.values.filter { !$0.deadline.isNaN })
    }
  }

  /// Wakes the library for connections whose peer has left. The kernel tells of that once; when it comes along with a request's last bytes so
  /// far, the library reads those and goes on waiting for more, with the half-done upload on disk. Shutting down our reading side tells it
  /// again. What was received can still be read, and answers still be sent to a peer that has only ceased to send.
  private func nudge(_ connections: some Collection<Connection>) {
    /// POLLRDHUP, which Glibc keeps for programs of its own dialect.
    let peerLeft: Int16 = 0x2000
    var states = connections.map { pollfd(fd: $0.descriptor, events: peerLeft, revents: 0) }
    guard poll(&states, nfds_t(states.count), 0) > 0 else { return }
    for state in states where state.revents != 0 { shutdown(state.fd, Int32(SHUT_RD)) }
  }
}
