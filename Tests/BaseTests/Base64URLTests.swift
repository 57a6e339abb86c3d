import Base
import TestKit
import Testing

/// RFC 4648 §5, without padding.
@Suite struct Base64URLTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func `the test vectors of the RFC hold`(text: String, encoded: String) {
    #expect(Base64URL.encode(Array(text.utf8)) == encoded)
    #expect(Base64URL.decode(encoded) == Array(text.utf8))
  }

  @Test func `the two special letters are those of URLs`() {
    #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    #expect(Base64URL.decode("-_-_") == [0xFB, 0xFF, 0xBF])
  }

  @Test(arguments: ["Zg==", "Zm9v+", "a/b", "Zm 9v", "Zm\n9v", "é", "Zg=", "\0"])
  func `other letters are refused, padding too`(text: String) { #expect(Base64URL.decode(text) == nil) }

  @Test(arguments: ["A", "AAAAA"])
  func `an impossible length is refused`(text: String) { #expect(Base64URL.decode(text) == nil) }

  @Test(arguments: ["Zh", "Zm9", "-_"])
  func `trailing bits must be zero, so that bytes have one spelling`(text: String) { #expect(Base64URL.decode(text) == nil) }

  @Test func `any bytes survive a round trip`() {
    var random = SplitMix(seed: 0xB64_0001)
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let text = Base64URL.encode(bytes)
      #expect(Base64URL.decode(text) == bytes)
      #expect(text.utf8.count == (length * 4 + 2) / 3)
    }
  }

  @Test func `every text is refused or the one spelling of its bytes`() {
    var random = SplitMix(seed: 0xB64_0002)
    let letters = Array("ABCXYZabcxyz0189-_=+/ ")
    for _ in 0..<5_000 {
      let text = String((0..<random.below(12)).map { _ in letters[random.below(letters.count)] })
      if let bytes = Base64URL.decode(text) { #expect(Base64URL.encode(bytes) == text) }
    }
  }
}
