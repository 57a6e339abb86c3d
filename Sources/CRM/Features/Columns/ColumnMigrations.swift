import Store

extension Migration {
  static let columnViews = Migration(
    "2026-11-20-column-views",
    """
    CREATE TABLE column_views (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      list TEXT NOT NULL,
      columns TEXT NOT NULL,
      layout TEXT NOT NULL CHECK (layout IN ('table', 'cards')),
      PRIMARY KEY (user_id, list)
    ) WITHOUT ROWID;
    """)
}
