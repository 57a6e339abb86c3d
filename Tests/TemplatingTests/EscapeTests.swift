import TestKit
import Testing

@testable import Templating

@Suite struct EscapeTests {
  /// The rule itself, byte by byte.
  private func plain(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "&"): Array("&amp;".utf8)
      case UInt8(ascii: "<"): Array("&lt;".utf8)
      case UInt8(ascii: ">"): Array("&gt;".utf8)
      case UInt8(ascii: "\""): Array("&quot;".utf8)
      case UInt8(ascii: "'"): Array("&#39;".utf8)
      default: [byte]
      }
    }
  }

  private func escaped(_ bytes: [UInt8]) -> [UInt8] {
    var out = ByteBuffer(capacity: 4)
    bytes.withUnsafeBufferPointer { Escape.html($0, into: &out) }
    return out.bytes
  }

  @Test func `each byte is escaped at each position, whatever its neighbour is`() {
    for byte in UInt8.min...UInt8.max {
      for neighbour in UInt8.min...UInt8.max {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 17)
        (bytes[Int(neighbour) % 16], bytes[Int(neighbour) % 16 + 1]) = (byte, neighbour)
        #expect(escaped(bytes) == plain(bytes))
      }
    }
  }

  @Test func `texts of any bytes and lengths are escaped as byte by byte`() {
    var random = SplitMix(seed: 0xE5CA_9E01)
    // The five, the neighbouring values, the ends of the range.
    let likely: [UInt8] = [
      0x22, 0x26, 0x27, 0x3C, 0x3E, 0x21, 0x23, 0x24, 0x25, 0x28, 0x3B, 0x3D, 0x3F, 0xA2, 0xA6, 0xBC, 0xBE, 0, 1, 0x7F, 0x80, 0xFF,
    ]
    for _ in 0..<20_000 {
      let share = random.below(100)
      let bytes = (0..<random.below(70)).map { _ in
        random.below(100) < share ? likely[random.below(likely.count)] : UInt8(truncatingIfNeeded: random.next())
      }
      #expect(escaped(bytes) == plain(bytes))
    }
  }
}
