/// The parts of a request's head that determine where the request ends and the next one starts (RFC 9112 §3, §5, §6.3).
struct RequestHead {
  typealias Refusal = RequestLexer.Refusal

  enum Body {
    case none
    case length(Int)
    case chunked
  }

  private var isVersion11 = false
  private var count = 0
  private var hosts = 0
  private var length: Int?
  private var isChunked = false

  init() {}

  /// Exactly `METHOD target HTTP/1.x`, with single spaces.
  init(requestLine line: UnsafeRawBufferPointer) throws(Refusal) {
    guard !line.isEmpty else { throw Self.malformed("The request starts with an empty line.") }
    let space = UInt8(ascii: " ")
    guard let first = line.firstIndex(of: space), let last = line.lastIndex(of: space), Self.isToken(line[..<first]), last > first + 1,
      !line[(first + 1)..<last].contains(space)
    else { throw Self.malformed("The request line must be a method, a URL and a version, separated by single spaces.") }
    let version = line[(last + 1)...]
    if version.elementsEqual("HTTP/1.1".utf8) {
      isVersion11 = true
    } else if !version.elementsEqual("HTTP/1.0".utf8) {
      throw Refusal(status: version.starts(with: "HTTP/".utf8) ? 505 : 400, reason: "Only HTTP/1.1 and HTTP/1.0 are supported.")
    }
  }

  mutating func add(_ line: UnsafeRawBufferPointer) throws(Refusal) {
    let (name, value) = try field(line)
    if Self.equal(name, "content-length") {
      guard length == nil else { throw Self.malformed("The request has several Content-Length headers.") }
      length = Self.number(value)
      if length == nil { throw Self.malformed("Content-Length must be a number.") }
    } else if Self.equal(name, "transfer-encoding") {
      guard !isChunked, Self.equal(value, "chunked") else { throw Self.malformed("The only supported Transfer-Encoding is chunked.") }
      isChunked = true
    } else if Self.equal(name, "host") {
      hosts += 1
    }
  }

  /// A trailer field: ignored, but its syntax is checked.
  mutating func addTrailer(_ line: UnsafeRawBufferPointer) throws(Refusal) { _ = try field(line) }

  /// The framing of the body, once the head is complete.
  func body() throws(Refusal) -> Body {
    if isChunked, length != nil { throw Self.malformed("The request has both Content-Length and Transfer-Encoding.") }
    if isChunked, !isVersion11 { throw Self.malformed("Transfer-Encoding needs HTTP/1.1.") }
    if hosts > 1 { throw Self.malformed("The request has several Host headers.") }
    if hosts == 0, isVersion11 { throw Self.malformed("The Host header is missing.") }
    if isChunked { return .chunked }
    return length.map { $0 == 0 ? .none : .length($0) } ?? .none
  }

  /// The name, and the value without leading white space.
  private mutating func field(_ line: UnsafeRawBufferPointer) throws(Refusal) -> (
    Slice<UnsafeRawBufferPointer>, Slice<UnsafeRawBufferPointer>
  ) {
    count += 1
    guard count <= RequestLexer.mostHeaders else {
      throw Refusal(status: 431, reason: "The request has too many headers: \(RequestLexer.mostHeaders) at most.")
    }
    if line.first == 32 || line.first == 9 { throw Self.malformed("Folded headers are not accepted.") }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw Self.malformed("A header has no colon.") }
    guard Self.isToken(line[..<colon]) else { throw Self.malformed("A header name contains an invalid character.") }
    return (line[..<colon], line[(colon + 1)...].drop { $0 == 32 || $0 == 9 })
  }

  private static func malformed(_ reason: String) -> Refusal { Refusal(status: 400, reason: reason) }

  /// At most 18 digits, which always fit. Trailing white space is refused, since the library wouldn't parse such a
  /// number.
  private static func number(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard (1...18).contains(text.count), text.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Whether it equals this lower-case text, ignoring case.
  private static func equal(_ text: Slice<UnsafeRawBufferPointer>, _ lower: StaticString) -> Bool {
    guard text.count == lower.utf8CodeUnitCount else { return false }
    return zip(text, UnsafeBufferPointer(start: lower.utf8Start, count: lower.utf8CodeUnitCount)).allSatisfy { byte, letter in
      ((65...90).contains(byte) ? byte | 32 : byte) == letter
    }
  }

  /// RFC 9110 §5.6.2.
  private static func isToken(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
    !text.isEmpty
      && text.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 94...122, 33, 35...39, 42, 43, 45, 46, 124, 126: true
        default: false
        }
      }
  }
}
