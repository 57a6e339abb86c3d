import Store

extension Migration {
  /// The link by which a customer opens a quote: found by its hash, shown from its sealed copy. A link that is revoked is gone.
  static let quoteLinks = Migration(
    "2026-12-06-quote-links",
    """
    CREATE TABLE quote_links (
      secret_hash TEXT PRIMARY KEY,
      quote_id TEXT NOT NULL UNIQUE REFERENCES quotes (id) ON DELETE CASCADE,
      sealed TEXT NOT NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      opened_at TEXT,
      is_answered INTEGER NOT NULL DEFAULT 0 CHECK (is_answered IN (0, 1))
    ) WITHOUT ROWID;
    CREATE INDEX quote_links_of_creator ON quote_links (created_by) WHERE created_by IS NOT NULL;
    """)
}
