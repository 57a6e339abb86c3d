import Store

extension Migration {
  /// Former names of tags that have been renamed or merged: what still has one of them means the tag as it is called now.
  static let tagAliases = Migration(
    "2026-11-29-tag-aliases",
    """
    CREATE TABLE tag_aliases (
      name_sort TEXT PRIMARY KEY,
      tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX tag_aliases_by_tag ON tag_aliases (tag_id);
    """)

  /// Which records have which tags. Both ways of asking go through an index alone.
  static let tags = Migration(
    "2026-11-28-tags",
    """
    CREATE TABLE tags (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
      name_sort TEXT NOT NULL,
      color INTEGER NOT NULL CHECK (color BETWEEN 0 AND 7)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX tags_by_name ON tags (name_sort);
    CREATE TABLE record_tags (
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
      PRIMARY KEY (record_id, tag_id)
    ) WITHOUT ROWID;
    CREATE INDEX record_tags_by_tag ON record_tags (tag_id, record_id);
    """)
}
