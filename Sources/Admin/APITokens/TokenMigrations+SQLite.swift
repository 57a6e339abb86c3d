import Store

extension Migration {
  static let apiTokens = Migration(
    "2026-12-02-api-tokens",
    """
    CREATE TABLE api_tokens (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      name TEXT NOT NULL CONSTRAINT name_present CHECK (name <> ''),
      token_hash TEXT NOT NULL UNIQUE,
      hint TEXT NOT NULL,
      scopes TEXT NOT NULL,
      created_at TEXT NOT NULL,
      expires_at TEXT,
      last_used_at TEXT,
      last_address TEXT NOT NULL DEFAULT '',
      revoked_at TEXT
    ) WITHOUT ROWID;
    CREATE INDEX api_tokens_by_user ON api_tokens (user_id, created_at);
    CREATE TABLE api_answers (
      token_id TEXT NOT NULL REFERENCES api_tokens (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      content TEXT NOT NULL,
      status INTEGER NOT NULL,
      headers TEXT NOT NULL,
      body BLOB NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (token_id, key)
    );
    CREATE INDEX api_answers_by_time ON api_answers (at);
    """)
}
