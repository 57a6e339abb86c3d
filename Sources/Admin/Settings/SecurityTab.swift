import Base
import Store
import Templating
import Web

/// How this installation is reached, and its sign-in log.
enum SecurityTab {
  private static let eventShape = ViewSchema(
    "security event",
    [
      ("what", .text), ("detail", .text), ("icon", .text), ("account", .text), ("address", .text), ("device", .text),
      ("at", .text), ("time", .text),
    ])
  private static let shape = ViewSchema(
    "security",
    [
      ("isSecure", .bool), ("proxies", .text), ("untrustedProxy", .optional(.text)), ("untrustedHeaders", .text), ("proxySetting", .text),
      ("people", .int), ("sessions", .int), ("events", .list(.record(eventShape))),
    ])

  private static let eventsShown = 50

  static let panel = PagePanel(on: .settings("security"), template: "settings/security", schema: shape) { shape, context, db in
    let signedIn = try SessionStore.count(life: context.settings.sessionLife, now: context.now, in: db)
    let events = try SecurityLog.latest(eventsShown, in: db)
    let sighting = context.services.forwarding.sighting
    let names = context.services.proxies.names
    return ViewData(
      shape,
      [
        .bool(context.isSecure), .text(names.joined(separator: ", ")), sighting.map { .text($0.peer) } ?? .null,
        .text(sighting?.headers.joined(separator: ", ") ?? ""),
        .text("ROOST_TRUSTED_PROXIES=" + ((sighting.map { [$0.peer] } ?? []) + names).joined(separator: ",")), .int(signedIn.users),
        .int(signedIn.sessions), .list(events.map { event($0, context) }),
      ])
  }

  private static func event(_ line: SecurityLog.Line, _ context: RequestContext) -> Value {
    let kind = SecurityEvent.Kind(rawValue: line.kind)
    let isReason = SecurityEvent.Reason(rawValue: line.detail) != nil
    let device =
      line.agent == SecurityEvent.Place.commandLine.agent ? context.language.text("Command line") : Device.name(of: line.agent) ?? ""
    return .record(
      ViewData(
        eventShape,
        [
          .text(kind.map { context.text($0.label) } ?? line.kind),
          .text(isReason ? context.language.text(line.detail) : roles(line.detail, context)), .text(kind?.icon ?? "dot"),
          .text(line.account), .text(line.address), .text(device), .text(line.at),
          .text(context.formats.minute(line.at)),
        ]))
  }

  private static func roles(_ detail: String, _ context: RequestContext) -> String {
    detail.split(separator: ",").map { context.language.text($0.drop { $0 == " " }.description) }.joined(separator: ", ")
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
    case .userDisabled: Message("User made inactive")
    case .userEnabled: Message("User made active")
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
