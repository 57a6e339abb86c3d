import Admin
import Base
import Store
import Web

/// What can be done to a user besides editing: links to choose a password, signing out.
enum UserHandlers {
  private static let path = RecordType.user.path + "/{id}"

  static let routes: [Route] = [
    .post(path + "/password-link", .full(.users), keepsForms: false, makeLink),
    .post(path + "/sign-out", .full(.users), keepsForms: false, signOut),
    .post(path + "/reset-totp", .full(.users), keepsForms: false, resetTotp),
    .post(path + "/view-as", .full(.users), keepsForms: false, viewAs),
  ]

  /// Shows the link once, to be handed on.
  @Sendable private static func makeLink(_ context: RequestContext) throws -> Response {
    let user = try context.header(of: .user)
    guard user.status == "active" else {
      return context.redirect(
        to: user.href, Flash(Message("{name} can’t sign in. Make the account active first.", ["name": user.name]), kind: .problem))
    }
    var link: String?
    let outcome = try context.act { act in
      let objections = try objectionsUnlessOwn(to: user, act)
      guard objections.isEmpty else { return .invalid(objections) }
      let isNew = try act.db.value("SELECT password_hash IS NULL FROM users WHERE id = \(user.id)") == 1
      link = try PasswordLinks.make(isNew ? .invitation : .reset, for: user.id, act)
      return try act.done(isNew ? "user.invited" : "user.reset", user.id, on: user)
    }
    guard let link else {
      return context.redirect(
        to: user.href, outcome, Message("Saved."), orElse: Message("This link was already created. Create a new one."))
    }
    let message = Message("Send this link to {name}. It works once and won’t be shown again.", ["name": user.name])
    return context.redirect(to: user.href, Flash(message, copy: context.absolute(link)))
  }

  @Sendable private static func signOut(_ context: RequestContext) throws -> Response {
    let user = try context.header(of: .user)
    let outcome = try context.act(.essential) { act in
      let objections = try objections(to: user, act)
      guard objections.isEmpty else { return .invalid(objections) }
      guard try SessionStore.signOut(user.id, act) > 0 else { return .unchanged(user.id) }
      return try act.done("user.signed_out", user.id, on: user)
    }
    let name = ["name": user.name]
    return context.redirect(
      to: user.href, outcome, Message("{name} is signed out everywhere.", name), orElse: Message("{name} isn’t signed in.", name))
  }

  /// For somebody who has lost both their phone and their recovery codes.
  @Sendable private static func resetTotp(_ context: RequestContext) throws -> Response {
    let user = try context.header(of: .user)
    let outcome = try context.act(.essential) { act in
      let objections = try objectionsUnlessOwn(to: user, act)
      guard objections.isEmpty else { return .invalid(objections) }
      guard try Totp.reset(user.id, act) else { return .unchanged(user.id) }
      return try act.done("user.totp_reset", user.id, on: user)
    }
    let name = ["name": user.name]
    return context.redirect(
      to: user.href, outcome, Message("Two-step verification reset for {name}.", name),
      orElse: Message("{name} doesn’t use two-step verification.", name))
  }

  @Sendable private static func viewAs(_ context: RequestContext) throws -> Response {
    let user = try context.header(of: .user)
    guard user.status == "active" else {
      return context.redirect(
        to: user.href, Flash(Message("{name} can’t sign in, so there is nothing to view.", ["name": user.name]), kind: .problem))
    }
    let held = try context.store.read { db in try HeldRoles.find(user: user.id.text, in: db) }
    return try ViewAs.start(.user(user.id), named: user.name, grants: held.grants, context)
  }

  /// One's own password and second step are changed where the present password is asked for.
  private static func objectionsUnlessOwn(to user: RecordHeader, _ act: ActContext) throws -> ValidationErrors {
    user.id.text == act.actor.id
      ? ValidationErrors("", Message("Change this for yourself on your account page.")) : try objections(to: user, act)
  }

  private static func objections(to user: RecordHeader, _ act: ActContext) throws -> ValidationErrors {
    try act.objection(to: user.id).map { ValidationErrors("", $0) } ?? ValidationErrors()
  }

  static let actions = [
    ActionLabel(action: "user.invited", label: "Created an invitation link", icon: "link-45deg"),
    ActionLabel(action: "user.reset", label: "Created a password reset link", icon: "link-45deg"),
    ActionLabel(action: "user.totp_reset", label: "Reset two-step verification", icon: "unlock"),
    ActionLabel(action: "user.signed_out", label: "Signed out everywhere", icon: "box-arrow-right"),
  ]
}
