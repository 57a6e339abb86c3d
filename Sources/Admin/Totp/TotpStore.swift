import Base
import Store

/// All SQL over the second step of signing in: the secret of a user's authenticator app, sealed, and the hashes of their recovery codes.
enum TotpStore {
  static func isOn(_ user: RecordID, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM user_totp WHERE user_id = \(user))") == 1
  }

  static func sealedSecret(of user: RecordID, in db: Database) throws -> String? {
    try db.text("SELECT secret FROM user_totp WHERE user_id = \(user)")
  }

  /// `step` is that of the code that confirmed it, which is used up.
  static func turnOn(_ user: RecordID, sealedSecret: String, step: Int, now: Timestamp, in db: Database) throws -> Bool {
    try db.run(
      """
      INSERT INTO user_totp (user_id, secret, last_step, confirmed_at) VALUES (\(user), \(sealedSecret), \(step), \(now))
      ON CONFLICT (user_id) DO NOTHING
      """) == 1
  }

  /// `false` if it wasn't on.
  static func turnOff(_ user: RecordID, in db: Database) throws -> Bool {
    try db.run("DELETE FROM recovery_codes WHERE user_id = \(user)")
    return try db.run("DELETE FROM user_totp WHERE user_id = \(user)") == 1
  }

  /// In place of all that there were.
  static func setRecoveryCodes(_ hashes: [String], of user: RecordID, in db: Database) throws {
    try db.run("DELETE FROM recovery_codes WHERE user_id = \(user)")
    for hash in hashes { try db.run("INSERT INTO recovery_codes (user_id, code_hash) VALUES (\(user), \(hash))") }
  }

  static func recoveryCodesLeft(of user: RecordID, in db: Database) throws -> Int {
    try db.value("SELECT count(*) FROM recovery_codes WHERE user_id = \(user) AND used_at IS NULL") ?? 0
  }

  /// Uses a code up; `false` for one that has been used, or is older than one that has.
  static func use(_ code: TotpCode, of user: RecordID, now: Timestamp, in db: Database) throws -> Bool {
    switch code {
    case .step(let step):
      try db.run("UPDATE user_totp SET last_step = \(step) WHERE user_id = \(user) AND last_step < \(step)") == 1
    case .recovery(let hash):
      try db.run(
        "UPDATE recovery_codes SET used_at = \(now) WHERE user_id = \(user) AND code_hash = \(hash) AND used_at IS NULL") == 1
    }
  }
}
