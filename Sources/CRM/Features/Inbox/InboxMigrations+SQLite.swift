import Admin
import Store

extension Migration {
  /// A notification is about a record of any type: because of a comment there, or because a field of it names the user. The table is rebuilt.
  static let notificationsOfRecords = Migration(
    "2026-11-29-notifications-of-records",
    """
    CREATE TABLE notifications_new (
      seq INTEGER PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      comment_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
      field TEXT,
      reason TEXT NOT NULL CHECK (reason IN ('mention', 'reply', 'assignment')),
      author_name TEXT NOT NULL,
      created_at TEXT NOT NULL,
      read_at TEXT,
      UNIQUE (user_id, comment_id),
      CONSTRAINT has_its_cause CHECK ((comment_id IS NULL) = (reason = 'assignment') AND (field IS NULL) = (comment_id IS NOT NULL))
    );
    INSERT INTO notifications_new (seq, user_id, record_id, comment_id, reason, author_name, created_at, read_at)
      SELECT n.seq, n.user_id, c.record_id, n.comment_id, n.reason, c.author_name, n.created_at, n.read_at
      FROM notifications n JOIN comments c ON c.id = n.comment_id ORDER BY n.seq;
    DROP TABLE notifications;
    ALTER TABLE notifications_new RENAME TO notifications;
    CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
    CREATE INDEX notifications_by_user ON notifications (user_id, seq);
    CREATE INDEX notifications_by_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
    CREATE INDEX notifications_by_record ON notifications (record_id, created_at);
    """)
}

extension Migration {
  /// A notification can be about what a customer has done. The table is rebuilt.
  static let notificationsOfCustomers = Migration(
    "2026-12-06-notifications-of-customers",
    """
    CREATE TABLE notifications_new (
      seq INTEGER PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      comment_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
      field TEXT,
      reason TEXT NOT NULL CHECK (
        reason IN ('mention', 'reply', 'assignment', 'customer_comment', 'customer_accepted', 'customer_declined')),
      author_name TEXT NOT NULL,
      created_at TEXT NOT NULL,
      read_at TEXT,
      UNIQUE (user_id, comment_id),
      CONSTRAINT has_its_cause CHECK (
        (comment_id IS NOT NULL) = (reason IN ('mention', 'reply', 'customer_comment')) AND (field IS NOT NULL) = (reason = 'assignment'))
    );
    INSERT INTO notifications_new (seq, user_id, record_id, comment_id, field, reason, author_name, created_at, read_at)
      SELECT seq, user_id, record_id, comment_id, field, reason, author_name, created_at, read_at FROM notifications ORDER BY seq;
    DROP TABLE notifications;
    ALTER TABLE notifications_new RENAME TO notifications;
    CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
    CREATE INDEX notifications_by_user ON notifications (user_id, seq);
    CREATE INDEX notifications_by_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
    CREATE INDEX notifications_by_record ON notifications (record_id, created_at);
    """)
}
