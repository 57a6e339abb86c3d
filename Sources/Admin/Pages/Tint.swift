/// A calm colour for a record's initials, the same one wherever it appears: the name of a class.
package enum Tint {
  private static let classes = (0..<8).map { "tint-\($0)" }

  /// The tint of this number, from 0.
  package static func named(_ number: Int) -> String { classes[number % classes.count] }

  package static func of(_ id: String) -> String { of(id.utf8) }

  static func of(_ id: some BidirectionalCollection<UInt8>) -> String {
    // The tail of a UUIDv7 is random, so it spreads evenly.
    classes[id.suffix(4).reduce(0) { $0 &* 31 &+ Int($1) } % classes.count]
  }
}
