import Admin
import Store

extension Migration {
  /// `anchor` is the record that an interaction belongs to: exactly one, and it never changes.
  static let interactions = Migration(
    "2026-11-21-interactions",
    """
    CREATE TABLE interactions (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      contact_id TEXT REFERENCES contacts (id) ON DELETE CASCADE,
      company_id TEXT REFERENCES companies (id) ON DELETE CASCADE,
      type TEXT NOT NULL CHECK (type IN ('call', 'email', 'meeting', 'note', 'whatsapp', 'sms', 'in_person', 'task', 'other')),
      direction TEXT NOT NULL DEFAULT 'internal' CHECK (direction IN ('inbound', 'outbound', 'internal')),
      subject TEXT NOT NULL DEFAULT '',
      body TEXT NOT NULL DEFAULT '',
      occurred_at TEXT NOT NULL,
      zone TEXT NOT NULL DEFAULT 'UTC',
      minutes INTEGER CHECK (minutes >= 0),
      outcome TEXT NOT NULL DEFAULT '',
      external_id TEXT,
      logged_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT one_anchor CHECK ((contact_id IS NULL) <> (company_id IS NULL))
    );
    CREATE UNIQUE INDEX interactions_by_id ON interactions (id);
    CREATE UNIQUE INDEX interactions_by_external_id ON interactions (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX interactions_by_contact ON interactions (contact_id, occurred_at, seq) WHERE contact_id IS NOT NULL;
    CREATE INDEX interactions_by_company ON interactions (company_id, occurred_at, seq) WHERE company_id IS NOT NULL;
    CREATE TRIGGER interaction_stays BEFORE UPDATE OF contact_id, company_id ON interactions
      WHEN old.contact_id IS NOT new.contact_id OR old.company_id IS NOT new.company_id
      BEGIN SELECT RAISE(ABORT, 'an interaction does not change its anchor'); END;
    """)

  /// Who was involved. A party keeps its words when its record is deleted.
  static let parties = Migration(
    "2026-11-21-parties",
    """
    ALTER TABLE interactions ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE interactions ADD COLUMN thread TEXT;
    ALTER TABLE interactions ADD COLUMN deleted_at TEXT;
    ALTER TABLE interactions ADD COLUMN connector TEXT NOT NULL DEFAULT '';
    DROP INDEX interactions_by_external_id;
    CREATE UNIQUE INDEX interactions_by_external_id ON interactions (connector, external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX interactions_by_thread ON interactions (thread) WHERE thread IS NOT NULL;
    CREATE TABLE interaction_parties (
      interaction INTEGER NOT NULL REFERENCES interactions (seq) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
      company_id TEXT REFERENCES companies (id) ON DELETE SET NULL,
      user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      name TEXT NOT NULL CONSTRAINT party_name CHECK (name <> ''),
      details TEXT NOT NULL DEFAULT '',
      captured_at TEXT NOT NULL,
      PRIMARY KEY (interaction, position),
      CONSTRAINT one_party CHECK ((contact_id IS NOT NULL) + (company_id IS NOT NULL) + (user_id IS NOT NULL) <= 1)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX parties_by_contact ON interaction_parties (contact_id, interaction) WHERE contact_id IS NOT NULL;
    CREATE UNIQUE INDEX parties_by_company ON interaction_parties (company_id, interaction) WHERE company_id IS NOT NULL;
    CREATE INDEX parties_by_user ON interaction_parties (user_id) WHERE user_id IS NOT NULL;
    """)

  /// For the overview: what happened last, and whom nobody can reach.
  static let overview = Migration(
    "2026-11-21-overview",
    """
    CREATE INDEX interactions_by_time ON interactions (occurred_at, seq) WHERE deleted_at IS NULL;
    CREATE INDEX contacts_without_channels ON contacts (status) WHERE channels = '{}';
    """)

  /// The list to which the overview leads finds its rows in order.
  static let outOfReach = Migration(
    "2026-11-21-out-of-reach",
    """
    DROP INDEX contacts_without_channels;
    CREATE INDEX contacts_without_channels ON contacts (status, name_sort, seq) WHERE channels = '{}';
    """)
}

