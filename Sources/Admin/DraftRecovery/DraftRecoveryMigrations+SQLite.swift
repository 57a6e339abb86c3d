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

  /// What came of forms that were sent.
  static let sentForms = Migration(
    "2026-11-30-sent-forms",
    """
    CREATE TABLE sent_forms (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      form_key TEXT NOT NULL,
      content TEXT NOT NULL,
      request_id TEXT NOT NULL,
      outcome_id TEXT NOT NULL,
      undo TEXT,
      location TEXT,
      sent_at TEXT NOT NULL,
      PRIMARY KEY (user_id, form_key)
    ) WITHOUT ROWID;
    CREATE INDEX sent_forms_by_age ON sent_forms (sent_at);
    """)
}
