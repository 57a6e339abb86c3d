import Store

extension Migration {
  static let totp = Migration(
    "2026-12-01-totp",
    """
    CREATE TABLE user_totp (
      user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
      secret TEXT NOT NULL,
      last_step INTEGER NOT NULL,
      confirmed_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE recovery_codes (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      code_hash TEXT NOT NULL,
      used_at TEXT,
      PRIMARY KEY (user_id, code_hash)
    ) WITHOUT ROWID;
    """)
}
