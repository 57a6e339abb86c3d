import Base
import CSodium

/// Cryptographically secure random numbers from the system.
package enum SecureRandom {
  /// That many random bytes.
  package static func bytes(_ count: Int) -> [UInt8] {
    Sodium.start()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress { randombytes_buf(start, count) }
      filled = count
    }
  }

  /// A secret of 256 bits as 43 characters of the URL alphabet (RFC 4648 §5, no padding): fits into cookies, links and
  /// forms as it is.
  package static func token() -> String { Base64URL.encode(bytes(32)) }
}
