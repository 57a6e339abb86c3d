import Crypto
import Testing

struct PasswordStrengthTests {
  @Test func `common passwords take few guesses, unusual ones many`() {
    #expect(PasswordStrength.bits("password123") < 10)
    #expect(PasswordStrength.bits("qwertyuiop") < 15)
    #expect(PasswordStrength.bits("k8jx92!qlm") > 40)
  }

  @Test func `a word known about the user is weak`() {
    #expect(PasswordStrength.bits("papadopoulou77") > 25)
    #expect(PasswordStrength.bits("papadopoulou77", known: ["papadopoulou"]) < 15)
  }

  @Test func `texts of any kind and length are handled`() {
    for text in ["", "\u{0}", "a\u{0}b", String(repeating: "ab1", count: 100_000), "🦆🦆🦆", "\u{7F}\u{1}"] {
      #expect(PasswordStrength.bits(text, known: [text, ""]) >= 0)
    }
  }
}
