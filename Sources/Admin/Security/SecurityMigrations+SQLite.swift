import Store

extension Migration {
  /// Entries are added and, the oldest, removed; none is changed. They name users without referring to them: what happened stays when a user goes.
  static let securityLog = Migration(
    "2026-11-26-security-log",
    """
    CREATE TABLE security_log (
      seq INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      event TEXT NOT NULL CONSTRAINT event_present CHECK (event <> ''),
      account TEXT NOT NULL,
      user_id TEXT,
      address TEXT NOT NULL,
      agent TEXT NOT NULL,
      detail TEXT NOT NULL
    );
    CREATE INDEX security_log_by_event ON security_log (event, seq);
    CREATE INDEX security_log_by_user ON security_log (user_id, seq);
    CREATE TRIGGER security_log_is_not_changed BEFORE UPDATE ON security_log
      BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
    """)
}
