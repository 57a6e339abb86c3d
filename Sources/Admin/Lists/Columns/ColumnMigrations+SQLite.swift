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

  /// How wide a user has made columns, `email:56,city:24`; those that aren't named have their usual width.
  static let columnWidths = Migration("2026-11-26-column-widths", "ALTER TABLE column_views ADD COLUMN widths TEXT NOT NULL DEFAULT '';")
}
