import Store

extension Migration {
  /// The media library. A file has one home folder and may be linked into others. Folders of a record don't go with it by themselves: what is in
  /// them has to be seen to first.
  static let media = Migration(
    "2026-11-21-media",
    """
    CREATE TABLE folders (
      id TEXT PRIMARY KEY,
      parent_id TEXT REFERENCES folders (id),
      name TEXT NOT NULL CONSTRAINT folder_name CHECK (name <> ''),
      purpose TEXT NOT NULL CHECK (purpose IN ('shared', 'files', 'images')),
      contact_id TEXT REFERENCES contacts (id),
      company_id TEXT REFERENCES companies (id),
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      CONSTRAINT one_owner CHECK ((contact_id IS NOT NULL) + (company_id IS NOT NULL) = (purpose <> 'shared'))
    );
    CREATE UNIQUE INDEX folders_by_contact ON folders (contact_id, purpose) WHERE contact_id IS NOT NULL;
    CREATE UNIQUE INDEX folders_by_company ON folders (company_id, purpose) WHERE company_id IS NOT NULL;
    CREATE UNIQUE INDEX folders_by_name ON folders (coalesce(parent_id, ''), name) WHERE purpose = 'shared';
    CREATE TABLE files (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      folder_id TEXT NOT NULL REFERENCES folders (id),
      name TEXT NOT NULL CONSTRAINT file_name CHECK (name <> ''),
      name_folded TEXT NOT NULL,
      type TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      checksum TEXT NOT NULL CHECK (length(checksum) = 64),
      width INTEGER,
      height INTEGER,
      direction TEXT NOT NULL DEFAULT 'internal' CHECK (direction IN ('received', 'sent', 'internal')),
      uploaded_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      trashed_at TEXT
    );
    CREATE UNIQUE INDEX files_by_id ON files (id);
    CREATE INDEX files_by_folder ON files (folder_id, seq) WHERE trashed_at IS NULL;
    CREATE INDEX files_by_checksum ON files (checksum);
    CREATE INDEX files_in_trash ON files (seq) WHERE trashed_at IS NOT NULL;
    CREATE TABLE file_links (
      folder_id TEXT NOT NULL REFERENCES folders (id),
      file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      PRIMARY KEY (folder_id, file_id)
    ) WITHOUT ROWID;
    CREATE INDEX file_links_by_file ON file_links (file_id);
    CREATE TABLE interaction_files (
      interaction INTEGER NOT NULL REFERENCES interactions (seq) ON DELETE CASCADE,
      file_id TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
      PRIMARY KEY (interaction, file_id)
    ) WITHOUT ROWID;
    CREATE INDEX interaction_files_by_file ON interaction_files (file_id);
    CREATE TABLE uploads (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      created_at TEXT NOT NULL
    );
    CREATE INDEX uploads_by_time ON uploads (created_at);
    ALTER TABLE contacts ADD COLUMN avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL;
    ALTER TABLE companies ADD COLUMN avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL;
    CREATE INDEX contacts_by_avatar ON contacts (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX companies_by_avatar ON companies (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE TABLE media_usage (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL);
    INSERT INTO media_usage (id, bytes) VALUES (1, 0);
    CREATE TRIGGER media_grows AFTER INSERT ON files BEGIN UPDATE media_usage SET bytes = bytes + new.size; END;
    CREATE TRIGGER media_shrinks AFTER DELETE ON files BEGIN UPDATE media_usage SET bytes = bytes - old.size; END;
    """)
}

extension Migration {
  /// Files and folders can be renamed: which version of a name a form was made from, and what it was before.
  static let fileNames = Migration(
    "2026-11-30-file-names",
    """
    ALTER TABLE files ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE files ADD COLUMN former_name TEXT;
    ALTER TABLE folders ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE folders ADD COLUMN former_name TEXT;
    """)
}

extension DerivedData {
  /// How much room all files take.
  static let mediaUsage = DerivedData(
    name: "the size of the media library",
    mistakes: "SELECT count(*) FROM media_usage WHERE bytes <> (SELECT coalesce(sum(size), 0) FROM files)",
    repair: "UPDATE media_usage SET bytes = (SELECT coalesce(sum(size), 0) FROM files);")
}

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
