import Admin
import Store

extension Migration {
  /// `thread` is the number of the comment that began it all; a reply belongs to the same record as what it answers.
  static let comments = Migration(
    "2026-11-21-comments",
    """
    CREATE TABLE comments (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      contact_id TEXT REFERENCES contacts (id) ON DELETE CASCADE,
      company_id TEXT REFERENCES companies (id) ON DELETE CASCADE,
      thread INTEGER NOT NULL,
      parent_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
      author_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      author_name TEXT NOT NULL,
      body TEXT NOT NULL CHECK (body <> ''),
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      edited_at TEXT,
      deleted_at TEXT,
      CONSTRAINT one_record CHECK ((contact_id IS NULL) <> (company_id IS NULL)),
      CONSTRAINT begins_its_thread CHECK ((parent_id IS NULL) = (thread = seq))
    );
    CREATE INDEX comments_by_contact ON comments (contact_id, seq) WHERE contact_id IS NOT NULL AND parent_id IS NULL;
    CREATE INDEX comments_by_company ON comments (company_id, seq) WHERE company_id IS NOT NULL AND parent_id IS NULL;
    CREATE INDEX comments_of_contact ON comments (contact_id) WHERE contact_id IS NOT NULL;
    CREATE INDEX comments_of_company ON comments (company_id) WHERE company_id IS NOT NULL;
    CREATE INDEX comments_by_thread ON comments (thread, seq);
    CREATE INDEX comments_by_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
    CREATE TRIGGER reply_stays_with_record BEFORE INSERT ON comments WHEN new.parent_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM comments p WHERE p.id = new.parent_id AND p.thread = new.thread
        AND p.contact_id IS new.contact_id AND p.company_id IS new.company_id)
      BEGIN SELECT RAISE(ABORT, 'a reply belongs to the record of what it answers'); END;
    CREATE TABLE notifications (
      seq INTEGER PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      comment_id TEXT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
      reason TEXT NOT NULL CHECK (reason IN ('mention', 'reply')),
      created_at TEXT NOT NULL,
      read_at TEXT,
      UNIQUE (user_id, comment_id)
    );
    CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
    CREATE INDEX notifications_by_user ON notifications (user_id, seq);
    CREATE INDEX notifications_by_comment ON notifications (comment_id);
    """)
}

extension Migration {
  /// A comment is about a record of any type. The table is rebuilt; notifications name comments by their ids.
  static let commentsOfRecords = Migration(
    "2026-11-27-comments-of-records",
    """
    CREATE TABLE comments_new (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      thread INTEGER NOT NULL,
      parent_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
      author_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      author_name TEXT NOT NULL,
      body TEXT NOT NULL CHECK (body <> ''),
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      edited_at TEXT,
      deleted_at TEXT,
      CONSTRAINT begins_its_thread CHECK ((parent_id IS NULL) = (thread = seq))
    );
    INSERT INTO comments_new (seq, id, record_id, thread, parent_id, author_id, author_name, body, version, created_at, edited_at, deleted_at)
      SELECT seq, id, coalesce(contact_id, company_id), thread, parent_id, author_id, author_name, body, version, created_at, edited_at,
        deleted_at FROM comments ORDER BY seq;
    DROP TABLE comments;
    ALTER TABLE comments_new RENAME TO comments;
    CREATE INDEX comments_by_record ON comments (record_id, seq) WHERE parent_id IS NULL;
    CREATE INDEX comments_of_record ON comments (record_id);
    CREATE INDEX comments_by_thread ON comments (thread, seq);
    CREATE INDEX comments_by_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
    CREATE TRIGGER reply_stays_with_record BEFORE INSERT ON comments WHEN new.parent_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM comments p WHERE p.id = new.parent_id AND p.thread = new.thread AND p.record_id = new.record_id)
      BEGIN SELECT RAISE(ABORT, 'a reply belongs to the record of what it answers'); END;
    """)
}
