import Store

extension Migration {
  /// The table as its fields make it. No two invoices have one number.
  static let invoices = Migration(
    "2026-12-05-invoices",
    """
    CREATE TABLE invoices (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'issued', 'credited', 'trashed')),
      status_before TEXT CHECK (status_before IN ('draft', 'issued', 'credited')),
      contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
      company_id TEXT REFERENCES companies (id) ON DELETE SET NULL,
      reference TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      kind TEXT NOT NULL DEFAULT '',
      title TEXT NOT NULL DEFAULT '',
      date TEXT NOT NULL DEFAULT '',
      due_on TEXT NOT NULL DEFAULT '',
      order_id TEXT REFERENCES orders (id) ON DELETE SET NULL,
      credits_id TEXT REFERENCES invoices (id) ON DELETE SET NULL,
      lines TEXT NOT NULL DEFAULT '',
      discount TEXT NOT NULL DEFAULT '',
      discount_reason TEXT NOT NULL DEFAULT '',
      shipping INTEGER,
      shipping_currency TEXT NOT NULL DEFAULT '' CHECK ((shipping IS NULL) = (shipping_currency = '')),
      shipping_vat TEXT NOT NULL DEFAULT '',
      currency TEXT NOT NULL DEFAULT '',
      prices TEXT NOT NULL DEFAULT '',
      language TEXT NOT NULL DEFAULT '',
      introduction TEXT NOT NULL DEFAULT '',
      terms TEXT NOT NULL DEFAULT '',
      subtotal INTEGER,
      subtotal_currency TEXT NOT NULL DEFAULT '' CHECK ((subtotal IS NULL) = (subtotal_currency = '')),
      net INTEGER,
      net_currency TEXT NOT NULL DEFAULT '' CHECK ((net IS NULL) = (net_currency = '')),
      vat INTEGER,
      vat_currency TEXT NOT NULL DEFAULT '' CHECK ((vat IS NULL) = (vat_currency = '')),
      total INTEGER,
      total_currency TEXT NOT NULL DEFAULT '' CHECK ((total IS NULL) = (total_currency = '')),
      recipient TEXT NOT NULL DEFAULT '',
      sender TEXT NOT NULL DEFAULT '',
      payment_status TEXT NOT NULL DEFAULT '',
      paid INTEGER,
      paid_currency TEXT NOT NULL DEFAULT '' CHECK ((paid IS NULL) = (paid_currency = '')),
      prepaid INTEGER,
      prepaid_currency TEXT NOT NULL DEFAULT '' CHECK ((prepaid IS NULL) = (prepaid_currency = '')),
      credited INTEGER,
      credited_currency TEXT NOT NULL DEFAULT '' CHECK ((credited IS NULL) = (credited_currency = '')),
      issued_at TEXT NOT NULL DEFAULT '',
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
    CREATE UNIQUE INDEX invoices_by_id ON invoices (id);
    CREATE UNIQUE INDEX invoices_by_external_id ON invoices (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX invoices_of_contact ON invoices (contact_id) WHERE contact_id IS NOT NULL;
    CREATE INDEX invoices_of_company ON invoices (company_id) WHERE company_id IS NOT NULL;
    CREATE INDEX invoices_by_name ON invoices (status, name_sort, seq);
    CREATE INDEX invoices_by_date ON invoices (status, date, seq);
    CREATE INDEX invoices_by_due ON invoices (status, due_on, seq);
    CREATE INDEX invoices_of_order ON invoices (order_id) WHERE order_id IS NOT NULL;
    CREATE INDEX invoices_of_credits ON invoices (credits_id) WHERE credits_id IS NOT NULL;
    CREATE INDEX invoices_by_total ON invoices (status, total, seq);
    CREATE INDEX invoices_by_payment ON invoices (payment_status);
    CREATE INDEX invoices_by_created ON invoices (status, created_at, seq);
    CREATE INDEX invoices_by_updated ON invoices (status, updated_at, seq);
    CREATE INDEX invoices_by_owner ON invoices (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX invoices_by_avatar ON invoices (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX invoices_by_creator ON invoices (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX invoices_not_draft ON invoices (seq, status) WHERE status <> 'draft';
    CREATE VIRTUAL TABLE invoice_search USING fts5 (
      words, content = 'invoices', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE invoice_search_terms USING fts5vocab (invoice_search, instance);
    CREATE TRIGGER invoice_search_insert AFTER INSERT ON invoices BEGIN
      INSERT INTO invoice_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER invoice_search_delete AFTER DELETE ON invoices BEGIN
      INSERT INTO invoice_search (invoice_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER invoice_search_update AFTER UPDATE OF words ON invoices WHEN old.words <> new.words BEGIN
      INSERT INTO invoice_search (invoice_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO invoice_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER invoice_count_insert AFTER INSERT ON invoices BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('invoices', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER invoice_count_delete AFTER DELETE ON invoices BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'invoices' AND status = old.status;
    END;
    CREATE TRIGGER invoice_count_update AFTER UPDATE OF status ON invoices WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'invoices' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('invoices', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'invoice' FROM invoices ORDER BY id;
    CREATE TRIGGER invoice_record_insert AFTER INSERT ON invoices BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'invoice');
    END;
    CREATE TRIGGER invoice_record_delete AFTER DELETE ON invoices BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER invoice_record_stays BEFORE UPDATE OF id ON invoices WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    CREATE INDEX invoices_by_number ON invoices (status, number_sort, seq);
    CREATE UNIQUE INDEX invoices_one_number ON invoices (lower(name)) WHERE name <> 'Draft';
    """)

  /// What the overview counts and customers’ pages show, in the order of their numbers.
  static let invoiceParts = Migration(
    "2026-12-07-invoice-parts",
    """
    CREATE INDEX invoices_unpaid ON invoices (number_sort, seq, due_on, status)
      WHERE status = 'issued' AND kind = 'invoice' AND payment_status IN ('pending', 'partial');
    DROP INDEX invoices_of_contact;
    CREATE INDEX invoices_of_contact ON invoices (contact_id, number_sort, seq) WHERE contact_id IS NOT NULL;
    DROP INDEX invoices_of_company;
    CREATE INDEX invoices_of_company ON invoices (company_id, number_sort, seq) WHERE company_id IS NOT NULL;
    """)
}
