import Admin
import Base
import Store

/// What users keep to, whatever changes them.
enum UserActs {
  /// Nobody decides on those who may do more, nobody shuts themselves out, and an owner stays.
  @Sendable static func rules(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    guard let user = change.record else { return ValidationErrors() }
    let held = try HeldRoles(RoleStore.roles(of: user.text, in: act.db))
    let isSelf = user.text == act.actor.id
    if !isSelf, let objection = try act.objection(to: user) { return ValidationErrors("", objection) }
    switch change {
    case .save(_, let values):
      let type = RecordType.user
      let staysActive = type.index(of: "status").map { values[$0].text == "active" } ?? true
      if isSelf, !staysActive { return ValidationErrors("status", Message("You can’t make your own account inactive.")) }
      let ownerName = try RoleStore.find("id = \(Role.owner.id)", in: act.db).first?.name ?? ""
      let staysOwner = type.index(of: "roles").map { UserRolesField.names(values[$0]).contains(ownerName) } ?? true
      if held.grants.isOwner, !staysActive || !staysOwner { return try objection(to: user, staysActive ? "roles" : "status", act) }
    case .trash, .delete:
      if isSelf { return ValidationErrors("", Message("You can’t delete your own account.")) }
      if held.grants.isOwner { return try objection(to: user, "", act) }
      if case .delete = change, try hasHistory(user, in: act.db) {
        return ValidationErrors(
          "",
          Message(
            "This user appears in the activity log, so the account can’t be deleted. It stays in the trash and can’t be used to sign in."))
      }
    case .create, .restore: break
    }
    return ValidationErrors()
  }

  /// Of an owner who is to be one no more.
  private static func objection(to user: RecordID, _ field: String, _ act: ActContext) throws -> ValidationErrors {
    try UserStore.hasOwner(besides: user, in: act.db)
      ? ValidationErrors() : ValidationErrors(field, Message("This is the last owner. Make somebody else an owner first."))
  }

  private static func hasHistory(_ user: RecordID, in db: Database) throws -> Bool {
    try db.value("SELECT 1 FROM activity WHERE actor_id = \(user) LIMIT 1") == 1
  }

  /// Tells the security log who may sign in, and who no longer: for them, sessions, tokens and links end.
  @Sendable static func noteStatus(_ status: String, _ user: RecordID, _ act: ActContext) throws {
    // A new user is active, or never was.
    guard act.record != nil else { return }
    if status != "active" { _ = try SessionStore.signOut(user, act) }
    try act.note(status == "active" ? .userEnabled : .userDisabled, of: user)
  }

  /// The same for a user who is moved to the trash or restored, if the account is active there.
  @Sendable static func noteTrash(_ isTrashed: Bool, _ user: RecordID, _ act: ActContext) throws {
    guard try act.db.text("SELECT coalesce(status_before, status) FROM users WHERE id = \(user)") == "active" else { return }
    if isTrashed { _ = try SessionStore.signOut(user, act) }
    try act.note(isTrashed ? .userDisabled : .userEnabled, of: user)
  }
}
