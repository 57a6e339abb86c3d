package import Base
package import Store

/// All SQL over users.
package enum UserStore {
  /// What signing in needs to know of an account.
  struct Credentials: Sendable {
    let id: RecordID
    let email: String
    let passwordHash: String?
    let isActive: Bool
    let hasTimeZone: Bool
    let hasTotp: Bool
  }

  /// The form in which addresses are compared: case never tells two people apart.
  package static func key(of email: String) -> String { TextNormalizing.line(email).lowercased() }

  static func credentials(email: String, in db: Database) throws -> Credentials? {
    try credentials("email_key = \(key(of: email))", in: db)
  }

  static func credentials(of id: RecordID, in db: Database) throws -> Credentials? { try credentials("id = \(id)", in: db) }

  private static func credentials(_ condition: SQL, in db: Database) throws -> Credentials? {
    try db.first(
      """
      SELECT id, email, password_hash, status, has_time_zone, EXISTS (SELECT 1 FROM user_totp WHERE user_id = id)
      FROM users WHERE \(condition)
      """
    ) {
      Credentials(
        id: $0.recordID(0), email: $0.text(1), passwordHash: $0.textOrNil(2), isActive: $0.text(3) == "active", hasTimeZone: $0.bool(4),
        hasTotp: $0.bool(5))
    }
  }

  static func passwordHash(of id: RecordID, in db: Database) throws -> String? {
    try db.text("SELECT password_hash FROM users WHERE id = \(id)")
  }

  static func setPassword(_ hash: String, of id: RecordID, in db: Database) throws {
    try db.run("UPDATE users SET password_hash = \(hash) WHERE id = \(id)")
  }

  /// Only in place of this hash; `false` if there is another one by now.
  static func setPassword(_ hash: String, of id: RecordID, insteadOf former: String, in db: Database) throws -> Bool {
    try db.run("UPDATE users SET password_hash = \(hash) WHERE id = \(id) AND password_hash = \(former)") == 1
  }

  /// Makes the account, and its entry in the security log: every grant of rights is logged there.
  static func create(_ draft: UserDraft, passwordHash: String?, from place: SecurityEvent.Place, now: Timestamp, in db: Database) throws
    -> RecordID
  {
    let id = RecordID.make(at: now)
    try db.run(
      """
      INSERT INTO users (
        id, email, email_key, name, name_sort, words, password_hash, time_zone, has_time_zone, created_at, updated_at, confirmed_at)
      VALUES (
        \(id), \(draft.email), \(key(of: draft.email)), \(draft.name), \(TextFolding.fold(draft.name)), \(draft.words), \(passwordHash),
        \(draft.timeZone ?? "UTC"), \(draft.timeZone == nil ? 0 : 1), \(now), \(now), \(now))
      """)
    for role in draft.roles {
      try db.run("INSERT INTO user_roles (user_id, role_id) VALUES (\(id), \(role.id))")
    }
    let roles = draft.roles.map(\.rawValue).joined(separator: ", ")
    try SecurityLog.record(SecurityEvent(.userAdded, account: draft.email, user: id, from: place, detail: roles), now: now, in: db)
    return id
  }

  static func setPreferences(_ id: RecordID, name: String, language: String, timeZone: String, theme: String, in db: Database) throws {
    try db.run(
      """
      UPDATE users SET name = \(name), name_sort = \(TextFolding.fold(name)), version = version + 1, language = \(language), time_zone = \(timeZone), has_time_zone = 1, theme = \(theme) WHERE id = \(id)
      """)
  }

  /// The first one that an account gets; a chosen one stays.
  static func setFirstTimeZone(_ zone: String, of id: RecordID, in db: Database) throws {
    try db.run("UPDATE users SET time_zone = \(zone), has_time_zone = 1 WHERE id = \(id) AND has_time_zone = 0")
  }

  static func hasAny(in db: Database) throws -> Bool { try db.value("SELECT EXISTS (SELECT 1 FROM users)") == 1 }

  /// So many people a form offers at most, far beyond what an office has.
  private static let mostOwners = 5_000

  /// Who may own records, in the order of their names: active people, and the present owner even if no longer active.
  static func owners(keeping chosen: String, in db: Database) throws -> [(id: String, name: String)] {
    let people = try db.all(
      """
      SELECT id, name FROM users WHERE \(isOffered) OR id = \(chosen)
      ORDER BY id <> \(chosen), name
      """
    ) { (id: $0.text(0), name: $0.text(1)) }
    return people.prefix(mostOwners).map { (person: $0, key: TextFolding.fold($0.name)) }.sorted { $0.key < $1.key }.map(\.person)
  }

  /// Who signs in with this address.
  package static func find(email: String, in db: Database) throws -> (id: RecordID, name: String)? {
    try db.first("SELECT id, name FROM users WHERE email_key = \(key(of: email))") { ($0.recordID(0), $0.text(1)) }
  }

  /// Whether an active owner is left besides this user.
  package static func hasOwner(besides user: RecordID, in db: Database) throws -> Bool {
    try db.value(
      """
      SELECT 1 FROM user_roles JOIN users ON users.id = user_roles.user_id
      WHERE role_id = \(Role.owner.id) AND users.status = 'active' AND users.id <> \(user) LIMIT 1
      """) == 1
  }

  package static func email(of id: String, in db: Database) throws -> String? { try db.text("SELECT email FROM users WHERE id = \(id)") }

  /// What is asked of somebody whom forms offer.
  private static let isOffered: SQL = "status = 'active' AND account_type = 'person'"

  /// Who is meant by an id, an e-mail address or an exact name: those first whom forms offer; a few at most, since more says no more.
  static func find(_ text: String, in db: Database) throws -> [(id: String, name: String, isOffered: Bool)] {
    for condition: SQL in ["id = \(text)", "email_key = \(key(of: text))", "name = \(text)"] {
      let found = try db.all("SELECT id, name, \(isOffered) AS offered FROM users WHERE \(condition) ORDER BY offered DESC LIMIT 10") {
        (id: $0.text(0), name: $0.text(1), isOffered: $0.bool(2))
      }
      if !found.isEmpty { return found }
    }
    return []
  }
}

/// An account to be made, checked by the same rules whether it comes from the set-up page or a command.
package struct UserDraft: Sendable {
  package var email: String
  package var name: String
  package var roles: [Role]
  /// `nil` where nobody has chosen one.
  package var timeZone: String?

  package init(email: String, name: String, roles: [Role], timeZone: String? = nil) {
    self.email = TextNormalizing.line(email)
    self.name = TextNormalizing.line(name)
    self.roles = roles
    self.timeZone = timeZone
  }

  /// By what a search finds it.
  var words: String { RecordType.text(of: SearchWords.named(name) + SearchWords.indexed(email)) }

  /// What is wrong with the account, per field.
  package var problems: [String: Message] {
    var problems: [String: Message] = [:]
    if name.isEmpty { problems["name"] = Message("Enter a name.") }
    if name.unicodeScalars.count > 255 { problems["name"] = Message("At most {n} characters.", ["n": "255"]) }
    if !EmailAddress.isPlausible(email) { problems["email"] = Message("Enter an e-mail address, like ann@example.com.") }
    return problems
  }
}

/// Whether a text looks like an address that mail can go to; only sending proves it.
package enum EmailAddress {
  package static func isPlausible(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, text.utf8.count <= 254 else { return false }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "\0"..."\u{20}", "<", ">", "(", ")", ",", ";", ":", "\"", "\\", "[", "]", "\u{7F}": false
      default: scalar.isASCII || !scalar.properties.isWhitespace
      }
    }
  }
}
