import Store

extension Migration {
  /// Folders belong to a record of any type, or to everybody. The table is rebuilt; files and links name folders by their ids.
  static let foldersOfRecords = Migration(
    "2026-11-27-folders-of-records",
    """
    CREATE TABLE folders_new (
      id TEXT PRIMARY KEY,
      parent_id TEXT REFERENCES folders (id),
      name TEXT NOT NULL CONSTRAINT folder_name CHECK (name <> ''),
      purpose TEXT NOT NULL CHECK (purpose IN ('shared', 'files', 'images')),
      record_id TEXT REFERENCES records (id),
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      CONSTRAINT one_owner CHECK ((record_id IS NOT NULL) = (purpose <> 'shared'))
    );
    INSERT INTO folders_new (id, parent_id, name, purpose, record_id, created_by, created_at)
      SELECT id, parent_id, name, purpose, coalesce(contact_id, company_id), created_by, created_at FROM folders ORDER BY rowid;
    DROP TABLE folders;
    ALTER TABLE folders_new RENAME TO folders;
    CREATE UNIQUE INDEX folders_by_record ON folders (record_id, purpose) WHERE record_id IS NOT NULL;
    CREATE UNIQUE INDEX folders_by_name ON folders (coalesce(parent_id, ''), name) WHERE purpose = 'shared';
    """)
}
