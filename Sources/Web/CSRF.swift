import Base
import Crypto

/// Form tokens: proof that a posted form came from a page of this site, made for this very session.
package enum CSRF {
  /// A token for the forms of the session behind this secret. Nothing needs to be stored.
  ///
  /// Each call gives another token: the session's code, masked by fresh random bytes that stand in front. Pages are compressed, and a secret that
  /// stood in them unchanged could be guessed from their lengths (the BREACH attack).
  package static func token(for sessionToken: String) -> String {
    let code = code(for: sessionToken)
    let mask = SecureRandom.bytes(code.count)
    return Base64URL.encode(mask + zip(code, mask).map { $0 ^ $1 })
  }

  /// Whether the token is of this session. Never, without a session.
  package static func verify(_ given: String?, sessionToken: String) -> Bool {
    guard let given, !sessionToken.isEmpty, let bytes = Base64URL.decode(given) else { return false }
    let code = code(for: sessionToken)
    guard bytes.count == 2 * code.count else { return false }
    return Digest.equal(zip(bytes, bytes.dropFirst(code.count)).map { $0 ^ $1 }, code)
  }

  private static func code(for sessionToken: String) -> [UInt8] {
    Digest.keyed(Array("form token".utf8), key: Array(sessionToken.utf8))
  }
}
