/// Detects the most likely encoding of a text, chunk by chunk over all of its bytes.
///
/// UTF-16 shows by its byte order mark, or by half of the bytes being zero. Bytes from 0x80 on are either valid UTF-8
/// or letters of a Windows encoding: adjacent to each other in Greek, between plain letters in Western European.
struct TextSurvey {
  /// Line feeds: an estimate of the number of lines.
  private(set) var lines = 0
  private var count = 0
  private var start: [UInt8] = []
  /// Valid multi-byte UTF-8 characters, and invalid ones.
  private var (characters, strays) = (0, 0)
  private var (missing, last): (UInt8, UInt8) = (0, 0)
  /// Non-ASCII letters next to another one, and next to an ASCII letter.
  private var (besideSuch, besidePlain) = (0, 0)

  mutating func look(at bytes: UnsafeBufferPointer<UInt8>) {
    if start.count < 4096 { start += bytes.prefix(4096 - start.count) }
    count += bytes.count
    for byte in bytes {
      if byte < 0x80 {
        if byte == 0x0A { lines += 1 }
        if missing == 0, last < 0x80 {
          last = byte
          continue
        }
      }
      weigh(byte)
      last = byte
    }
  }

  private mutating func weigh(_ byte: UInt8) {
    let isHigh = byte >= 0xB8
    if isHigh, last >= 0xB8 { besideSuch += 1 }
    if isHigh != (last >= 0xB8), Self.isLetter(byte) || Self.isLetter(last) { besidePlain += 1 }
    if missing > 0 {
      if byte & 0xC0 == 0x80 {
        missing -= 1
        if missing == 0 { characters += 1 }
        return
      }
      strays += 1
      missing = 0
    }
    switch byte {
    case 0xC2...0xDF: missing = 1
    case 0xE0...0xEF: missing = 2
    case 0xF0...0xF4: missing = 3
    case 0x80...: strays += 1
    default: break
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 && byte < 0x80 }

  var encoding: TextEncoding {
    if start.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if start.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    let zeros = [0, 1].map { parity in start.indices.count { $0 % 2 == parity && start[$0] == 0 } }
    if zeros[1] * 3 > start.count, zeros[0] * 20 < start.count { return .utf16LittleEndian }
    if zeros[0] * 3 > start.count, zeros[1] * 20 < start.count { return .utf16BigEndian }
    // A few bad bytes in an otherwise valid UTF-8 text are reported with their position.
    if strays == 0 && missing == 0 || characters > strays { return .utf8 }
    return besideSuch > besidePlain ? .windows1253 : .windows1252
  }
}
