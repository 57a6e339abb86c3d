import Base
import Web

/// The same numbers every time (SplitMix64), so that a fuzz run that failed fails again.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }

  /// A few bytes changed, dropped, doubled or put in.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      let place = Int.random(in: 0...bytes.count, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: bytes[max(0, place - 9)..<place], at: place)
      default: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
      }
    }
    return bytes
  }

  /// The same bytes cut into pieces.
  mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...20, using: &self))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}

extension Request {
  /// A request as the server would hand it over.
  static func sample(
    _ method: Method = .get, _ target: String = "/", headers fields: KeyValuePairs<String, String> = [:], body: Body = .none
  ) -> Request {
    var headers = Headers()
    for (name, value) in fields { headers.add(name, value) }
    let path = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    return Request(
      id: "r1", method: method, path: path, target: target, headers: headers, body: body, received: Timestamp(milliseconds: 0))
  }
}

extension Response {
  /// The body's bytes, for bodies that are in memory.
  var bytes: [UInt8] {
    switch body {
    case .bytes(let bytes): bytes
    case .shared(let shared): Array(shared.bytes)
    case .empty, .stream, .file, .events: []
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
