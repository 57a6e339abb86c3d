/// The same numbers every time (SplitMix64), so that a fuzz run that failed fails again.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// Numbers that come again with this seed.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 up to the bound, which it never reaches.
  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// So many bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  /// So many items of an alphabet, which isn't empty.
  package mutating func items<Item>(_ count: Int, of alphabet: [Item]) -> [Item] {
    (0..<count).map { _ in alphabet[below(alphabet.count)] }
  }

  /// A few bytes changed, dropped, doubled or put in.
  package mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) {
      let place = below(bytes.count + 1)
      switch below(4) {
      case 0 where place < bytes.count: bytes[place] = UInt8(below(256))
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: bytes[max(0, place - 9)..<place], at: place)
      default: bytes.insert(UInt8(below(256)), at: place)
      }
    }
    return bytes
  }

  /// The same bytes cut into pieces.
  package mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(1 + below(20))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}
