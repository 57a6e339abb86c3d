package import Base
import Crypto
package import Store
import Web

/// All SQL over sessions. A token is known here by its hash alone.
package enum SessionStore {
  /// Signs somebody out everywhere, in an administrator's name: programs with their tokens and links to choose a password too. Gives how many sessions and tokens that ended.
  package static func signOut(_ user: RecordID, _ act: ActContext) throws -> Int {
    let count = try endAll(user: user, except: nil, now: act.now, in: act.db)
    let tokens = try TokenStore.revokeAll(of: user, now: act.now, in: act.db)
    try PasswordLinks.revoke(for: user, in: act.db)
    for _ in 0..<count { try act.note(.sessionEnded, of: user, SecurityEvent.Reason.byAdministrator.rawValue) }
    for _ in 0..<tokens { try act.note(.tokenRevoked, of: user, SecurityEvent.Reason.byAdministrator.rawValue) }
    return count + tokens
  }

  package static func hash(_ token: String) -> String { Digest.hash(token) }

  /// The roles of the user `u` of a query.
  static let roleList = HeldRoles.sql(user: "u.id")

  /// The live session of a browser's token.
  static func find(token: String, settings: Settings, now: Timestamp, in db: Database) throws -> Session? {
    try find("s.token_hash = \(hash(token))", settings: settings, now: now, in: db)
  }

  private static func find(_ condition: SQL, settings: Settings, now: Timestamp, in db: Database) throws -> Session? {
    let session = try db.first(
      """
      SELECT s.id, s.seen_at, u.id, u.email, u.name, u.language, u.time_zone, u.theme,
        \(roleList), EXISTS (SELECT 1 FROM user_totp WHERE user_id = u.id), s.view_user, s.view_role, s.created_at
      FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE \(condition) AND \(settings.sessionLife.isLive("s", at: now)) AND u.status = 'active'
      """
    ) { row in
      let held = HeldRoles(row.textOrNil(8))
      let session = Session(
        id: row.recordID(0),
        user: User(
          id: row.recordID(2), email: row.text(3), name: row.text(4), roles: held.roles, grants: held.grants, language: row.text(5),
          timeZone: row.text(6), theme: row.text(7), hasTotp: row.bool(9)),
        createdAt: row.timestamp(12), seenAt: row.timestamp(1))
      return row.isNull(10) && row.isNull(11)
        ? session : try ViewAs.apply(session, user: row.textOrNil(10), role: row.textOrNil(11), in: db)
    }
    guard var session, !settings.isCRMOn else { return session }
    session.user.grants = session.user.grants.withoutCRM
    return session
  }

  /// What a session still gives, looked at from outside a request.
  struct Standing: Sendable {
    let grants: Grants
    /// When it expires if it isn't used.
    let until: Timestamp
  }

  /// `nil` when the session may no longer be used.
  static func standing(of id: RecordID, settings: Settings, now: Timestamp, in db: Database) throws -> Standing? {
    guard let session = try find("s.id = \(id)", settings: settings, now: now, in: db) else { return nil }
    return Standing(grants: session.user.grants, until: session.until(settings.sessionLife))
  }

  /// Somebody who was signed in, and may come in again. It gives no right to anything; `DraftRecovery` says what may still be left for them.
  struct FormerUser: Sendable {
    let id: RecordID
    let grants: Grants
    /// When somebody ended the session on purpose; `nil` for one that is live or has expired by itself.
    let endedAt: Timestamp?
  }

  /// Whose session this token was, whether or not it is still live.
  static func formerUser(token: String, in db: Database) throws -> FormerUser? {
    try formerUser("s.token_hash = \(hash(token))", in: db)
  }

  /// Whose session a form was made for.
  static func formerUser(formToken: String?, in db: Database) throws -> FormerUser? {
    guard let key = CSRF.fingerprint(in: formToken) else { return nil }
    return try formerUser("s.form_key = \(key)", in: db)
  }

  private static func formerUser(_ condition: SQL, in db: Database) throws -> FormerUser? {
    try db.first(
      """
      SELECT u.id, \(roleList), s.ended_at FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE \(condition) AND u.status = 'active'
      """
    ) { FormerUser(id: $0.recordID(0), grants: HeldRoles($0.textOrNil(1)).grants, endedAt: $0.isNull(2) ? nil : $0.timestamp(2)) }
  }

  static func create(token: String, user: RecordID, from place: SecurityEvent.Place, now: Timestamp, in db: Database) throws {
    try db.run(
      """
      INSERT INTO sessions (token_hash, form_key, id, user_id, created_at, seen_at, expires_at, address, agent)
      VALUES (\(hash(token)), \(CSRF.fingerprint(for: token)), \(RecordID.make(at: now)), \(user), \(now), \(now), \(now.adding(seconds: SessionLife.longest)),
        \(place.address), \(place.agent))
      """)
    try db.run("UPDATE users SET last_sign_in_at = \(now) WHERE id = \(user)")
  }

  static func touch(_ id: RecordID, now: Timestamp, address: String, in db: Database) throws {
    try db.run("UPDATE sessions SET seen_at = \(now), address = \(address) WHERE id = \(id)")
  }

  static func end(_ id: RecordID, user: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    try db.run("UPDATE sessions SET ended_at = \(now) WHERE id = \(id) AND user_id = \(user) AND ended_at IS NULL") == 1
  }

  /// Ends every session of a user but one.
  static func endAll(user: RecordID, except: RecordID?, now: Timestamp, in db: Database) throws -> Int {
    try db.run(
      "UPDATE sessions SET ended_at = \(now) WHERE user_id = \(user) AND ended_at IS NULL AND id IS NOT \(except?.text)")
  }

  /// How many people have how many live sessions.
  static func count(life: SessionLife, now: Timestamp, in db: Database) throws -> (users: Int, sessions: Int) {
    let counts = try db.first(
      """
      SELECT count(DISTINCT user_id), count(*) FROM sessions JOIN users u ON u.id = user_id
      WHERE \(life.isLive("sessions", at: now)) AND u.status = 'active'
      """
    ) { (users: $0.int(0), sessions: $0.int(1)) }
    return counts ?? (0, 0)
  }

  /// Who is signed in, the most recently active first.
  static func holders(life: SessionLife, now: Timestamp, limit: Int, in db: Database) throws -> [(
    id: RecordID, name: String, email: String
  )] {
    try db.all(
      """
      SELECT u.id, u.name, u.email FROM sessions JOIN users u ON u.id = user_id
      WHERE \(life.isLive("sessions", at: now)) AND u.status = 'active'
      GROUP BY u.id ORDER BY max(sessions.seen_at) DESC LIMIT \(limit)
      """
    ) { ($0.recordID(0), $0.text(1), $0.text(2)) }
  }

  static func user(of session: RecordID, in db: Database) throws -> RecordID? {
    try db.text("SELECT user_id FROM sessions WHERE id = \(session)").flatMap { RecordID($0) }
  }

  package struct Line: Sendable {
    let id: RecordID
    let createdAt: String
    package let seenAt: String
    package let address: String
    package let agent: String
  }

  /// A user's live sessions, the most recently used first.
  package static func live(user: RecordID, life: SessionLife, now: Timestamp, in db: Database) throws -> [Line] {
    try live(users: [user], life: life, now: now, in: db)[user] ?? []
  }

  /// The same of several users.
  static func live(users: [RecordID], life: SessionLife, now: Timestamp, in db: Database) throws -> [RecordID: [Line]] {
    let lines = try db.all(
      """
      SELECT id, created_at, seen_at, address, agent, user_id FROM sessions
      WHERE user_id IN \(SQL.list(users)) AND \(life.isLive("sessions", at: now))
      ORDER BY seen_at DESC
      """
    ) { row in
      (
        user: row.recordID(5),
        line: Line(id: row.recordID(0), createdAt: row.text(1), seenAt: row.text(2), address: row.text(3), agent: row.text(4))
      )
    }
    return Dictionary(grouping: lines, by: \.user).mapValues { $0.map(\.line) }
  }
}
