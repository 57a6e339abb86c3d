import Base
import CSodium

/// Hashes and message authentication codes.
package enum Digest {
  /// BLAKE2b-256 (RFC 7693), 32 bytes.
  package static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] { blake(Array(bytes), key: [], size: 32) }

  /// BLAKE2b-256 of the text's UTF-8, as 64 hexadecimal digits.
  package static func hash(_ text: String) -> String { hex(hash(text.utf8)) }

  /// Keyed BLAKE2b-256 of the text's UTF-8, as 43 characters of the URL alphabet: can't be computed without the key.
  ///
  /// A key can have any length. One of 1 to 64 bytes is used as it is; an empty or longer one is replaced by its
  /// 64-byte digest, which differs from the result of `hash`, so that a stored hash of a secret can't be used as the
  /// key.
  package static func keyed(_ text: String, key: String) -> String { Base64URL.encode(keyed(Array(text.utf8), key: Array(key.utf8))) }

  /// The same for bytes, as 32 bytes.
  package static func keyed(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    let isUsable = (1...64).contains(key.count)
    return blake(bytes, key: isUsable ? key : blake(key, key: [], size: 64), size: 32)
  }

  /// Compares two secrets in a time that depends only on their lengths.
  package static func equal(_ a: String, _ b: String) -> Bool { equal(Array(a.utf8), Array(b.utf8)) }

  /// Compares two secrets in a time that depends only on their lengths.
  package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    Sodium.start()
    return a.count == b.count && sodium_memcmp(a, b, a.count) == 0
  }

  /// SHA-256 (FIPS 180-4), 32 bytes, for formats that require it.
  package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
    Sodium.start()
    let bytes = Array(bytes)
    var out = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256(&out, bytes, UInt64(bytes.count))
    return out
  }

  /// HMAC-SHA-256 (RFC 2104), 32 bytes, for formats that require it. The key can have any length.
  package static func hmacSHA256(_ bytes: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
    Sodium.start()
    let bytes = Array(bytes)
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
    var out = [UInt8](repeating: 0, count: 32)
    crypto_auth_hmacsha256_final(&state, &out)
    return out
  }

  /// Lower-case hexadecimal digits, two per byte.
  package static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func blake(_ bytes: [UInt8], key: [UInt8], size: Int) -> [UInt8] {
    Sodium.start()
    var out = [UInt8](repeating: 0, count: size)
    let result = crypto_generichash(&out, size, bytes, UInt64(bytes.count), key, key.count)
    // The call fails only for wrong sizes, which are fixed above.
    precondition(result == 0, "BLAKE2b refused a size")
    return out
  }
}
