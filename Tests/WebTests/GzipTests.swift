import Gzip
import TestKit
import Testing

struct GzipTests {
  @Test(arguments: [0, 1, 6, 9])
  func `data survives a round trip, at every level, empty and long`(level: Int) {
    var random = SplitMix(seed: 10)
    for size in [0, 1, 100, 70_000, 300_000] {
      let noise = random.bytes(size)
      let text = [UInt8](repeating: 0x61, count: size)
      #expect(Gzip.decompress(Gzip.compress(noise, level: level)) == noise)
      #expect(Gzip.decompress(Gzip.compress(text, level: level)) == text)
    }
  }

  @Test(arguments: [1, 3, 19])
  func `zstd round-trips data, empty and long, and refuses corrupt frames`(level: Int) {
    var random = SplitMix(seed: 11)
    for size in [0, 1, 100, 70_000, 300_000] {
      for content in [random.bytes(size), [UInt8](repeating: 0x61, count: size)] {
        let packed = Zstd.compress(content, level: level)
        #expect(Zstd.decompress(packed) == content)
        #expect(Zstd.decompress(Array(packed.dropLast())) == nil)
        #expect(Zstd.decompress(packed + [0]) == nil)
        if size > 0 { #expect(Zstd.decompress(packed, limit: size - 1) == nil) }
      }
    }
    #expect(Zstd.decompress([]) == nil)
    #expect(Zstd.decompress([1, 2, 3]) == nil)
  }

  @Test func `pages of any size survive a round trip, compressed by one thread after another`() {
    var random = SplitMix(seed: 12)
    let pieces = ["<li class=\"row\">", "Παπαδόπουλος", "</li>", "contact ", "\n", "é"].map { Array($0.utf8) }
    for size in stride(from: 0, to: 400, by: 3) {
      let page = (0..<size * 7).flatMap { _ in pieces[Int(random.bytes(1)[0]) % pieces.count] } + random.bytes(size % 50)
      #expect(Gzip.decompress(Gzip.compress(page, level: 1)) == page)
      #expect(Zstd.decompress(Zstd.compress(page, level: 1)) == page)
    }
  }

  @Test func `the result is the gzip format`() {
    #expect(Gzip.compress([0x61], level: 1).prefix(3) == [0x1F, 0x8B, 8])
  }

  @Test func `compression is deterministic`() {
    let text = Array(String(repeating: "contact ", count: 1_000).utf8)
    let first = Gzip.compress(text, level: 6)
    _ = Gzip.compress([1, 2, 3], level: 6)
    #expect(Gzip.compress(text, level: 6) == first)
  }

  @Test func `corrupt, truncated and overlong streams are refused`() {
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

  @Test func `many threads compress at once`() async {
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
