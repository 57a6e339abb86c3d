import CSodium

/// Incremental SHA-256 (FIPS 180-4).
package struct SHA256 {
  private var state = crypto_hash_sha256_state()

  package init() {
    Sodium.start()
    crypto_hash_sha256_init(&state)
  }

  package mutating func add(_ bytes: [UInt8]) { crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count)) }

  /// 64 hexadecimal digits.
  package mutating func finish() -> String {
    var out = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256_final(&state, &out)
    return Digest.hex(out)
  }
}
