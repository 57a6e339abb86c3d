import Admin
import Store

extension Migration {
  /// The table as its fields make it, then what the feature keeps besides.
  static let tasks = Migration(
    "2026-11-28-tasks",
    """
    CREATE TABLE tasks (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'trashed')),
      status_before TEXT CHECK (status_before IN ('open', 'done')),
      due_on TEXT NOT NULL DEFAULT '',
      due_time TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      description TEXT NOT NULL DEFAULT '',
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX tasks_by_id ON tasks (id);
    CREATE UNIQUE INDEX tasks_by_external_id ON tasks (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX tasks_by_name ON tasks (status, name_sort, seq);
    CREATE INDEX tasks_by_due ON tasks (status, due_on, seq);
    CREATE INDEX tasks_by_created ON tasks (status, created_at, seq);
    CREATE INDEX tasks_by_updated ON tasks (status, updated_at, seq);
    CREATE INDEX tasks_by_owner ON tasks (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX tasks_by_avatar ON tasks (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX tasks_by_creator ON tasks (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX tasks_not_open ON tasks (seq, status) WHERE status <> 'open';
    CREATE VIRTUAL TABLE task_search USING fts5 (
      words, content = 'tasks', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE task_search_terms USING fts5vocab (task_search, instance);
    CREATE TRIGGER task_search_insert AFTER INSERT ON tasks BEGIN
      INSERT INTO task_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER task_search_delete AFTER DELETE ON tasks BEGIN
      INSERT INTO task_search (task_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER task_search_update AFTER UPDATE OF words ON tasks WHEN old.words <> new.words BEGIN
      INSERT INTO task_search (task_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO task_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER task_count_insert AFTER INSERT ON tasks BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('tasks', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER task_count_delete AFTER DELETE ON tasks BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'tasks' AND status = old.status;
    END;
    CREATE TRIGGER task_count_update AFTER UPDATE OF status ON tasks WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'tasks' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('tasks', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'task' FROM tasks ORDER BY id;
    CREATE TRIGGER task_record_insert AFTER INSERT ON tasks BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'task');
    END;
    CREATE TRIGGER task_record_delete AFTER DELETE ON tasks BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER task_record_stays BEFORE UPDATE OF id ON tasks WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;

    ALTER TABLE tasks ADD COLUMN done_at TEXT;
    ALTER TABLE tasks ADD COLUMN done_by TEXT REFERENCES users (id) ON DELETE SET NULL;
    CREATE INDEX tasks_by_doer ON tasks (done_by) WHERE done_by IS NOT NULL;
    CREATE INDEX tasks_due ON tasks (owner_id, due_on, due_time, seq) WHERE status = 'open' AND due_on <> '';
    CREATE TABLE task_records (
      task_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      PRIMARY KEY (task_id, record_id)
    ) WITHOUT ROWID;
    CREATE INDEX task_records_by_record ON task_records (record_id, task_id);
    """)
}
