import Base
import CSodium

/// Seals what must not be readable in a stolen copy of the database: XSalsa20-Poly1305 (libsodium's secretbox) with a key that is kept elsewhere.
package struct SecretBox: Sendable {
  private let key: [UInt8]

  /// A box for one purpose: what was sealed for another can't be opened.
  package init(key: [UInt8], for purpose: String) {
    self.key = Digest.keyed(Array(purpose.utf8), key: key)
  }

  /// The sealed bytes with their nonce, in the URL alphabet.
  package func seal(_ bytes: [UInt8]) -> String {
    Sodium.start()
    let nonce = SecureRandom.bytes(crypto_secretbox_noncebytes())
    var sealed = [UInt8](repeating: 0, count: bytes.count + crypto_secretbox_macbytes())
    crypto_secretbox_easy(&sealed, bytes, UInt64(bytes.count), nonce, key)
    return Base64URL.encode(nonce + sealed)
  }

  /// What was sealed with this key; `nil` for anything else.
  package func open(_ text: String) -> [UInt8]? {
    Sodium.start()
    let (nonceBytes, codeBytes) = (crypto_secretbox_noncebytes(), crypto_secretbox_macbytes())
    guard let bytes = Base64URL.decode(text), bytes.count >= nonceBytes + codeBytes else { return nil }
    let (nonce, sealed) = (Array(bytes[..<nonceBytes]), Array(bytes[nonceBytes...]))
    var opened = [UInt8](repeating: 0, count: sealed.count - codeBytes)
    return crypto_secretbox_open_easy(&opened, sealed, UInt64(sealed.count), nonce, key) == 0 ? opened : nil
  }
}
