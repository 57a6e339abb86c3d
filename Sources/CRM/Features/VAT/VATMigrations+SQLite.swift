import Store

extension Migration {
  /// The table as its fields make it.
  static let vatCodes = Migration(
    "2026-12-03-vat-codes",
    """
    CREATE TABLE vat_codes (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      rate INTEGER CHECK (rate BETWEEN 0 AND 1000000),
      category TEXT NOT NULL DEFAULT '',
      valid_from TEXT NOT NULL DEFAULT '',
      valid_until TEXT NOT NULL DEFAULT '',
      reason TEXT NOT NULL DEFAULT '',
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
    CREATE UNIQUE INDEX vat_codes_by_id ON vat_codes (id);
    CREATE UNIQUE INDEX vat_codes_by_external_id ON vat_codes (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX vat_codes_by_name ON vat_codes (status, name_sort, seq);
    CREATE INDEX vat_codes_by_rate ON vat_codes (status, rate, seq);
    CREATE INDEX vat_codes_by_created ON vat_codes (status, created_at, seq);
    CREATE INDEX vat_codes_by_updated ON vat_codes (status, updated_at, seq);
    CREATE INDEX vat_codes_by_owner ON vat_codes (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX vat_codes_by_avatar ON vat_codes (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX vat_codes_by_creator ON vat_codes (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX vat_codes_not_active ON vat_codes (seq, status) WHERE status <> 'active';
    CREATE VIRTUAL TABLE vat_code_search USING fts5 (
      words, content = 'vat_codes', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE vat_code_search_terms USING fts5vocab (vat_code_search, instance);
    CREATE TRIGGER vat_code_search_insert AFTER INSERT ON vat_codes BEGIN
      INSERT INTO vat_code_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER vat_code_search_delete AFTER DELETE ON vat_codes BEGIN
      INSERT INTO vat_code_search (vat_code_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER vat_code_search_update AFTER UPDATE OF words ON vat_codes WHEN old.words <> new.words BEGIN
      INSERT INTO vat_code_search (vat_code_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO vat_code_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER vat_code_count_insert AFTER INSERT ON vat_codes BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('vat_codes', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER vat_code_count_delete AFTER DELETE ON vat_codes BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'vat_codes' AND status = old.status;
    END;
    CREATE TRIGGER vat_code_count_update AFTER UPDATE OF status ON vat_codes WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'vat_codes' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('vat_codes', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'vat_code' FROM vat_codes ORDER BY id;
    CREATE TRIGGER vat_code_record_insert AFTER INSERT ON vat_codes BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'vat_code');
    END;
    CREATE TRIGGER vat_code_record_delete AFTER DELETE ON vat_codes BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER vat_code_record_stays BEFORE UPDATE OF id ON vat_codes WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    """)

  static let vatCodesOfProducts = Migration(
    "2026-12-03-vat-codes-of-products",
    """
    ALTER TABLE products ADD COLUMN vat_code_id TEXT REFERENCES vat_codes (id) ON DELETE SET NULL;
    CREATE INDEX products_of_vat_code ON products (vat_code_id) WHERE vat_code_id IS NOT NULL;
    """)
}
