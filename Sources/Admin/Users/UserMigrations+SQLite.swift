import Store

extension Migration {
  static let users = Migration(
    "2026-11-20-users",
    """
    CREATE TABLE users (
      id TEXT PRIMARY KEY,
      email TEXT NOT NULL CONSTRAINT email_present CHECK (email <> ''),
      email_key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      username TEXT UNIQUE,
      password_hash TEXT,
      account_type TEXT NOT NULL DEFAULT 'person' CHECK (account_type IN ('person', 'organization')),
      organization_name TEXT NOT NULL DEFAULT '',
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
      language TEXT NOT NULL DEFAULT '',
      time_zone TEXT NOT NULL DEFAULT 'UTC',
      theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
      created_at TEXT NOT NULL,
      confirmed_at TEXT,
      last_sign_in_at TEXT
    );
    CREATE TABLE user_roles (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'factory', 'member')),
      PRIMARY KEY (user_id, role)
    ) WITHOUT ROWID;
    CREATE INDEX user_roles_by_role ON user_roles (role, user_id);
    CREATE TRIGGER last_owner_stays BEFORE DELETE ON user_roles
      WHEN old.role = 'owner' AND (SELECT count(*) FROM user_roles WHERE role = 'owner') = 1
      BEGIN SELECT RAISE(ABORT, 'the last owner stays'); END;
    CREATE TABLE sessions (
      token_hash TEXT PRIMARY KEY,
      form_key TEXT NOT NULL UNIQUE,
      id TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      seen_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      ended_at TEXT,
      address TEXT NOT NULL,
      agent TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_user ON sessions (user_id, seen_at);
    CREATE TABLE setup_links (
      token_hash TEXT PRIMARY KEY,
      created_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """)

  /// Whether somebody, or the browser at the first sign-in, has chosen an account's time zone. UTC was what accounts had from the start.
  static let timeZones = Migration(
    "2026-11-30-time-zones",
    """
    ALTER TABLE users ADD COLUMN has_time_zone INTEGER NOT NULL DEFAULT 0 CHECK (has_time_zone IN (0, 1));
    UPDATE users SET has_time_zone = 1 WHERE time_zone <> 'UTC';
    """)
}
