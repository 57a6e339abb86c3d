import Store

extension Migration {
  /// Webhooks, what they need besides their fields, and what was sent to them.
  static let webhooks = Migration(
    "2026-12-02-webhooks",
    """
    CREATE TABLE webhooks (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      url TEXT NOT NULL DEFAULT '',
      types TEXT NOT NULL DEFAULT '',
      actions TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX webhooks_by_id ON webhooks (id);
    CREATE UNIQUE INDEX webhooks_by_external_id ON webhooks (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX webhooks_by_name ON webhooks (status, name_sort, seq);
    CREATE INDEX webhooks_by_created ON webhooks (status, created_at, seq);
    CREATE INDEX webhooks_by_updated ON webhooks (status, updated_at, seq);
    CREATE INDEX webhooks_by_owner ON webhooks (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX webhooks_by_avatar ON webhooks (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX webhooks_by_creator ON webhooks (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX webhooks_not_active ON webhooks (seq, status) WHERE status <> 'active';
    CREATE VIRTUAL TABLE webhook_search USING fts5 (
      words, content = 'webhooks', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE webhook_search_terms USING fts5vocab (webhook_search, instance);
    CREATE TRIGGER webhook_search_insert AFTER INSERT ON webhooks BEGIN
      INSERT INTO webhook_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER webhook_search_delete AFTER DELETE ON webhooks BEGIN
      INSERT INTO webhook_search (webhook_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER webhook_search_update AFTER UPDATE OF words ON webhooks WHEN old.words <> new.words BEGIN
      INSERT INTO webhook_search (webhook_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO webhook_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER webhook_count_insert AFTER INSERT ON webhooks BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('webhooks', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER webhook_count_delete AFTER DELETE ON webhooks BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'webhooks' AND status = old.status;
    END;
    CREATE TRIGGER webhook_count_update AFTER UPDATE OF status ON webhooks WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'webhooks' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('webhooks', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'webhook' FROM webhooks ORDER BY id;
    CREATE TRIGGER webhook_record_insert AFTER INSERT ON webhooks BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'webhook');
    END;
    CREATE TRIGGER webhook_record_delete AFTER DELETE ON webhooks BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER webhook_record_stays BEFORE UPDATE OF id ON webhooks WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    CREATE TABLE webhook_states (
      webhook_id TEXT PRIMARY KEY REFERENCES webhooks (id) ON DELETE CASCADE,
      secret TEXT,
      since_seq INTEGER NOT NULL,
      failures INTEGER NOT NULL DEFAULT 0,
      paused_at TEXT
    ) WITHOUT ROWID;
    CREATE TABLE webhook_deliveries (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
      event TEXT NOT NULL,
      record_id TEXT,
      record_name TEXT NOT NULL,
      payload TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
      attempts INTEGER NOT NULL DEFAULT 0,
      answer_status INTEGER,
      milliseconds INTEGER,
      answer TEXT NOT NULL DEFAULT '',
      created_at TEXT NOT NULL
    );
    CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, seq);
    CREATE INDEX webhook_deliveries_by_record ON webhook_deliveries (record_id) WHERE record_id IS NOT NULL;
    CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (created_at);
    """)
}
