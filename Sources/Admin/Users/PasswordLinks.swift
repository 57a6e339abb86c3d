package import Base
import Crypto
package import Store
import Templating
import Web

/// Links by which somebody chooses a password: the first one, who was invited, or a new one, who has forgotten theirs. Each is shown once, to its
/// maker, works once and only for a time; of a user's links only the last one works.
package enum PasswordLinks {
  package enum Purpose: String, Sendable {
    case invitation, reset

    /// How long it works, in seconds.
    package var life: Int { self == .invitation ? 7 * 24 * 3600 : 24 * 3600 }
  }

  private static let path = "/set-password"

  static let routes: [Route] = [.get(path, .anyone, show), .post(path, .anyone, effort: .slow, set)]

  static let shape = ViewSchema(
    "set-password",
    [("key", .text), ("name", .text), ("email", .text), ("isInvitation", .bool), ("problem", .optional(.text))])

  /// Makes one, in place of any that the user has, and gives what follows the host in its address.
  package static func make(_ purpose: Purpose, for user: RecordID, _ act: ActContext) throws -> String {
    let key = SecureRandom.token()
    try act.db.run("DELETE FROM password_links WHERE user_id = \(user)")
    try act.db.run(
      """
      INSERT INTO password_links (token_hash, user_id, purpose, created_by, created_at, expires_at)
      VALUES (\(Digest.hash(key)), \(user), \(purpose.rawValue), \(act.actor.id), \(act.now), \(act.now.adding(seconds: purpose.life)))
      """)
    try act.note(.linkMade, of: user, purpose.rawValue)
    return URLQuery.append([("key", key)], to: path)
  }

  private struct Link {
    let user: RecordID
    let name: String
    let email: String
    let purpose: Purpose
  }

  /// Whose link it is, if it still works: its maker may still make one for this user, whatever has changed since.
  private static func find(_ key: String, _ context: RequestContext, in db: Database) throws -> Link? {
    let found = try db.first(
      """
      SELECT u.id, u.name, u.email, l.purpose, m.id FROM password_links AS l JOIN users AS u ON u.id = l.user_id
        JOIN users AS m ON m.id = l.created_by
      WHERE l.token_hash = \(Digest.hash(key)) AND l.expires_at > \(context.now) AND u.status = 'active' AND m.status = 'active'
      """
    ) { row in
      let purpose = Purpose(rawValue: row.text(3)) ?? .reset
      return (Link(user: row.recordID(0), name: row.text(1), email: row.text(2), purpose: purpose), row.text(4))
    }
    guard let (link, maker) = found else { return nil }
    let (grants, theirs) = (try HeldRoles.find(user: maker, in: db).grants, try HeldRoles.find(user: link.user.text, in: db).grants)
    return grants.may(.full, on: .users) && grants.covers(theirs, over: context.composition.resources) ? link : nil
  }

  /// Takes back those that a user has.
  package static func revoke(for user: RecordID, in db: Database) throws {
    try db.run("DELETE FROM password_links WHERE user_id = \(user)")
  }

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    let key = context.query["key"] ?? ""
    guard let link = try context.store.read({ db in try find(key, context, in: db) }) else { return closed(context) }
    return try page(context, key, link, problem: nil)
  }

  /// Sets the password and ends all sessions of the account: who had the old one is out. The link is spent in the same transaction, so of two who use it
  /// at once one does.
  @Sendable private static func set(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let key = form["key"] ?? ""
    guard let link = try context.store.read({ db in try find(key, context, in: db) }) else { return closed(context) }
    let password = form["new_password"] ?? ""
    if let problem = PasswordRules.problem(with: password, email: link.email, name: link.name) {
      return try page(context, key, link, problem: problem, status: 422)
    }
    let hash = try context.services.passwords.hash(password)
    let used = SecurityEvent(.linkUsed, account: link.email, user: link.user, from: context.place, detail: link.purpose.rawValue)
    let revoked = SecurityEvent(
      .tokenRevoked, account: link.email, user: link.user, from: context.place, detail: SecurityEvent.Reason.passwordChange.rawValue)
    let tokens: Int? = try context.write(noting: { $0.map { [used] + Array(repeating: revoked, count: $0) } ?? [] }) { db in
      guard try find(key, context, in: db) != nil,
        try db.run("DELETE FROM password_links WHERE token_hash = \(Digest.hash(key))") == 1
      else { return nil }
      try UserStore.setPassword(hash, of: link.user, in: db)
      try db.run("UPDATE users SET confirmed_at = coalesce(confirmed_at, \(context.now)) WHERE id = \(link.user)")
      _ = try SessionStore.endAll(user: link.user, except: nil, now: context.now, in: db)
      // The browser may have been somebody else's until now.
      if let session = context.session {
        _ = try SessionStore.end(session.id, user: (session.view?.viewer ?? session.user).id, now: context.now, in: db)
      }
      return try TokenStore.revokeAll(of: link.user, now: context.now, in: db)
    }
    guard tokens != nil else { return closed(context) }
    context.services.live.sessionsChanged()
    context.carry(SecureRandom.token())
    return context.redirect(to: "/sign-in", Flash(Message("Your password is set. Sign in with it.")))
  }

  /// The same for a link that was used, that is too old, and that never was.
  private static func closed(_ context: RequestContext) -> Response {
    context.redirect(
      to: "/sign-in", Flash(Message("This link no longer works. Ask an administrator for a new one."), kind: .problem))
  }

  private static func page(_ context: RequestContext, _ key: String, _ link: Link, problem: Message?, status: Int = 200) throws -> Response
  {
    try context.page(
      "users/set-password",
      ViewData(
        shape,
        [
          .text(key), .text(link.name), .text(link.email), .bool(link.purpose == .invitation),
          problem.map { .text(context.text($0)) } ?? .null,
        ]), status: status)
  }
}

extension RequestContext {
  /// The whole address of a page of ours, as this visitor's browser reaches it.
  package func absolute(_ path: String) -> String { "\(isSecure ? "https" : "http")://\(host ?? "localhost")\(path)" }
}
