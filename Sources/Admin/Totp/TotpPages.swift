import Base
import Crypto
import QRCode
import Store
import Templating
import Web

/// Setting up the second step of signing in, and turning it off, on a page below one's account.
enum TotpPages {
  static let path = "/account/totp"

  static let routes: [Route] = [
    .get(path, .signedIn, effort: .read, show),
    .post(path, .signedIn, effort: .slow, keepsForms: false, turnOn),
    .post(path + "/recovery-codes", .signedIn, effort: .slow, keepsForms: false, renewRecoveryCodes),
    .post(path + "/turn-off", .signedIn, effort: .slow, keepsForms: false, turnOff),
  ]

  static let schema = ViewSchema(
    "totp",
    [
      ("isOn", .bool), ("isRequired", .bool), ("codesLeft", .int), ("email", .text), ("sealed", .text), ("secret", .text),
      ("qrSize", .int), ("qrPath", .text), ("codeProblem", .optional(.text)), ("passwordProblem", .optional(.text)),
    ])
  static let codesSchema = ViewSchema("recovery-codes", [("codes", .list(.text)), ("next", .text)])

  @Sendable private static func show(_ context: RequestContext) throws -> Response { try page(context) }

  /// The secret waits in the form, sealed for this user, until a code proves that the app has it. Sessions that began without the second step end.
  @Sendable private static func turnOn(_ context: RequestContext) throws -> Response {
    let (form, user) = (try context.form(), try context.user)
    guard let sealed = form["secret"], let secret = pendingBox(context, user).open(sealed) else {
      return context.redirect(to: path, Flash(Message("This page was out of date. Scan the new code."), kind: .problem))
    }
    guard try context.confirmedPassword(form["password"] ?? "") != nil else {
      return try page(context, sealed: sealed, passwordProblem: .notYourPassword, status: 422)
    }
    let typed = (form["code"] ?? "").filter { !$0.isWhitespace }
    guard let step = TimeCode.step(of: typed, secret, at: context.now) else {
      return try page(context, sealed: sealed, codeProblem: .wrongCode, status: 422)
    }
    let codes = Totp.newRecoveryCodes()
    let event = SecurityEvent(.totpOn, account: user.email, user: user.id, from: context.place)
    let ended = SecurityEvent(
      .sessionEnded, account: user.email, user: user.id, from: context.place, detail: SecurityEvent.Reason.totpOn.rawValue)
    let count: Int? = try context.write(noting: { $0.map { Array(repeating: ended, count: $0) + [event] } ?? [] }) { db in
      guard
        try TotpStore.turnOn(user.id, sealedSecret: context.services.totpBox.seal(secret), step: step, now: context.now, in: db)
      else { return nil }
      try TotpStore.setRecoveryCodes(Totp.hashes(codes, of: user.id), of: user.id, in: db)
      return try SessionStore.endAll(user: user.id, except: context.session?.id, now: context.now, in: db)
    }
    guard count != nil else { return context.redirect(to: path) }
    context.services.live.sessionsChanged()
    return try show(codes, context)
  }

  @Sendable private static func renewRecoveryCodes(_ context: RequestContext) throws -> Response {
    let user = try context.user
    let codes = Totp.newRecoveryCodes()
    let event = SecurityEvent(.recoveryCodesRenewed, account: user.email, user: user.id, from: context.place)
    return try confirmed(context, noting: event) { db in
      try TotpStore.setRecoveryCodes(Totp.hashes(codes, of: user.id), of: user.id, in: db)
    } answer: {
      try show(codes, context)
    }
  }

  @Sendable private static func turnOff(_ context: RequestContext) throws -> Response {
    let user = try context.user
    let event = SecurityEvent(.totpOff, account: user.email, user: user.id, from: context.place)
    return try confirmed(context, noting: event) { db in
      _ = try TotpStore.turnOff(user.id, in: db)
    } answer: {
      context.redirect(to: "/account", Flash(Message("Two-step verification turned off.")))
    }
  }

  /// Does what takes both the password and a code.
  private static func confirmed(
    _ context: RequestContext, noting event: SecurityEvent, _ body: (Database) throws -> Void, answer: () throws -> Response
  ) throws -> Response {
    let (form, user) = (try context.form(), try context.user)
    guard try context.confirmedPassword(form["password"] ?? "") != nil else {
      return try page(context, passwordProblem: .notYourPassword, status: 422)
    }
    let throttle = context.services.signInThrottle
    let key = SignInLimits.key(forCodesOf: user.id)
    if let wait = throttle.mayTry(key) { throw HTTPError.tooManyTries(seconds: wait.seconds) }
    let code = try context.store.read { db in try Totp.code(form["code"] ?? "", of: user.id, context.services, now: context.now, in: db) }
    let isDone = try context.write(noting: { $0 ? [event] : [] }) { db in
      guard let code, try TotpStore.use(code, of: user.id, now: context.now, in: db) else { return false }
      try body(db)
      return true
    }
    guard isDone else {
      throttle.failed(key)
      let reason = SecurityEvent.Reason.wrongCode.rawValue
      context.note(SecurityEvent(.passwordRefused, account: user.email, user: user.id, from: context.place, detail: reason))
      return try page(context, codeProblem: .wrongCode, status: 422)
    }
    throttle.succeeded(key)
    return try answer()
  }

  /// The codes, once.
  private static func show(_ codes: [String], _ context: RequestContext) throws -> Response {
    let hasKept = try context.store.read { db in try context.browserToken.map { try DraftRecovery.exists(token: $0, in: db) } ?? false }
    let next = hasKept ? "/kept-form" : "/account"
    return try context.page("users/recovery-codes", ViewData(codesSchema, [.list(codes.map { .text($0) }), .text(next)]))
  }

  /// Seals a secret that isn't confirmed yet, for one user.
  private static func pendingBox(_ context: RequestContext, _ user: User) -> SecretBox {
    SecretBox(key: context.services.key, for: "totp set-up " + user.id.text)
  }

  private static func page(
    _ context: RequestContext, sealed: String? = nil, codeProblem: Message? = nil, passwordProblem: Message? = nil, status: Int = 200
  ) throws -> Response {
    let user = try context.user
    let (isOn, codesLeft) = try context.store.read { db in
      (try TotpStore.isOn(user.id, in: db), try TotpStore.recoveryCodesLeft(of: user.id, in: db))
    }
    let box = pendingBox(context, user)
    let secret = isOn ? [] : sealed.flatMap(box.open) ?? TimeCode.newSecret()
    let installation = context.settings[.installationName].text
    let code = isOn ? nil : QRCode(Totp.address(secret: secret, email: user.email, installation: installation))
    func text(_ message: Message?) -> Value { message.map { .text(context.text($0)) } ?? .null }
    return try context.page(
      "users/totp",
      ViewData(
        schema,
        [
          .bool(isOn), .bool(Totp.isRequired(of: user, context.settings)), .int(codesLeft), .text(user.email),
          .text(isOn ? "" : sealed ?? box.seal(secret)), .text(Totp.grouped(TimeCode.base32(secret))),
          .int(code.map { $0.size + 2 * QRCode.margin } ?? 0), .text(code?.path ?? ""), text(codeProblem), text(passwordProblem),
        ]), status: status)
  }
}

extension Message {
  static var wrongCode: Message { Message("Wrong code. Wait for the next one and try again.") }
  static var notYourPassword: Message { Message("That isn’t your current password.") }
}
