/// The key of a record: a UUID as lower-case text. Ids made here are UUIDv7 (RFC 9562), which sort by creation time.
package struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 36 characters, `019aa3a1-7c1e-7f3a-8b0e-5d1c2f9e4a77`.
  package let text: String

  /// Parses a UUID of any version and letter case; `nil` for anything but 32 hex digits and four hyphens in the right
  /// positions.
  package init?(_ text: String) {
    var text = text
    guard let id = text.withUTF8(RecordID.init(utf8:)) else { return nil }
    self = id
  }

  /// `init(_ text:)` for the bytes of a text.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 36 else { return nil }
    for place in 0..<36 {
      let byte = bytes[place]
      let fits = RecordID.isHyphen(place) ? byte == UInt8(ascii: "-") : RecordID.isHexDigit(byte)
      guard fits else { return nil }
    }
    // Setting bit 5 lowers letters and leaves digits and hyphens unchanged.
    text = String(unsafeUninitializedCapacity: 36) { out in
      for place in 0..<36 { out[place] = bytes[place] | 0x20 }
      return 36
    }
  }

  /// A UUIDv7 with that time and the given random bits: the low 12 of `a` and the low 62 of `b`.
  package init(at moment: Timestamp, randomA a: UInt16, randomB b: UInt64) {
    let time = UInt64(clamping: moment.milliseconds) & 0xFFFF_FFFF_FFFF
    let high = time << 16 | 0x7000 | UInt64(a & 0x0FFF)
    let low = 0x8000_0000_0000_0000 | b & 0x3FFF_FFFF_FFFF_FFFF
    text = String(unsafeUninitializedCapacity: 36) { out in
      var place = 0
      func put(_ half: UInt64) {
        for shift in stride(from: 60 as UInt64, through: 0, by: -4) {
          if RecordID.isHyphen(place) {
            out[place] = UInt8(ascii: "-")
            place += 1
          }
          let value = UInt8(truncatingIfNeeded: half >> shift & 0xF)
          out[place] = value < 10 ? 48 + value : 87 + value
          place += 1
        }
      }
      put(high)
      put(low)
      return place
    }
  }

  /// The same as `text`.
  package var description: String { text }

  /// By text, which for UUIDv7 means by creation time.
  package static func < (a: RecordID, b: RecordID) -> Bool { a.text < b.text }

  private static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

  private static func isHexDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 }
}
