import Base
import Crypto

/// Form tokens: proof that a form came from a page of this site, made for this session.
package enum CSRF {
  /// A token for the forms of the session with this secret. Nothing is stored.
  ///
  /// Each call returns another token: the session's code, masked by fresh random bytes that precede it. Pages are
  /// compressed, and a constant secret in them could be guessed from their lengths (the BREACH attack).
  package static func token(for sessionToken: String) -> String {
    let code = code(for: sessionToken)
    let mask = SecureRandom.bytes(code.count)
    return Base64URL.encode(mask + zip(code, mask).map { $0 ^ $1 })
  }

  /// Whether the token belongs to this session. Always `false` without a session.
  package static func verify(_ given: String?, sessionToken: String) -> Bool {
    guard !sessionToken.isEmpty, let code = code(in: given) else { return false }
    return Digest.equal(code, self.code(for: sessionToken))
  }

  /// A fingerprint that identifies a session from the tokens of its forms, for when the browser has lost its cookie:
  /// the same for all of them.
  package static func fingerprint(for sessionToken: String) -> String { Digest.hash(Base64URL.encode(code(for: sessionToken))) }

  /// The fingerprint of the session that a token was made for; `nil` for an invalid token.
  package static func fingerprint(in given: String?) -> String? { code(in: given).map { Digest.hash(Base64URL.encode($0)) } }

  /// The unmasked code.
  private static func code(in given: String?) -> [UInt8]? {
    guard let given, let bytes = Base64URL.decode(given), bytes.count == 2 * codeBytes else { return nil }
    return zip(bytes, bytes.dropFirst(codeBytes)).map { $0 ^ $1 }
  }

  /// Of a keyed BLAKE2b-256.
  private static let codeBytes = 32

  private static func code(for sessionToken: String) -> [UInt8] {
    Digest.keyed(Array("form token".utf8), key: Array(sessionToken.utf8))
  }
}
