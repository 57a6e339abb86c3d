extension Timestamp: CustomStringConvertible {
  /// The earliest and latest representable moments.
  private static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// Always 24 characters, `2026-11-20T22:03:18.123Z`, so that texts sort chronologically. Moments outside the years
  /// 0000 to 9999 are clamped.
  package var text: String {
    let range = Timestamp.writable
    let civil = Timestamp(milliseconds: min(max(milliseconds, range.lowerBound), range.upperBound)).civil
    return String(unsafeUninitializedCapacity: 24) { out in
      func put(_ value: Int, digits: Int, at start: Int, then mark: Unicode.Scalar) {
        var rest = value
        for place in stride(from: start + digits - 1, through: start, by: -1) {
          out[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
          rest /= 10
        }
        out[start + digits] = UInt8(ascii: mark)
      }
      put(civil.year, digits: 4, at: 0, then: "-")
      put(civil.month, digits: 2, at: 5, then: "-")
      put(civil.day, digits: 2, at: 8, then: "T")
      put(civil.hour, digits: 2, at: 11, then: ":")
      put(civil.minute, digits: 2, at: 14, then: ":")
      put(civil.second, digits: 2, at: 17, then: ".")
      put(civil.millisecond, digits: 3, at: 20, then: "Z")
      return 24
    }
  }

  /// The same as `text`.
  package var description: String { text }

  /// Parses `2026-11-20T22:03:18.123Z`, the same without a fraction, and (for imports) `2026-11-20 22:03:18`, taken as
  /// UTC. Digits of a fraction after the third are dropped. `nil` for anything else, and for a date that doesn't exist.
  package init?(_ text: String) {
    var text = text
    guard let moment = text.withUTF8(Timestamp.init(utf8:)) else { return nil }
    self = moment
  }

  /// `init(_ text:)` for the bytes of a text.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    @inline(__always)
    func number(at start: Int, digits: Int) -> Int? {
      var value = 0
      for place in start..<start + digits {
        let digit = bytes[place] &- 48
        guard digit < 10 else { return nil }
        value = value &* 10 &+ Int(digit)
      }
      return value
    }
    func has(_ mark: Unicode.Scalar, at place: Int) -> Bool { bytes[place] == UInt8(ascii: mark) }

    guard 19...30 ~= bytes.count, has("-", at: 4), has("-", at: 7), has(":", at: 13), has(":", at: 16),
      let year = number(at: 0, digits: 4), let month = number(at: 5, digits: 2), let day = number(at: 8, digits: 2),
      let hour = number(at: 11, digits: 2), let minute = number(at: 14, digits: 2), let second = number(at: 17, digits: 2)
    else { return nil }

    var millisecond = 0
    if bytes.count == 19 {
      guard has(" ", at: 10) else { return nil }
    } else {
      guard has("T", at: 10) || has(" ", at: 10), has("Z", at: bytes.count - 1) else { return nil }
      let fraction = bytes.count - 21
      if fraction >= 0 {
        guard fraction > 0, has(".", at: 19), number(at: 20, digits: fraction) != nil,
          let read = number(at: 20, digits: min(3, fraction))
        else { return nil }
        millisecond = fraction == 1 ? read * 100 : fraction == 2 ? read * 10 : read
      }
    }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond)
  }
}
