#if canImport(Glibc)
  import Glibc
#endif

/// One row of a CSV file.
package struct CSVRow: Hashable, Sendable {
  /// The line on which the row begins, counted from 1.
  package let line: Int
  /// The fields' text, quotes undone, otherwise as in the file.
  package let fields: [String]
}

/// Reads CSV (RFC 4180) row by row in bounded memory, whatever the file's size.
///
/// Lines end in CRLF, LF or CR; a byte order mark and empty lines are skipped; a quote inside an unquoted field is
/// text. After an error `next()` continues with a later line, so that an import can report a bad row and go on.
package struct CSVReader {
  /// The maximum size of a row in bytes.
  package static let rowLimit = 1 << 20

  private let file: CSVFile?
  private var delimiter: UInt8
  /// Converts the file to UTF-8; `nil` if it is UTF-8 already.
  private var decoder: TextDecoder?
  private var buffer: [UInt8]
  /// The part of the buffer that has been read but not consumed.
  private var unread: Range<Int>
  private var isAtEnd: Bool
  private var line = 1
  private var lastFieldCount = 0
  private var isSkippingLine = false

  /// A reader of the file at `path`, opened immediately; throws a `CSVError` on failure. Without a delimiter, it is
  /// detected from the heading.
  package init(path: String, encoding: TextEncoding = .utf8, delimiter: Character? = ",") throws(CSVError) {
    file = try CSVFile(path: path)
    if encoding != .utf8 { decoder = TextDecoder(encoding) }
    self.delimiter = delimiter?.asciiValue ?? 0
    buffer = []
    unread = 0..<0
    isAtEnd = false
    try fill()
    begin()
  }

  /// A reader of bytes in memory.
  package init(bytes: [UInt8], encoding: TextEncoding = .utf8, delimiter: Character? = ",") {
    file = nil
    self.delimiter = delimiter?.asciiValue ?? 0
    buffer = bytes
    if encoding != .utf8 {
      var decoder = TextDecoder(encoding)
      buffer = []
      decoder.decode(bytes, to: &buffer)
      decoder.finish(to: &buffer)
    }
    unread = 0..<buffer.count
    isAtEnd = true
    begin()
  }

  /// The next row; `nil` at the end. Can be called again after a throw and continues after the bad row (after its first
  /// line, if the row's end can't be determined).
  package mutating func next() throws(CSVError) -> CSVRow? {
    while true {
      if isSkippingLine { try skipLine() }
      if unread.isEmpty && isAtEnd { return nil }
      let scanner = CSVRowScanner(delimiter: delimiter, isAtEnd: isAtEnd, expectedFields: lastFieldCount)
      let outcome = buffer.withUnsafeBufferPointer { scanner.scan(UnsafeBufferPointer(rebasing: $0[unread])) }
      let first = line
      switch outcome {
      case .incomplete:
        try fill()
      case .blank(let length):
        advance(by: length, lines: 1)
      case .row(let fields, let length, let lines):
        advance(by: length, lines: lines)
        lastFieldCount = fields.count
        return CSVRow(line: first, fields: fields)
      case .bad(let reason, let length, let lines, let skipsLine):
        advance(by: length, lines: lines)
        isSkippingLine = skipsLine
        throw CSVError(line: first, reason: reason)
      }
    }
  }

  private mutating func advance(by length: Int, lines: Int) {
    unread = unread.lowerBound + length..<unread.upperBound
    line += lines
  }

  private mutating func begin() {
    if buffer[unread].starts(with: CSVWriter.byteOrderMark) { advance(by: CSVWriter.byteOrderMark.count, lines: 0) }
    if delimiter == 0 { settleDelimiter() }
  }

  /// The delimiter given by a first line `sep=;`, or else the most frequent candidate in the heading; a comma if there
  /// is none.
  private mutating func settleDelimiter() {
    let candidates = ",;\t".utf8.map(\.self)
    let first = buffer[unread].prefix { $0 != 0x0A && $0 != 0x0D }
    if first.count == 5, String(decoding: first.prefix(4), as: UTF8.self).lowercased() == "sep=", let named = first.last {
      delimiter = named
      let isPair = buffer[first.endIndex..<unread.upperBound].starts(with: [0x0D, 0x0A])
      return advance(by: min(5 + (isPair ? 2 : 1), unread.count), lines: 1)
    }
    var counts = candidates.map { _ in 0 }
    var isQuoted = false
    for byte in buffer[unread] {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      // Empty lines before the heading don't count.
      if byte == 0x0A || byte == 0x0D, counts.contains(where: { $0 > 0 }) { break }
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    delimiter = candidates.indices.max { counts[$0] < counts[$1] || counts[$0] == counts[$1] && $0 > $1 }.map { candidates[$0] } ?? 0x2C
  }

  /// Skips the rest of a bad row's line.
  private mutating func skipLine() throws(CSVError) {
    while true {
      if let end = buffer[unread].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }), end + 1 < unread.upperBound || isAtEnd {
        let isPair = buffer[end] == 0x0D && end + 1 < unread.upperBound && buffer[end + 1] == 0x0A
        advance(by: end + (isPair ? 2 : 1) - unread.lowerBound, lines: 1)
        break
      }
      if isAtEnd {
        unread = unread.upperBound..<unread.upperBound
        break
      }
      // Keep the last byte: it may be the first half of a CRLF.
      if !unread.isEmpty { unread = unread.upperBound - 1..<unread.upperBound }
      try fill()
    }
    isSkippingLine = false
  }

  /// Moves the unread bytes to the front of the buffer and reads up to 1 MiB after them.
  private mutating func fill() throws(CSVError) {
    guard let file else { return }
    let kept = unread.count
    if unread.lowerBound > 0 { buffer.replaceSubrange(0..<kept, with: buffer[unread]) }
    unread = 0..<kept
    if decoder != nil { return try fillDecoded(from: file, behind: kept) }
    if buffer.count < kept + CSVFile.chunk {
      buffer.append(contentsOf: repeatElement(0, count: kept + CSVFile.chunk - buffer.count))
    }
    let read = buffer.withUnsafeMutableBytes { file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[kept...].prefix(CSVFile.chunk))) }
    if read < 0 { throw failure() }
    unread = 0..<kept + read
    isAtEnd = read == 0
  }

  private mutating func fillDecoded(from file: CSVFile, behind kept: Int) throws(CSVError) {
    buffer.removeLast(buffer.count - kept)
    var bytes = [UInt8](repeating: 0, count: CSVFile.chunk)
    let read = bytes.withUnsafeMutableBytes { file.read(into: $0) }
    if read < 0 { throw failure() }
    isAtEnd = read == 0
    if isAtEnd { decoder?.finish(to: &buffer) } else { decoder?.decode(bytes[..<read], to: &buffer) }
    unread = 0..<buffer.count
  }

  /// Reading has failed: nothing more can come.
  private mutating func failure() -> CSVError {
    let problem = String(cString: strerror(errno))
    isAtEnd = true
    unread = 0..<0
    return CSVError(line: 0, reason: .unreadable(problem))
  }
}

/// An open file, closed on deinit.
final class CSVFile: Sendable {
  static let chunk = 1 << 20

  private let descriptor: Int32

  init(path: String) throws(CSVError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CSVError(line: 0, reason: .unreadable("\(path): \(String(cString: strerror(errno)))")) }
  }

  /// The number of bytes read, 0 at the end, -1 with `errno` set on failure.
  func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  deinit { close(descriptor) }
}
