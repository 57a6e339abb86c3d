import Store

extension Migration {
  /// A row for each setting that somebody has chosen, with who did last. `version` counts the changes of all settings.
  static let settings = Migration(
    "2026-12-01-settings",
    """
    CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version > 1),
      changed_at TEXT NOT NULL,
      changed_by TEXT,
      changed_by_name TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX settings_by_version ON settings (version);
    """)

  /// The bytes of logos, by what the setting says of them. Those of the past stay, since they can be put back; one that is not saved waits for its form.
  static let logos = Migration(
    "2026-12-03-logos",
    """
    CREATE TABLE logos (
      logo TEXT PRIMARY KEY,
      bytes BLOB NOT NULL,
      is_saved INTEGER NOT NULL CHECK (is_saved IN (0, 1)),
      added_at TEXT NOT NULL
    );
    """)
}
