import Base
import Crypto
import Store
import Templating
import Web

/// A user's own page: password, sessions, language, time zone, theme.
package enum Account {
  static let routes: [Route] = [
    .get("/account", .signedIn, show),
    .post("/account", .signedIn, draft: preferencesDraft, savePreferences),
    .post("/account/email", .signedIn, effort: .slow, keepsForms: false, changeEmail),
    .post("/account/password", .signedIn, effort: .slow, keepsForms: false, changePassword),
    .post("/account/sessions/sign-out-others", .signedIn, keepsForms: false, signOutOthers),
    .post("/account/sessions/{id}/sign-out", .signedIn, keepsForms: false, signOutSession),
  ]

  static let sessionShape = ViewSchema(
    "session",
    [("id", .text), ("device", .text), ("address", .text), ("seenAt", .text), ("seen", .text), ("isThis", .bool), ("action", .text)])
  static let shape = ViewSchema(
    "account",
    [
      ("name", .text), ("email", .text), ("roles", .text), ("languages", .html), ("zones", .html),
      ("themes", .html), ("sessions", .list(.record(sessionShape))), ("nameProblem", .optional(.text)),
      ("passwordProblem", .optional(.text)), ("newPasswordProblem", .optional(.text)), ("hasTotp", .bool), ("newEmail", .text),
      ("emailProblem", .optional(.text)), ("emailPasswordProblem", .optional(.text)),
    ])

  @Sendable private static func show(_ context: RequestContext) throws -> Response { try page(context, name: try context.user.name) }

  @Sendable private static func savePreferences(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["name", "language", "time_zone", "theme"])
    let name = reader.line("name")
    let language = reader.choice("language", of: [""] + context.services.languages.available.map(\.tag))
    let zone = reader.line("time_zone")
    let theme = reader.choice("theme", of: ["auto", "light", "dark"])
    if name.isEmpty { reader.problem("name", Message("Enter a name.")) }
    guard reader.problems.isEmpty, ZoneClock.exists(zone) else {
      let problem = reader.problems["name"] ?? reader.problems[""] ?? Message("Choose one of the values offered.")
      return try page(context, name: name, nameProblem: problem, status: 422)
    }
    let user = try context.user.id
    try context.store.write { db in
      try UserStore.setPreferences(user, name: name, language: language, timeZone: zone, theme: theme, in: db)
    }
    return context.redirect(to: "/account", Flash(Message("Settings saved.")))
  }

  @Sendable private static func preferencesDraft(_ context: RequestContext) throws -> Response {
    try page(context, name: try context.form()["name"] ?? "")
  }

  /// Another address to sign in with. It ends no session; the security log tells of it.
  @Sendable private static func changeEmail(_ context: RequestContext) throws -> Response {
    let (form, user) = (try context.form(), try context.user)
    let email = TextNormalizing.line(form["email"] ?? "")
    func refused(_ problem: Message) throws -> Response {
      try page(context, name: user.name, email: email, emailProblem: problem, status: 422)
    }
    guard EmailAddress.isPlausible(email) else { return try refused(Message("Enter an e-mail address, like ann@example.com.")) }
    guard try context.confirmedPassword(form["password"] ?? "") != nil else {
      return try page(context, name: user.name, email: email, emailPasswordProblem: .notYourPassword, status: 422)
    }
    if email == user.email { return context.redirect(to: "/account", .isAsItWas) }
    // By the rules of all users, and into the history of this one.
    let outcome = try context.act { act -> Outcome in
      guard let type = context.composition.records["user"], let record = try type.record(user.id, in: act.db),
        let index = type.index(of: "email")
      else { throw HTTPError.notFound }
      var values = record.values
      values[index] = .text(email)
      var act = act
      act.isPasswordConfirmed = true
      return try type.save(values, over: user.id, from: record.version, act)
    }
    if let problem = outcome.errors.first { return try refused(problem) }
    return context.redirect(to: "/account", Flash(Message("Sign in with {email} from now on.", ["email": email])))
  }

  /// A new password ends every session, so that nobody stays in with the old one or with a copy of this session's token. This browser gets a new one.
  @Sendable private static func changePassword(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let user = try context.user
    guard let hash = try context.confirmedPassword(form["password"] ?? "") else {
      return try page(context, name: user.name, passwordProblem: .notYourPassword, status: 422)
    }
    let fresh = form["new_password"] ?? ""
    if let problem = PasswordRules.problem(with: fresh, email: user.email, name: user.name) {
      return try page(context, name: user.name, newPasswordProblem: problem, status: 422)
    }
    let newHash = try context.services.passwords.hash(fresh)
    let token = SecureRandom.token()
    let changed = SecurityEvent(.passwordChanged, account: user.email, user: user.id, from: context.place)
    let ended: Int? = try context.write(noting: { $0.map { self.ended(user, .passwordChange, $0, context) + [changed] } ?? [] }) { db in
      guard try UserStore.setPassword(newHash, of: user.id, insteadOf: hash, in: db) else { return nil }
      let ended = try SessionStore.endAll(user: user.id, except: nil, now: context.now, in: db)
      try SessionStore.create(token: token, user: user.id, from: context.place, now: context.now, in: db)
      return ended
    }
    // Somebody else may have been quicker.
    guard ended != nil else {
      return try page(context, name: user.name, passwordProblem: .notYourPassword, status: 422)
    }
    context.services.live.sessionsChanged()
    context.carry(token)
    context.remember(user.id, passwordHash: newHash)
    return context.redirect(to: "/account", Flash(Message("Password changed. All other sessions have been signed out.")))
  }

  @Sendable private static func signOutOthers(_ context: RequestContext) throws -> Response {
    let user = try context.user
    _ = try context.write(noting: { ended(user, .signedOutElsewhere, $0, context) }) { db in
      try SessionStore.endAll(user: user.id, except: context.session?.id, now: context.now, in: db)
    }
    context.services.live.sessionsChanged()
    return context.redirect(to: "/account", Flash(Message("All other sessions have been signed out.")))
  }

  @Sendable private static func signOutSession(_ context: RequestContext) throws -> Response {
    let (user, id) = (try context.user, try context.id())
    let isEnded = try context.write(noting: { ended(user, .signedOutElsewhere, $0 ? 1 : 0, context) }) { db in
      try SessionStore.end(id, user: user.id, now: context.now, in: db)
    }
    guard isEnded else { throw HTTPError.notFound }
    context.services.live.sessionsChanged()
    return context.redirect(to: "/account", Flash(Message("Session signed out.")))
  }

  /// One entry for each session.
  private static func ended(_ user: User, _ reason: SecurityEvent.Reason, _ count: Int, _ context: RequestContext) -> [SecurityEvent] {
    let event = SecurityEvent(.sessionEnded, account: user.email, user: user.id, from: context.place, detail: reason.rawValue)
    return Array(repeating: event, count: count)
  }

  private static func page(
    _ context: RequestContext, name: String, nameProblem: Message? = nil, passwordProblem: Message? = nil,
    newPasswordProblem: Message? = nil, email: String? = nil, emailProblem: Message? = nil, emailPasswordProblem: Message? = nil,
    status: Int = 200
  ) throws -> Response {
    let user = try context.user
    let sessions = try context.store.read { db in
      try SessionStore.live(user: user.id, life: context.settings.sessionLife, now: context.now, in: db)
    }
    let formats = context.formats
    func text(_ message: Message?) -> Value { message.map { .text(context.text($0)) } ?? .null }
    return try context.page(
      "users/account",
      ViewData(
        shape,
        [
          .text(name), .text(user.email), .text(user.roles.map(\.name).joined(separator: ", ")),
          Choices(
            [("", context.language.text("Browser language"))] + context.services.languages.available.map { ($0.tag, $0.ownName) }
          )
          .options(selected: user.language),
          Choices.timeZones.options(selected: user.timeZone),
          context.choices([("auto", "System"), ("light", "Light"), ("dark", "Dark")]).options(selected: user.theme),
          .list(
            sessions.map { line in
              .record(
                ViewData(
                  sessionShape,
                  [
                    .text(line.id.text), .text(Device.name(of: line.agent) ?? context.language.text("Unknown browser")),
                    .text(line.address),
                    .text(line.seenAt),
                    .text(formats.minute(line.seenAt)),
                    .bool(line.id == context.session?.id), .text("/account/sessions/\(line.id.text)/sign-out"),
                  ]))
            }),
          text(nameProblem), text(passwordProblem), text(newPasswordProblem), .bool(user.hasTotp), .text(email ?? user.email),
          text(emailProblem),
          text(emailPasswordProblem),
        ]), status: status)
  }
}

/// A browser's name for people, out of its User-Agent.
package enum Device {
  /// `nil` for one that doesn't say what it is.
  package static func name(of agent: String) -> String? {
    let browsers = [
      ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    let systems = [
      ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
    ]
    let browser = browsers.first { agent.contains($0.0) }?.1
    let system = systems.first { agent.contains($0.0) }?.1
    let known = [browser, system].compactMap { $0 }
    if known.isEmpty { return agent.isEmpty ? nil : String(agent.prefix(40)) }
    return known.joined(separator: ", ")
  }
}

package let account = Feature(name: "account", routes: Account.routes, pages: ["users/account": Account.shape])
