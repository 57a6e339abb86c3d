import Store

extension Migration {
  /// Payments stay: one that was recorded by mistake is voided.
  static let payments = Migration(
    "2026-12-05-payments",
    """
    CREATE TABLE payments (
      id TEXT PRIMARY KEY,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      date TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount <> 0),
      currency TEXT NOT NULL,
      method TEXT NOT NULL DEFAULT '',
      reference TEXT NOT NULL DEFAULT '',
      note TEXT NOT NULL DEFAULT '',
      voided_at TEXT,
      void_reason TEXT NOT NULL DEFAULT '',
      created_at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      actor_name TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX payments_of_record ON payments (record_id, date);
    CREATE INDEX payments_of_actor ON payments (actor_id) WHERE actor_id IS NOT NULL;
    """)
}
