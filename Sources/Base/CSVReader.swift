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
/// Lines may end in CRLF, LF or CR; a byte order mark and empty lines are passed over; a quote inside an unquoted field is text. After an
/// error `next()` goes on with a later line, so that an import can report a bad row and continue.
package struct CSVReader {
  /// The most bytes that a row may have.
  package static let rowLimit = 1 << 20

  private let file: CSVFile?
  private let delimiter: UInt8
  private var buffer: [UInt8]
  /// The part of the buffer that is read and not yet used.
  private var unread: Range<Int>
  private var isAtEnd: Bool
  private var line = 1
  private var lastFieldCount = 0
  private var isSkippingLine = false

  /// A reader of the file at `path`, which it opens at once. Throws a `CSVError` when that fails.
  package init(path: String, delimiter: Character = ",") throws(CSVError) {
    file = try CSVFile(path: path)
    self.delimiter = delimiter.asciiValue ?? UInt8(ascii: ",")
    buffer = []
    unread = 0..<0
    isAtEnd = false
    try fill()
    skipByteOrderMark()
  }

  /// A reader of bytes in memory.
  package init(bytes: [UInt8], delimiter: Character = ",") {
    file = nil
    self.delimiter = delimiter.asciiValue ?? UInt8(ascii: ",")
    buffer = bytes
    unread = 0..<bytes.count
    isAtEnd = true
    skipByteOrderMark()
  }

  /// The next row; `nil` at the end. After a throw it may be called again and goes on behind the bad row (behind its first line, when where
  /// the row ends can't be told).
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

  private mutating func skipByteOrderMark() {
    if buffer[unread].starts(with: [0xEF, 0xBB, 0xBF]) { advance(by: 3, lines: 0) }
  }

  /// Passes over the rest of a bad row's line without keeping it.
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

  /// Moves what is unread to the front of the buffer and reads up to 1 MiB behind it.
  private mutating func fill() throws(CSVError) {
    guard let file else { return }
    let kept = unread.count
    if unread.lowerBound > 0 { buffer.replaceSubrange(0..<kept, with: buffer[unread]) }
    unread = 0..<kept
    if buffer.count < kept + CSVFile.chunk {
      buffer.append(contentsOf: repeatElement(0, count: kept + CSVFile.chunk - buffer.count))
    }
    let read = buffer.withUnsafeMutableBytes { file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[kept...].prefix(CSVFile.chunk))) }
    if read < 0 {
      let problem = String(cString: strerror(errno))
      isAtEnd = true
      unread = 0..<0
      throw CSVError(line: 0, reason: .unreadable(problem))
    }
    unread = 0..<kept + read
    isAtEnd = read == 0
  }
}

/// An open file, closed when its reader goes.
private final class CSVFile: Sendable {
  static let chunk = 1 << 20

  private let descriptor: Int32

  init(path: String) throws(CSVError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CSVError(line: 0, reason: .unreadable("\(path): \(String(cString: strerror(errno)))")) }
  }

  /// How many bytes came, 0 at the end, -1 with `errno` set on failure.
  func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  deinit { close(descriptor) }
}
