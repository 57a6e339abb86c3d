import Base
import Store

/// All SQL over API tokens. A token is known here by its hash alone.
enum TokenStore {
  /// How stale `last_used_at` may become before it is written again, in seconds.
  static let usedEvery = 60

  struct Found: Sendable {
    let id: RecordID
    let user: User
    let lastUsedAt: Timestamp?
  }

  /// A live token and whose it is.
  static func find(_ token: String, now: Timestamp, in db: Database) throws -> Found? {
    try db.first(
      """
      SELECT t.id, t.scopes, t.last_used_at, u.id, u.email, u.name, u.language, u.time_zone, u.theme, \(SessionStore.roleList),
        EXISTS (SELECT 1 FROM user_totp WHERE user_id = u.id)
      FROM api_tokens t JOIN users u ON u.id = t.user_id
      WHERE t.token_hash = \(APIToken.hash(token)) AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > \(now))
        AND u.status = 'active'
      """
    ) { row in
      let held = HeldRoles(row.textOrNil(9))
      let user = User(
        id: row.recordID(3), email: row.text(4), name: row.text(5), roles: held.roles,
        grants: held.grants.limited(to: RoleGrants.levels(row.text(1))), language: row.text(6), timeZone: row.text(7), theme: row.text(8),
        hasTotp: row.bool(10))
      return Found(id: row.recordID(0), user: user, lastUsedAt: row.isNull(2) ? nil : row.timestamp(2))
    }
  }

  /// Of a user who is shut out. Gives how many there were.
  static func revokeAll(of user: RecordID, now: Timestamp, in db: Database) throws -> Int {
    try db.run("UPDATE api_tokens SET revoked_at = \(now) WHERE user_id = \(user) AND revoked_at IS NULL")
  }

  static func touch(_ id: RecordID, now: Timestamp, address: String, in db: Database) throws {
    try db.run("UPDATE api_tokens SET last_used_at = \(now), last_address = \(address) WHERE id = \(id)")
  }

  static func create(
    _ token: String, name: String, _ scopes: [String: Level], until: Timestamp?, of user: RecordID, now: Timestamp, in db: Database
  )
    throws -> RecordID
  {
    let id = RecordID.make(at: now)
    try db.run(
      """
      INSERT INTO api_tokens (id, user_id, name, token_hash, hint, scopes, created_at, expires_at)
      VALUES (\(id), \(user), \(name), \(APIToken.hash(token)), \(String(token.suffix(4))), \(Self.stored(scopes)), \(now), \(until))
      """)
    return id
  }

  /// `contacts=write companies=read`, as roles store it too.
  private static func stored(_ scopes: [String: Level]) -> String {
    scopes.filter { $0.value > .none }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.name)" }.joined(separator: " ")
  }

  static func countLive(of user: RecordID, now: Timestamp, in db: Database) throws -> Int {
    try db.value(
      "SELECT count(*) FROM api_tokens WHERE user_id = \(user) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > \(now))") ?? 0
  }

  /// `user` is whose it has to be; `nil` for anybody's. `nil` if there is none that is live.
  static func revoke(_ id: RecordID, of user: RecordID?, now: Timestamp, in db: Database) throws -> (
    name: String, email: String, user: RecordID
  )? {
    let found = try db.first(
      """
      SELECT t.name, u.email, u.id FROM api_tokens t JOIN users u ON u.id = t.user_id
      WHERE t.id = \(id) AND t.revoked_at IS NULL AND \(isOf(user))
      """
    ) { (name: $0.text(0), email: $0.text(1), user: $0.recordID(2)) }
    if found != nil { try db.run("UPDATE api_tokens SET revoked_at = \(now) WHERE id = \(id)") }
    return found
  }

  private static func isOf(_ user: RecordID?) -> SQL { user.map { "t.user_id = \($0)" } ?? "true" }

  private static let mostListed = 500

  /// The newest first; those of one user, or all.
  static func list(of user: RecordID?, in db: Database) throws -> [APIToken] {
    try db.all(
      """
      SELECT t.id, u.name, t.name, t.scopes, t.hint, t.created_at, t.expires_at, t.last_used_at, t.last_address, t.revoked_at
      FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE \(isOf(user))
      ORDER BY t.revoked_at IS NOT NULL, t.created_at DESC, t.id DESC LIMIT \(mostListed)
      """
    ) {
      APIToken(
        id: $0.recordID(0), userName: $0.text(1), name: $0.text(2), scopes: RoleGrants.levels($0.text(3)), hint: $0.text(4),
        createdAt: $0.text(5), expiresAt: $0.textOrNil(6), lastUsedAt: $0.textOrNil(7), lastAddress: $0.text(8),
        revokedAt: $0.textOrNil(9))
    }
  }
}
