import Crypto
import Testing

struct SecureRandomTests {
  @Test func `a token is 43 characters that need no escaping anywhere`() {
    let token = SecureRandom.token()
    #expect(token.utf8.count == 43)
    #expect(token.wholeMatch(of: /[A-Za-z0-9_\-]+/) != nil)
  }

  @Test func `tokens are unique`() {
    #expect(Set((0..<1_000).map { _ in SecureRandom.token() }).count == 1_000)
  }

  @Test func `the requested number of bytes is returned, and all of them are random`() {
    #expect(SecureRandom.bytes(0).isEmpty)
    #expect(SecureRandom.bytes(33).count == 33)
    // The chance that one of the 64 characters stays the same in twenty draws is 2^-146.
    let draws = (0..<20).map { _ in SecureRandom.bytes(64) }
    for place in 0..<64 { #expect(Set(draws.map { $0[place] }).count > 1) }
  }
}
