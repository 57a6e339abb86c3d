import Base
import Crypto
import Store

/// A secret by which a program acts for a user: with some of that user's rights, until it expires or is revoked.
struct APIToken: Sendable {
  let id: RecordID
  let userName: String
  let name: String
  /// What it may do at most, by the names of resources. Its user has to have the right too.
  let scopes: [String: Level]
  /// Its last characters, by which people tell it from others.
  let hint: String
  let createdAt: String
  let expiresAt: String?
  let lastUsedAt: String?
  let lastAddress: String
  let revokedAt: String?

  /// `roost_`, 32 random characters and a checksum of 6: whatever looks for secrets in code and logs finds it, and a mistyped one is refused unseen.
  static func make() -> String {
    let secret = random(32)
    return prefix + secret + checksum(of: secret)
  }

  static func isWellFormed(_ token: String) -> Bool {
    guard token.utf8.count == prefix.utf8.count + 38, token.hasPrefix(prefix) else { return false }
    let rest = token.dropFirst(prefix.utf8.count)
    return Digest.equal(checksum(of: String(rest.prefix(32))), String(rest.suffix(6)))
  }

  static func hash(_ token: String) -> String { Digest.hash(token) }

  private static let prefix = "roost_"
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// Bytes above the last multiple of 62 would make some characters more frequent.
  private static func random(_ count: Int) -> String {
    var found: [UInt8] = []
    while found.count < count { found += SecureRandom.bytes(count).filter { $0 < 248 }.map { alphabet[Int($0) % 62] } }
    return String(decoding: found.prefix(count), as: UTF8.self)
  }

  /// The first 32 bits of the SHA-256, in base 62.
  private static func checksum(of secret: String) -> String {
    var number = Digest.sha256(secret.utf8).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    var digits: [UInt8] = []
    for _ in 0..<6 {
      digits.append(alphabet[number % 62])
      number /= 62
    }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }
}
