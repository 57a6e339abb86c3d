import Base
import Synchronization
import Web

/// Detects a reverse proxy that Roost isn't configured to trust: then all users seem to share one address, and TLS is unknown.
final class ForwardingWatch: Sendable {
  /// The first request that showed it.
  struct Sighting: Sendable {
    let peer: String
    let headers: [String]
  }

  private let first = Mutex<Sighting?>(nil)
  private let isSeen = Atomic(false)

  var sighting: Sighting? { first.withLock { $0 } }

  /// Says so in the log, once.
  func look(at request: Request, _ proxies: ClientAddress, _ log: Log) {
    guard !isSeen.load(ordering: .relaxed) else { return }
    let headers = proxies.unheeded(peer: request.peer, headers: request.headers)
    guard !headers.isEmpty, !isSeen.exchange(true, ordering: .relaxed) else { return }
    first.withLock { $0 = Sighting(peer: request.peer, headers: headers) }
    log(
      "untrusted-proxy",
      [
        "peer": request.peer, "headers": headers.joined(separator: ","),
        "advice": "a proxy passes requests on that Roost does not trust, so all visitors count as one address and TLS cannot be detected; "
          + "if it is yours, start Roost with ROOST_TRUSTED_PROXIES=\(([request.peer] + proxies.names).joined(separator: ","))",
      ])
  }
}
