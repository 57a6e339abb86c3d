import Store

extension Migration {
  /// Archives of all that is held about a person: which, for whom. The files have the ids as names.
  static let personalArchives = Migration(
    "2026-12-02-personal-archives",
    """
    CREATE TABLE personal_archives (
      id TEXT PRIMARY KEY,
      contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
      requested_by TEXT REFERENCES users (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      size INTEGER
    ) STRICT;
    CREATE INDEX personal_archives_by_contact ON personal_archives (contact_id);
    """)
}
