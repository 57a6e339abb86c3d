import Glibc

/// Follows the bytes of a connection from request to request, before the HTTP library sees them.
///
/// The library is too lenient: it takes a bare LF for a line end, a NUL for the end of a value, a folded line for part
/// of the name. Servers that parse a request differently allow request smuggling (RFC 9112 §11.2), so anything
/// ambiguous is refused here. What passes is so plain that the library has no reason left for an error response of its
/// own, which it gets wrong (two heads, or none).
struct RequestLexer {
  /// An error in a request, for its client.
  struct Refusal: Error, Equatable {
    let status: Int
    let reason: String
  }

  private enum Place {
    case requestLine
    case header
    case body(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailer
  }

  /// The library keeps a record of each in the memory of the connection's head.
  static let mostHeaders = 100

  /// Limits for a request line with its headers, and for a chunk's line or all trailers; in bytes.
  private let limit: Int
  private var place = Place.requestLine
  /// The start of an incomplete line.
  private var begun: [UInt8] = []
  private var head = RequestHead()
  /// Bytes of the lines so far.
  private var size = 0
  /// The number of heads that passed on this connection.
  private(set) var heads = 0

  init(limit: Int) { self.limit = limit }

  /// Between two requests, with no byte of the next one yet.
  var isBetweenRequests: Bool {
    if case .requestLine = place { return begun.isEmpty }
    return false
  }

  /// Continues. `passed` is how many of the bytes belong to requests that are valid so far: all of them, or those
  /// before the refused request.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> (passed: Int, refusal: Refusal?) {
    var index = 0
    var requestBegan = 0
    do throws(Refusal) {
      while index < bytes.count {
        if isBetweenRequests { requestBegan = index }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
        switch place {
        case .body(let left):
          let count = min(left, rest.count)
          place = count == left ? .requestLine : .body(left: left - count)
          index += count
        case .chunk(let left):
          let count = min(left, rest.count)
          place = count == left ? .chunkEnd : .chunk(left: left - count)
          index += count
        default: index += try readLine(rest)
        }
      }
      return (index, nil)
    } catch {
      return (requestBegan, error)
    }
  }

  // MARK: Lines

  /// The number of bytes consumed: to the line's end, or all if the line is incomplete.
  private mutating func readLine(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Int {
    let lineFeed = Self.index(of: 10, in: bytes)
    let piece = UnsafeRawBufferPointer(rebasing: bytes[..<(lineFeed.map { $0 + 1 } ?? bytes.count)])
    guard size + begun.count + piece.count <= limit else { throw tooLarge }
    if lineFeed == nil {
      // An invalid start is refused without waiting for the end of the line.
      guard Self.index(of: 0, in: piece) == nil else { throw Self.controlCharacter }
      begun += piece
    } else if begun.isEmpty {
      try take(piece)
    } else {
      let line = begun + piece
      begun = []
      let refusal = line.withUnsafeBytes { line -> Refusal? in
        do throws(Refusal) { try take(line) } catch { return error }
        return nil
      }
      if let refusal { throw refusal }
    }
    return piece.count
  }

  private mutating func take(_ line: UnsafeRawBufferPointer) throws(Refusal) {
    size += line.count
    guard line.count >= 2, line[line.count - 2] == 13 else {
      throw Refusal(status: 400, reason: "A line of the request ends with a bare line feed.")
    }
    let text = UnsafeRawBufferPointer(rebasing: line[..<(line.count - 2)])
    guard !text.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else { throw Self.controlCharacter }
    switch place {
    case .requestLine:
      head = try RequestHead(requestLine: text)
      place = .header
    case .header: try text.isEmpty ? endHead() : head.add(text)
    case .chunkSize:
      guard let count = ChunkLine.size(text) else { throw Refusal(status: 400, reason: "Invalid chunk size.") }
      place = count == 0 ? .trailer : .chunk(left: count)
      size = 0
    case .chunkEnd:
      guard text.isEmpty else { throw Refusal(status: 400, reason: "A chunk is longer than its size.") }
      place = .chunkSize
      size = 0
    case .trailer: try text.isEmpty ? endRequest() : head.addTrailer(text)
    case .body, .chunk: break
    }
  }

  private mutating func endHead() throws(Refusal) {
    let body = try head.body()
    heads += 1
    switch body {
    case .none: endRequest()
    case .length(let count): (place, size) = (.body(left: count), 0)
    case .chunked: (place, size) = (.chunkSize, 0)
    }
  }

  private mutating func endRequest() { (place, size) = (.requestLine, 0) }

  private static func index(of byte: Int32, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, byte, bytes.count) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  private var tooLarge: Refusal {
    switch place {
    case .requestLine: Refusal(status: 414, reason: "The URL is too long: \(limit) bytes at most.")
    case .header, .trailer: Refusal(status: 431, reason: "The request’s headers are too large: \(limit) bytes at most.")
    default: Refusal(status: 400, reason: "Invalid chunk size.")
    }
  }

  private static let controlCharacter = Refusal(status: 400, reason: "The request’s head contains a control character.")
}

/// The line before each chunk (RFC 9112 §7.1): a size in hexadecimal, and ignored extensions.
private enum ChunkLine {
  static func size(_ line: UnsafeRawBufferPointer) -> Int? {
    var size = 0
    var digits = 0
    for byte in line {
      switch byte {
      case 48...57: size = size << 4 | Int(byte - 48)
      case 65...70, 97...102: size = size << 4 | Int((byte | 32) - 87)
      case UInt8(ascii: ";") where digits > 0: return size
      default: return nil
      }
      digits += 1
      if digits > 15 { return nil }
    }
    return digits > 0 ? size : nil
  }
}
