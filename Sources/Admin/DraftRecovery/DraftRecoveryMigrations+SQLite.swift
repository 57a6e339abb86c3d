import Store

extension Migration {
  static let keptForms = Migration(
    "2026-11-20-kept-forms",
    """
    CREATE TABLE kept_forms (
      token_hash TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      path TEXT NOT NULL,
      body TEXT NOT NULL,
      kept_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX kept_forms_by_age ON kept_forms (kept_at);
    """)
}
