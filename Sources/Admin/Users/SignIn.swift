import Base
import Crypto
import Store
import Templating
import Web

/// Signing in and out.
package enum SignIn {
  static let shape = ViewSchema(
    "sign-in",
    [("email", .text), ("problem", .optional(.text)), ("returnTo", .text), ("keptForm", .bool), ("needsSetup", .bool)])

  static let routes: [Route] = [
    .get("/sign-in", .anyone, show),
    .post("/sign-in", .anyone, effort: .slow, signIn),
    .post("/sign-out", .signedIn, keepsForms: false, signOut),
  ]

  @Sendable static func show(_ context: RequestContext) throws -> Response {
    let returnTo = context.query["return_to"] ?? ""
    if context.session != nil { return .redirect(destination(returnTo, context)) }
    return try page(context, email: "", problem: nil, returnTo: returnTo)
  }

  /// The answer is the same for an unknown address, a wrong password and a closed account, and takes the same work.
  @Sendable static func signIn(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let email = TextNormalizing.line(form["email"] ?? "")
    let password = form["password"] ?? ""
    let returnTo = form["return_to"] ?? ""
    let passwords = context.services.passwords
    let throttle = context.services.signInThrottle
    let account = try context.store.read { db in try UserStore.credentials(email: email, in: db) }
    let keys = SignInLimits.keys(
      email: email, device: context.device(knownTo: account), browserToken: context.browserToken, peer: context.request.peer)
    if let wait = throttle.mayTry(keys) {
      noteHeldUp(context, account, email: email, keys: keys)
      let problem = Message(
        "Too many attempts. Wait {n} second and try again.", "Too many attempts. Wait {n} seconds and try again.", count: wait.seconds)
      var response = try page(context, email: email, problem: problem, returnTo: returnTo, status: 429)
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
      context.note(refusal(context, account, email: email, reason ?? .wrongPassword))
      let problem = Message("Wrong e-mail or password.")
      return try page(context, email: email, problem: problem, returnTo: returnTo, status: 422)
    }
    keys.forEach(throttle.succeeded)
    let usual = context.settings[.defaultTimeZone].text
    let zone = account.hasTimeZone ? nil : usual.isEmpty ? timeZone(of: form) : usual
    let present = renewed(hash, of: account, password, context)
    if account.hasTotp { return SignInCode.begin(account, passwordHash: present, timeZone: zone, returnTo: returnTo, context) }
    do {
      return try complete(account, passwordHash: present, timeZone: zone, returnTo: returnTo, context)
    } catch let error as StoreError where error.isBusy || error.isFull {
      let problem =
        error.isBusy
        ? Message("Roost is busy. Wait a moment and try again.")
        : Message("The disk is full. Free some space on the server, then try again.")
      return try page(context, email: email, problem: problem, returnTo: returnTo, status: error.isBusy ? 503 : 507)
    }
  }

  /// Signs in somebody who has proved who they are, with this code if a second step was asked of them.
  static func complete(
    _ account: UserStore.Credentials, passwordHash: String, timeZone zone: String?, returnTo: String, code: TotpCode? = nil,
    _ context: RequestContext
  ) throws -> Response {
    let kept = try start(user: account.id, email: account.email, passwordHash: passwordHash, timeZone: zone, code: code, context)
    // In UTC nothing changes.
    if let zone, zone != "UTC" { context.tell(Flash(Message("Times are shown in {zone}. Change it in Account.", ["zone": zone]))) }
    return .redirect(kept ?? destination(returnTo, context))
  }

  /// The time zone of the browser, which a script puts into the form; `nil` without one, and for what is none.
  static func timeZone(of form: FormFields) -> String? { form["time_zone"].flatMap { ZoneClock.exists($0) ? $0 : nil } }

  /// The hash at today's cost, while the password is in memory; the existing one if that can't be written.
  private static func renewed(_ hash: String, of account: UserStore.Credentials, _ password: String, _ context: RequestContext) -> String {
    let passwords = context.services.passwords
    guard passwords.needsRehash(hash), let fresh = try? passwords.hash(password) else { return hash }
    // Somebody may have changed the password in this moment: theirs stays.
    let isWritten = try? context.store.write { db in try UserStore.setPassword(fresh, of: account.id, insteadOf: hash, in: db) }
    return isWritten == true ? fresh : hash
  }

  // MARK: The security log

  private static func refusal(_ context: RequestContext, _ account: UserStore.Credentials?, email: String, _ reason: SecurityEvent.Reason)
    -> SecurityEvent
  {
    // What isn't an address may well be a password, typed in the wrong field.
    let typed = EmailAddress.isPlausible(email) ? email : ""
    return SecurityEvent(.signInRefused, account: account?.email ?? typed, user: account?.id, from: context.place, detail: reason.rawValue)
  }

  /// Being held up costs nothing, so it could fill the log: it is logged ever more rarely while it goes on.
  private static func noteHeldUp(_ context: RequestContext, _ account: UserStore.Credentials?, email: String, keys: [String]) {
    // By the browser or, of strangers, the address: the account is theirs to make up.
    let key = "held-up:" + (keys.last ?? "")
    let throttle = context.services.signInThrottle
    guard throttle.mayTry(key) == nil else { return }
    throttle.failed(key)
    context.note(refusal(context, account, email: email, .tooManyTries))
  }

  // MARK: Sessions

  /// Gives the browser a fresh token and a session, in place of the one that it had. Answers where a form waits that its last session lost, if one does.
  /// `timeZone` is what the account gets if it has none. Throws `Totp.UsedCode` if somebody was quicker with the code.
  static func start(
    user: RecordID, email: String, passwordHash: String, timeZone: String? = nil, code: TotpCode? = nil, _ context: RequestContext
  ) throws -> String? {
    let token = SecureRandom.token()
    let former = context.browserToken
    let replaced = context.session.map { (id: $0.id, user: $0.view?.viewer ?? $0.user) }
    let place = context.place
    var began = SecurityEvent(.signIn, account: email, user: user, from: place)
    if case .recovery = code { began.detail = SecurityEvent.Reason.recoveryCode.rawValue }
    let ended = replaced.map {
      SecurityEvent(
        .sessionEnded, account: $0.user.email, user: $0.user.id, from: place, detail: SecurityEvent.Reason.signedInAnew.rawValue)
    }
    let events = [ended, began].compactMap { $0 }
    let hasKept = try context.write(noting: { _ in events }) { db in
      if let code, try !TotpStore.use(code, of: user, now: context.now, in: db) { throw Totp.UsedCode() }
      if let replaced { _ = try SessionStore.end(replaced.id, user: replaced.user.id, now: context.now, in: db) }
      try SessionStore.create(token: token, user: user, from: place, now: context.now, in: db)
      if let timeZone { try UserStore.setFirstTimeZone(timeZone, of: user, in: db) }
      return try former.map { try DraftRecovery.move(from: $0, to: token, user: user, in: db) } ?? false
    }
    if replaced != nil { context.services.live.sessionsChanged() }
    context.carry(token)
    context.remember(user, passwordHash: passwordHash)
    return hasKept ? "/kept-form" : nil
  }

  @Sendable static func signOut(_ context: RequestContext) throws -> Response {
    // In somebody else's view it is the viewer who leaves.
    let user = try context.session?.view?.viewer ?? context.user
    let event = SecurityEvent(.signOut, account: user.email, user: user.id, from: context.place)
    if let session = context.session {
      _ = try context.write(noting: { _ in [event] }) { db in try SessionStore.end(session.id, user: user.id, now: context.now, in: db) }
      context.services.live.sessionsChanged()
    }
    context.carry(SecureRandom.token())
    var response = context.redirect(to: "/sign-in", Flash(Message("You’ve signed out.")))
    // Pictures that the browser keeps for a week, and what scripts put by. Not the cookies: those of all other programs of this domain would go
    // along, and ours are replaced by name.
    response.headers.set("Clear-Site-Data", #""cache", "storage""#)
    return response
  }

  private static func page(_ context: RequestContext, email: String, problem: Message?, returnTo: String, status: Int = 200) throws
    -> Response
  {
    let (hasKeptForm, needsSetup) = try context.store.read { db in
      (try context.browserToken.map { try DraftRecovery.exists(token: $0, in: db) } ?? false, try !UserStore.hasAny(in: db))
    }
    return try context.page(
      "users/sign-in",
      ViewData(
        shape,
        [
          .text(email), problem.map { .text(context.text($0)) } ?? .null, .text(LocalPath.isSafe(returnTo) ? returnTo : ""),
          .bool(hasKeptForm), .bool(needsSetup),
        ]), status: status)
  }

  private static func destination(_ returnTo: String, _ context: RequestContext) -> String {
    LocalPath.isSafe(returnTo) && !returnTo.hasPrefix("/sign-") ? returnTo : "/"
  }
}
