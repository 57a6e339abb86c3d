/// The character encoding of a file.
package enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  /// The Windows encoding of Western Europe.
  case windows1252 = "windows-1252"
  /// The Windows encoding of Greece.
  case windows1253 = "windows-1253"

  /// Parses the name of an encoding as people and programs write it: `UTF8`, `cp1253`, `Windows-1252`.
  package init?(named name: String) {
    switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "utf8": self = .utf8
    case "utf16", "utf16le": self = .utf16LittleEndian
    case "utf16be": self = .utf16BigEndian
    case "windows1252", "cp1252", "1252", "latin1", "iso88591": self = .windows1252
    case "windows1253", "cp1253", "1253", "iso88597", "greek": self = .windows1253
    default: return nil
    }
  }

  /// The scalar of a byte from 0x80 on; `nil` if the encoding doesn't define it.
  func scalar(_ byte: UInt8) -> Unicode.Scalar? {
    let scalar: UInt32
    switch byte {
    case 0x80..<0xA0: scalar = UInt32(Self.windows[Int(byte) - 0x80])
    case _ where self == .windows1253: scalar = Self.greek(byte)
    default: scalar = UInt32(byte)
    }
    // Windows-1253 has only symbols in this range, no letters.
    if self == .windows1253, [0x88, 0x8A, 0x8C, 0x8E, 0x98, 0x9A, 0x9C, 0x9E, 0x9F].contains(byte) { return nil }
    return scalar == 0 ? nil : Unicode.Scalar(scalar)
  }

  private static func greek(_ byte: UInt8) -> UInt32 {
    switch byte {
    case 0xA1: 0x385
    case 0xA2: 0x386
    case 0xAF: 0x2015
    case 0xB4: 0x384
    case 0xAA, 0xD2, 0xFF: 0
    case 0xB8, 0xB9, 0xBA, 0xBC, 0xBE...0xFE: UInt32(byte) + 0x2D0
    default: UInt32(byte)
    }
  }

  /// 0x80 to 0x9F of the Windows encodings; 0 for undefined.
  private static let windows: [UInt16] = [
    0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
  ]
}

/// Converts another encoding to UTF-8, chunk by chunk. Bytes that are invalid in that encoding become a byte that is
/// invalid in UTF-8, so that the reader reports their position.
struct TextDecoder {
  private static let noText: UInt8 = 0xFF

  let encoding: TextEncoding
  /// The first byte of a code unit whose second byte is in the next chunk.
  private var half: UInt8?
  /// The high surrogate of a pair.
  private var lead: UInt16?

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  /// Appends the decoded text of a chunk; without one, at the end, whatever is left over.
  mutating func decode(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
    switch encoding {
    case .utf8: text.append(contentsOf: bytes)
    case .windows1252, .windows1253:
      for byte in bytes {
        if byte < 0x80 { text.append(byte) } else { append(encoding.scalar(byte), to: &text) }
      }
    case .utf16LittleEndian, .utf16BigEndian:
      for byte in bytes {
        guard let first = half else {
          half = byte
          continue
        }
        half = nil
        let (low, high) = encoding == .utf16LittleEndian ? (first, byte) : (byte, first)
        take(UInt16(high) << 8 | UInt16(low), to: &text)
      }
    }
  }

  /// No more input.
  mutating func finish(to text: inout [UInt8]) {
    if half != nil || lead != nil { text.append(Self.noText) }
    (half, lead) = (nil, nil)
  }

  private mutating func take(_ unit: UInt16, to text: inout [UInt8]) {
    if let lead {
      self.lead = nil
      if 0xDC00...0xDFFF ~= unit {
        append(Unicode.Scalar(0x10000 + (UInt32(lead) - 0xD800) << 10 + UInt32(unit) - 0xDC00), to: &text)
        return
      }
      text.append(Self.noText)
    }
    if 0xD800...0xDBFF ~= unit { lead = unit } else { append(Unicode.Scalar(unit), to: &text) }
  }

  private func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
    if let scalar { text.append(contentsOf: Array(String(scalar).utf8)) } else { text.append(Self.noText) }
  }
}
