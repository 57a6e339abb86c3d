import Store

extension Migration {
  /// The table as its fields make it, and the order of its numbers.
  static let quotes = Migration(
    "2026-12-04-quotes",
    """
    CREATE TABLE quotes (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent', 'accepted', 'declined', 'superseded', 'trashed')),
      status_before TEXT CHECK (status_before IN ('draft', 'sent', 'accepted', 'declined', 'superseded')),
      contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
      company_id TEXT REFERENCES companies (id) ON DELETE SET NULL,
      reference TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      title TEXT NOT NULL DEFAULT '',
      date TEXT NOT NULL DEFAULT '',
      valid_until TEXT NOT NULL DEFAULT '',
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
      sent_at TEXT NOT NULL DEFAULT '',
      answered_at TEXT NOT NULL DEFAULT '',
      answered_by TEXT NOT NULL DEFAULT '',
      decline_reason TEXT NOT NULL DEFAULT '',
      revision INTEGER CHECK (revision BETWEEN 1 AND 9999),
      revises_id TEXT REFERENCES quotes (id) ON DELETE SET NULL,
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
    CREATE UNIQUE INDEX quotes_by_id ON quotes (id);
    CREATE UNIQUE INDEX quotes_by_external_id ON quotes (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX quotes_of_contact ON quotes (contact_id) WHERE contact_id IS NOT NULL;
    CREATE INDEX quotes_of_company ON quotes (company_id) WHERE company_id IS NOT NULL;
    CREATE INDEX quotes_by_name ON quotes (status, name_sort, seq);
    CREATE UNIQUE INDEX quotes_one_number ON quotes (lower(name)) WHERE name_sort <> '';
    CREATE INDEX quotes_by_date ON quotes (status, date, seq);
    CREATE INDEX quotes_by_total ON quotes (status, total, seq);
    CREATE INDEX quotes_of_revises ON quotes (revises_id) WHERE revises_id IS NOT NULL;
    CREATE INDEX quotes_by_created ON quotes (status, created_at, seq);
    CREATE INDEX quotes_by_updated ON quotes (status, updated_at, seq);
    CREATE INDEX quotes_by_owner ON quotes (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX quotes_by_avatar ON quotes (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX quotes_by_creator ON quotes (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX quotes_not_draft ON quotes (seq, status) WHERE status <> 'draft';
    CREATE VIRTUAL TABLE quote_search USING fts5 (
      words, content = 'quotes', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE quote_search_terms USING fts5vocab (quote_search, instance);
    CREATE TRIGGER quote_search_insert AFTER INSERT ON quotes BEGIN
      INSERT INTO quote_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER quote_search_delete AFTER DELETE ON quotes BEGIN
      INSERT INTO quote_search (quote_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER quote_search_update AFTER UPDATE OF words ON quotes WHEN old.words <> new.words BEGIN
      INSERT INTO quote_search (quote_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO quote_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER quote_count_insert AFTER INSERT ON quotes BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('quotes', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER quote_count_delete AFTER DELETE ON quotes BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'quotes' AND status = old.status;
    END;
    CREATE TRIGGER quote_count_update AFTER UPDATE OF status ON quotes WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'quotes' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('quotes', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'quote' FROM quotes ORDER BY id;
    CREATE TRIGGER quote_record_insert AFTER INSERT ON quotes BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'quote');
    END;
    CREATE TRIGGER quote_record_delete AFTER DELETE ON quotes BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER quote_record_stays BEFORE UPDATE OF id ON quotes WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    CREATE INDEX quotes_by_number ON quotes (status, number_sort, seq);
    """)

  /// What customers’ pages show, in the order of their numbers.
  static let quoteParts = Migration(
    "2026-12-07-quote-parts",
    """
    DROP INDEX quotes_of_contact;
    CREATE INDEX quotes_of_contact ON quotes (contact_id, number_sort, seq) WHERE contact_id IS NOT NULL;
    DROP INDEX quotes_of_company;
    CREATE INDEX quotes_of_company ON quotes (company_id, number_sort, seq) WHERE company_id IS NOT NULL;
    """)
}
