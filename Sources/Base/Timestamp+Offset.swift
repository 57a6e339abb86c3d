extension Timestamp {
  /// Parses a moment as programs write it (RFC 3339): with `Z` or with an offset, `2026-11-20T14:05:00+02:00`.
  package init?(withOffset text: String) {
    if let moment = Timestamp(text.uppercased()) {
      self = moment
      return
    }
    let bytes = Array(text.utf8)
    guard bytes.count >= 25, let sign = bytes.dropLast(5).last, sign == 43 || sign == 45 else { return nil }
    let offset = bytes.suffix(5).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard offset.count == 2, offset.allSatisfy({ $0.count == 2 && $0.allSatisfy { 48...57 ~= $0 } }),
      let hours = Int(String(decoding: offset[0], as: UTF8.self)), let minutes = Int(String(decoding: offset[1], as: UTF8.self)),
      hours < 24, minutes < 60, let local = Timestamp(String(decoding: bytes.dropLast(6), as: UTF8.self).uppercased() + "Z")
    else { return nil }
    self = local.adding(seconds: (hours * 3600 + minutes * 60) * (sign == 43 ? -1 : 1))
  }
}
