import Synchronization

/// How many connections there may be, in all and of one address.
final class Seats: Sendable {
  private let total: Int
  private let perAddress: Int
  private let exemptsLoopback: Bool
  private let taken = Mutex<(all: Int, byAddress: [String: Int])>((0, [:]))

  init(_ options: ServerOptions) {
    total = options.connections
    perAddress = options.connectionsPerAddress
    exemptsLoopback = options.exemptsLoopback
  }

  var isFull: Bool { taken.withLock { $0.all >= total } }

  /// Takes a seat; `false` if the address has all that it may have.
  func take(_ peer: String) -> Bool {
    taken.withLock { taken in
      if isCounted(peer) {
        guard taken.byAddress[peer, default: 0] < perAddress else { return false }
        taken.byAddress[peer, default: 0] += 1
      }
      taken.all += 1
      return true
    }
  }

  func leave(_ peer: String) {
    taken.withLock { taken in
      taken.all -= 1
      guard isCounted(peer), let count = taken.byAddress[peer] else { return }
      taken.byAddress[peer] = count > 1 ? count - 1 : nil
    }
  }

  private func isCounted(_ peer: String) -> Bool { perAddress > 0 && !(exemptsLoopback && PeerAddress.isLoopback(peer)) }
}
