/// How a server listens and what it puts up with. Times are in seconds, sizes in bytes.
package struct ServerOptions: Sendable {
  package var listen: ListenAddress
  /// Threads that read, answer and send; handlers of quick routes run on them.
  package var threads = 8
  /// Threads for slow handlers of each lane, with the connection suspended meanwhile.
  package var workers = 4
  /// Threads for handlers that write to the database: so many writes at once can share a transaction.
  package var writers = 64
  /// How long a request may wait for a worker before it is told to come back later, unless it brings files.
  package var workerTimeout = 5.0
  /// The same for a worker that writes: all of them wait only when the database is blocked, and what comes then would wait for it in vain.
  package var writerTimeout = 1.0
  /// Slow requests that may wait for a worker of their lane; one more is told to come back later.
  package var workerQueue = 200
  /// Request line and headers together; 100 headers at most.
  package var headerLimit = 16 << 10
  package var connections = 4_096
  /// Connections of one address (of IPv6, of a network of 64 bits); 0 for any number. A whole office may be behind one, and a browser opens six and
  /// one more for each page that follows events.
  package var connectionsPerAddress = 1_024
  /// Whether loopback may have any number: a reverse proxy comes from there.
  package var exemptsLoopback = true
  /// From the first byte of a request to the end of its headers.
  package var headerDeadline = 10.0
  /// From the end of the headers to the end of the body; and for each of an answer's pieces to be sent.
  package var bodyDeadline = 60.0
  /// Beyond `bodyDeadline` an upload to disk, or an answer, may take as long as it keeps up this speed on average; in bytes a second.
  package var slowestRate = 16_384.0
  /// Without a request under way.
  package var idleTimeout = 75.0
  /// Between two signs of life on a stream of events.
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

  /// `nil` for a text that isn't an address with a port.
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
