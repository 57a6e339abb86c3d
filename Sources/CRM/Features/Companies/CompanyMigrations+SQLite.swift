import Admin
import Store

extension Migration {
  /// The number as dialed, stored for lists.
  static let companyNumber = Migration(
    "2026-11-30-company-number",
    """
    ALTER TABLE companies ADD COLUMN phone_number TEXT NOT NULL DEFAULT '';
    DROP INDEX companies_by_name;
    CREATE INDEX companies_by_name
      ON companies (status, name_sort, seq, id, name, industry, city, country, website, phone, phone_number, live_contacts, created_at);
    """)

  static let companyPriceList = Migration(
    "2026-12-06-company-price-list", "ALTER TABLE companies ADD COLUMN price_list TEXT NOT NULL DEFAULT '';")

  static let companyVATNumber = Migration(
    "2026-11-27-company-vat-number", "ALTER TABLE companies ADD COLUMN vat_number TEXT NOT NULL DEFAULT '';")

  /// Cities and industries sort as all texts do, without case and accents.
  static let companyOrder = Migration(
    "2026-11-27-company-order",
    """
    ALTER TABLE companies ADD COLUMN city_sort TEXT NOT NULL DEFAULT '';
    ALTER TABLE companies ADD COLUMN industry_sort TEXT NOT NULL DEFAULT '';
    DROP INDEX companies_by_city;
    DROP INDEX companies_by_industry;
    UPDATE companies SET city_sort = fold(city), industry_sort = fold(industry) WHERE city <> '' OR industry <> '';
    CREATE INDEX companies_by_city ON companies (status, city_sort, seq);
    CREATE INDEX companies_by_industry ON companies (status, industry_sort, seq);
    """)

  /// The index covers the words of the search.
  static let companySearch = Migration(
    "2026-11-21-company-search", "CREATE VIRTUAL TABLE company_search_terms USING fts5vocab (company_search, instance);")

  /// `seq` is the insertion order: the tie-breaker of every sort and the row number of the search index.
  static let companies = Migration(
    "2026-11-20-companies",
    """
    CREATE TABLE companies (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CONSTRAINT name_length CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      name_words TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      domain TEXT NOT NULL DEFAULT '',
      website TEXT NOT NULL DEFAULT '',
      industry TEXT NOT NULL DEFAULT '',
      street TEXT NOT NULL DEFAULT '',
      postal_code TEXT NOT NULL DEFAULT '',
      city TEXT NOT NULL DEFAULT '',
      region TEXT NOT NULL DEFAULT '',
      country TEXT NOT NULL DEFAULT '',
      phone TEXT NOT NULL DEFAULT '',
      email TEXT NOT NULL DEFAULT '',
      description TEXT NOT NULL DEFAULT '',
      roles TEXT NOT NULL DEFAULT '',
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      live_contacts INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX companies_by_id ON companies (id);
    CREATE UNIQUE INDEX companies_by_external_id ON companies (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX companies_by_name ON companies (status, name_sort, seq, id, name, industry, city, country, website, phone, live_contacts, created_at);
    CREATE INDEX companies_by_city ON companies (status, city, seq);
    CREATE INDEX companies_by_industry ON companies (status, industry, seq);
    CREATE INDEX companies_by_contacts ON companies (status, live_contacts, seq);
    CREATE INDEX companies_by_created ON companies (status, created_at, seq);
    CREATE INDEX companies_by_updated ON companies (status, updated_at, seq);
    CREATE INDEX companies_by_owner ON companies (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX companies_by_creator ON companies (created_by) WHERE created_by IS NOT NULL;

    CREATE VIRTUAL TABLE company_search USING fts5 (
      words, content = 'companies', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE TRIGGER company_search_insert AFTER INSERT ON companies BEGIN
      INSERT INTO company_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER company_search_delete AFTER DELETE ON companies BEGIN
      INSERT INTO company_search (company_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER company_search_update AFTER UPDATE OF words ON companies WHEN old.words <> new.words BEGIN
      INSERT INTO company_search (company_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO company_search (rowid, words) VALUES (new.seq, new.words);
    END;

    CREATE TRIGGER company_count_insert AFTER INSERT ON companies BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('companies', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER company_count_delete AFTER DELETE ON companies BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'companies' AND status = old.status;
    END;
    CREATE TRIGGER company_count_update AFTER UPDATE OF status ON companies WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'companies' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('companies', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    """)

  /// For counting what a search finds without reading its rows. Most records are active and have no entry, so making one costs nothing more.
  static let notActive = Migration(
    "2026-11-26-not-active",
    """
    CREATE INDEX contacts_not_active ON contacts (seq, status) WHERE status <> 'active';
    CREATE INDEX companies_not_active ON companies (seq, status) WHERE status <> 'active';
    """)
}
