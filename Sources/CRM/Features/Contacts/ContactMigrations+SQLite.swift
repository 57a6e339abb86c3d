import Admin
import Store

extension Migration {
  /// The number as dialed, stored for lists.
  static let contactNumbers = Migration(
    "2026-11-30-contact-numbers",
    """
    ALTER TABLE contacts ADD COLUMN phone_number TEXT GENERATED ALWAYS AS (coalesce(channels ->> '$.phone[0].number', '')) VIRTUAL;
    DROP INDEX contacts_by_name;
    CREATE INDEX contacts_by_name
      ON contacts (status, name_sort, seq, id, name, company_id, company_name, email, phone, phone_number, job_title, city, country, created_at);
    """)

  /// Deleting a contact deletes its memberships first, which removes its company's words from the row and from the search index. The index has to be
  /// given the row's words as they are after that: with those from before, it removed some of them twice and was damaged.
  static let contactLeaves = Migration(
    "2026-11-28-contact-leaves",
    """
    DROP TRIGGER contact_search_delete;
    DROP TRIGGER contact_leaves;
    CREATE TRIGGER contact_leaves BEFORE DELETE ON contacts BEGIN
      DELETE FROM memberships WHERE contact_id = old.id;
      INSERT INTO contact_search (contact_search, rowid, words, company_words)
        SELECT 'delete', seq, words, company_words FROM contacts WHERE seq = old.seq;
    END;
    INSERT INTO contact_search (contact_search) VALUES ('rebuild');
    """)

  static let contactBirthday = Migration(
    "2026-11-27-contact-birthday", "ALTER TABLE contacts ADD COLUMN birthday TEXT NOT NULL DEFAULT '';")

  /// Cities sort as all texts do, without case and accents.
  static let contactCityOrder = Migration(
    "2026-11-27-contact-city-order",
    """
    ALTER TABLE contacts ADD COLUMN city_sort TEXT NOT NULL DEFAULT '';
    DROP INDEX contacts_by_city;
    UPDATE contacts SET city_sort = fold(city) WHERE city <> '';
    CREATE INDEX contacts_by_city ON contacts (status, city_sort, seq);
    """)

  /// The index covers the country of the list by name, and the words of the search.
  static let contactSearch = Migration(
    "2026-11-21-contact-search",
    """
    DROP INDEX contacts_by_name;
    CREATE INDEX contacts_by_name
      ON contacts (status, name_sort, seq, id, name, company_id, company_name, email, phone, job_title, city, country, created_at);
    CREATE VIRTUAL TABLE contact_search_terms USING fts5vocab (contact_search, instance);
    """)

  /// A contact's row holds what lists show, so that a page of 50 is a short walk along one index: `email` and `phone` are the first of their
  /// kind in `channels`, `company_…` mirror the primary membership. The database keeps both true by itself (a generated column, triggers).
  /// What has to be unique is so by an index of its own, not by a constraint of the table, so that a bulk load can build it afterwards.
  static let contacts = Migration(
    "2026-11-20-contacts",
    """
    CREATE TABLE contacts (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CONSTRAINT name_length CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      channels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(channels)),
      email TEXT GENERATED ALWAYS AS (coalesce(channels ->> '$.email[0].value', '')) STORED,
      phone TEXT GENERATED ALWAYS AS (coalesce(channels ->> '$.phone[0].value', '')) STORED,
      company_id TEXT,
      company_name TEXT NOT NULL DEFAULT '',
      company_sort TEXT NOT NULL DEFAULT '',
      company_words TEXT NOT NULL DEFAULT '',
      job_title TEXT NOT NULL DEFAULT '',
      street TEXT NOT NULL DEFAULT '',
      postal_code TEXT NOT NULL DEFAULT '',
      city TEXT NOT NULL DEFAULT '',
      region TEXT NOT NULL DEFAULT '',
      country TEXT NOT NULL DEFAULT '',
      language TEXT NOT NULL DEFAULT '',
      source TEXT NOT NULL DEFAULT '',
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      owned_items TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(owned_items)),
      consent TEXT NOT NULL DEFAULT '',
      opted_out_at TEXT,
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX contacts_by_id ON contacts (id);
    CREATE UNIQUE INDEX contacts_by_external_id ON contacts (external_id) WHERE external_id IS NOT NULL;
    CREATE UNIQUE INDEX contacts_by_user ON contacts (user_id) WHERE user_id IS NOT NULL;
    CREATE INDEX contacts_by_name ON contacts (status, name_sort, seq, id, name, company_id, company_name, email, phone, job_title, city, created_at);
    CREATE INDEX contacts_by_company ON contacts (status, company_sort, seq);
    CREATE INDEX contacts_by_city ON contacts (status, city, seq);
    CREATE INDEX contacts_by_created ON contacts (status, created_at, seq);
    CREATE INDEX contacts_by_updated ON contacts (status, updated_at, seq);
    CREATE INDEX contacts_by_owner ON contacts (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX contacts_by_creator ON contacts (created_by) WHERE created_by IS NOT NULL;

    CREATE VIRTUAL TABLE contact_search USING fts5 (
      words, company_words, content = 'contacts', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE TRIGGER contact_search_insert AFTER INSERT ON contacts BEGIN
      INSERT INTO contact_search (rowid, words, company_words) VALUES (new.seq, new.words, new.company_words);
    END;
    CREATE TRIGGER contact_search_delete AFTER DELETE ON contacts BEGIN
      INSERT INTO contact_search (contact_search, rowid, words, company_words) VALUES ('delete', old.seq, old.words, old.company_words);
    END;
    CREATE TRIGGER contact_search_update AFTER UPDATE OF words, company_words ON contacts
      WHEN old.words <> new.words OR old.company_words <> new.company_words BEGIN
      INSERT INTO contact_search (contact_search, rowid, words, company_words) VALUES ('delete', old.seq, old.words, old.company_words);
      INSERT INTO contact_search (rowid, words, company_words) VALUES (new.seq, new.words, new.company_words);
    END;

    CREATE TRIGGER contact_count_insert AFTER INSERT ON contacts BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('contacts', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER contact_count_delete AFTER DELETE ON contacts BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'contacts' AND status = old.status;
    END;
    CREATE TRIGGER contact_count_update AFTER UPDATE OF status ON contacts WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'contacts' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('contacts', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    """)
}
