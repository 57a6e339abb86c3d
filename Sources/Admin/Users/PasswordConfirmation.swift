import Crypto
import Web

extension RequestContext {
  /// The hash of the user's password, if this is the password: asked again before what lets others in or keeps the user out. Tries are limited, and
  /// refused ones are logged.
  func confirmedPassword(_ typed: String) throws -> String? {
    let user = try user
    let hash = try store.read { db in try UserStore.passwordHash(of: user.id, in: db) }
    let (passwords, throttle) = (services.passwords, services.signInThrottle)
    let key = SignInLimits.key(forPasswordOf: user)
    if let wait = throttle.mayTry(key) { throw HTTPError.tooManyTries(seconds: wait.seconds) }
    guard let hash, passwords.verify(typed, against: hash) else {
      throttle.failed(key)
      note(
        SecurityEvent(
          .passwordRefused, account: user.email, user: user.id, from: place, detail: SecurityEvent.Reason.wrongPassword.rawValue))
      return nil
    }
    throttle.succeeded(key)
    return hash
  }
}
