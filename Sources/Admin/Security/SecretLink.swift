import Base
import Crypto

/// The secret in a link that opens one thing to anybody who has it. What looks it up is its hash; the copy that shows it again is sealed with the
/// installation's key, so a stolen database opens nothing.
package struct SecretLink: Sendable {
  package let secret: String
  package let hash: String
  package let sealed: String

  /// 128 random bits, for one purpose. `nil` where there is no key: at the command line.
  package static func make(for purpose: String, _ act: ActContext) -> SecretLink? {
    guard let key = act.key else { return nil }
    let bytes = SecureRandom.bytes(16)
    let secret = Base64URL.encode(bytes)
    return SecretLink(secret: secret, hash: hash(of: secret), sealed: SecretBox(key: key, for: purpose).seal(bytes))
  }

  package static func hash(of secret: String) -> String { Digest.hash(secret) }

  /// The secret of a sealed copy; `nil` if it was sealed with another key, as before a backup was restored without its key.
  package static func secret(in sealed: String, for purpose: String, _ context: RequestContext) -> String? {
    SecretBox(key: context.services.key, for: purpose).open(sealed).map { Base64URL.encode($0) }
  }
}
