package import Base
import Crypto
import Store

/// A code that fits a user, before it is used up.
enum TotpCode: Sendable, Equatable {
  /// Of an authenticator app, by its half minute.
  case step(Int)
  /// A recovery code, by its hash.
  case recovery(String)
}

/// The second step of signing in: a code of an authenticator app (TOTP), or a recovery code.
package enum Totp {
  /// A code was right, and somebody has used it before.
  struct UsedCode: Error {}

  /// Whether somebody's roles require it.
  static func isRequired(of user: User, _ settings: Settings) -> Bool {
    let required = settings[.totpRoles]
    return !required.isEmpty && user.roles.contains { RolesField.ids(required).contains($0.id) }
  }

  /// What was typed, if it can be a code of this user; it still has to be used up. `nil` for a wrong one.
  static func code(_ typed: String, of user: RecordID, _ services: Services, now: Timestamp, in db: Database) throws -> TotpCode? {
    let characters = typed.lowercased().filter { !$0.isWhitespace && $0 != "-" }
    let digits = characters.compactMap(\.wholeNumberValue).map(String.init).joined()
    if characters.count == 6, digits.utf8.count == 6 {
      guard let secret = try TotpStore.sealedSecret(of: user, in: db).flatMap(services.totpBox.open) else { return nil }
      return TimeCode.step(of: digits, secret, at: now).map { .step($0) }
    }
    return characters.utf8.count == recoveryLength ? .recovery(hash(characters, of: user)) : nil
  }

  /// Resets the second step of somebody who has lost the app and the recovery codes: they sign in with the password alone, and set it up again where a
  /// role requires it. For those who may manage users; `false` if it wasn't on.
  package static func reset(_ user: RecordID, _ act: ActContext) throws -> Bool {
    guard act.principal.may(.full, on: .users) else { throw HTTPError.forbidden(.notOfYourRole) }
    guard try TotpStore.turnOff(user, in: act.db) else { return false }
    try act.note(.totpReset, of: user)
    return true
  }

  // MARK: Recovery codes

  private static let recoveryCount = 10
  /// 80 bits in base32: too many to guess even for somebody who has the hashes.
  private static let recoveryLength = 16

  /// Ten new ones, as they are shown: `abcd-efgh-ijkl-mnop`.
  static func newRecoveryCodes() -> [String] {
    (0..<recoveryCount).map { _ in grouped(TimeCode.base32(SecureRandom.bytes(recoveryLength * 5 / 8)).lowercased(), by: "-") }
  }

  static func hashes(_ codes: [String], of user: RecordID) -> [String] { codes.map { hash($0.filter { $0 != "-" }, of: user) } }

  private static func hash(_ code: String, of user: RecordID) -> String { Digest.hash("recovery code \(user.text) \(code)") }

  // MARK: Authenticator apps

  /// What the QR code says.
  static func address(secret: [UInt8], email: String, installation: String) -> String {
    let (issuer, account) = (PercentEncoding.encode(installation), PercentEncoding.encode(email))
    return "otpauth://totp/\(issuer):\(account)?secret=\(TimeCode.base32(secret))&issuer=\(issuer)"
  }

  /// In groups of four, as people read it.
  static func grouped(_ text: String, by separator: String = " ") -> String {
    stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }.joined(separator: separator)
  }
}

extension Services {
  var totpBox: SecretBox { SecretBox(key: key, for: "totp secret") }
}
