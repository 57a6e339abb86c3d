/// A calm colour for a record's initials, the same one wherever it appears.
enum Tint {
  static let count = 8

  static func of(_ id: String) -> String {
    // The tail of a UUIDv7 is random, so it spreads evenly.
    "tint-" + String(id.utf8.suffix(4).reduce(0) { $0 &* 31 &+ Int($1) } % count)
  }
}
