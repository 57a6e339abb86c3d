import Store

extension Migration {
  /// The table as its fields make it, at most one order of a quote, and the serial numbers, of which each is on one order.
  static let orders = Migration(
    "2026-12-04-orders",
    """
    CREATE TABLE orders (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'confirmed', 'completed', 'cancelled', 'trashed')),
      status_before TEXT CHECK (status_before IN ('draft', 'confirmed', 'completed', 'cancelled')),
      contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
      company_id TEXT REFERENCES companies (id) ON DELETE SET NULL,
      reference TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      title TEXT NOT NULL DEFAULT '',
      date TEXT NOT NULL DEFAULT '',
      due_on TEXT NOT NULL DEFAULT '',
      on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1)),
      quote_id TEXT REFERENCES quotes (id) ON DELETE SET NULL,
      lines TEXT NOT NULL DEFAULT '',
      discount TEXT NOT NULL DEFAULT '',
      discount_reason TEXT NOT NULL DEFAULT '',
      shipping INTEGER,
      shipping_currency TEXT NOT NULL DEFAULT '' CHECK ((shipping IS NULL) = (shipping_currency = '')),
      shipping_vat TEXT NOT NULL DEFAULT '',
      currency TEXT NOT NULL DEFAULT '',
      prices TEXT NOT NULL DEFAULT '',
      language TEXT NOT NULL DEFAULT '',
      shipping_method TEXT NOT NULL DEFAULT '',
      carrier TEXT NOT NULL DEFAULT '',
      destination TEXT NOT NULL DEFAULT '',
      invoice_number TEXT NOT NULL DEFAULT '',
      invoice_mark TEXT NOT NULL DEFAULT '',
      invoice_url TEXT NOT NULL DEFAULT '',
      invoice_file TEXT NOT NULL DEFAULT '',
      subtotal INTEGER,
      subtotal_currency TEXT NOT NULL DEFAULT '' CHECK ((subtotal IS NULL) = (subtotal_currency = '')),
      net INTEGER,
      net_currency TEXT NOT NULL DEFAULT '' CHECK ((net IS NULL) = (net_currency = '')),
      vat INTEGER,
      vat_currency TEXT NOT NULL DEFAULT '' CHECK ((vat IS NULL) = (vat_currency = '')),
      total INTEGER,
      total_currency TEXT NOT NULL DEFAULT '' CHECK ((total IS NULL) = (total_currency = '')),
      recipient TEXT NOT NULL DEFAULT '',
      payment_status TEXT NOT NULL DEFAULT '',
      paid INTEGER,
      paid_currency TEXT NOT NULL DEFAULT '' CHECK ((paid IS NULL) = (paid_currency = '')),
      fulfilment TEXT NOT NULL DEFAULT '',
      confirmed_at TEXT NOT NULL DEFAULT '',
      cancel_reason TEXT NOT NULL DEFAULT '',
      number_sort TEXT NOT NULL DEFAULT '',
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX orders_by_id ON orders (id);
    CREATE UNIQUE INDEX orders_by_external_id ON orders (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX orders_of_contact ON orders (contact_id) WHERE contact_id IS NOT NULL;
    CREATE INDEX orders_of_company ON orders (company_id) WHERE company_id IS NOT NULL;
    CREATE INDEX orders_by_name ON orders (status, name_sort, seq);
    CREATE UNIQUE INDEX orders_one_number ON orders (lower(name)) WHERE name_sort <> '';
    CREATE INDEX orders_by_date ON orders (status, date, seq);
    CREATE INDEX orders_by_due ON orders (status, due_on, seq);
    CREATE INDEX orders_of_quote ON orders (quote_id) WHERE quote_id IS NOT NULL;
    CREATE INDEX orders_by_total ON orders (status, total, seq);
    CREATE INDEX orders_by_payment ON orders (payment_status);
    CREATE INDEX orders_by_fulfilment ON orders (fulfilment);
    CREATE INDEX orders_by_created ON orders (status, created_at, seq);
    CREATE INDEX orders_by_updated ON orders (status, updated_at, seq);
    CREATE INDEX orders_by_owner ON orders (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX orders_by_avatar ON orders (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX orders_by_creator ON orders (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX orders_not_draft ON orders (seq, status) WHERE status <> 'draft';
    CREATE VIRTUAL TABLE order_search USING fts5 (
      words, content = 'orders', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE order_search_terms USING fts5vocab (order_search, instance);
    CREATE TRIGGER order_search_insert AFTER INSERT ON orders BEGIN
      INSERT INTO order_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER order_search_delete AFTER DELETE ON orders BEGIN
      INSERT INTO order_search (order_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER order_search_update AFTER UPDATE OF words ON orders WHEN old.words <> new.words BEGIN
      INSERT INTO order_search (order_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO order_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER order_count_insert AFTER INSERT ON orders BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('orders', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER order_count_delete AFTER DELETE ON orders BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'orders' AND status = old.status;
    END;
    CREATE TRIGGER order_count_update AFTER UPDATE OF status ON orders WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'orders' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('orders', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'order' FROM orders ORDER BY id;
    CREATE TRIGGER order_record_insert AFTER INSERT ON orders BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'order');
    END;
    CREATE TRIGGER order_record_delete AFTER DELETE ON orders BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER order_record_stays BEFORE UPDATE OF id ON orders WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    CREATE INDEX orders_by_number ON orders (status, number_sort, seq);
    CREATE UNIQUE INDEX orders_one_of_quote ON orders (quote_id) WHERE quote_id IS NOT NULL;
    CREATE TABLE order_serials (
      serial TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX order_serials_of_order ON order_serials (order_id);
    """)

  /// What the overview counts and customers’ pages show, in the order of their numbers.
  static let orderParts = Migration(
    "2026-12-07-order-parts",
    """
    CREATE INDEX orders_to_ship ON orders (number_sort, seq, status)
      WHERE status = 'confirmed' AND fulfilment IN ('none', 'partial') AND on_hold = 0;
    CREATE INDEX orders_unpaid ON orders (number_sort, seq, due_on, status)
      WHERE status IN ('confirmed', 'completed') AND payment_status IN ('pending', 'partial');
    DROP INDEX orders_of_contact;
    CREATE INDEX orders_of_contact ON orders (contact_id, number_sort, seq) WHERE contact_id IS NOT NULL;
    DROP INDEX orders_of_company;
    CREATE INDEX orders_of_company ON orders (company_id, number_sort, seq) WHERE company_id IS NOT NULL;
    """)

  /// The pieces of an order that came back, and may be on another one now.
  static let returnedSerials = Migration(
    "2026-12-10-returned-serials",
    """
    CREATE TABLE returned_serials (
      order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
      serial TEXT NOT NULL,
      PRIMARY KEY (order_id, serial)
    ) WITHOUT ROWID;
    """)
}
