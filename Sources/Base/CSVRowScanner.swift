/// Finds one row at the start of the given bytes. Stateless: a row cut off by the end of the buffer is simply scanned
/// again when more bytes have arrived, which costs nothing measurable with 1 MiB reads.
struct CSVRowScanner {
  enum Outcome {
    case row(fields: [String], length: Int, lines: Int)
    case blank(length: Int)
    /// The row continues beyond the available bytes.
    case incomplete
    /// Continue `length` bytes and `lines` lines ahead, and at the following line if `skipsLine`.
    case bad(CSVError.Reason, length: Int, lines: Int, skipsLine: Bool)
  }

  let delimiter: UInt8
  let isAtEnd: Bool
  let expectedFields: Int

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")

  func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
    var fields: [String] = []
    fields.reserveCapacity(expectedFields)
    var position = 0
    var lines = 0
    var problem: CSVError.Reason?

    if let end = lineEnd(at: 0, in: bytes) { return end > 0 ? .blank(length: end) : .incomplete }

    while true {
      // One iteration per field; `position` is at its first byte.
      let field: String?
      var holdsNUL = false
      if position < bytes.count, bytes[position] == CSVRowScanner.quote {
        let start = position + 1
        var hasDoubledQuote = false
        position = start
        quoted: while true {
          guard position < bytes.count else { return endedInsideQuote(bytes.count, field: fields.count + 1) }
          let byte = bytes[position]
          if byte == CSVRowScanner.quote {
            guard position + 1 < bytes.count else {
              if isAtEnd { break quoted }
              return endedInsideQuote(bytes.count, field: fields.count + 1)
            }
            guard bytes[position + 1] == CSVRowScanner.quote else { break quoted }
            hasDoubledQuote = true
            position += 1
          } else if byte == CSVRowScanner.lineFeed {
            lines += 1
          } else if byte == 0 {
            holdsNUL = true
          }
          position += 1
        }
        field = text(bytes[start..<position], hasDoubledQuote: hasDoubledQuote)
        position += 1
      } else {
        let start = position
        while position < bytes.count {
          let byte = bytes[position]
          if byte == delimiter || byte == CSVRowScanner.lineFeed || byte == CSVRowScanner.carriageReturn { break }
          if byte == 0 { holdsNUL = true }
          position += 1
        }
        field = text(bytes[start..<position], hasDoubledQuote: false)
      }

      if position > CSVReader.rowLimit { return .bad(.rowTooLong, length: 0, lines: 0, skipsLine: true) }
      if position == bytes.count && !isAtEnd { return .incomplete }
      if problem == nil {
        if holdsNUL { problem = .nulByte(field: fields.count + 1) } else if field == nil { problem = .invalidUTF8(field: fields.count + 1) }
      }
      fields.append(field ?? "")

      if position < bytes.count, bytes[position] == delimiter {
        position += 1
        continue
      }
      if position < bytes.count {
        guard let end = lineEnd(at: position, in: bytes) else {
          return .bad(.textAfterQuote(field: fields.count), length: position, lines: lines, skipsLine: true)
        }
        if end == 0 { return .incomplete }
        position += end
      }
      lines += 1
      if let problem { return .bad(problem, length: position, lines: lines, skipsLine: false) }
      return .row(fields: fields, length: position, lines: lines)
    }
  }

  /// The data ended between quotes. Where the row should have ended is unknown, so reading continues after its first
  /// line.
  private func endedInsideQuote(_ length: Int, field: Int) -> Outcome {
    if length > CSVReader.rowLimit { return .bad(.rowTooLong, length: 0, lines: 0, skipsLine: true) }
    return isAtEnd ? .bad(.unterminatedQuote(field: field), length: 0, lines: 0, skipsLine: true) : .incomplete
  }

  /// The length of the line end at a position: `nil` if there is none, 0 if more bytes are needed to tell.
  private func lineEnd(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard place < bytes.count else { return isAtEnd ? nil : 0 }
    if bytes[place] == CSVRowScanner.lineFeed { return 1 }
    guard bytes[place] == CSVRowScanner.carriageReturn else { return nil }
    if place + 1 < bytes.count { return bytes[place + 1] == CSVRowScanner.lineFeed ? 2 : 1 }
    return isAtEnd ? 1 : 0
  }

  /// `nil` if the bytes aren't valid UTF-8.
  private func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, hasDoubledQuote: Bool) -> String? {
    guard hasDoubledQuote else { return String(validating: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self) }
    var single: [UInt8] = []
    single.reserveCapacity(bytes.count)
    var isSecondOfPair = false
    for byte in bytes {
      let isQuote = byte == CSVRowScanner.quote
      if !(isQuote && isSecondOfPair) { single.append(byte) }
      isSecondOfPair = isQuote && !isSecondOfPair
    }
    return String(validating: single, as: UTF8.self)
  }
}
