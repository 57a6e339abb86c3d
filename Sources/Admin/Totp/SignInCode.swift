import Base
import Crypto
import Store
import Templating
import Web

/// The second page of signing in, for those who have set up the second step. Between the two pages nobody is signed in: the browser carries a sealed
/// note of whose password it has given, which holds for this browser, this password and ten minutes.
enum SignInCode {
  static let schema = ViewSchema("sign-in-code", [("email", .text), ("problem", .optional(.text))])

  static let path = "/sign-in/code"

  static let routes: [Route] = [.get(path, .anyone, show), .post(path, .anyone, keepsForms: false, check)]

  private static let cookie = "roost_sign_in"
  private static let life = 600

  /// Who has given the password.
  private struct Pending {
    let account: UserStore.Credentials
    let passwordHash: String
    let timeZone: String?
    let returnTo: String
  }

  /// After the right password.
  static func begin(
    _ account: UserStore.Credentials, passwordHash: String, timeZone: String?, returnTo: String, _ context: RequestContext
  ) -> Response {
    let note: JSON = .object([
      "user": .string(account.id.text), "at": .string(context.now.text), "hash": .string(Digest.hash(passwordHash)),
      "zone": timeZone.map { .string($0) } ?? .null, "return_to": .string(LocalPath.isSafe(returnTo) ? returnTo : ""),
    ])
    let sealed = box(context).seal(Array(note.text.utf8))
    context.cookies.append(SetCookie(cookie, sealed, maxAge: life, secure: context.isSecure))
    return .redirect(path)
  }

  /// Only the browser that gave the password can open it.
  private static func box(_ context: RequestContext) -> SecretBox {
    SecretBox(key: context.services.key, for: "sign-in " + Digest.hash(context.browserToken ?? ""))
  }

  /// `nil` if the browser has given no password, or too long ago, or the password or the account has changed since.
  private static func pending(_ context: RequestContext) throws -> Pending? {
    let found = context.sentCookies.all(cookie)
    guard found.count == 1, context.browserToken != nil, let bytes = box(context).open(found[0]),
      let note = try? JSON(parsing: String(decoding: bytes, as: UTF8.self)), let user = note["user"]?.string.flatMap({ RecordID($0) }),
      let at = note["at"]?.string.flatMap({ Timestamp($0) }), context.now < at.adding(seconds: life),
      let account = try context.store.read({ db in try UserStore.credentials(of: user, in: db) }), account.isActive, account.hasTotp,
      let hash = account.passwordHash, note["hash"]?.string == Digest.hash(hash)
    else { return nil }
    return Pending(
      account: account, passwordHash: hash, timeZone: note["zone"]?.string, returnTo: note["return_to"]?.string ?? "")
  }

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    guard let pending = try pending(context) else { return .redirect("/sign-in") }
    return try page(context, pending, problem: nil)
  }

  @Sendable private static func check(_ context: RequestContext) throws -> Response {
    guard let pending = try pending(context) else {
      return context.redirect(to: "/sign-in", Flash(Message("Sign in to continue."), kind: .problem))
    }
    let account = pending.account
    let throttle = context.services.signInThrottle
    let key = SignInLimits.key(forCodesOf: account.id, device: context.device(knownTo: account))
    if let wait = throttle.mayTry(key) {
      note(.tooManyTries, account, context)
      let problem = Message(
        "Too many attempts. Wait {n} second and try again.", "Too many attempts. Wait {n} seconds and try again.", count: wait.seconds)
      var response = try page(context, pending, problem: problem, status: 429)
      response.headers.set("Retry-After", String(wait.seconds))
      return response
    }
    let typed = try context.form()["code"] ?? ""
    let code = try context.store.read { db in try Totp.code(typed, of: account.id, context.services, now: context.now, in: db) }
    guard let code else { return try refuse(.wrongCode, .wrongCode) }
    do {
      let response = try SignIn.complete(
        account, passwordHash: pending.passwordHash, timeZone: pending.timeZone, returnTo: pending.returnTo, code: code, context)
      throttle.succeeded(key)
      context.cookies.append(SetCookie(cookie, "", maxAge: 0, secure: context.isSecure))
      return response
    } catch is Totp.UsedCode {
      // A recovery code that isn't one comes here too.
      if case .recovery = code { return try refuse(.wrongCode, .wrongCode) }
      return try refuse(.usedCode, Message("This code has already been used. Wait for the next one."))
    }

    func refuse(_ reason: SecurityEvent.Reason, _ problem: Message) throws -> Response {
      throttle.failed(key)
      note(reason, account, context)
      return try page(context, pending, problem: problem, status: 422)
    }
  }

  private static func note(_ reason: SecurityEvent.Reason, _ account: UserStore.Credentials, _ context: RequestContext) {
    context.note(
      SecurityEvent(.signInRefused, account: account.email, user: account.id, from: context.place, detail: reason.rawValue))
  }

  private static func page(_ context: RequestContext, _ pending: Pending, problem: Message?, status: Int = 200) throws -> Response {
    try context.page(
      "users/sign-in-code",
      ViewData(schema, [.text(pending.account.email), problem.map { .text(context.text($0)) } ?? .null]), status: status)
  }
}
