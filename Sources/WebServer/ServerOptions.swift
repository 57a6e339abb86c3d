/// The server's address and limits. Times are in seconds, sizes in bytes.
package struct ServerOptions: Sendable {
  package var listen: ListenAddress
  /// Threads that read, respond and send; fast handlers run on them.
  package var threads = 8
  /// Threads for slow handlers of each queue, with the connection suspended.
  package var workers = 4
  /// Threads for handlers that write to the database: concurrent writes can share a transaction.
  package var writers = 64
  /// How long a request waits for a worker before it gets a 503, unless it uploads files.
  package var workerTimeout = 5.0
  /// The same for a write worker: all of them wait only if the database is blocked, and further requests would wait in
  /// vain.
  package var writerTimeout = 1.0
  /// The maximum number of requests queued for a worker; one more gets a 503.
  package var workerQueue = 200
  /// Request line and headers together; 100 headers at most.
  package var headerLimit = 16 << 10
  package var connections = 4_096
  /// Connections per client address (for IPv6, per /64 network); 0 for unlimited. A whole office can share one address,
  /// and a browser opens six plus one for each page that follows events.
  package var connectionsPerAddress = 1_024
  /// Whether loopback is exempt: a reverse proxy connects from there.
  package var exemptsLoopback = true
  /// From the first byte of a request to the end of its headers.
  package var headerDeadline = 10.0
  /// From the end of the headers to the end of the body; and for each chunk of a response.
  package var bodyDeadline = 60.0
  /// Beyond `bodyDeadline` an upload to disk, or a response, can take as long as it keeps up this average speed; in
  /// bytes per second.
  package var slowestRate = 16_384.0
  /// Without a request in progress.
  package var idleTimeout = 75.0
  /// Between two heartbeats on an event stream.
  package var heartbeat = 20.0
  /// Where uploads are streamed to.
  package var uploadFolder = "/tmp"

  package init(listen: ListenAddress) { self.listen = listen }
}

/// An address and port to listen on: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:80`; port 0 is any free one.
package struct ListenAddress: Sendable, CustomStringConvertible {
  package let host: String
  package let port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `nil` if the text isn't an address with a port.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      return nil
    }
    self.init(host: host.isEmpty || host == "localhost" ? "127.0.0.1" : host, port: port)
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why a server could not start.
package struct ServerError: Error, CustomStringConvertible {
  package let description: String
}
