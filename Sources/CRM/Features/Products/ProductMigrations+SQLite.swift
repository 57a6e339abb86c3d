import Store

extension Migration {
  /// The table as its fields make it.
  static let products = Migration(
    "2026-12-03-products",
    """
    CREATE TABLE products (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      sku TEXT NOT NULL DEFAULT '',
      sku_sort TEXT NOT NULL DEFAULT '',
      category TEXT NOT NULL DEFAULT '',
      category_sort TEXT NOT NULL DEFAULT '',
      unit TEXT NOT NULL DEFAULT '',
      device_type TEXT NOT NULL DEFAULT '',
      description TEXT NOT NULL DEFAULT '',
      price INTEGER,
      price_currency TEXT NOT NULL DEFAULT '' CHECK ((price IS NULL) = (price_currency = '')),
      prices TEXT NOT NULL DEFAULT '',
      cost_parts TEXT NOT NULL DEFAULT '',
      labour INTEGER CHECK (labour BETWEEN 0 AND 525600),
      hourly_rate INTEGER,
      hourly_rate_currency TEXT NOT NULL DEFAULT '' CHECK ((hourly_rate IS NULL) = (hourly_rate_currency = '')),
      inbound_shipping INTEGER,
      inbound_shipping_currency TEXT NOT NULL DEFAULT '' CHECK ((inbound_shipping IS NULL) = (inbound_shipping_currency = '')),
      is_stocked INTEGER NOT NULL DEFAULT 0 CHECK (is_stocked IN (0, 1)),
      allows_backorder INTEGER NOT NULL DEFAULT 0 CHECK (allows_backorder IN (0, 1)),
      has_serials INTEGER NOT NULL DEFAULT 0 CHECK (has_serials IN (0, 1)),
      reorder_at INTEGER CHECK (reorder_at BETWEEN 0 AND 1000000000000),
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
    CREATE UNIQUE INDEX products_by_id ON products (id);
    CREATE UNIQUE INDEX products_by_external_id ON products (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX products_by_name ON products (status, name_sort, seq);
    CREATE INDEX products_by_sku ON products (status, sku_sort, seq);
    CREATE UNIQUE INDEX products_one_sku ON products (lower(sku)) WHERE sku_sort <> '';
    CREATE INDEX products_by_category ON products (status, category_sort, seq);
    CREATE INDEX products_by_price ON products (status, price, seq);
    CREATE INDEX products_by_created ON products (status, created_at, seq);
    CREATE INDEX products_by_updated ON products (status, updated_at, seq);
    CREATE INDEX products_by_owner ON products (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX products_by_avatar ON products (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX products_by_creator ON products (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX products_not_active ON products (seq, status) WHERE status <> 'active';
    CREATE VIRTUAL TABLE product_search USING fts5 (
      words, content = 'products', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE product_search_terms USING fts5vocab (product_search, instance);
    CREATE TRIGGER product_search_insert AFTER INSERT ON products BEGIN
      INSERT INTO product_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER product_search_delete AFTER DELETE ON products BEGIN
      INSERT INTO product_search (product_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER product_search_update AFTER UPDATE OF words ON products WHEN old.words <> new.words BEGIN
      INSERT INTO product_search (product_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO product_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER product_count_insert AFTER INSERT ON products BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('products', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER product_count_delete AFTER DELETE ON products BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'products' AND status = old.status;
    END;
    CREATE TRIGGER product_count_update AFTER UPDATE OF status ON products WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'products' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('products', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'product' FROM products ORDER BY id;
    CREATE TRIGGER product_record_insert AFTER INSERT ON products BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'product');
    END;
    CREATE TRIGGER product_record_delete AFTER DELETE ON products BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER product_record_stays BEFORE UPDATE OF id ON products WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    """)
}
