import Base
import Crypto
import Web

/// The cookie by which a browser is known to the accounts that have signed in from it: it has tries of its own at their passwords, so that what
/// strangers try doesn't hold it up (OWASP, "Device cookies").
///
/// It holds a number and, for each of the last few accounts, a code that only this server can have made: of the number and the account, with the
/// account's password hash as the key. So nothing is stored, it opens nothing by itself, and a new password makes an account forget all browsers.
/// Neither a session nor its token leads to one: it is given after the right password alone, and stays when the session ends.
struct DeviceCookie: Sendable, Equatable {
  let number: String
  private(set) var codes: [String]

  /// A browser that nobody has signed in from.
  init() {
    number = Base64URL.encode(SecureRandom.bytes(16))
    codes = []
  }

  /// What the browser sent; `nil` for what can't be one.
  init?(_ text: String?) {
    let parts = (text ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard (2...Self.mostAccounts + 1).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 22 }) else { return nil }
    number = parts[0]
    codes = Array(parts.dropFirst())
  }

  /// Whether the account has signed in from this browser since it has its present password.
  func isKnown(to user: RecordID, passwordHash: String) -> Bool {
    let code = code(user, passwordHash)
    return codes.contains { Digest.equal($0, code) }
  }

  /// Notes that the account has just signed in from here.
  mutating func note(_ user: RecordID, passwordHash: String) {
    let code = code(user, passwordHash)
    codes = Array(([code] + codes.filter { $0 != code }).prefix(Self.mostAccounts))
  }

  func cookie(isSecure: Bool) -> SetCookie {
    SetCookie(Self.name(isSecure: isSecure), ([number] + codes).joined(separator: "."), maxAge: 180 * 24 * 3600, secure: isSecure)
  }

  static func name(isSecure: Bool) -> String { isSecure ? "__Host-roost_device" : "roost_device" }

  /// As many as may share a browser.
  private static let mostAccounts = 5

  private func code(_ user: RecordID, _ passwordHash: String) -> String {
    let bytes = Digest.keyed(Array("known browser \(number) \(user.text)".utf8), key: Array(passwordHash.utf8))
    return Base64URL.encode(Array(bytes.prefix(16)))
  }
}

extension RequestContext {
  /// The number of this browser, if the account knows it.
  func device(knownTo account: UserStore.Credentials?) -> String? {
    guard let account, let hash = account.passwordHash, let device = deviceCookie else { return nil }
    return device.isKnown(to: account.id, passwordHash: hash) ? device.number : nil
  }

  /// Lets the account know this browser from now on.
  func remember(_ user: RecordID, passwordHash: String) {
    var device = deviceCookie ?? DeviceCookie()
    device.note(user, passwordHash: passwordHash)
    cookies.append(device.cookie(isSecure: isSecure))
  }

  private var deviceCookie: DeviceCookie? {
    let found = Cookies(request.headers).all(DeviceCookie.name(isSecure: isSecure))
    return found.count == 1 ? DeviceCookie(found[0]) : nil
  }
}
