import Base
import Crypto
import Store
import Templating
import Web

/// Signing in and out.
enum SignIn {
  static let shape = Shape(
    "sign-in",
    [("email", .text), ("problem", .optional(.text)), ("returnTo", .text), ("keptForm", .bool), ("needsSetup", .bool)])

  static let routes: [Route] = [
    .get("/sign-in", .anyone, show),
    .post("/sign-in", .anyone, effort: .slow, signIn),
    .post("/sign-out", .signedIn, keepsForms: false, signOut),
  ]

  @Sendable static func show(_ visit: Visit) throws -> Response {
    let returnTo = visit.query["return_to"] ?? ""
    if visit.session != nil { return visit.redirect(to: destination(returnTo, visit)) }
    return try page(visit, email: "", problem: nil, returnTo: returnTo)
  }

  /// The answer is the same for an unknown address, a wrong password and a closed account, and takes the same work.
  @Sendable static func signIn(_ visit: Visit) throws -> Response {
    let form = try visit.form()
    let email = TextNormalizing.clean(form["email"] ?? "")
    let password = form["password"] ?? ""
    let returnTo = form["return_to"] ?? ""
    let passwords = visit.application.passwords
    let throttle = visit.application.signInThrottle
    let account = try visit.store.read { db in try UserStore.credentials(email: email, in: db) }
    let keys = SignInLimits.keys(
      email: email, device: visit.device(knownTo: account), browserToken: visit.browserToken, peer: visit.request.peer)
    if let wait = throttle.mayTry(keys) {
      noteHeldUp(visit, account, email: email, keys: keys)
      let problem = Message("Too many tries. Wait {n} seconds and try again.", ["n": String(wait.seconds)])
      var response = try page(visit, email: email, problem: problem, returnTo: returnTo, status: 429)
      response.headers.set("Retry-After", String(wait.seconds))
      return response
    }
    var reason: SecurityEvent.Reason?
    if let account, let hash = account.passwordHash {
      if !passwords.verify(password, against: hash) { reason = .wrongPassword } else if !account.isActive { reason = .closedAccount }
    } else {
      passwords.verifyNothing(password)
      reason = account == nil ? .unknownAccount : .closedAccount
    }
    guard reason == nil, let account, let hash = account.passwordHash else {
      keys.forEach(throttle.failed)
      visit.note(refusal(visit, account, email: email, reason ?? .wrongPassword))
      let problem = Message("This e-mail address and password don’t belong together.")
      return try page(visit, email: email, problem: problem, returnTo: returnTo, status: 422)
    }
    keys.forEach(throttle.succeeded)
    let kept: String?
    do {
      kept = try start(user: account.id, email: account.email, passwordHash: renewed(hash, of: account, password, visit), visit)
    } catch let error as StoreError where error.isBusy || error.isFull {
      let problem =
        error.isBusy
        ? Message("Roost is busy. Wait a moment and try again.")
        : Message("The disk is full. Free some space on the server, then try again.")
      return try page(visit, email: email, problem: problem, returnTo: returnTo, status: error.isBusy ? 503 : 507)
    }
    return visit.redirect(to: kept ?? destination(returnTo, visit))
  }

  /// The hash at today's cost, while the password is at hand; the one that is there where that can't be written.
  private static func renewed(_ hash: String, of account: UserStore.Credentials, _ password: String, _ visit: Visit) -> String {
    let passwords = visit.application.passwords
    guard passwords.needsRehash(hash), let fresh = try? passwords.hash(password) else { return hash }
    // Somebody may have changed the password in this moment: theirs stays.
    let isWritten = try? visit.store.write { db in try UserStore.setPassword(fresh, of: account.id, insteadOf: hash, in: db) }
    return isWritten == true ? fresh : hash
  }

  // MARK: The security log

  private static func refusal(_ visit: Visit, _ account: UserStore.Credentials?, email: String, _ reason: SecurityEvent.Reason)
    -> SecurityEvent
  {
    // What isn't an address may well be a password, typed in the wrong field.
    let typed = EmailAddress.isPlausible(email) ? email : ""
    return SecurityEvent(.signInRefused, account: account?.email ?? typed, user: account?.id, from: visit.place, detail: reason.rawValue)
  }

  /// Being held up costs nothing, so it could fill the log: it is logged ever more rarely while it goes on.
  private static func noteHeldUp(_ visit: Visit, _ account: UserStore.Credentials?, email: String, keys: [String]) {
    // By the browser or, of strangers, the address: the account is theirs to make up.
    let key = "held-up:" + (keys.last ?? "")
    let throttle = visit.application.signInThrottle
    guard throttle.mayTry(key) == nil else { return }
    throttle.failed(key)
    visit.note(refusal(visit, account, email: email, .tooManyTries))
  }

  // MARK: Sessions

  /// Gives the browser a fresh token and a session, in place of the one that it had. Answers where a form waits that its last session lost, if one does.
  static func start(user: RecordID, email: String, passwordHash: String, _ visit: Visit) throws -> String? {
    let token = SecureRandom.token()
    let former = visit.browserToken
    let replaced = visit.session
    let place = visit.place
    let began = SecurityEvent(.signIn, account: email, user: user, from: place)
    let ended = replaced.map {
      SecurityEvent(
        .sessionEnded, account: $0.user.email, user: $0.user.id, from: place, detail: SecurityEvent.Reason.signedInAnew.rawValue)
    }
    let hasKept = try visit.write(noting: { _ in [ended, began].compactMap { $0 } }) { db in
      if let replaced { _ = try SessionStore.end(replaced.id, user: replaced.user.id, now: visit.now, in: db) }
      try SessionStore.create(token: token, user: user, from: place, now: visit.now, in: db)
      return try former.map { try KeptForms.move(from: $0, to: token, user: user, in: db) } ?? false
    }
    if replaced != nil { visit.application.live.sessionsChanged() }
    visit.carry(token)
    visit.remember(user, passwordHash: passwordHash)
    return hasKept ? "/kept-form" : nil
  }

  @Sendable static func signOut(_ visit: Visit) throws -> Response {
    let user = try visit.user
    let event = SecurityEvent(.signOut, account: user.email, user: user.id, from: visit.place)
    if let session = visit.session {
      _ = try visit.write(noting: { _ in [event] }) { db in try SessionStore.end(session.id, user: user.id, now: visit.now, in: db) }
      visit.application.live.sessionsChanged()
    }
    visit.carry(SecureRandom.token())
    var response = visit.redirect(to: "/sign-in", Flash(Message("You are signed out.")))
    // Pictures that the browser keeps for a week, and what scripts put by. Not the cookies: those of all other programs of this domain would go
    // along, and ours are replaced by name.
    response.headers.set("Clear-Site-Data", #""cache", "storage""#)
    return response
  }

  private static func page(_ visit: Visit, email: String, problem: Message?, returnTo: String, status: Int = 200) throws -> Response {
    let (hasKeptForm, needsSetup) = try visit.store.read { db in
      (try visit.browserToken.map { try KeptForms.exists(token: $0, in: db) } ?? false, try !UserStore.hasAny(in: db))
    }
    return try visit.page(
      "users/sign-in",
      Record(
        shape,
        [
          .text(email), problem.map { .text(visit.text($0)) } ?? .null, .text(LocalPath.isSafe(returnTo) ? returnTo : ""),
          .bool(hasKeptForm), .bool(needsSetup),
        ]), status: status)
  }

  private static func destination(_ returnTo: String, _ visit: Visit) -> String {
    LocalPath.isSafe(returnTo) && !returnTo.hasPrefix("/sign-") ? returnTo : "/"
  }
}
