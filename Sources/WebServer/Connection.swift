import CMicroHTTPD
import CReceive
import Glibc
import Synchronization

/// A TCP connection: its peer, its current request, and its deadlines.
///
/// `@unchecked Sendable`: `lexer`, `refusal` and `lastID` belong to the library's thread for the connection; state that
/// others read is atomic. Nothing is shared between connections, so that no request waits for another's.
final class Connection: @unchecked Sendable {
  let descriptor: Int32
  let peer: String
  /// The key for the limit of connections per client.
  let network: String
  private let headerDeadline: Double
  private let onProblem: @Sendable (String) -> Void
  private var lexer: RequestLexer
  private var refusal: RequestLexer.Refusal?
  private var lastID = UInt64.random(in: .min ... .max)
  /// Times in the seconds of `Deadlines.now`, as bit patterns; infinity for never. NaN until the library has the
  /// connection.
  private let expiry = Atomic(Double.nan.bitPattern)
  /// An order of arrival: the clock of `waitingSince` ticks only every few milliseconds.
  let number = Connection.counter.add(1, ordering: .relaxed).newValue
  private static let counter = Atomic(0)
  private let idleSince = Atomic(Deadlines.now.bitPattern)
  private let hasServed = Atomic(false)

  init(descriptor: Int32, peer: String, network: String, options: ServerOptions, onProblem: @escaping @Sendable (String) -> Void) {
    self.descriptor = descriptor
    self.peer = peer
    self.network = network
    self.onProblem = onProblem
    headerDeadline = options.headerDeadline
    lexer = RequestLexer(limit: options.headerLimit)
  }

  // MARK: Deadlines

  /// When it is closed, whatever it is doing. The library's own timeout restarts with every byte; this one doesn't.
  var deadline: Double {
    get { Double(bitPattern: expiry.load(ordering: .relaxed)) }
    set { expiry.store(newValue.bitPattern, ordering: .relaxed) }
  }

  func setDeadline(after seconds: Double) { deadline = Deadlines.now + seconds }

  func clearDeadline() { deadline = .infinity }

  // MARK: Idleness

  /// Since when it has waited for a complete head; infinite during a request.
  var waitingSince: Double { Double(bitPattern: idleSince.load(ordering: .relaxed)) }

  var isBusy: Bool { waitingSince == .infinity }

  /// Whether it has ever sent a request.
  var isUsed: Bool { hasServed.load(ordering: .relaxed) }

  func requestBegan() { idleSince.store(Double.infinity.bitPattern, ordering: .releasing) }

  func requestEnded() {
    hasServed.store(true, ordering: .relaxed)
    idleSince.store(Deadlines.now.bitPattern, ordering: .releasing)
  }

  // MARK: Bytes

  /// A short id for log lines, by SplitMix64 from a random seed: no request needs random bytes from the kernel.
  func makeRequestID() -> String {
    lastID &+= 0x9E37_79B9_7F4A_7C15
    var mixed = lastID
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    let hex = String(mixed ^ mixed >> 31, radix: 16)
    return String(repeating: "0", count: 16 - hex.utf8.count) + hex
  }

  /// The number of heads checked before the library got them.
  var soundHeads: Int { lexer.heads }

  /// Checks received bytes before the library sees them. Returns how many of them the library gets: 0 closes the
  /// connection.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    if let refusal { return end(refusal) }
    if lexer.isBetweenRequests, !bytes.isEmpty { setDeadline(after: headerDeadline) }
    let (passed, refusal) = lexer.read(bytes)
    guard let refusal else { return passed }
    self.refusal = refusal
    if passed == 0 { return end(refusal) }
    // The preceding requests are answered first. Then the library reads again, woken by this, and gets the refusal.
    shutdown(descriptor, Int32(SHUT_RD))
    return passed
  }

  private func end(_ refusal: RequestLexer.Refusal) -> Int {
    onProblem("refused \(refusal.status) peer=\(peer) \(refusal.reason)")
    let body = refusal.reason + "\n"
    let phrase = MHD_get_reason_phrase_for(UInt32(refusal.status)).map { String(cString: $0) } ?? ""
    let answer =
      "HTTP/1.1 \(refusal.status) \(phrase)\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
      + "Cache-Control: no-store\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    _ = Array(answer.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) }
    shutdown(descriptor, Int32(SHUT_WR))
    discardInput()
    return 0
  }

  /// If a socket is closed with unread data, the kernel resets the connection, and the client may never see the
  /// response.
  private func discardInput() {
    withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { block in
      for _ in 0..<16 where recvfrom(descriptor, block.baseAddress, block.count, Int32(MSG_DONTWAIT), nil, nil) <= 0 { return }
    }
  }
}
