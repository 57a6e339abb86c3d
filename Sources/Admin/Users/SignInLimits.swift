import Base
import Crypto
import Web

/// How often passwords may be tried.
///
/// A try is counted under several keys at once, and has to wait for the longest of their waits. The first tries of a key are free; each failure after
/// them doubles its wait, from a second up to its longest; a quarter of an hour without one gives a try back.
///
/// | key | counts | free tries | longest wait | cleared by a success |
/// | --- | --- | --- | --- | --- |
/// | `device` | one browser that the account knows (`DeviceCookie`), at that account | 5 | 15 min | yes |
/// | `browser` | one browser that it doesn't know, by its secret, at all accounts | 10 | 15 min | no |
/// | `pair` | such browsers of one address, at one account | 5 | 15 min | yes |
/// | `account` | such browsers of all addresses, at one account | 30 | 1 min | yes |
/// | `address` | such browsers of one address, at all accounts | 40 | 5 s | no |
/// | `password` | one user, who types the present password to change it | 5 | 15 min | yes |
/// | `code` | codes of one user: from one browser that the account knows, from all others together | 5 | 15 min | yes |
///
/// So what strangers try at an account never holds up the browsers that its owner uses, and has its own limit there. A forgotten password uses up the
/// tries of that browser and that account, not those of the colleagues behind the same address (`browser` and `pair` end long before `address`). Who
/// throws the browser's secret away each time gets as far as `pair` at one account and `address` at all; that one's wait is so short because a whole
/// office can share it. Guesses from everywhere at one account are slowed down by `account`. A blocked user sees for how long, and
/// trying again in between lengthens nothing.
///
/// A session gives no tries, live or ended. Whatever comes past the limits, only two passwords are hashed at a time (`PasswordHasher`) and only so many
/// wait (`WorkerPool`). Tries that were let in and have not ended count as failures until they do.
enum SignInLimits {
  static let rules = [
    Throttle.Rule(prefix: "device:", freeTries: 5, isClearedBySuccess: true),
    Throttle.Rule(prefix: "browser:", freeTries: 10, isClearedBySuccess: false),
    Throttle.Rule(prefix: "pair:", freeTries: 5, isClearedBySuccess: true),
    Throttle.Rule(prefix: "account:", freeTries: 30, longestWait: 60, isClearedBySuccess: true),
    Throttle.Rule(prefix: "address:", freeTries: 40, longestWait: 5, isClearedBySuccess: false),
    Throttle.Rule(prefix: "password:", freeTries: 5, isClearedBySuccess: true),
    Throttle.Rule(prefix: "code:", freeTries: 5, isClearedBySuccess: true),
    // Not of passwords: how many forms a session that was ended may still leave behind, and how often one that is held up is logged.
    Throttle.Rule(prefix: "kept-form:", freeTries: 10, isClearedBySuccess: false),
    Throttle.Rule(prefix: "held-up:", freeTries: 1, isClearedBySuccess: false),
  ]

  /// Under what a try to sign in counts. `device` is the browser's number if the account knows it.
  static func keys(email: String, device: String?, browserToken: String?, peer: String) -> [String] {
    let account = UserStore.key(of: email)
    if let device { return ["device:\(device) \(account)"] }
    let address = ClientAddress.network(of: peer)
    return ["browser:" + Digest.hash(browserToken ?? ""), "pair:\(address) \(account)", "account:" + account, "address:" + address]
  }

  /// Under what a try at a code counts. `device` is the browser's number if the account knows it.
  static func key(forCodesOf user: RecordID, device: String? = nil) -> String { "code:" + (device.map { $0 + " " } ?? "") + user.text }

  /// Under what a try counts to change a password.
  static func key(forPasswordOf user: User) -> String { "password:" + user.id.text }
}
