import Base
import Synchronization
import Testing

struct RecordIDTests {
  private static let now = Timestamp(milliseconds: 1_795_212_198_123)

  @Test func `an id carries its time, version 7 and the RFC's variant`() {
    let text = RecordID.make(at: RecordIDTests.now).text
    let digits = Array(text.utf8)
    #expect(digits.count == 36)
    #expect(text.filter { $0 != "-" }.prefix(12) == String(1_795_212_198_123, radix: 16).leftPadded(to: 12))
    #expect(digits[14] == UInt8(ascii: "7"))
    #expect("89ab".utf8.contains(digits[19]))
    #expect(RecordID(text)?.text == text)
  }

  @Test func `the bits land where RFC 9562 shows them`() {
    // Appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F.
    let id = RecordID(at: Timestamp(milliseconds: 0x017F_22E2_79B0), randomA: 0xCC3, randomB: 0x18C4_DC0C_0C07_398F)
    #expect(id.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test func `ids of one millisecond sort in the order of creation`() {
    let ids = (0..<10_000).map { _ in RecordID.make(at: RecordIDTests.now) }
    let isSorted = ids == ids.sorted()
    #expect(isSorted)
    #expect(Set(ids).count == ids.count)
  }

  @Test func `interleaved milliseconds keep their order each`() {
    let ids = (0..<1000).map { RecordID.make(at: RecordIDTests.now.adding(milliseconds: $0 % 3)) }
    for remainder in 0..<3 {
      let same = ids.enumerated().filter { $0.offset % 3 == remainder }.map(\.element)
      let isSorted = same == same.sorted()
      #expect(isSorted)
    }
  }

  @Test func `later milliseconds sort later`() {
    let ids = (0..<1000).map { RecordID.make(at: RecordIDTests.now.adding(milliseconds: $0)) }
    let isSorted = ids == ids.sorted()
    #expect(isSorted)
  }

  @Test func `threads never make the same id`() async {
    let all = await withTaskGroup(of: [RecordID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<5000).map { _ in RecordID.make(at: RecordIDTests.now) } } }
      return await group.reduce(into: Set<RecordID>()) { $0.formUnion($1) }
    }
    #expect(all.count == 40_000)
  }

  @Test func `a seeded generator repeats its ids`() {
    struct Counter: RandomNumberGenerator {
      var state: UInt64 = 42
      mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return state
      }
    }
    var a = Counter()
    var b = Counter()
    #expect(RecordID.make(at: RecordIDTests.now, using: &a) == RecordID.make(at: RecordIDTests.now, using: &b))
    #expect(RecordID.make(at: RecordIDTests.now, using: &a) != RecordID.make(at: RecordIDTests.now))
  }

  @Test func `upper case is lowered`() {
    #expect(RecordID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")?.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test(arguments: [
    "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "{017f22e2-79b0-7cc3-98c4-dc0c0c073}",
    "017f22e2a79b0-7cc3-98c4-dc0c0c07398f", "017g22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398é",
    "017f22e2\r79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c0739-f", "0-7f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "@17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "`17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  ])
  func `anything else isn't an id`(text: String) {
    #expect(RecordID(text) == nil)
  }
}

extension Timestamp {
  fileprivate func adding(milliseconds more: Int) -> Timestamp { Timestamp(milliseconds: milliseconds + Int64(more)) }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: "0", count: width - count) + self }
}