extension Migration {
  /// An interaction belongs to a record of any type, and records of any type can be its parties. Both tables are rebuilt, since neither a column's constraint nor a
  /// table's can be changed; rows keep their numbers, by which parties and files name them.
  static let interactionsOfRecords = Migration(
    "2026-11-27-interactions-of-records",
    """
    CREATE TABLE interactions_new (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      type TEXT NOT NULL CHECK (type IN ('call', 'email', 'meeting', 'note', 'whatsapp', 'sms', 'in_person', 'task', 'other')),
      direction TEXT NOT NULL DEFAULT 'internal' CHECK (direction IN ('inbound', 'outbound', 'internal')),
      subject TEXT NOT NULL DEFAULT '',
      body TEXT NOT NULL DEFAULT '',
      occurred_at TEXT NOT NULL,
      zone TEXT NOT NULL DEFAULT 'UTC',
      minutes INTEGER CHECK (minutes >= 0),
      outcome TEXT NOT NULL DEFAULT '',
      thread TEXT,
      connector TEXT NOT NULL DEFAULT '',
      external_id TEXT,
      logged_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      deleted_at TEXT
    );
    INSERT INTO interactions_new (seq, id, record_id, type, direction, subject, body, occurred_at, zone, minutes, outcome, thread, connector,
        external_id, logged_by, version, created_at, updated_at, deleted_at)
      SELECT seq, id, coalesce(contact_id, company_id), type, direction, subject, body, occurred_at, zone, minutes, outcome, thread, connector,
        external_id, logged_by, version, created_at, updated_at, deleted_at FROM interactions ORDER BY seq;
    DROP TABLE interactions;
    ALTER TABLE interactions_new RENAME TO interactions;
    CREATE UNIQUE INDEX interactions_by_id ON interactions (id);
    CREATE UNIQUE INDEX interactions_by_external_id ON interactions (connector, external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX interactions_by_record ON interactions (record_id, occurred_at, seq);
    CREATE INDEX interactions_by_thread ON interactions (thread) WHERE thread IS NOT NULL;
    CREATE INDEX interactions_by_time ON interactions (occurred_at, seq) WHERE deleted_at IS NULL;
    CREATE TRIGGER interaction_stays BEFORE UPDATE OF record_id ON interactions WHEN old.record_id <> new.record_id
      BEGIN SELECT RAISE(ABORT, 'an interaction does not change its record'); END;

    CREATE TABLE interaction_parties_new (
      interaction INTEGER NOT NULL REFERENCES interactions (seq) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      record_id TEXT REFERENCES records (id) ON DELETE SET NULL,
      user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      name TEXT NOT NULL CONSTRAINT party_name CHECK (name <> ''),
      details TEXT NOT NULL DEFAULT '',
      captured_at TEXT NOT NULL,
      PRIMARY KEY (interaction, position),
      CONSTRAINT one_party CHECK (record_id IS NULL OR user_id IS NULL)
    ) WITHOUT ROWID;
    INSERT INTO interaction_parties_new (interaction, position, record_id, user_id, name, details, captured_at)
      SELECT interaction, position, coalesce(contact_id, company_id), user_id, name, details, captured_at FROM interaction_parties
      ORDER BY interaction, position;
    DROP TABLE interaction_parties;
    ALTER TABLE interaction_parties_new RENAME TO interaction_parties;
    CREATE UNIQUE INDEX parties_by_record ON interaction_parties (record_id, interaction) WHERE record_id IS NOT NULL;
    CREATE INDEX parties_by_user ON interaction_parties (user_id) WHERE user_id IS NOT NULL;
    """)
}

extension Migration {
  /// The index over a record's interactions tells which of them are deleted, so that the newest are found, and all counted, without looking at their rows.
  static let liveInteractions = Migration(
    "2026-11-30-live-interactions",
    """
    DROP INDEX interactions_by_record;
    CREATE INDEX interactions_by_record ON interactions (record_id, occurred_at, seq, deleted_at);
    """)
}
