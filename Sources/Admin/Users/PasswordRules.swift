import Base
import Crypto

/// Rules for passwords: long enough to be strong, short enough to hash, and not among the first that a guesser tries; no other ceremony
/// (NIST SP 800-63B §3.1.1.2, OWASP ASVS 5.0 §6.2).
package enum PasswordRules {
  /// What speaks against this password for the account with this address and name.
  package static func problem(with password: String, email: String, name: String) -> Message? {
    if password.unicodeScalars.count < 10 { return Message("Use at least {n} characters.", ["n": "10"]) }
    if password.utf8.count > 1_024 { return Message("At most {n} characters.", numbers: ["n": 1_024]) }
    if isGuessable(password, known: ours) {
      return Message(
        "This password is too common. Try a few unrelated words."
      )
    }
    if isGuessable(password, known: ours + words(of: email, name)) {
      return Message(
        "This password is too close to your name or e-mail address. Try a few unrelated words."
      )
    }
    return nil
  }

  /// Some ten million tries: years at the pace that sign-in allows, and days for somebody who has stolen the hashes.
  private static let enough = 24.0
  /// With what separates its parts taken out. Less, because the words of a good phrase are short without their spaces; `pass word 123` has a tenth.
  private static let enoughUnseparated = 12.0

  private static func isGuessable(_ password: String, known: [String]) -> Bool {
    let folded = TextFolding.fold(password)
    let unseparated = String(folded.unicodeScalars.filter { !" -_.,'".unicodeScalars.contains($0) })
    return PasswordStrength.bits(folded, known: known) < enough || PasswordStrength.bits(unseparated, known: known) < enoughUnseparated
  }

  /// What the lists of a library can't know: this product, and the words for a password that its users would type.
  private static let ours = [
    "roost", "roostcrm", "κωδικοσ", "συνθηματικο", "κωδικοσ προσβασησ", "κωδικοσπροσβασησ", "kodikos", "kwdikos", "kodikosprosvasis",
    "synthimatiko",
  ]

  /// The address and the name, whole and in parts.
  private static func words(of email: String, _ name: String) -> [String] {
    let parts = TextFolding.fold(email).split(separator: "@", maxSplits: 1).map(String.init)
    let wholes = [TextFolding.fold(email), parts.first ?? "", TextFolding.fold(name)]
    let pieces = TextFolding.words(name) + TextFolding.words(parts.first ?? "") + TextFolding.words(parts.last ?? "")
    let joined = [TextFolding.words(name), TextFolding.words(name).reversed(), TextFolding.words(parts.first ?? "")].map { $0.joined() }
    return (wholes + joined + pieces).filter { $0.unicodeScalars.count > 2 }
  }
}
