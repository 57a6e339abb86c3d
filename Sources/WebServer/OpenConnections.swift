import CMicroHTTPD
import Glibc
import Synchronization
import Web

/// All connections: the limits in total and per client, and which ones to close.
///
/// Its lock is taken when a connection opens and closes and during sweeps, never for a request. A connection is removed
/// under the lock before the library closes its descriptor, and shut down only under the lock while it is on the list:
/// so a new connection that gets the same descriptor is never shut down by mistake.
final class OpenConnections: Sendable {
  private struct State {
    var byNetwork: [String: Int] = [:]
    var open: [ObjectIdentifier: Connection] = [:]
    /// Shut down to make room, and not closed yet.
    var leaving: Set<ObjectIdentifier> = []
  }

  private let options: ServerOptions
  private let onProblem: @Sendable (String) -> Void
  private let state = Mutex(State())

  init(_ options: ServerOptions, _ onProblem: @escaping @Sendable (String) -> Void) {
    self.options = options
    self.onProblem = onProblem
  }

  // MARK: Opening and closing

  /// A new connection; `nil` if its client has reached its limit.
  func admit(_ descriptor: Int32, _ peer: String) -> Connection? {
    // An IPv6 /64 network belongs to one customer.
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

  /// It is about to be closed, or could not be added.
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

  /// Closes connections that wait for a request: first those that never sent one, then the longest idle. A browser then
  /// just opens another. Event streams and slow bodies count as requests in progress and stay.
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

  /// Whether any has a request in progress.
  var areBusy: Bool { state.withLock { $0.open.values.contains { $0.isBusy } } }

  /// Shuts down overdue connections; the library then sees their end and closes them.
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

  /// Wakes the library for connections whose peer has disconnected. The kernel reports that once; if it arrives
  /// together with the last bytes received, the library reads those and keeps waiting for more, with an incomplete
  /// upload on disk. Shutting down our reading side reports it again. Received data can still be read, and a response
  /// can still be sent to a peer that has only shut down its sending side.
  private func nudge(_ connections: some Collection<Connection>) {
    /// POLLRDHUP, which glibc defines only for _GNU_SOURCE.
    let peerLeft: Int16 = 0x2000
    var states = connections.map { pollfd(fd: $0.descriptor, events: peerLeft, revents: 0) }
    guard poll(&states, nfds_t(states.count), 0) > 0 else { return }
    for state in states where state.revents != 0 { shutdown(state.fd, Int32(SHUT_RD)) }
  }
}
