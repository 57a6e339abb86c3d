import Store

extension Migration {
  /// Append-only: the database itself refuses to change or remove an entry.
  static let activity = Migration(
    "2026-11-20-activity",
    """
    CREATE TABLE activity (
      seq INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id),
      actor_name TEXT NOT NULL,
      action TEXT NOT NULL,
      record_type TEXT NOT NULL,
      record_id TEXT NOT NULL,
      record_name TEXT NOT NULL,
      changes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(changes))
    );
    CREATE INDEX activity_by_record ON activity (record_type, record_id, seq);
    CREATE TRIGGER activity_is_not_changed BEFORE UPDATE ON activity
      BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
    CREATE TRIGGER activity_is_not_removed BEFORE DELETE ON activity
      BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
    """)

  /// What is needed to put a change back, and the ways in which the whole log is looked through.
  static let activityInsight = Migration(
    "2026-11-21-activity-insight",
    """
    ALTER TABLE activity ADD COLUMN before TEXT CHECK (before IS NULL OR json_valid(before));
    CREATE INDEX activity_by_time ON activity (at, seq);
    CREATE INDEX activity_by_actor ON activity (actor_id, at, seq);
    CREATE INDEX activity_by_action ON activity (action, at, seq);
    """)

  /// Which version of a record a change made, so that a form made from an older one can be merged.
  static let activityVersion = Migration("2026-11-27-activity-version", "ALTER TABLE activity ADD COLUMN version INTEGER;")

  /// What came in together, or was taken back together: an import, its undoing. Its entries are among those of `first_entry` to `last_entry`.
  static let batches = Migration(
    "2026-11-27-batches",
    """
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY,
      list TEXT NOT NULL,
      file TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id),
      actor_name TEXT NOT NULL,
      at TEXT NOT NULL,
      undoes INTEGER REFERENCES batches (id),
      created INTEGER NOT NULL DEFAULT 0,
      changed INTEGER NOT NULL DEFAULT 0,
      skipped INTEGER NOT NULL DEFAULT 0,
      first_entry INTEGER NOT NULL,
      last_entry INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX batches_by_undone ON batches (undoes) WHERE undoes IS NOT NULL;
    ALTER TABLE activity ADD COLUMN batch INTEGER REFERENCES batches (id);
    """)

  /// What was erased. While that goes on, what entries say of records can change, and nothing else of them.
  static let erasures = Migration(
    "2026-11-30-erasures",
    """
    CREATE TABLE erasures (
      record_id TEXT PRIMARY KEY,
      record_type TEXT NOT NULL,
      at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      actor_name TEXT NOT NULL,
      counts TEXT NOT NULL CHECK (json_valid(counts)),
      is_running INTEGER NOT NULL DEFAULT 0 CHECK (is_running IN (0, 1))
    ) WITHOUT ROWID;
    CREATE INDEX erasures_running ON erasures (is_running) WHERE is_running = 1;
    DROP TRIGGER activity_is_not_changed;
    CREATE TRIGGER activity_is_not_changed BEFORE UPDATE ON activity
      WHEN old.seq <> new.seq OR old.at <> new.at OR old.actor_id IS NOT new.actor_id OR old.actor_name <> new.actor_name
        OR old.action <> new.action OR old.record_type <> new.record_type OR old.record_id <> new.record_id
        OR old.version IS NOT new.version OR old.batch IS NOT new.batch OR (old.before IS NULL AND new.before IS NOT NULL)
        OR NOT EXISTS (SELECT 1 FROM erasures WHERE is_running = 1)
      BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END;
    """)

  /// The last of the ways in which the log is looked through.
  static let activityByType = Migration(
    "2026-11-21-activity-by-type", "CREATE INDEX activity_by_type ON activity (record_type, at, seq);")
}
