#if canImport(Glibc)
  import Glibc
#endif

/// Reads `multipart/form-data` (RFC 7578) piece by piece: append what has come, take events until there are none, repeat; then `finish`.
///
/// Text fields are given whole; files in the chunks in which they come, so that a file of any size needs no memory. No byte is searched twice,
/// however the chunks are cut.
package struct MultipartDecoder {
  /// What the body holds next.
  package enum Event: Sendable, Equatable {
    case field(FormFields.Field)
    /// A file begins; its bytes follow in any number of pieces, then `fileEnd`.
    case file(MultipartPart)
    case fileBytes([UInt8])
    case fileEnd
  }

  private enum State {
    /// In front of the first boundary.
    case preamble
    /// Behind a boundary, where `--` or a line end must come.
    case boundary
    case head
    case field(name: String)
    case file
    case end
  }

  private static let headLimit = 8 << 10
  private static let lineEnd = Array("\r\n".utf8)

  private let limits: FormLimits
  /// Line end, `--` and the boundary: what ends a part.
  private let delimiter: [UInt8]
  private var state = State.preamble
  /// What has come and is not used up: `bytes[start...]`.
  private var bytes: [UInt8]
  private var start = 0
  /// What is searched for doesn't begin before this place.
  private var searched = 0
  private var parts = 0
  private var textBytes = 0

  /// A decoder for a body with this boundary, a parameter of the Content-Type header: 1 to 70 printable characters (RFC 2046 §5.1.1).
  package init(boundary: String, limits: FormLimits = .multipart) throws(FormError) {
    guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw FormError(.malformed("the boundary between its parts is not a proper one"))
    }
    self.limits = limits
    delimiter = Self.lineEnd + Array("--\(boundary)".utf8)
    // No line end need stand in front of the first boundary; with one it looks like all others.
    bytes = Self.lineEnd
  }

  /// Adds what has come.
  package mutating func append(_ chunk: some Collection<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched = max(0, searched - start)
      start = 0
    }
    bytes += chunk
  }

  /// The next event; `nil` when more bytes are needed or the last boundary has come.
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
        // Whatever stands behind the last boundary means nothing.
        start = bytes.count
        return nil
      }
    }
  }

  /// To be called when no more bytes come: a body that was cut short is an error.
  package func finish() throws(FormError) {
    guard case .end = state else { throw FormError(.malformed("it ends before its last boundary")) }
  }

  private mutating func skipPreamble() -> Bool {
    guard let place = find(delimiter) else {
      start = max(start, searched)
      return false
    }
    pass(delimiterAt: place)
    return true
  }

  /// Leaves the line end in place: the head of a part without any header is that line end and the next.
  private mutating func readBoundaryLine() throws(FormError) -> Bool {
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") { start += 1 }
    guard bytes.count - start >= 2 else { return false }
    let line = bytes[start..<start + 2]
    if line.elementsEqual("--".utf8) {
      state = .end
      return true
    }
    guard line.elementsEqual(Self.lineEnd) else {
      throw FormError(.malformed("a boundary between its parts is followed by something else"))
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

  /// All that is surely the file's: up to the delimiter, or to where one may have begun.
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

  /// Where the pattern begins, whose first byte is CR. Moves `searched` to there, or to the first place where it may yet begin.
  ///
  /// A boundary holds no CR, so that no place is compared twice but those of a head's empty line.
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
