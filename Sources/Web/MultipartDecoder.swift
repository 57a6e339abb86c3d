#if canImport(Glibc)
  import Glibc
#endif

/// Parses `multipart/form-data` (RFC 7578) incrementally: append input, take events until there are none, repeat; then
/// `finish`.
///
/// Text fields are returned whole; files in chunks as they arrive, so that a file of any size needs no memory. No byte
/// is searched twice, however the input is split.
package struct MultipartDecoder {
  /// The next part of the body.
  package enum Event: Sendable, Equatable {
    case field(FormFields.Field)
    /// A file starts; its bytes follow in any number of chunks, then `fileEnd`.
    case file(MultipartPart)
    case fileBytes([UInt8])
    case fileEnd
  }

  private enum State {
    /// Before the first boundary.
    case preamble
    /// After a boundary, where `--` or a line end must follow.
    case boundary
    case head
    case field(name: String)
    case file
    case end
  }

  private static let headLimit = 8 << 10
  private static let lineEnd = Array("\r\n".utf8)

  private let limits: FormLimits
  /// Line end, `--` and the boundary: the end of a part.
  private let delimiter: [UInt8]
  private var state = State.preamble
  /// Unconsumed input: `bytes[start...]`.
  private var bytes: [UInt8]
  private var start = 0
  /// No match starts before this position.
  private var searched = 0
  private var parts = 0
  private var textBytes = 0

  /// A decoder for a body with this boundary, a parameter of the Content-Type header: 1 to 70 printable characters (RFC
  /// 2046 §5.1.1).
  package init(boundary: String, limits: FormLimits = .multipart) throws(FormError) {
    guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw FormError(.malformed("invalid multipart boundary"))
    }
    self.limits = limits
    delimiter = Self.lineEnd + Array("--\(boundary)".utf8)
    // The first boundary doesn't need a line end before it; with one it looks like all others.
    bytes = Self.lineEnd
  }

  /// Appends input.
  package mutating func append(_ chunk: some Collection<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched = max(0, searched - start)
      start = 0
    }
    bytes += chunk
  }

  /// The next event; `nil` if more bytes are needed or the last boundary has been read.
  package mutating func next() throws(FormError) -> Event? {
    while true {
      switch state {
      case .preamble:
        guard skipPreamble() else { return nil }
      case .boundary:
        guard try readBoundaryLine() else { return nil }
      case .head:
        guard let part = try readHead() else { return nil }
        if part.filename != nil {
          state = .file
          return .file(part)
        }
        state = .field(name: part.name)
      case .field(let name):
        return try readField(name)
      case .file:
        return readFile()
      case .end:
        // Anything after the last boundary is ignored.
        start = bytes.count
        return nil
      }
    }
  }

  /// To be called at the end of input: a truncated body is an error.
  package func finish() throws(FormError) {
    guard case .end = state else { throw FormError(.malformed("the body ends before its last boundary")) }
  }

  private mutating func skipPreamble() -> Bool {
    guard let place = find(delimiter) else {
      start = max(start, searched)
      return false
    }
    pass(delimiterAt: place)
    return true
  }

  /// Keeps the line end: the head of a part without headers is that line end and the next.
  private mutating func readBoundaryLine() throws(FormError) -> Bool {
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") { start += 1 }
    guard bytes.count - start >= 2 else { return false }
    let line = bytes[start..<start + 2]
    if line.elementsEqual("--".utf8) {
      state = .end
      return true
    }
    guard line.elementsEqual(Self.lineEnd) else {
      throw FormError(.malformed("unexpected data after a boundary"))
    }
    guard parts < limits.fields else { throw FormError(.tooManyFields(limits.fields)) }
    parts += 1
    searched = start
    state = .head
    return true
  }

  private mutating func readHead() throws(FormError) -> MultipartPart? {
    let place = find(Self.lineEnd + Self.lineEnd)
    guard (place ?? searched) - start <= Self.headLimit else { throw FormError(.malformed("the head of a part is too long")) }
    guard let place else { return nil }
    let part = try MultipartPart(head: bytes[start..<place])
    start = place + 4
    searched = start
    return part
  }

  private mutating func readField(_ name: String) throws(FormError) -> Event? {
    let place = find(delimiter)
    let size = (place ?? searched) - start
    guard size <= limits.fieldBytes else { throw FormError(.tooLarge(bytes: limits.fieldBytes), field: name) }
    guard textBytes + size <= limits.textBytes else { throw FormError(.tooLarge(bytes: limits.textBytes)) }
    guard let place else { return nil }
    let value = try FormText.decode(bytes[start..<place], field: name)
    textBytes += size
    pass(delimiterAt: place)
    return .field(FormFields.Field(name, value))
  }

  /// All bytes that certainly belong to the file: up to the delimiter, or to where one could start.
  private mutating func readFile() -> Event? {
    let place = find(delimiter)
    let end = place ?? searched
    if end > start {
      let piece = Array(bytes[start..<end])
      start = end
      return .fileBytes(piece)
    }
    guard let place else { return nil }
    pass(delimiterAt: place)
    return .fileEnd
  }

  private mutating func pass(delimiterAt place: Int) {
    start = place + delimiter.count
    searched = start
    state = .boundary
  }

  /// The position of the pattern, whose first byte is CR. Moves `searched` there, or to the first position where it
  /// could still start.
  ///
  /// A boundary contains no CR, so no position is compared twice except for the empty line of a head.
  private mutating func find(_ pattern: [UInt8]) -> Int? {
    let last = bytes.count - pattern.count
    let place = bytes.withUnsafeBytes { hay -> Int? in
      guard let base = hay.baseAddress else { return nil }
      var place = searched
      while place <= last, let found = memchr(base + place, Int32(UInt8(ascii: "\r")), last - place + 1) {
        place = UnsafeRawPointer(found) - base
        if memcmp(base + place, pattern, pattern.count) == 0 { return place }
        place += 1
      }
      return nil
    }
    searched = place ?? max(searched, last + 1)
    return place
  }
}
