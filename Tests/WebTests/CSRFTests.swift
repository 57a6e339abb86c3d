import Testing
import Web

struct CSRFTests {
  private let session = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"

  @Test func `a token is valid for its session and no other`() {
    let token = CSRF.token(for: session)
    #expect(CSRF.verify(token, sessionToken: session))
    #expect(!CSRF.verify(token, sessionToken: session + "x"))
    #expect(!CSRF.verify(token, sessionToken: "other"))
  }

  @Test func `every page has a different token, and all of them stay valid`() {
    let tokens = (0..<100).map { _ in CSRF.token(for: session) }
    #expect(Set(tokens).count == 100)
    #expect(tokens.allSatisfy { CSRF.verify($0, sessionToken: session) })
    // What compression could find in two pages: a run of characters that both tokens share at the same position.
    let shared = zip(tokens[0], tokens[1]).filter { $0 == $1 }.count
    #expect(shared < 30)
  }

  @Test func `without a session no token is valid, not even one made without a session`() {
    #expect(!CSRF.verify(CSRF.token(for: ""), sessionToken: ""))
    #expect(!CSRF.verify("", sessionToken: ""))
  }

  @Test(arguments: [
    nil, "", "x", "=", "é", String(repeating: "A", count: 86), String(repeating: "A", count: 85), String(repeating: "A", count: 100_000),
  ])
  func `nonsense is refused`(token: String?) {
    #expect(!CSRF.verify(token, sessionToken: session))
  }

  @Test func `one changed character invalidates a token`() {
    let token = Array(CSRF.token(for: session))
    // The last character holds padding bits without meaning.
    for place in token.indices.dropLast() {
      var changed = token
      changed[place] = token[place] == "A" ? "B" : "A"
      #expect(!CSRF.verify(String(changed), sessionToken: session))
    }
  }
}
