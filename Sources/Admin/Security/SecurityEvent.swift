package import Base
package import Store
import Web

/// Something that happened at the door: one line of the security log.
package struct SecurityEvent: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case signIn = "sign-in"
    case signInRefused = "sign-in-refused"
    case signOut = "sign-out"
    case sessionEnded = "session-ended"
    case passwordChanged = "password-changed"
    case passwordRefused = "password-refused"
    case userAdded = "user-added"
    case emailChanged = "email-changed"
    case rolesChanged = "roles-changed"
    case userDisabled = "user-disabled"
    case userEnabled = "user-enabled"
    /// A link to choose a password was made for somebody, or was used.
    case linkMade = "link-made"
    case linkUsed = "link-used"
    case viewingAs = "viewing-as"
    case viewingAsEnded = "viewing-as-ended"
    case totpOn = "totp-on"
    case totpOff = "totp-off"
    case totpReset = "totp-reset"
    case recoveryCodesRenewed = "recovery-codes-renewed"
    case tokenCreated = "token-created"
    case tokenRevoked = "token-revoked"
    case tokenRefused = "token-refused"
  }

  /// Why a try was refused, or a session ended. In English, translated where it is shown.
  enum Reason: String, Sendable, CaseIterable {
    case unknownAccount = "unknown account"
    case wrongPassword = "wrong password"
    case closedAccount = "closed account"
    case tooManyTries = "too many attempts"
    case signedOutElsewhere = "signed out from another session"
    case passwordChange = "the password was changed"
    case signedInAnew = "replaced by a new sign-in"
    case byAdministrator = "signed out by an administrator"
    case wrongCode = "wrong code"
    case usedCode = "code already used"
    case recoveryCode = "with a recovery code"
    case totpOn = "two-step verification was turned on"
  }

  /// Where somebody sits who does something.
  package struct Place: Sendable {
    let address: String
    let agent: String

    /// A command, run on the machine itself.
    package static let commandLine = Place(address: "", agent: "command line")
  }

  let kind: Kind
  /// The account's address as it is known, or as it was typed.
  let account: String
  let user: RecordID?
  package let place: Place
  /// A reason, a number of sessions, roles.
  var detail: String

  package init(_ kind: Kind, account: String, user: RecordID?, from place: Place, detail: String = "") {
    self.kind = kind
    self.account = account
    self.user = user
    self.place = place
    self.detail = detail
  }
}

extension ActContext {
  /// Writes into the security log what has happened to a user's account, in the transaction of the act.
  package func note(_ kind: SecurityEvent.Kind, of user: RecordID, _ detail: String = "") throws {
    let email = try UserStore.email(of: user.text, in: db) ?? ""
    try SecurityLog.record(SecurityEvent(kind, account: email, user: user, from: place, detail: detail), now: now, in: db)
  }
}

extension RequestContext {
  package var place: SecurityEvent.Place {
    SecurityEvent.Place(address: request.peer, agent: String((request.headers["User-Agent"] ?? "").unicodeScalars.prefix(300)))
  }

  /// Writes what lets people in or keeps them out, and notes that: in the same transaction, and once that is committed on standard error. Gets the
  /// room that is kept for it when the disk is full.
  package func write<T>(noting events: (T) -> [SecurityEvent], _ body: (Database) throws -> T) throws -> T {
    let result = try store.write(.essential) { db in
      let result = try body(db)
      for event in events(result) { try SecurityLog.record(event, now: now, in: db) }
      return result
    }
    for event in events(result) { services.log(event, id: request.id) }
    return result
  }

  /// Notes what has changed nothing. Nobody waits for the entry, and without it the line on standard error is there.
  func note(_ event: SecurityEvent) {
    services.log(event, id: request.id)
    let now = now
    services.store.writeSoon("security \(request.id)") { db in try SecurityLog.record(event, now: now, in: db) }
  }
}

extension Services {
  /// A line on standard error.
  func log(_ event: SecurityEvent, id: String) {
    log(
      event.kind.rawValue,
      ["id": id, "account": event.account, "user": event.user?.text ?? "-", "peer": event.place.address, "detail": event.detail])
  }
}
