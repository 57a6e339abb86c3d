import Store

extension Migration {
  /// The counters, and every number that was given.
  static let numbers = Migration(
    "2026-12-04-numbers",
    """
    CREATE TABLE number_series (
      series TEXT NOT NULL,
      year INTEGER NOT NULL,
      next INTEGER NOT NULL CHECK (next > 0),
      PRIMARY KEY (series, year)
    ) WITHOUT ROWID;
    CREATE TABLE numbers (
      series TEXT NOT NULL,
      year INTEGER NOT NULL,
      n INTEGER NOT NULL CHECK (n > 0),
      text TEXT NOT NULL,
      at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      actor_name TEXT NOT NULL,
      voided_at TEXT,
      voided_by TEXT NOT NULL DEFAULT '',
      reason TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (series, year, n)
    ) WITHOUT ROWID;
    CREATE INDEX numbers_by_text ON numbers (series, text);
    CREATE INDEX numbers_voided ON numbers (series, year, n) WHERE voided_at IS NOT NULL;
    CREATE INDEX numbers_of_actor ON numbers (actor_id) WHERE actor_id IS NOT NULL;
    CREATE TRIGGER numbers_stay BEFORE DELETE ON numbers BEGIN
      SELECT raise(ABORT, 'a number that was given stays');
    END;
    """)
}
