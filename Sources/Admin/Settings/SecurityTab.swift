import Base
import Store
import Templating
import Web

/// How this installation is reached, who is signed in, and the log of sign-ins and rights.
enum SecurityTab {
  static let panels = [connection, sessions, log]

  private static let path = SettingsTab.root + "/security"

  static let routes: [Route] = [
    .post(path + "/sessions/{id}/sign-out", .full(.settings), keepsForms: false, signOutSession),
    .post(path + "/users/{id}/sign-out", .full(.settings), keepsForms: false, signOutUser),
  ]

  // MARK: Connection

  private static let connection = PagePanel(
    on: .settings("security"), template: "settings/connection",
    schema: ViewSchema(
      "connection",
      [("isSecure", .bool), ("proxies", .text), ("untrustedProxy", .optional(.text)), ("untrustedHeaders", .text), ("proxySetting", .text)])
  ) { schema, context, _ in
    let sighting = context.services.forwarding.sighting
    let names = context.services.proxies.names
    return ViewData(
      schema,
      [
        .bool(context.isSecure), .text(names.joined(separator: ", ")), sighting.map { .text($0.peer) } ?? .null,
        .text(sighting?.headers.joined(separator: ", ") ?? ""),
        .text("ROOST_TRUSTED_PROXIES=" + ((sighting.map { [$0.peer] } ?? []) + names).joined(separator: ",")),
      ])
  }

  // MARK: Sessions

  private static let sessionSchema = ViewSchema(
    "signed-in-session",
    [("device", .text), ("address", .text), ("seenAt", .text), ("seen", .text), ("isThis", .bool), ("action", .text)])
  private static let userSchema = ViewSchema(
    "signed-in-user",
    [("name", .text), ("email", .text), ("action", .text), ("sessions", .list(.record(sessionSchema)))])
  private static let usersShown = 100

  private static let sessions = PagePanel(
    on: .settings("security"), template: "settings/sessions",
    schema: ViewSchema("signed-in", [("people", .int), ("sessions", .int), ("shown", .int), ("users", .list(.record(userSchema)))])
  ) { schema, context, db in
    let life = context.settings.sessionLife
    let count = try SessionStore.count(life: life, now: context.now, in: db)
    let users = try SessionStore.holders(life: life, now: context.now, limit: usersShown, in: db)
    let lines = try SessionStore.live(users: users.map(\.id), life: life, now: context.now, in: db)
    return ViewData(
      schema,
      [
        .int(count.users), .int(count.sessions), .int(users.count),
        .list(
          users.map { user in
            .record(
              ViewData(
                userSchema,
                [
                  .text(user.name), .text(user.email), .text(path + "/users/\(user.id.text)/sign-out"),
                  .list((lines[user.id] ?? []).map { session($0, context) }),
                ]))
          }),
      ])
  }

  private static func session(_ line: SessionStore.Line, _ context: RequestContext) -> Value {
    .record(
      ViewData(
        sessionSchema,
        [
          .text(Device.name(of: line.agent) ?? context.language.text("Unknown browser")), .text(line.address), .text(line.seenAt),
          .text(context.formats.minute(line.seenAt)), .bool(line.id == context.session?.id),
          .text(path + "/sessions/\(line.id.text)/sign-out"),
        ]))
  }

  @Sendable private static func signOutSession(_ context: RequestContext) throws -> Response {
    let id = try context.id()
    return try signOut(context) { act in
      guard let user = try SessionStore.user(of: id, in: act.db) else { throw HTTPError.notFound }
      if let objection = try act.objection(to: user) { return .invalid(ValidationErrors("", objection)) }
      guard try SessionStore.end(id, user: user, now: act.now, in: act.db) else { return .unchanged(user) }
      try act.note(.sessionEnded, of: user, SecurityEvent.Reason.byAdministrator.rawValue)
      return .done(user)
    }
  }

  @Sendable private static func signOutUser(_ context: RequestContext) throws -> Response {
    let user = try context.id()
    return try signOut(context) { act in
      guard try UserStore.email(of: user.text, in: act.db) != nil else { throw HTTPError.notFound }
      if let objection = try act.objection(to: user) { return .invalid(ValidationErrors("", objection)) }
      return try SessionStore.signOut(user, act) > 0 ? .done(user) : .unchanged(user)
    }
  }

  private static func signOut(_ context: RequestContext, _ body: (ActContext) throws -> Outcome) throws -> Response {
    let outcome = try context.act(.essential, body)
    context.services.live.sessionsChanged()
    return context.redirect(to: path, outcome, Message("Signed out."), orElse: Message("This session has already ended."))
  }

  // MARK: Log

