package import Base
import COath
import Glibc

/// Time-based one-time passwords (RFC 6238) as authenticator apps make them: six digits, a new code every 30 seconds, HMAC-SHA-1.
package enum TimeCode {
  /// How long a code is shown, in seconds.
  package static let period = 30
  /// Codes before and after the present one that are accepted: clocks differ, and typing takes a while.
  private static let window = 1

  /// The library's one-time initialization.
  private static let isReady = oath_init() == Int32(OATH_OK.rawValue)

  /// A new secret, of the length that RFC 4226 recommends.
  package static func newSecret() -> [UInt8] { SecureRandom.bytes(20) }

  /// A secret as people type it into an app: RFC 4648 base32.
  package static func base32(_ secret: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var (text, bits, count): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    for byte in secret {
      (bits, count) = (bits << 8 | UInt32(byte), count + 8)
      while count >= 5 {
        count -= 5
        text.append(alphabet[Int(bits >> count & 31)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << (5 - count) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The number of the 30 seconds in which a moment lies.
  package static func step(at moment: Timestamp) -> Int { Int(moment.milliseconds / 1000) / period }

  /// The code of a step.
  package static func code(_ secret: [UInt8], step: Int) -> String {
    guard isReady else { fatalError("liboath can’t start") }
    var out = [CChar](repeating: 0, count: 7)
    let key = secret.map { CChar(bitPattern: $0) }
    let result = oath_totp_generate(key, key.count, time_t(step * period), UInt32(period), 0, 6, &out)
    precondition(result == Int32(OATH_OK.rawValue), "liboath refused to make a code")
    return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The step that a code is of, near this moment; `nil` for a wrong one. A caller that accepts a code has to remember its step and refuse it and all
  /// earlier ones from then on.
  package static func step(of code: String, _ secret: [UInt8], at moment: Timestamp) -> Int? {
    let present = step(at: moment)
    // All of them, so that the time tells nothing.
    return (present - window...present + window).reduce(nil) { Digest.equal(self.code(secret, step: $1), code) ? $1 : $0 }
  }
}
