import Crypto
import Testing

struct DigestTests {
  @Test func `BLAKE2b-256 and SHA-256 give the published digests of nothing and of abc`() {
    #expect(Digest.hash("") == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
    #expect(Digest.hash("abc") == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
    #expect(Digest.hex(Digest.sha256("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.hex(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `a keyed hash depends on every bit of text and key`() {
    let code = Digest.keyed("text", key: "a key of some length")
    #expect(code == Digest.keyed("text", key: "a key of some length"))
    #expect(code.utf8.count == 43)
    #expect(code != Digest.keyed("texu", key: "a key of some length"))
    #expect(code != Digest.keyed("text", key: "a key of some lengti"))
  }

  @Test(arguments: ["", "k", String(repeating: "k", count: 64), String(repeating: "k", count: 65), String(repeating: "k", count: 5_000)])
  func `a key can have any length`(key: String) {
    #expect(Digest.keyed("text", key: key) != Digest.keyed("text", key: key + "k"))
    #expect(Digest.keyed([1], key: Array(key.utf8)) != Digest.hash([1]))
  }

  @Test func `the hash of a long secret is not its key`() {
    let secret = String(repeating: "s", count: 100)
    let hash = Digest.hash(Array(secret.utf8))
    #expect(Digest.keyed([1], key: Array(secret.utf8)) != Digest.keyed([1], key: hash))
  }

  @Test func `secrets are equal when all of their bytes are`() {
    #expect(Digest.equal("", ""))
    #expect(Digest.equal("token", "token"))
    #expect(!Digest.equal("token", "tokem"))
    #expect(!Digest.equal("token", "Token"))
    #expect(!Digest.equal("token", "toke"))
    #expect(!Digest.equal("", "t"))
    // Canonically equal for Swift, but different bytes.
    #expect(!Digest.equal("é", "e\u{301}"))
  }

  @Test func `bytes are encoded as hexadecimal digits`() {
    #expect(Digest.hex([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
  }
}