  private static let eventSchema = ViewSchema(
    "security event",
    [
      ("what", .text), ("detail", .text), ("icon", .text), ("account", .text), ("address", .text), ("device", .text),
      ("at", .text), ("time", .text),
    ])
  private static let eventsShown = 50

  private static let log = PagePanel(
    on: .settings("security"), template: "settings/security-log",
    schema: ViewSchema(
      "security-log",
      [
        ("action", .text), ("account", .text), ("events", .list(.record(eventSchema))), ("older", .optional(.text)),
        ("newest", .optional(.text)),
      ])
  ) { schema, context, db in
    let account = TextNormalizing.line(TextNormalizing.start(of: context.query["account"] ?? "", 255))
    let before = context.query["before"].map { Int($0) ?? 0 }
    let found = try SecurityLog.entries(of: account, before: before, limit: eventsShown + 1, in: db)
    let filter = account.isEmpty ? [] : [("account", account)]
    let older = found.count > eventsShown ? found[eventsShown - 1].seq : nil
    return ViewData(
      schema,
      [
        .text(path), .text(account), .list(found.prefix(eventsShown).map { event($0, context) }),
        older.map { .text(URLQuery.append(filter + [("before", String($0))], to: path) + "#s-log") } ?? .null,
        before == nil ? .null : .text(URLQuery.append(filter, to: path) + "#s-log"),
      ])
  }

  private static func event(_ line: SecurityLog.Line, _ context: RequestContext) -> Value {
    let kind = SecurityEvent.Kind(rawValue: line.kind)
    let device =
      line.agent == SecurityEvent.Place.commandLine.agent ? context.language.text("Command line") : Device.name(of: line.agent) ?? ""
    return .record(
      ViewData(
        eventSchema,
        [
          .text(kind.map { context.text($0.label) } ?? line.kind),
          .text(detail(line, kind, context)), .text(kind?.icon ?? "dot"),
          .text(line.account), .text(line.address), .text(device), .text(line.at),
          .text(context.formats.minute(line.at)),
        ]))
  }

  /// In words. What users have named themselves isn't translated.
  private static func detail(_ line: SecurityLog.Line, _ kind: SecurityEvent.Kind?, _ context: RequestContext) -> String {
    if SecurityEvent.Reason(rawValue: line.detail) != nil { return context.language.text(line.detail) }
    switch kind {
    case .userAdded:
      // By the command line: names of built-in roles.
      return line.detail.split(separator: ",").map { context.language.text($0.drop { $0 == " " }.description) }.joined(separator: ", ")
    case .linkMade, .linkUsed:
      return context.text(line.detail == PasswordLinks.Purpose.invitation.rawValue ? Message("Invitation") : Message("Password reset"))
    default: return line.detail
    }
  }
}

extension SecurityEvent.Kind {
  /// As the settings page has it.
  var label: Message {
    switch self {
    case .signIn: Message("Signed in")
    case .signInRefused: Message("Sign-in refused")
    case .signOut: Message("Signed out")
    case .sessionEnded: Message("Session ended")
    case .passwordChanged: Message("Password changed")
    case .passwordRefused: Message("Password change refused")
    case .userAdded: Message("User added")
    case .emailChanged: Message("E-mail address changed")
    case .rolesChanged: Message("Roles changed")
    case .userDisabled: Message("User deactivated")
    case .userEnabled: Message("User activated")
    case .linkMade: Message("Password link created")
    case .linkUsed: Message("Password link used")
    case .viewingAs: Message("Viewing as somebody else")
    case .viewingAsEnded: Message("Stopped viewing as somebody else")
    case .totpOn: Message("Two-step verification turned on")
    case .totpOff: Message("Two-step verification turned off")
    case .totpReset: Message("Two-step verification reset")
    case .recoveryCodesRenewed: Message("New recovery codes")
    case .tokenCreated: Message("API token created")
    case .tokenRevoked: Message("API token revoked")
    case .tokenRefused: Message("API token refused")
    }
  }

  var icon: String {
    switch self {
    case .signIn: "box-arrow-in-right"
    case .signInRefused, .passwordRefused, .tokenRefused: "exclamation-triangle"
    case .signOut, .sessionEnded: "box-arrow-right"
    case .passwordChanged, .totpOn, .recoveryCodesRenewed: "lock"
    case .userAdded, .userEnabled: "person-plus"
    case .emailChanged: "envelope"
    case .rolesChanged: "shield-lock"
    case .userDisabled: "person-dash"
    case .linkMade, .linkUsed: "link-45deg"
    case .viewingAs, .viewingAsEnded: "eye"
    case .totpOff, .totpReset: "unlock"
    case .tokenCreated, .tokenRevoked: "key"
    }
  }
}
