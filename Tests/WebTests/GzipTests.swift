import Gzip
import Testing

struct GzipTests {
  @Test(arguments: [0, 1, 6, 9])
  func `what was packed comes back, at every level, empty and long`(level: Int) {
    var random = SeededRandom(seed: 10)
    for size in [0, 1, 100, 70_000, 300_000] {
      let noise = random.bytes(size)
      let text = [UInt8](repeating: 0x61, count: size)
      #expect(Gzip.decompress(Gzip.compress(noise, level: level)) == noise)
      #expect(Gzip.decompress(Gzip.compress(text, level: level)) == text)
    }
  }

  @Test func `the result is the gzip format`() {
    #expect(Gzip.compress([0x61], level: 1).prefix(3) == [0x1F, 0x8B, 8])
  }

  @Test func `packing the same again gives the same`() {
    let text = Array(String(repeating: "contact ", count: 1_000).utf8)
    let first = Gzip.compress(text, level: 6)
    _ = Gzip.compress([1, 2, 3], level: 6)
    #expect(Gzip.compress(text, level: 6) == first)
  }

  @Test func `broken, cut and overlong streams are refused`() {
    let text = [UInt8](repeating: 0x61, count: 10_000)
    let packed = Gzip.compress(text, level: 6)
    #expect(Gzip.decompress([]) == nil)
    #expect(Gzip.decompress([1, 2, 3]) == nil)
    #expect(Gzip.decompress(Array(packed.dropLast())) == nil)
    #expect(Gzip.decompress(packed + [0]) == nil)
    #expect(Gzip.decompress(packed, limit: 10_000) == text)
    #expect(Gzip.decompress(packed, limit: 9_999) == nil)
    var broken = packed
    broken[packed.count - 6] ^= 1
    #expect(Gzip.decompress(broken) == nil)
  }

  @Test func `many threads pack at once`() async {
    let right = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let text = Array(String(repeating: "row \(number) ", count: 2_000).utf8)
          return Gzip.decompress(Gzip.compress(text, level: number % 3 + 1)) == text
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(right == 64)
  }
}
