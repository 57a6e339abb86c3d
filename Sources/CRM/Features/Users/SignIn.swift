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
    let throttle = visit.application.signInThrottle
    let keys = ["account:" + UserStore.key(of: email), "address:" + ClientAddress.network(of: visit.request.peer)]
    // A browser that this account has signed in from before isn't held up by what others try on it.
    let isKnown = try visit.store.read { db in
      guard let token = visit.browserToken, let user = try SessionStore.formerUser(token: token, in: db) else { return false }
      return try UserStore.credentials(email: email, in: db)?.id == user.id
    }
    if !isKnown, let wait = throttle.mayTry(keys) {
      let problem = Message("Too many tries. Wait {n} seconds and try again.", ["n": String(wait.seconds)])
      var response = try page(visit, email: email, problem: problem, returnTo: returnTo, status: 429)
      response.headers.set("Retry-After", String(wait.seconds))
      return response
    }
    let account = try visit.store.read { db in try UserStore.credentials(email: email, in: db) }
    guard let account, let hash = account.passwordHash, account.isActive else {
      visit.application.passwords.verifyNothing(password)
      return try refuse(visit, email: email, returnTo: returnTo, keys: keys)
    }
    guard visit.application.passwords.verify(password, against: hash) else {
      return try refuse(visit, email: email, returnTo: returnTo, keys: keys)
    }
    keys.forEach(throttle.succeeded)
    let kept = try start(user: account.id, visit)
    return visit.redirect(to: kept ?? destination(returnTo, visit))
  }

  private static func refuse(_ visit: Visit, email: String, returnTo: String, keys: [String]) throws -> Response {
    keys.forEach(visit.application.signInThrottle.failed)
    visit.application.log("sign-in-refused", ["id": visit.request.id, "peer": visit.request.peer])
    return try page(
      visit, email: email, problem: Message("This e-mail address and password don’t belong together."), returnTo: returnTo, status: 422)
  }

  /// Gives the browser a fresh token and a session. Answers where a form waits that its last session lost, if one does.
  static func start(user: RecordID, _ visit: Visit) throws -> String? {
    let token = SecureRandom.token()
    let former = visit.browserToken
    let kept = try visit.store.write(.essential) { db in
      try SessionStore.create(
        token: token, user: user, address: visit.request.peer, agent: visit.request.headers["User-Agent"] ?? "", now: visit.now, in: db)
      return try former.map { try KeptForms.move(from: $0, to: token, user: user, in: db) } ?? false
    }
    visit.carry(token)
    return kept ? "/kept-form" : nil
  }

  @Sendable static func signOut(_ visit: Visit) throws -> Response {
    if let session = visit.session {
      _ = try visit.store.write(.essential) { db in try SessionStore.end(session.id, user: session.user.id, now: visit.now, in: db) }
    }
    visit.carry(SecureRandom.token())
    return visit.redirect(to: "/sign-in", Flash(Message("You are signed out.")))
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

extension Visit {
  /// Makes the browser carry this token from now on.
  func carry(_ token: String) {
    browserToken = token
    cookies.append(SetCookie(SessionCookie.name, token, maxAge: SessionLife.absolute, secure: isSecure))
  }
}

enum SessionCookie {
  static let name = "roost_session"
}
